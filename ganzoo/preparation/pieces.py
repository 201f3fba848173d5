"""What is made, of which downloads, and how: a piece per file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzoo.data.downloads import Download, Downloads

Told = Callable[[int, int], None]
"""Called with how many of how many pictures are done."""
Maker = Callable[[Sequence[Path], Path, Told], None]
"""Called with the downloads and the file to make of them; the folder of that exists."""


@dataclass(frozen=True)
class Piece:
    """A file of a set of data.

    Attributes:
        target: Its path below the folder of the data.
        downloads: What it is made of; none where all is known beforehand.
        make: Makes it, whole or not at all; raises a DataError where a download is another one.
        needs: A package of an optional extra that `make` imports, or an empty string.
    """

    target: str
    downloads: Downloads
    make: Maker
    needs: str = ""


def of_one(
    target: str, download: Download, make: Callable[[Path, Path, Told], None], needs: str = ""
) -> Piece:
    """Return a piece that is made of one download; `make` is called with its path."""

    def of_first(archives: Sequence[Path], target: Path, told: Told) -> None:
        make(archives[0], target, told)

    return Piece(target, (download,), of_first, needs)
