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

    Held out are those the SHA-256 of whose pixels is a multiple of 10: 191 of 2,009.

    Args:
        split: "train" or "test".

    Raises:
        DataError: The file is not there or damaged.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    path = origins.folder() / FILE
    if not path.is_file():
        raise DataError(
            f"{path} is missing: 2,009 official portraits of politicians, which `ganzoo prepare` "
            "cannot make, as a face detector cut them out; set GANZOO_DATA to a folder that has "
            "them, or train with pictures of your own, --data FOLDER."
        )
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
