"""Notes of 60 instruments in `$GANZOO_DATA/notes`, played by a SoundFont: one second each.

Frank Wen's Fluid R3 (MIT licence), its melodic instruments whose pitch can be read off the sound,
24 pitches from C3 to B4, three velocities. Each note is held for four fifths of its time; its peak
is at 0.8, so loudness says nothing. Every tenth instrument is held out.
"""

from __future__ import annotations

import zipfile
from typing import Any

import numpy as np

from ganzoo.data import origins
from ganzoo.data.pairs import check_split
from ganzoo.errors import DataError
from ganzoo.sound import Spectra, note_name

FILE = "notes/notes_8k.npz"
SPECTRA = Spectra()  # 8,384 samples at 8 kHz
LOWEST, COUNT = 48, 24  # MIDI numbers
PITCHES = tuple(note_name(number) for number in range(LOWEST, LOWEST + COUNT))
VELOCITIES = (50, 80, 110)
INSTRUMENTS = (  # numbers of General MIDI, from 0
    *range(9), *range(10, 14), 15, *range(19, 26), 28, *range(32, 43), 44, 45, *range(48, 55),
    *range(57, 61), 62, 63, *range(65, 69), *range(72, 80),
)  # fmt: skip
_HELD_OUT = 10


def notes(split: str = "train", *, labels: bool = False) -> Any:
    """Return pictures of notes, float32 (n, 128, 128, 2) in [-1, 1]; see `ganzoo.sound.Spectra`.

    Args:
        split: "train" or "test".
        labels: Return the pictures and int64 labels, indices of `PITCHES`.

    Raises:
        DataError: The file is not there or damaged.
        InvalidArgumentError: There is no such split.
    """
    sounds, pitches = note_sounds(split)
    pictures = SPECTRA.pictures(sounds)
    return (pictures, pitches) if labels else pictures


def note_sounds(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Return the sounds, float32 (n, 8384) in [-1, 1], and their pitches, int64 (n,).

    Raises:
        DataError: The file is not there or damaged.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    path = origins.folder() / FILE
    if not path.is_file():
        raise origins.missing(path, "notes")
    try:
        with np.load(path, allow_pickle=False) as file:
            sounds, pitches, programs = (file[k] for k in ("sounds", "pitches", "programs"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} does not hold notes ({error}).") from None
    shape = (len(pitches), SPECTRA.length)
    if sounds.dtype != np.int16 or sounds.shape != shape or programs.shape != pitches.shape:
        raise DataError(
            f"{path} must hold int16 sounds {shape} with a program each; got {sounds.dtype} "
            f"{sounds.shape}."
        )
    held_out = np.isin(programs, INSTRUMENTS[::_HELD_OUT]) == (split == "test")
    numbers = pitches[held_out].astype(np.int64) - LOWEST
    return sounds[held_out].astype(np.float32) / 32767, numbers
