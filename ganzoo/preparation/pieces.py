"""What is made, of which download, and how: a piece per file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganzoo.data.downloads import Download

Told = Callable[[int, int], None]
"""Called with how many of how many pictures are done."""
Maker = Callable[[Path, Path, Told], None]
"""Called with a download and the file to make of it; the folder of that exists."""


@dataclass(frozen=True)
class Piece:
    """A file of a set of data.

    Attributes:
        target: Its path below the folder of the data.
        download: What it is made of.
        make: Makes it, whole or not at all; raises a DataError where the download is another one.
        needs: A package of an optional extra that `make` imports, or an empty string.
    """

    target: str
    download: Download
    make: Maker
    needs: str = ""
