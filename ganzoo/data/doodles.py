"""Doodles of Google's game "Quick, Draw!" in `$GANZOO_DATA/quickdraw`, white on black.

Six kinds, the first 3,000 of each, in Google's own bitmaps of 28x28 pixels, and the first 25
flamingos, which are too few to train on alone.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import Any

import numpy as np

from ganzoo.data import origins
from ganzoo.data.pairs import check_split
from ganzoo.data.picture_downloads import DOODLES
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

FILE = "quickdraw/quickdraw_28.npz"
KINDS = tuple(DOODLES)
SIDE = 28


def quickdraw(split: str = "train", *, labels: bool = False) -> Any:
    """Return doodles of six kinds, float32 (n, 28, 28, 1) in [-1, 1].

    Held out are those the SHA-256 of whose pixels is a multiple of 10.

    Args:
        split: "train" or "test".
        labels: Return the images and int64 labels, indices of `KINDS`.

    Raises:
        DataError: The file is not there or damaged.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    arrays = _read("images", "labels", "names")
    images, kinds = arrays["images"], arrays["labels"]
    if tuple(map(str, arrays["names"])) != KINDS or kinds.shape != images.shape[:1]:
        raise DataError(
            f"{origins.folder() / FILE} must hold the kinds {', '.join(KINDS)}, with a label for "
            f"each image; got {', '.join(map(str, arrays['names']))}."
        )
    held_out = [int(hashlib.sha256(image.tobytes()).hexdigest(), 16) % 10 == 0 for image in images]
    chosen = np.array(held_out) == (split == "test")
    made = from_uint8(images[chosen][..., None])
    return (made, kinds[chosen].astype(np.int64)) if labels else made


def flamingos() -> np.ndarray:
    """Return 25 doodles of flamingos, float32 (25, 28, 28, 1) in [-1, 1].

    Raises:
        DataError: The file is not there or damaged.
    """
    return from_uint8(_read("flamingo")["flamingo"][..., None])


def _read(*names: str) -> dict[str, np.ndarray]:
    path = origins.folder() / FILE
    if not path.is_file():
        raise origins.missing(path, "quickdraw")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} does not hold doodles ({error}).") from None
    pictures = arrays[names[0]]
    if pictures.dtype != np.uint8 or pictures.ndim != 3 or pictures.shape[1:] != (SIDE, SIDE):
        raise DataError(
            f"{path} must hold uint8 (n, {SIDE}, {SIDE}); got {pictures.dtype} {pictures.shape}."
        )
    return arrays
