"""A folder of pictures, one picture, or an array file, as one array, with names and notes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from ganzoo.data.arrays import ENDINGS as ARRAYS
from ganzoo.data.arrays import read_array
from ganzoo.data.pictures import decoding
from ganzoo.data.pictures.files import ENDINGS, find_pictures, is_picture
from ganzoo.data.pictures.fitting import fitted
from ganzoo.data.pictures.notes import Notes
from ganzoo.data.pictures.rules import Rules
from ganzoo.data.pictures.streaming import stream
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

Shape = tuple[int, int, int]
_BLACK = 256  # numbers below this part of their full range would all be black


class Pictures(NamedTuple):
    """Pictures that were read.

    Attributes:
        images: float32 (n, height, width, channels) in [-1, 1].
        names: What each is called: its path below the folder, "#2" behind a second frame, or its
            number in an array. Pairs are found by them.
        notes: What was done with them and what was left out, a line each.
    """

    images: np.ndarray
    names: tuple[str, ...]
    notes: tuple[str, ...]


def read(
    source: Any,
    shape: Sequence[int],
    rules: Rules | None = None,
    *,
    prefer: str | Sequence[str] = "images",
) -> Pictures:
    """Read pictures.

    Args:
        source: A folder of pictures (searched in its subfolders too, in sorted order), one
            picture, or a `.npy` or `.npz` file; see `ganzoo.data.images`.
        shape: (height, width, channels) of the result.
        rules: How they are read.
        prefer: Which array of a `.npz` file with several, by its names.

    Raises:
        DataError: Nothing is found, or one picture is damaged or of another form; it is named.
    """
    source, rules = Path(source), rules or Rules()
    height, width, channels = shape
    shape, notes = (height, width, channels), Notes(source)
    if is_array(source):
        pixels, names = _of_array(source, shape, rules, notes, prefer)
    else:
        pixels, names = _of_files(source, shape, rules, notes)
    return Pictures(_checked(pixels, source, shape), names, tuple(notes.lines()))


def is_array(source: Path) -> bool:
    """Return whether a path is an array file, and not a picture or a folder.

    Raises:
        DataError: It is none of these.
    """
    if source.suffix.lower() in ARRAYS and not source.is_dir():
        return True
    if source.is_dir() or (is_picture(source) and source.is_file()):
        return False
    kinds = f"a picture ({', '.join(ENDINGS)}) nor a {' or '.join(ARRAYS)} file"
    raise DataError(
        f"{source} is neither a folder of pictures nor {kinds}"
        + ("." if source.exists() else "; there is nothing of that name.")
    )


def picture_shape(source: Any) -> Shape:
    """Return (height, width, channels) of a picture or of the first one in a folder.

    It has one channel if it is grey, else three.

    Raises:
        DataError: There is none, or it is damaged.
    """
    source = Path(source)
    path = source if source.is_file() else find_pictures(source)[0]
    picture = next(decoding.frames(path, str(path), 3, Rules(), Notes(path)))[1]
    coloured = picture.mode == "RGB" and decoding.is_coloured(picture)
    return picture.height, picture.width, 3 if coloured else 1


def _of_files(
    source: Path, shape: Shape, rules: Rules, notes: Notes
) -> tuple[np.ndarray, tuple[str, ...]]:
    paths = find_pictures(source, notes) if source.is_dir() else [source]
    root = source if source.is_dir() else source.parent
    arrays, names = [], []
    for picture in stream(paths, shape[2], lambda name, size: shape[:2], rules, notes):
        arrays.append(picture.image)
        names.append(str(Path(picture.name).relative_to(root)))
    for full, (most, first) in notes.deepest.items():
        if 0 < most * _BLACK < full:
            raise DataError(
                f"{first} and all pictures with numbers up to {full} are black: their largest "
                f"number is {most:g}. Scale them to the full range first."
            )
    return np.stack(arrays), tuple(names)


def _of_array(
    source: Path, shape: Shape, rules: Rules, notes: Notes, prefer: str | Sequence[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    pixels = read_array(source, prefer)
    if pixels.ndim == 3 and shape[2] == 1 and pixels.shape != tuple(shape):
        pixels = pixels[..., None]
    if pixels.dtype == np.uint8 and int(pixels.max(initial=0)) == 1:
        raise DataError(
            f"{source} has 8-bit numbers up to 1, which go from 0 (black) to 255 (white), so that "
            "all would be black; for black and white save 0 and 255."
        )
    if pixels.dtype == np.uint16:
        if 0 < int(pixels.max(initial=0)) < 65535 / _BLACK:
            raise DataError(
                f"{source} has 16-bit numbers up to {pixels.max()}, which go from 0 (black) to "
                "65535 (white), so that all would be black; for 8-bit pictures save uint8."
            )
        pixels = pixels.astype(np.float32) / np.float32(32767.5) - 1.0
    if rules.fit and pixels.ndim == 4 and pixels.shape[3] == shape[2] and pixels.dtype.kind in "uf":
        pixels = _fitted_array(pixels, shape, rules, notes)
    if pixels.dtype == np.uint8:
        pixels = from_uint8(pixels)
    return pixels, tuple(map(str, range(len(pixels)))) if pixels.ndim else ()


def _fitted_array(pixels: np.ndarray, shape: Shape, rules: Rules, notes: Notes) -> np.ndarray:
    """Return pictures of an array, uint8 or floats in [-1, 1], in the wanted size."""
    if pixels.shape[1:] == shape or not len(pixels):
        return pixels
    if pixels.dtype == np.uint8 and shape[2] in decoding.MODES:
        made = []
        for index, one in enumerate(pixels):
            picture = Image.fromarray(one[..., 0] if shape[2] == 1 else one)
            made.append(np.asarray(fitted(picture, shape, rules, str(index), notes)))
        return np.stack(made).reshape(len(pixels), *shape)
    whole = pixels.dtype == np.uint8
    scaled = pixels.astype(np.float32) if whole else (pixels.astype(np.float32) + 1.0) * 127.5
    planes = []
    for channel in range(shape[2]):
        quiet = notes if channel == 0 else Notes(notes.source)
        planes.append([
            np.asarray(fitted(decoding.picture_of(one), shape, rules, str(index), quiet))
            for index, one in enumerate(scaled[..., channel])
        ])  # fmt: skip
    return np.clip(np.stack([np.stack(plane) for plane in planes], -1), 0, 255) / 127.5 - 1.0


def _checked(pixels: np.ndarray, source: Path, shape: Shape) -> np.ndarray:
    from ganzoo.checks import check_data

    try:
        return check_data(pixels, shape, what="Pictures")
    except DataError as error:
        raise DataError(f"{source}: {error}") from None
