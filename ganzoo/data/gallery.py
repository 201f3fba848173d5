"""Photographs of any sizes, of which no more are decoded at a time than memory has room for.

`GANZOO_DATA` has them as files in `photos/`, and those that nothing is trained on in `kodak/`.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data import origins, pictures
from ganzoo.data.pairs import check_split
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.plots import to_uint8

ROOM = 2**28  # bytes of decoded pictures
_READ = 2**16  # bytes of a file that its digest is made of
_FOLDERS = {"train": "photos", "test": "kodak"}


class Gallery:
    """Pictures in files, decoded one at a time; in memory are their names and sizes alone.

    Args:
        files: Their paths; of an animation the first frame counts.
        channels: 1 or 3.
        rules: How they are read; sizes stay.
        source: What they are of, for messages.

    Attributes:
        files: Their paths.
        sizes: (height, width) of each, upright.
    """

    def __init__(
        self,
        files: Sequence[Path],
        channels: int = 3,
        rules: pictures.Rules | None = None,
        source: Any = None,
    ) -> None:
        self.files, self.channels = list(files), channels
        self.rules = rules or pictures.Rules()
        self.source = Path(self.files[0].parent if source is None else source)
        self.sizes = [pictures.header(file)[:2] for file in self.files]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> np.ndarray:
        """Decode a picture: uint8 (height, width, channels)."""
        notes = pictures.Notes(self.source)
        stream = pictures.stream(
            [self.files[index]], self.channels, lambda name, size: size, self.rules, notes
        )
        return to_uint8(next(stream).image)

    def at_least(self, side: int) -> Gallery:
        """Return those with at least so many pixels on each side; say how many are left out.

        Raises:
            DataError: There are none.
        """
        large = [file for file, size in zip(self.files, self.sizes, strict=True)
                 if min(size) >= side]  # fmt: skip
        if not large:
            raise DataError(f"{self.source} has no picture of at least {side}x{side} pixels.")
        if len(large) < len(self):
            warnings.warn(
                f"{len(self) - len(large)} of {len(self)} pictures in {self.source} have less than "
                f"{side}x{side} pixels and are left out.",
                stacklevel=3,
            )
        return Gallery(large, self.channels, self.rules, self.source)

    def digest(self) -> str:
        """Return a SHA-256 of names, lengths and the begin of each file, and of how it is read."""
        found = hashlib.sha256(f"{self.channels} {self.rules}".encode())
        for file in self.files:
            with file.open("rb") as opened:
                begin = opened.read(_READ)
            found.update(f"{file.name} {file.stat().st_size} ".encode() + begin)
        return found.hexdigest()


def gallery(source: Any, channels: int = 3, **reading: Any) -> Gallery:
    """Return the pictures of a folder, or one picture.

    Args:
        source: A folder, searched in its subfolders too, or a file.
        channels: 1 or 3.
        **reading: `background` of `ganzoo.data.images`.

    Raises:
        DataError: There are none, or a file is no picture.
        InvalidArgumentError: An array file.
    """
    source = Path(source)
    if pictures.is_array(source):
        raise InvalidArgumentError(
            f"Crops are taken of picture files of any sizes; {source} is an array. Name a folder."
        )
    notes = pictures.Notes(source)
    files = pictures.find_pictures(source, notes) if source.is_dir() else [source]
    for line in notes.lines():
        warnings.warn(line, stacklevel=2)
    return Gallery(files, channels, pictures.Rules(**reading), source)


def photo_gallery(split: str = "train") -> Gallery:
    """Return photographs in colour: `photos/` of `GANZOO_DATA`, or `kodak/`, to measure with.

    Args:
        split: "train" or "test".

    Raises:
        DataError: The folder is not there.
    """
    check_split(split)
    folder = origins.folder() / _FOLDERS[split]
    if not folder.is_dir():
        own = "--data" if split == "train" else "--reference"
        raise origins.missing(folder, _FOLDERS[split], own=own)
    return Gallery(pictures.find_pictures(folder), source=folder)
