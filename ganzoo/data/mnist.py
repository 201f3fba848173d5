"""MNIST and Fashion-MNIST: from IDX files in a folder, else through Keras' own download.

LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition;
Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747. The IDX form: two zero bytes, a type byte (0x08 for
unsigned bytes), the number of dimensions, the sizes as big-endian 32-bit integers, the data.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data import origins
from ganzoo.data.pairs import check_split
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

_FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", 60_000),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", 10_000),
}


def mnist(split: str = "train", labels: bool = False, folder: str | Path | None = None) -> Any:
    """Load the MNIST digits. `few_digits` has labels of a seeded few.

    Args:
        split: "train" (60,000) or "test" (10,000).
        labels: Return the digits' labels too.
        folder: Folder of the four canonical `.gz` files; by default `$GANZOO_DATA/mnist`, or
            `data/mnist` where that is there, else Keras' own download.

    Returns:
        Images, float32 in [-1, 1] (ink = 1), shape (n, 28, 28, 1); with `labels`, a tuple of the
        images and int64 labels of shape (n,).

    Raises:
        DataError: A file is missing, truncated or of another form, or the download failed.
        InvalidArgumentError: Another split.
    """
    return _load("mnist", split, labels, folder)


def fashion_mnist(
    split: str = "train", labels: bool = False, folder: str | Path | None = None
) -> Any:
    """Load Fashion-MNIST; arguments, results and errors as for `mnist`."""
    return _load("fashion_mnist", split, labels, folder)


def _load(name: str, split: str, labels: bool, folder: str | Path | None) -> Any:
    check_split(split)
    prepared = origins.folder() / name
    if folder is None and (os.environ.get("GANZOO_DATA") or prepared.is_dir()):
        folder = prepared
    images, digits = _downloaded(name, split) if folder is None else _read_split(folder, split)
    scaled = from_uint8(images)[..., None]  # (n, 28, 28, 1)
    return (scaled, digits.astype(np.int64)) if labels else scaled


def _read_split(folder: str | Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    image_file, label_file, count = _FILES[split]
    images = read_idx(Path(folder) / image_file, (count, 28, 28))
    digits = read_idx(Path(folder) / label_file, (count,))
    if int(digits.max()) > 9:
        raise DataError(f"{label_file} holds a label above 9, so it is not the canonical file.")
    return images, digits


def read_idx(path: str | Path, shape: tuple[int, ...]) -> np.ndarray:
    """Read a gzipped IDX file of unsigned bytes.

    Args:
        path: The file.
        shape: The shape that it must have.

    Returns:
        uint8 array of that shape.

    Raises:
        DataError: The file is missing, no gzip, truncated, or of another shape or type.
    """
    path = Path(path)
    header = b"\x00\x00\x08" + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    expected = len(header) + int(np.prod(shape))
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(expected + 1)  # bounded, whatever the file unpacks to
    except FileNotFoundError:
        name = path.parent.name if path.parent.name in origins.ORIGINS else "mnist"
        raise DataError(
            f"{path} is missing. GANZOO_DATA must name a folder with the canonical gzipped IDX "
            f"files in mnist/ (or fashion_mnist/): get them with `ganzoo prepare {name}`, or unset "
            "it to let Keras download them."
        ) from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a readable gzip file ({error}).") from None
    if content[: len(header)] != header:
        raise DataError(f"{path} is not an IDX file of unsigned bytes with shape {shape}.")
    if len(content) != expected:
        raise DataError(f"{path} must hold {expected} bytes unpacked; got {len(content)}.")
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)


def _downloaded(name: str, split: str) -> tuple[np.ndarray, np.ndarray]:
    from ganzoo.environment import require_backend

    require_backend()
    import keras

    try:
        train, test = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises a bare Exception here
        raise DataError(
            f"{name} could not be downloaded ({error}). `ganzoo prepare {name}` gets the four "
            "gzipped IDX files from other addresses."
        ) from error
    return train if split == "train" else test
