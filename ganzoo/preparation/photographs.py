"""Photographs: their centre squares as small JPEGs in a zip, or as an array."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from ganzoo.data.downloads import CLOTHING, FLOWERS, FRUITS
from ganzoo.data.origins import ORIGINS
from ganzoo.errors import DataError
from ganzoo.files.archives import members, names
from ganzoo.files.writing import written
from ganzoo.preparation.known import fingerprint, known
from ganzoo.preparation.pieces import Piece, Told, of_one

SIDE, FRUIT_SIDE = 128, 64
JPEG: dict[str, Any] = {"format": "JPEG", "quality": 93, "subsampling": 0}
MOST_PIXELS = 80_000_000
# Names without the ending: KIND/ID, and SPLIT/KIND/ID.
_FLOWERS = re.compile(r"[^/]+/((?:daisy|dandelion|roses|sunflowers|tulips)/[^/]+)\.jpg")
_CLOTHING = re.compile(r"[^/]+/((?:train|validation|test)/[^/]+/[^/]+)\.jpg")
_FRUITS = re.compile(r"(?:[^/]+/)*(?:Training|Test)/[^/]+/([^/]+)/((?:r\d*_)?)(\d+)_100\.jpg")
_NO_DATE = (1980, 1, 1, 0, 0, 0)
# How many views of each kind, spread evenly over all of its turns; first the kinds of the source's
# folder Test, then those of Training.
VIEWS = {
    "Apple": {
        "Apple Golden 1": 146,
        "Apple Granny Smith 1": 153,
        "Apple Red 1": 153,
        "Apple Red Yellow 1": 153,
        "Apple Braeburn 1": 153,
        "Apple Crimson Snow 1": 138,
        "Apple Golden 2": 154,
        "Apple Golden 3": 146,
        "Apple Pink Lady 1": 142,
        "Apple Red 2": 153,
        "Apple Red 3": 115,
        "Apple Red Delicious 1": 153,
        "Apple Red Yellow 2": 140,
    },
    "Tomato": {
        "Tomato 1": 154,
        "Tomato Cherry Red 1": 153,
        "Tomato Maroon 1": 135,
        "Tomato Yellow 1": 95,
        "Tomato 11": 148,
        "Tomato 2": 112,
        "Tomato 3": 153,
        "Tomato 4": 153,
        "Tomato Heart 1": 143,
    },
}


def flowers() -> list[Piece]:
    """Return the flowers: squares of 128x128 as KIND/ID.jpg in a zip."""
    make = functools.partial(_squares, "flowers", _FLOWERS)
    return [of_one(_target("flowers"), FLOWERS, make)]


def clothing() -> list[Piece]:
    """Return the clothes: squares of 128x128 as SPLIT/KIND/ID.jpg in a zip."""
    make = functools.partial(_squares, "clothing", _CLOTHING)
    return [of_one(_target("clothing"), CLOTHING, make)]


def fruits() -> list[Piece]:
    """Return the fruits: 64x64 arrays, and the kind of each view."""
    return [of_one(_target("fruits"), FRUITS, _views)]


def _target(name: str) -> str:
    (target,) = ORIGINS[name].files
    return target


def upright(content: bytes, name: str) -> Image.Image:
    """Return a picture, upright, in RGB.

    Raises:
        DataError: It is damaged, no picture, or too large.
    """
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise DataError(
                    f"{name} has {opened.width}x{opened.height} pixels; at most {MOST_PIXELS} are "
                    "accepted."
                )
            return ImageOps.exif_transpose(opened).convert("RGB")
    except DataError:
        raise
    except Exception as error:  # Pillow raises many kinds for damaged files
        raise DataError(f"{name} is not a readable picture ({error}).") from None


def square(content: bytes, name: str, side: int) -> Image.Image:
    """Return the centre square of a picture, side x side; errors as for `upright`."""
    return ImageOps.fit(upright(content, name), (side, side), Image.Resampling.LANCZOS)


def _squares(of: str, pattern: re.Pattern[str], archive: Path, target: Path, told: Told) -> None:
    wanted = known(of)

    def is_wanted(path: str) -> bool:
        found = pattern.fullmatch(path)
        return found is not None and fingerprint(found[1]) in wanted

    made: dict[str, bytes] = {}
    for path, content in members(archive, is_wanted):
        stream = io.BytesIO()
        square(content, f"{archive.name}: {path}", SIDE).save(stream, **JPEG)
        made[path.partition("/")[2]] = stream.getvalue()
        told(len(made), len(wanted))
    if len(made) != len(wanted):
        raise DataError(
            f"{archive.name} has {len(made)} of the {len(wanted)} pictures that belong to {of}; it "
            "is another version."
        )
    with written(target) as temporary, zipfile.ZipFile(temporary, "w") as packed:
        for name in sorted(made):
            packed.writestr(zipfile.ZipInfo(name, _NO_DATE), made[name])


def _views(archive: Path, target: Path, told: Told) -> None:
    by_kind: dict[str, list[tuple[str, int, str]]] = {}
    for path in names(archive):
        if found := _FRUITS.fullmatch(path):
            by_kind.setdefault(found[1], []).append((found[2], int(found[3]), path))
    chosen = {
        path: (fruit, kind)
        for fruit, kinds in VIEWS.items()
        for kind, path in _spread(kinds, by_kind, archive)
    }
    pictures = {}
    for path, content in members(archive, chosen.__contains__):
        pictures[path] = np.asarray(square(content, f"{archive.name}: {path}", FRUIT_SIDE))
        told(len(pictures), len(chosen))
    arrays: dict[str, Any] = {}
    for fruit in VIEWS:
        rows = [path for path in chosen if chosen[path][0] == fruit]
        arrays[fruit.lower()] = np.stack([pictures[path] for path in rows])
        arrays[f"{fruit.lower()}_kind"] = np.array([f"{fruit}/{chosen[path][1]}" for path in rows])
    with written(target, suffix=".npz") as temporary:
        np.savez_compressed(temporary, **arrays)


def _spread(
    kinds: Mapping[str, int], found: Mapping[str, list[tuple[str, int, str]]], archive: Path
) -> list[tuple[str, str]]:
    """Return kind and path of so many views of each kind, evenly spread."""
    chosen = []
    for kind, count in kinds.items():
        views = sorted(found.get(kind, ()))
        if len(views) < count:
            raise DataError(
                f"{archive.name} has {len(views)} views of {kind}; {count} are needed. It is "
                "another version."
            )
        chosen += [(kind, views[place * len(views) // count][2]) for place in range(count)]
    return chosen
