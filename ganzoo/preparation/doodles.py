"""Quick, Draw!: the first doodles of six kinds in Google's bitmaps, and flamingos of their strokes.

Only the beginnings of Google's files are fetched, 14 MB in all. All of it is compared with hashes.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ganzoo.data.origins import ORIGINS
from ganzoo.data.picture_downloads import (
    DOODLE_BYTES,
    DOODLES,
    DOODLES_OF_A_KIND,
    FLAMINGOS,
)
from ganzoo.errors import DataError
from ganzoo.files.reading import open_regular
from ganzoo.files.writing import written
from ganzoo.preparation.pieces import Piece, Told

SIDE, SUPERSAMPLING = 28, 8
_LARGE = SIDE * SUPERSAMPLING
_EXTENT, _WIDTH = 192, 12  # pixels of a drawing and of a line in the large picture
PIXELS = {  # SHA-256 of the first 3,000 bitmaps
    "apple": "04257f73090ed4d73d51866d3dd188e72fdb26ab8a17da5db0879c31afac4354",
    "bicycle": "a00521e3e28a6c3879cabb2b8003ef0f1e4ae374aaca969c02b91923df21232d",
    "cat": "c1547cd8657c8a7268eac57c463f43b7fe755b818aeb0ce293085c96df5b83d4",
    "diamond": "1549492fa54807440d5cd434b0be6567e668024d54e164fed7a7ff3d154fac4f",
    "eye": "9ff8623490d810537c8386545e20d6c3f9fcab55ce5ebba1cc271ab911614347",
    "fish": "84d4bc35bfc46e685621921ee94c79a986b2a654acd066b47e881061210695c5",
}


def quickdraw() -> list[Piece]:
    """Return the doodles: images (18000, 28, 28), labels (18000,), names (6,), flamingo."""
    (target,) = ORIGINS["quickdraw"].files
    return [Piece(target, (*DOODLES.values(), FLAMINGOS), _packed)]


def bitmaps(kind: str, content: bytes, name: str) -> np.ndarray:
    """Return the doodles at the beginning of a .npy file of n rows of 784: uint8 (3000, 28, 28).

    Raises:
        DataError: It is no such file, or the doodles are others.
    """
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"version {version}")
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(stream)
    except ValueError as error:
        raise DataError(f"{name} is no file of bitmaps of NumPy ({error}).") from None
    if by_columns or dtype != np.uint8 or shape[1:] != (DOODLE_BYTES,):
        raise DataError(f"{name} must hold uint8 (n, {DOODLE_BYTES}); got {dtype} {shape}.")
    pixels = stream.read(DOODLES_OF_A_KIND * DOODLE_BYTES)
    found = hashlib.sha256(pixels).hexdigest()
    if found != PIXELS[kind]:
        raise DataError(
            f"The first {len(pixels) // DOODLE_BYTES} doodles of {name} have the SHA-256 "
            f"{found[:12]}..., registered is {PIXELS[kind][:12]}... of {DOODLES_OF_A_KIND}; it is "
            "another version."
        )
    return np.frombuffer(pixels, np.uint8).reshape(-1, SIDE, SIDE)


def drawn(strokes: Sequence[Sequence[Sequence[int]]]) -> np.ndarray:
    """Return a doodle of strokes, uint8 (28, 28): white on black, in the middle, reduced from 224.

    Args:
        strokes: Of each the x of its points and their y, as Google's simplified drawings have them.
    """
    lines = [np.stack([stroke[0], stroke[1]], axis=1).astype(np.float64) for stroke in strokes]
    points = np.concatenate(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = _EXTENT / max((high - low).max(), 1.0)
    picture = Image.new("L", (_LARGE, _LARGE), 0)
    pen = ImageDraw.Draw(picture)
    for line in (line - (low + high) / 2 for line in lines):
        corners = [(float(x), float(y)) for x, y in line * scale + _LARGE / 2]
        pen.line(corners, fill=255, width=_WIDTH, joint="curve")
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _packed(archives: Sequence[Path], target: Path, told: Told) -> None:
    images = []
    for kind, archive in zip(DOODLES, archives[:-1], strict=True):
        with open_regular(archive) as stream:
            images.append(bitmaps(kind, stream.read(), archive.name))
    with open_regular(archives[-1]) as stream:
        flamingos = [drawn(json.loads(line)["drawing"]) for line in stream]
    counts = [len(of_kind) for of_kind in images]
    with written(target, suffix=".npz") as temporary:
        np.savez_compressed(
            temporary,
            images=np.concatenate(images),
            labels=np.repeat(np.arange(len(counts)), counts),
            names=np.array([*DOODLES]),
            flamingo=np.stack(flamingos),
        )
