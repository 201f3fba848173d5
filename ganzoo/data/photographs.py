"""Sets of photographs and drawings in `$GANZOO_DATA`, as pairs or as two sets.

Sources, licences and credits: `ganzoo.data.origins`. `ganzoo prepare` makes the files.

| set | file |
|---|---|
| flowers | flowers/flowers_128.zip: KIND/ID.jpg, centre squares of 128x128 |
| clothing | clothing/clothing_128.zip: SPLIT/KIND/ID.jpg, centre squares of 128x128 |
| OpenMoji | emoji/openmoji_64.npz: outline (n, 64, 64), colour (n, 64, 64, 3), codes (n,) |
| fruits | fruits/apple_tomato_64.npz: apple, tomato (n, 64, 64, 3), apple_kind, tomato_kind |

Which pictures are held out follows from their names alone: SHA-256 of a name, or of what its
variants share, modulo 10.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo import lab
from ganzoo.data import origins
from ganzoo.data.edges import edges
from ganzoo.data.pairs import Pairs, Sets, check_split
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

SIZE = 64
_SETS = {
    "flowers/flowers_128.zip": "flowers",
    "clothing/clothing_128.zip": "clothing",
    "emoji/openmoji_64.npz": "openmoji",
    "fruits/apple_tomato_64.npz": "fruits",
}
FLOWERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
CLOTHING = ("dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
            "t-shirt")  # fmt: skip
_FLAGS = ("1f1", "1f3f4-e0067")  # their outlines are all the same frame
_TONES = tuple(f"1f3f{tone}" for tone in "bcdef")
# By kind, as the pictures of a kind are views of one fruit on a turntable.
HELD_OUT_FRUITS = (
    "Apple/Apple Crimson Snow 1",
    "Apple/Apple Red 3",
    "Tomato/Tomato 3",
    "Tomato/Tomato Maroon 1",
)


def flower_colours(split: str = "train") -> Pairs:
    """Return the lightness and the colours of flowers: (n, 64, 64, 1) and (n, 64, 64, 2).

    As `ganzoo.lab.split` makes them. About a tenth of 3,426 are the test split.

    Args:
        split: "train" or "test".

    Raises:
        DataError: The file is not there; the message says where to get it.
    """
    names, images = _of_zip("flowers/flowers_128.zip", split)
    return Pairs(*lab.split(images), names)


def flowers(split: str = "train", labels: bool = False) -> Any:
    """Return photographs of flowers, (n, 64, 64, 3), the same as of `flower_colours`.

    Args:
        split: "train" or "test".
        labels: Return their kinds too.

    Returns:
        float32 in [-1, 1]; with `labels`, a tuple of these and of int64 (n,), places in `FLOWERS`.

    Raises:
        DataError: The file is not there; the message says where to get it.
    """
    return _labelled("flowers/flowers_128.zip", split, FLOWERS if labels else None)


def clothing(split: str = "train", labels: bool = False) -> Any:
    """Return photographs of clothes; as for `flowers`, the kinds are those of `CLOTHING`."""
    return _labelled("clothing/clothing_128.zip", split, CLOTHING if labels else None)


def clothing_edges(split: str = "train") -> Pairs:
    """Return the edges of clothes, ink = 1, and the photographs: (n, 64, 64, 1) and (n, 64, 64, 3).

    Args, errors: as for `flower_colours`.
    """
    names, images = _of_zip("clothing/clothing_128.zip", split)
    return Pairs(edges(images), images, names)


def openmoji(split: str = "train") -> Pairs:
    """Return the outlines of emoji, ink = 1, and the emoji: (n, 64, 64, 1) and (n, 64, 64, 3).

    Variants of one emoji, such as skin tones, are in one split. Flags are left out.

    Args, errors: as for `flower_colours`.
    """
    check_split(split)
    file = _arrays("emoji/openmoji_64.npz", ("outline", "colour", "codes"))
    codes = [str(code) for code in file["codes"]]
    rows = [
        row
        for row, code in enumerate(codes)
        if not code.startswith(_FLAGS) and _is_held_out(head(code)) == (split == "test")
    ]
    outline = 1.0 - file["outline"][rows].astype(np.float32)[..., None] / 127.5
    return Pairs(outline, from_uint8(file["colour"][rows]), tuple(codes[row] for row in rows))


def head(code: str) -> str:
    """Return what the variants of an emoji share: its code without skin tones and what follows."""
    parts = code.split("-")
    toned = [place for place, part in enumerate(parts) if part in _TONES]
    return "-".join(parts[: toned[0]] if toned else parts[:1])


def apple_tomato(split: str = "train") -> Sets:
    """Return apples and tomatoes: (n, 64, 64, 3) and (m, 64, 64, 3).

    The kinds of `HELD_OUT_FRUITS` are the test split.

    Args, errors: as for `flower_colours`.
    """
    check_split(split)
    names = ("apple", "apple_kind", "tomato", "tomato_kind")
    file = _arrays("fruits/apple_tomato_64.npz", names)
    sets = []
    for fruit in ("apple", "tomato"):
        held_out = np.isin(file[f"{fruit}_kind"], HELD_OUT_FRUITS)
        sets.append(from_uint8(file[fruit][held_out == (split == "test")]))
    return Sets(sets[0], sets[1], ("apple", "tomato"))


def _is_held_out(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 == 0


def _labelled(name: str, split: str, kinds: tuple[str, ...] | None) -> Any:
    names, images = _of_zip(name, split)
    if kinds is None:
        return images
    found = [Path(one).parent.name for one in names]
    unknown = sorted({*found} - {*kinds})
    if unknown:
        raise DataError(
            f"{_path(name)} holds pictures of {', '.join(unknown)}; the kinds are "
            f"{', '.join(kinds)}."
        )
    return images, np.array([kinds.index(kind) for kind in found], np.int64)


def _path(name: str) -> Path:
    path = origins.folder() / name
    if not path.is_file():
        raise origins.missing(path, _SETS[name])
    return path


def _arrays(name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    path = _path(name)
    try:
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in keys}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} does not hold {', '.join(keys)} ({error}).") from None


def flower_pixels(split: str = "train") -> np.ndarray:
    """Return the flowers as they are, uint8 (n, 128, 128, 3).

    Args, errors: as for `flower_colours`.
    """
    return _pixels_of_zip("flowers/flowers_128.zip", split, 2 * SIZE)[1]


def _of_zip(name: str, split: str) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the pictures of a split, reduced to 64x64: names and float32 (n, 64, 64, 3)."""
    names, pixels = _pixels_of_zip(name, split, SIZE)
    return names, from_uint8(pixels)


def _pixels_of_zip(name: str, split: str, size: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the pictures of a split, uint8 (n, size, size, 3), with their names."""
    check_split(split)
    path = _path(name)
    names, images = [], []
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.namelist()):
                identity = Path(member).name
                if member.endswith(".jpg") and _is_held_out(identity) == (split == "test"):
                    with Image.open(io.BytesIO(archive.read(member))) as picture:
                        small = picture.convert("RGB").resize((size, size), Image.Resampling.BOX)
                    names.append(member.removesuffix(".jpg"))
                    images.append(np.asarray(small))
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no readable zip of pictures ({error}).") from None
    if not images:
        raise DataError(f"{path} holds no pictures of the {split} split.")
    return tuple(names), np.stack(images)
