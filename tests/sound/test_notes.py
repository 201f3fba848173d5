"""Models of notes: sounds of pitches, on the command line, measured; and their data."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.data.notes import FILE, notes
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.sound import read_wav
from tests.sound.test_sound import RATE, tone

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TINY = zoo.FAMILIES["GANSynth"].tiny


def run(*arguments: object, code: int = 0) -> str:
    """Run the command line; return what it printed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def few_notes(tmp_path, monkeypatch) -> Path:
    """A folder of data with notes of sines, four instruments of which one is held out."""
    from ganzoo.sound.pitch import frequency

    facts = [(pitch, program) for program in (0, 1, 2, 3) for pitch in range(48, 72)]
    sounds = np.stack([tone(frequency(pitch), 1 + 3 * program) for pitch, program in facts])
    (tmp_path / "notes").mkdir()
    np.savez(
        tmp_path / FILE,
        sounds=np.round(sounds * 32767).astype(np.int16),
        pitches=np.array([pitch for pitch, _ in facts], np.uint8),
        programs=np.array([program for _, program in facts], np.uint8),
    )
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    return tmp_path


def test_sources(few_notes):
    pictures, labels = data.SOURCES["notes"](labels=True)
    assert pictures.shape == (72, 128, 128, 2)
    assert sorted(set(labels)) == list(range(24))
    held_out, _ = notes("test", labels=True)
    assert len(held_out) == 24
    (few_notes / "notes" / "notes_8k.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match="does not hold notes"):
        notes()
    (few_notes / "notes" / "notes_8k.npz").unlink()
    with pytest.raises(DataError, match="ganzoo prepare notes"):
        notes()


def test_sounds_of_a_model():
    gan = ganzoo.GANSynth(**TINY, seed=1)
    made = gan.sounds(5, seed=2, label="C4")
    assert made.shape == (5, gan.spectra.length) == (5, 44)
    assert np.array_equal(made, gan.spectra.sounds(gan.sample(5, 2, "C4")))
    assert gan.pitches == (57, 60, 64)
    with pytest.raises(InvalidArgumentError, match="named like C4"):
        ganzoo.GANSynth(**{**TINY, "classes": ("one", "two", "three")})
    with pytest.raises(InvalidArgumentError, match="must be a multiple of 4"):
        ganzoo.GANSynth(**{**TINY, "frames": 7})


def test_commands(few_notes, tmp_path):
    sizes = {"generator_filters": (8, 4), "discriminator_filters": (4, 8), "latent_dim": 4}
    gan = ganzoo.GANSynth(**sizes, seed=1)
    gan.save_to_preset(tmp_path / "preset")
    run("sample", tmp_path / "preset", "-n", 3, "--seed", 1, "--label", "C4", "-o",
        tmp_path / "a.wav")  # fmt: skip
    sound, rate = read_wav(tmp_path / "a.wav")
    assert (len(sound), rate) == (3 * 8384, RATE)
    run("sample", tmp_path / "preset", "-n", 3, "--seed", 1, "--label", "C4", "-o", tmp_path / "b")
    first, _ = read_wav(tmp_path / "b" / "00000.wav")
    np.testing.assert_array_equal(first, sound[:8384])
    line = run("sample", tmp_path / "preset", "-n", 2, "-o", tmp_path / "b", code=1)
    assert "exists already" in line
    run("sample", tmp_path / "preset", "-n", 2, "-o", tmp_path / "b", "--overwrite")
    assert sorted(file.name for file in (tmp_path / "b").iterdir()) == ["00000.wav", "00001.wav"]
    run("sample", tmp_path / "preset", "-n", 3, "--seed", 1, "-o", tmp_path / "c.npz")
    assert np.load(tmp_path / "c.npz")["samples"].shape == (3, 128, 128, 2)
    assert "notes of 1.05 s, 8384 samples at 8000 Hz" in run("info", tmp_path / "preset")
    line = run("sample", tmp_path / "preset", "-o", tmp_path / "a.png", code=2)
    assert ".wav" in line
    line = run("sample", tmp_path / "preset", "--label", "H9", "-o", tmp_path / "d.wav", code=2)
    assert "C3" in line
    line = run("evaluate", tmp_path / "preset", code=2)
    assert "and nothing says on which" in line
    line = run("classify", tmp_path / "preset", tmp_path / "a.wav", code=2)
    assert "gan.classify(gan.spectra.pictures(sounds))" in line
    told = run("evaluate", tmp_path / "preset", "--reference", "notes", "-n", 48)
    assert "pitch within 50 cents of the one asked for" in told
    row = next(line for line in told.splitlines() if line.startswith("pitch within"))
    assert float(re.findall(r"[0-9.]+", row)[-1 if "±" not in row else -2]) > 0.8  # sines are read
    line = run("evaluate", tmp_path / "preset", "--reference", "mnist", code=2)
    assert "name a source with reference= (--reference): notes" in line


def test_a_recipe_is_trained(few_notes, tmp_path):
    run("train", "notes_gan", "--steps", 1, "--dtype", "float32", "-o", tmp_path / "run", "--quiet")
    assert list((tmp_path / "run" / "preset").iterdir())


@pytest.mark.skipif(not SOUNDFONT.exists(), reason="Debian's fluid-soundfont-gm is not installed")
def test_instruments_are_played_in_tune():
    pytest.importorskip("tinysoundfont", reason="tinysoundfont is not installed")
    from ganzoo.preparation.notes import played
    from ganzoo.sound.pitch import frequency, fundamental

    made = list(played(SOUNDFONT.read_bytes(), programs=(0, 73)))
    assert len(made) == 2 * 3 * 24
    for sound, (pitch, _, _) in made[::5]:
        assert abs(1200 * np.log2(fundamental(sound, RATE) / frequency(pitch))) < 50
        assert np.abs(sound).max() == pytest.approx(0.8)


def test_a_file_that_is_no_soundfont():
    pytest.importorskip("tinysoundfont", reason="tinysoundfont is not installed")
    from ganzoo.preparation.notes import played

    with pytest.raises(DataError, match="cannot be read"):
        next(played(b"RIFF nothing"))
