"""Holes in pictures: masks that are 1 in a hole and 0 elsewhere, float32 (..., height, width, 1).

The central hole of Pathak et al. 2016 (arXiv:1604.07379), half as high and wide as the picture, and
random ones: of each picture a rectangle whose sides are a quarter to a half of the picture's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.random import random_generator

LEAST = 4  # pixels, side of a picture with a hole


def centre(height: int, width: int) -> np.ndarray:
    """Return the mask (height, width, 1) of a hole in the middle, of half the sides."""
    _check_sides(height, width)
    box = [[(height - height // 2) // 2, (width - width // 2) // 2, height // 2, width // 2]]
    return masks_of(np.array(box), height, width)[0]


def random_masks(n: int, height: int, width: int, seed: Any = None) -> np.ndarray:
    """Return the masks (n, height, width, 1) of random rectangles.

    Args:
        n: How many, >= 1.
        height, width: Of the pictures, >= 4 pixels.
        seed: Of PCG64; None draws others each time.
    """
    check_count("n", n)
    return masks_of(random_boxes(n, height, width, random_generator(seed)), height, width)


def random_boxes(n: int, height: int, width: int, random: np.random.Generator) -> np.ndarray:
    """Return n random rectangles, int64 (n, 4): top, left, height, width in pixels."""
    _check_sides(height, width)
    whole = np.array([height, width])
    sides = random.integers(whole // 4, whole // 2, (n, 2), endpoint=True)
    corners = random.integers(0, whole - sides, endpoint=True)
    return np.concatenate([corners, sides], axis=1)


def masks_of(boxes: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return the masks (n, height, width, 1) of rectangles (n, 4)."""
    top, left, high, wide = (boxes[:, i, None] for i in range(4))
    rows, columns = np.arange(height), np.arange(width)
    down = (rows >= top) & (rows < top + high)  # (n, height)
    across = (columns >= left) & (columns < left + wide)
    return (down[:, :, None] & across[:, None, :]).astype(np.float32)[..., None]


def _check_sides(height: int, width: int) -> None:
    for name, side in (("height", height), ("width", width)):
        check_count(name, side, least=LEAST)
