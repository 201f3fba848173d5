"""The user's own images: from a folder of pictures, or an array file, to training data."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from ganzoo.errors import DataError

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def images(
    source: Any, image_shape: Sequence[int] = (28, 28, 1), *, resize: bool = False
) -> np.ndarray:
    """Load images for training.

    Every picture is read before anything else happens, so that a bad one is named before a
    training starts.

    Args:
        source: A folder of pictures (searched in its subfolders too, in sorted order), one
            picture, or a `.npy` or `.npz` file with one array of shape
            (n, height, width, channels) or (n, height, width): uint8 in [0, 255], or floats in
            [-1, 1].
        image_shape: (height, width, channels) of the result; 1, 3 or 4 channels for pictures.
        resize: Resize pictures of another size (Lanczos); else they are refused.

    Returns:
        float32 array (n, height, width, channels) in [-1, 1]; 255 becomes 1.

    Raises:
        DataError: Nothing is found, or one image is damaged or of another form; it is named.
    """
    source = Path(source)
    height, width, channels = image_shape
    if source.is_dir():
        pixels = _pictures(source, (height, width, channels), resize)
    elif source.suffix.lower() in (".npy", ".npz"):
        pixels = read_array(source)
    elif source.suffix.lower() in PICTURES and source.is_file():
        pixels = _picture(source, (height, width, channels), resize)[None]
    else:
        raise DataError(
            f"{source} is neither a folder of pictures nor a .npy or .npz file"
            + ("." if source.exists() else "; there is nothing of that name.")
        )
    return _scaled(pixels, source, (height, width, channels))


def _pictures(folder: Path, shape: tuple[int, int, int], resize: bool) -> np.ndarray:
    if shape[2] not in MODES:
        raise DataError(f"Pictures have 1, 3 or 4 channels; the model takes {shape[2]}.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
    if not paths:
        raise DataError(f"{folder} holds no pictures ({', '.join(PICTURES)}).")
    return np.stack([_picture(path, shape, resize) for path in paths])


def _picture(path: Path, shape: tuple[int, int, int], resize: bool) -> np.ndarray:
    height, width, channels = shape
    try:
        with Image.open(path) as opened:
            picture = opened.convert(MODES[channels])
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is not a readable picture ({error}).") from None
    if picture.size != (width, height):
        if not resize:
            raise DataError(
                f"{path} has {picture.height}x{picture.width} pixels, the model takes "
                f"{height}x{width}; pass resize=True (--resize) to fit them."
            )
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(picture, np.uint8).reshape(shape)


def picture_shape(folder: Path) -> tuple[int, int, int]:
    """Return (height, width, channels) of the first picture in a folder.

    Raises:
        DataError: There is none, or it is damaged.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
    if not paths:
        raise DataError(f"{folder} holds no pictures ({', '.join(PICTURES)}).")
    try:
        with Image.open(paths[0]) as opened:
            return opened.height, opened.width, 1 if opened.mode in ("1", "L") else 3
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise DataError(f"{paths[0]} is not a readable picture ({error}).") from None


def read_array(path: Path) -> np.ndarray:
    """Return the one array of a `.npy` or `.npz` file; pickled objects are refused.

    Raises:
        DataError: The file is missing or damaged, or holds several arrays.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            if len(loaded.files) != 1:
                raise DataError(f"{path} must hold one array; got {', '.join(loaded.files)}.")
            return loaded[loaded.files[0]]
    except FileNotFoundError:
        raise DataError(f"{path} is missing.") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a readable array file ({error}).") from None


def _scaled(pixels: np.ndarray, source: Path, shape: tuple[int, int, int]) -> np.ndarray:
    from ganzoo.checks import check_data

    if pixels.ndim == 3 and shape[2] == 1:
        pixels = pixels[..., None]
    if pixels.dtype == np.uint8:
        pixels = pixels.astype(np.float32) / 127.5 - 1.0
    try:
        return check_data(pixels, shape)
    except DataError as error:
        raise DataError(f"{source}: {error}") from None
