"""Sounds: there and back, their pitch, and WAV files."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.sound import Spectra, fundamental, midi_number, note_name, read_wav, write_wav
from ganzoo.sound.pitch import frequency

RATE = 8000


def tone(hertz: float, overtones: int = 5, length: int = 8384, seed: int = 0) -> np.ndarray:
    """Return a sound of a fundamental and overtones with random phases, fading."""
    random = np.random.default_rng(seed)
    time = np.arange(length) / RATE
    parts = [
        np.sin(2 * np.pi * k * hertz * time + random.uniform(0, 6)) / k
        for k in range(1, overtones + 1)
        if k * hertz < 3800
    ]
    sound = np.sum(parts, axis=0) * np.exp(-2 * time)
    return (0.8 * sound / np.abs(sound).max()).astype(np.float32)


def test_there_and_back():
    spectra = Spectra()
    sounds = np.stack([tone(261.6), tone(443.0, seed=1), tone(130.8, overtones=20, seed=2)])
    pictures = spectra.pictures(sounds)
    assert pictures.shape == (3, *spectra.shape) == (3, 128, 128, 2)
    assert pictures.dtype == np.float32
    assert np.abs(pictures).max() <= 1
    back = spectra.sounds(pictures)
    np.testing.assert_allclose(back[:, 256:-256], sounds[:, 256:-256], atol=3e-3)


def test_a_pure_tone_has_an_even_frequency_and_its_level():
    spectra = Spectra()
    hertz = 25 * RATE / 256  # the middle of a bin
    sound = np.sin(2 * np.pi * hertz * np.arange(spectra.length) / RATE).astype(np.float32)
    picture = spectra.pictures(sound[None])[0]
    assert picture[:, :, 0].argmax(axis=1).tolist() == [25] * 128
    np.testing.assert_allclose(picture[:, 25, 0], 1.0, atol=1e-3)  # full scale
    np.testing.assert_allclose(picture[1:, 25, 1], 0.0, atol=1e-3)
    higher = np.sin(2 * np.pi * (hertz + 10) * np.arange(spectra.length) / RATE)
    turns = spectra.pictures(higher[None])[0, 1:, 25, 1]
    np.testing.assert_allclose(turns, 2 * 10 * spectra.hop / RATE, atol=2e-3)  # of half a turn


def test_what_begins_late_keeps_its_phase():
    spectra = Spectra()
    sound = tone(261.6)
    sound[:3000] *= 0
    picture = spectra.pictures(sound[None])
    assert not picture[0, :40, :, 1].any()
    np.testing.assert_allclose(spectra.sounds(picture)[0, 256:-256], sound[256:-256], atol=3e-3)


def test_silence_is_silent():
    spectra = Spectra(frames=8)
    picture = spectra.pictures(np.zeros((1, spectra.length)))
    assert (picture[..., 0] == -1).all()
    assert not picture[..., 1].any()
    assert not spectra.sounds(picture).any()


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"window": 100}, "power of two"),
        ({"hop": 128}, "four parts or more"),
        ({"hop": 60}, "must divide"),
        ({"frames": 0}, "frames"),
    ],
)
def test_what_spectra_are_refused(options, line):
    with pytest.raises(InvalidArgumentError, match=line):
        Spectra(**options)


def test_other_shapes_are_refused():
    with pytest.raises(DataError, match=r"shape \(n, 8384\); got \(1, 8000\)"):
        Spectra().pictures(np.zeros((1, 8000)))
    with pytest.raises(DataError, match="finite"):
        Spectra().pictures(np.full((1, 8384), np.nan))
    with pytest.raises(DataError, match=r"\(n, 128, 128, 2\); got"):
        Spectra().sounds(np.zeros((1, 128, 128, 1)))


@pytest.mark.parametrize("number", [*range(48, 72, 5), 71])
@pytest.mark.parametrize("overtones", [1, 8])
def test_pitch(number, overtones):
    found = fundamental(tone(frequency(number), overtones, seed=number), RATE)
    assert abs(1200 * np.log2(found / frequency(number))) < 10


def test_pitch_of_noise_and_silence():
    assert np.isnan(fundamental(np.zeros(8384), RATE))
    noisy = tone(220.0) + 0.02 * np.random.default_rng(0).normal(size=8384)
    assert abs(1200 * np.log2(fundamental(noisy, RATE) / 220)) < 20


def test_names():
    assert [note_name(n) for n in (48, 60, 61, 69, 71)] == ["C3", "C4", "C#4", "A4", "B4"]
    assert all(midi_number(note_name(n)) == n for n in range(128))
    assert frequency(69) == 440.0
    for bad in ("H4", "C", "c4", "E#4"):
        with pytest.raises(InvalidArgumentError, match="named like C4"):
            midi_number(bad)


def test_wav(tmp_path):
    sound = tone(440.0)
    write_wav(sound, tmp_path / "a.wav", RATE)
    back, rate = read_wav(tmp_path / "a.wav")
    assert rate == RATE
    np.testing.assert_allclose(back, sound, atol=2e-5)
    (tmp_path / "b.wav").write_bytes(b"RIFF")
    for path in ("b.wav", "c.wav"):
        with pytest.raises(DataError, match="no WAV file"):
            read_wav(tmp_path / path)
