"""MNIST and Fashion-MNIST: the four canonical files of each, as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

from ganzoo.data.origins import ORIGINS
from ganzoo.files.writing import written
from ganzoo.preparation.pieces import Piece, Told, of_one


def pieces(name: str) -> list[Piece]:
    """Return the pieces of "mnist" or "fashion_mnist"."""
    origin = ORIGINS[name]
    return [
        of_one(target, download, copied)
        for target, download in zip(origin.files, origin.downloads, strict=True)
    ]


def copied(archive: Path, target: Path, told: Told) -> None:
    """Make a file that is the download itself."""
    with written(target) as temporary:
        shutil.copyfile(archive, temporary)
