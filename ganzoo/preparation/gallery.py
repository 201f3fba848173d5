"""Photographs of many sizes: those to train super-resolution on, and the Kodak set to judge it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from ganzoo.data.picture_downloads import KODAK, PHOTOS, SIZES
from ganzoo.errors import DataError
from ganzoo.files.archives import members
from ganzoo.files.reading import open_regular
from ganzoo.files.writing import write_text, written
from ganzoo.preparation.digits import copied
from ganzoo.preparation.photographs import upright
from ganzoo.preparation.pieces import Piece, Told, of_one

SHORT_SIDE = 720
JPEG: dict[str, Any] = {"format": "JPEG", "quality": 95, "subsampling": 0}
_IN_PACKAGE = "usr/share/backgrounds/"
# Those of Debian's packages, as their copyright files state it: licence, author.
CREDITS = {
    "Bridge_by_Sander_Klootwijk": ("CC BY-SA 4.0", "Sander Klootwijk"),
    "Dragonfly_by_Bolly": ("CC BY-SA 4.0", "Bolly"),
    "Fossa_by_Jasper_Roks": ("CC BY-SA 3.0", "Jasper Roks"),
    "Infinite-Sea_by_Aury88": ("CC BY-SA 3.0", "Aury88"),
    "Kleiber_by_Lukas_Baubkus": ("CC BY-SA 3.0", "Lukas Baubkus"),
    "Painting-Colors_by__herobrine7gamer": ("CC BY-SA 3.0", "HEROBRINE7GAMER"),
    "Picture_0B_by_freespace": ("CC BY 4.0", "Trevor Freespace"),
    "Picture_1A_by_freespace": ("CC BY 4.0", "Trevor Freespace"),
    "Wine_by_Jakkub_Mede": ("CC BY 4.0", "Jakub Mede"),
    "aitzgorri_by_Aitzol_Berasategi": ("CC BY 4.0", "Aitzol Berasategi"),
    "free_by_Peter_Nerlich": ("CC BY-SA 4.0", "Peter Nerlich"),
    "friends_by_Aitzol_Berasategi": ("CC BY 4.0", "Aitzol Berasategi"),
    "greentock_by_Peter_Nerlich": ("CC BY-SA 4.0", "Peter Nerlich"),
    "life_by_Aitzol_Berasategi": ("CC BY 4.0", "Aitzol Berasategi"),
    "picosdeeuropa_by_Aitzol_Berasategi": ("CC BY 4.0", "Aitzol Berasategi"),
    "seeding_by_Clements_Engelhardt": ("CC0 1.0", "Clemens Engelhardt"),
    "sunset_by_Aitzol_Berasategi": ("CC BY 4.0", "Aitzol Berasategi"),
    "umang_by_Abhishek_Mudgal": ("CC BY 4.0", "Abhishek Mudgal"),
}
_UNSPLASH = ("public domain", "a photographer of Unsplash, by the number in the name")


def photos() -> list[Piece]:
    """Return the photographs, short side 720, JPEG, and the credits of each.

    Those of Debian's packages come out as they were for the zoo's models, to the byte with the
    same version of the JPEG library; the others have no stated hash and are compared in their size.
    """
    pictures = [
        of_one(
            f"photos/{name}.jpg",
            download,
            functools.partial(_of_package if name in CREDITS else _alone, name),
        )
        for name, download in PHOTOS.items()
    ]
    return [*pictures, Piece("photos/CREDITS.txt", (), _credits)]


def kodak() -> list[Piece]:
    """Return the pictures of the Kodak set, as they are."""
    return [of_one(f"kodak/{name}", download, copied) for name, download in KODAK.items()]


def _of_package(name: str, archive: Path, target: Path, told: Told) -> None:
    path = f"{_IN_PACKAGE}{name}.jpg"
    found = next(members(archive, lambda member: member == path), None)
    if found is None:
        raise DataError(f"{archive.name} has no file {path}; it is another package.")
    _reduce(name, found[1], f"{archive.name}: {path}", target)


def _alone(name: str, archive: Path, target: Path, told: Told) -> None:
    with open_regular(archive) as stream:
        _reduce(name, stream.read(), archive.name, target)


def _reduce(name: str, content: bytes, shown: str, target: Path) -> None:
    """Write a picture whose short side has 720 pixels."""
    picture = upright(content, shown)
    scale = SHORT_SIDE / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    if size != SIZES[name]:
        width, height = SIZES[name]
        raise DataError(
            f"{shown} has {picture.width}x{picture.height} pixels, which is another shape than "
            f"{width}x{height}; it is another picture."
        )
    with written(target) as temporary:
        picture.resize(size, Image.Resampling.LANCZOS).save(temporary, **JPEG)


def _credits(archives: Sequence[Path], target: Path, told: Told) -> None:
    lines = []
    for name in SIZES:
        licence, author = CREDITS.get(name, _UNSPLASH)
        lines.append(f"{name}.jpg: {licence}, {author}\n")
    write_text(target, "".join(lines))
