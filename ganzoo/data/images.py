"""The user's own images: from a folder of pictures, or an array file, to training data."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data import pictures
from ganzoo.data.arrays import ENDINGS as ARRAYS
from ganzoo.data.arrays import read_array


def images(
    source: Any,
    image_shape: Sequence[int] = (28, 28, 1),
    *,
    resize: bool | str = False,
    background: str = "white",
    frames: str = "first",
) -> np.ndarray:
    """Load images for training.

    Every picture is read before anything else happens, so that a bad one is named before a
    training starts. What is done with pictures that are not of the wanted form already (made grey,
    laid over a background, resized, ...) is said in a warning, and so is what a folder holds
    beside them; `ganzoo/data/pictures/decoding.py` lists the rules.

    Args:
        source: A folder of pictures (searched in its subfolders too, in sorted order; hidden ones
            are left out), one picture, or a `.npy` or `.npz` file with one array, or one called
            `images`, of shape (n, height, width, channels) or (n, height, width): uint8 in
            [0, 255], uint16 in [0, 65535], or floats in [-1, 1].
        image_shape: (height, width, channels) of the result; 1, 3 or 4 channels for pictures.
        resize: What is done with pictures of another size: False refuses them, True or "stretch"
            resizes both sides (Lanczos), "crop" cuts the middle out, "pad" fills up with the
            background.
        background: What transparent pictures are laid over: a colour's name, or "#rrggbb".
        frames: "first" or "all" frames of animations and pages of TIFFs.

    Returns:
        float32 array (n, height, width, channels) in [-1, 1]; 255 becomes 1.

    Raises:
        DataError: Nothing is found, or one image is damaged or of another form; it is named.
        InvalidArgumentError: A choice that there is not.
    """
    rules = pictures.Rules(resize, background, frames)
    found = pictures.read(source, image_shape, rules)
    for note in found.notes:
        warnings.warn(note, stacklevel=2)
    return found.images


def picture_size(source: Any) -> tuple[int, int]:
    """Return (height, width) of a picture, of the first one in a folder, or of those of an array.

    Raises:
        DataError: There is none, or it is damaged.
    """
    if Path(source).suffix.lower() in ARRAYS:
        return tuple(read_array(source, prefer="images").shape[1:3])
    return pictures.picture_shape(source)[:2]
