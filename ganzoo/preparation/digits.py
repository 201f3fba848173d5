"""MNIST and Fashion-MNIST: the four canonical files of each, as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

from ganzoo.data.origins import ORIGINS
from ganzoo.files.writing import written
from ganzoo.preparation.pieces import Piece, Told


def pieces(name: str) -> list[Piece]:
    """Return the pieces of "mnist" or "fashion_mnist"."""
    origin = ORIGINS[name]
    return [
        Piece(target, download, _copied)
        for target, download in zip(origin.files, origin.downloads, strict=True)
    ]


def _copied(archive: Path, target: Path, told: Told) -> None:
    with written(target) as temporary:
        shutil.copyfile(archive, temporary)
