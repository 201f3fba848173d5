"""Notes played by TinySoundFont from Debian's package of Fluid R3; see `ganzoo.data.notes`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data.downloads import SOUNDFONT
from ganzoo.data.notes import COUNT, INSTRUMENTS, LOWEST, SPECTRA, VELOCITIES
from ganzoo.data.origins import ORIGINS
from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.files.archives import members
from ganzoo.files.writing import written
from ganzoo.preparation.pieces import Piece, Told, of_one

PEAK, HELD = 0.8, 0.8  # of full scale; of a note's time
_FINER = 4  # played at so many times the rate, and reduced without aliases
_TAIL = 32_000  # samples until a note is silent, after it was cut
_SOUNDFONT = "usr/share/sounds/sf2/FluidR3_GM.sf2"


def notes() -> list[Piece]:
    """Return the notes: int16 sounds (4320, 8384), pitches, programs and velocities (4320,)."""
    (target,) = ORIGINS["notes"].files
    return [of_one(target, SOUNDFONT, _played, needs="tinysoundfont")]


def played(soundfont: bytes, programs: Any = INSTRUMENTS) -> Iterator[tuple[np.ndarray, Any]]:
    """Yield notes, float64 (8384,) with a peak of 0.8, and their (pitch, program, velocity).

    Args:
        soundfont: Content of a SoundFont 2 file.
        programs: Numbers of General MIDI, from 0.

    Raises:
        DataError: It is no SoundFont, or an instrument is silent.
    """
    font = require("tinysoundfont", "preparing notes")
    rate = _FINER * SPECTRA.sample_rate
    synth = font.Synth(gain=0, samplerate=rate)
    try:
        number = synth.sfload(soundfont)
    except Exception as error:  # the library's own, which it does not export
        raise DataError(f"The SoundFont cannot be read: {error}") from None
    held = int(_FINER * SPECTRA.length * HELD)
    for program in programs:
        for velocity in VELOCITIES:
            for pitch in range(LOWEST, LOWEST + COUNT):
                synth.program_select(0, number, 0, program)
                synth.noteon(0, pitch, velocity)
                parts = [_generated(synth, held)]
                synth.noteoff(0, pitch)
                parts.append(_generated(synth, _FINER * SPECTRA.length - held))
                synth.sounds_off(0)
                _generated(synth, _TAIL)
                sound = _reduced(np.concatenate(parts))
                peak = np.abs(sound).max()
                if peak < 1e-4:
                    raise DataError(f"Instrument {program} of the SoundFont is silent.")
                yield PEAK / peak * sound, (pitch, program, velocity)


def _generated(synth: Any, samples: int) -> np.ndarray:
    stereo = np.frombuffer(bytes(synth.generate(samples)), np.float32)
    return stereo.reshape(-1, 2).mean(axis=1, dtype=np.float64)


def _reduced(sound: np.ndarray) -> np.ndarray:
    """Return a sound at a quarter of its rate; what is above half of that is left out."""
    spectrum = np.fft.rfft(sound)[: len(sound) // (2 * _FINER) + 1]
    return np.fft.irfft(spectrum, len(sound) // _FINER) / _FINER


def _played(archive: Path, target: Path, told: Told) -> None:
    found = next(members(archive, lambda member: member == _SOUNDFONT), None)
    if found is None:
        raise DataError(f"{archive.name} has no file {_SOUNDFONT}; it is another package.")
    total = len(INSTRUMENTS) * len(VELOCITIES) * COUNT
    sounds, facts = np.empty((total, SPECTRA.length), np.int16), []
    for index, (sound, stated) in enumerate(played(found[1])):
        sounds[index] = np.round(sound * 32767)
        facts.append(stated)
        told(index + 1, total)
    pitches, programs, velocities = np.array(facts, np.uint8).T
    with written(target, suffix=".npz") as temporary:
        np.savez_compressed(
            temporary, sounds=sounds, pitches=pitches, programs=programs, velocities=velocities
        )
