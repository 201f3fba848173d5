"""Official portraits of politicians in `$GANZOO_DATA/faces`: aligned colour crops, without names.

Portraits of the US Congress (public domain) and of the UK Parliament (CC BY 3.0, Chris McAndrew and
others / UK Parliament). They are of living public figures: what is trained on them makes no
statement about any person.
"""

from __future__ import annotations

import hashlib
import zipfile

import numpy as np

from ganzoo.data import origins
from ganzoo.data.pairs import check_split
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

FILE = "faces/politicians_64.npz"
SHAPE = (64, 64, 3)


def faces(split: str = "train") -> np.ndarray:
    """Return portraits, float32 (n, 64, 64, 3) in [-1, 1].

    Held out are those the SHA-256 of whose pixels is a multiple of 10: 191 of the 2,009 that the
    zoo's models were trained on. `ganzoo prepare faces` makes crops that are not the same pixels,
    so that others are held out: it has no test set for those models.

    Args:
        split: "train" or "test".

    Raises:
        DataError: The file is not there or damaged.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    path = origins.folder() / FILE
    if not path.is_file():
        raise origins.missing(path, "faces")
    try:
        with np.load(path, allow_pickle=False) as file:
            images = file["images"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} does not hold images ({error}).") from None
    if images.dtype != np.uint8 or images.shape[1:] != SHAPE:
        raise DataError(
            f"{path} must hold uint8 (n, 64, 64, 3); got {images.dtype} {images.shape}."
        )
    held_out = [int(hashlib.sha256(image.tobytes()).hexdigest(), 16) % 10 == 0 for image in images]
    return from_uint8(images[np.array(held_out) == (split == "test")])
