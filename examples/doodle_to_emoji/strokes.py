"""A drawing of any size, pen and paper, brought to the form of OpenMoji's outlines.

Lines are thinned to one pixel (Zhang and Suen 1984, Commun. ACM 27, 236) on a grid that is four
times as fine, and drawn again with OpenMoji's pen. What is filled stays filled.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from ganzoo.errors import DataError

SIDE, FINE = 64, 4  # of the outlines; the grid is FINE times as fine
LINE = 1.8  # pixels, width of OpenMoji's pen: 2 of 72 units; `width` says 1.66 of its outlines
EXTENT = 49  # pixels, the larger side of half of the outlines is longer, of half shorter
_FAINT = 0.2  # of black against white: what is less is no drawing
_LONGER = 1.1  # a line that is not level is longer than it has pixels, on average


def outline(picture: np.ndarray) -> np.ndarray:
    """Return a drawing as an outline, float32 (64, 64, 1), ink 1 on -1.

    Args:
        picture: (height, width, 1) in [-1, 1]; what most of it looks like is the paper.

    Raises:
        DataError: Nothing is drawn there.
    """
    ink = cut_out(picture)
    thin = thinned(ink)
    filled = 1.2 * width(ink, thin)  # no line holds a disc of this radius
    solid = grown(~grown(~ink, filled), filled) & ink
    pen = grown(thin, (LINE * FINE - 0.8) / 2) | solid
    means = pen.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))
    return (2.0 * means - 1.0).astype(np.float32)[..., None]


def cut_out(picture: np.ndarray) -> np.ndarray:
    """Return where ink is: booleans (256, 256), the drawing in the middle, as large as OpenMoji's.

    Args, errors: as for `outline`.
    """
    far = np.abs(picture[..., 0] - np.median(picture)) / 2.0
    if far.max() < _FAINT:
        raise DataError("nothing is drawn on it; lines must be darker than the paper, or lighter")
    far /= far.max()
    rows, columns = (np.flatnonzero((far > 0.5).any(axis)) for axis in (1, 0))
    box = far[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = (EXTENT - LINE) * FINE / max(box.shape)
    height, across = (max(1, round(factor * side)) for side in box.shape)
    how = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    small = Image.fromarray(box.astype(np.float32)).resize((across, height), how)
    ink = np.zeros((SIDE * FINE, SIDE * FINE), bool)
    top, left = (len(ink) - height) // 2, (len(ink) - across) // 2
    # A fine pen in a large picture covers a small part of each pixel of the grid.
    threshold = min(0.5, 0.5 * factor)
    ink[top : top + height, left : left + across] = np.asarray(small) > threshold
    return ink


def thinned(ink: np.ndarray) -> np.ndarray:
    """Return lines of one pixel in the middle of lines of any width, booleans (height, width)."""
    thin = np.pad(ink, 1)
    while True:
        before = thin.sum()
        for turn in (0, 1):
            ring = _neighbours(thin)  # clockwise from above, (8, height, width)
            steps = (~ring & np.roll(ring, -1, axis=0)).sum(axis=0)
            up, right, down, left = ring[::2]
            free = (
                (~up | ~right | ~down) & (~right | ~down | ~left)
                if turn == 0
                else (~up | ~right | ~left) & (~up | ~down | ~left)
            )
            count = ring.sum(axis=0)
            thin = thin & ~((count >= 2) & (count <= 6) & (steps == 1) & free)
        if thin.sum() == before:
            return thin[1:-1, 1:-1]


def _neighbours(seen: np.ndarray) -> np.ndarray:
    around = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
    return np.stack([np.roll(seen, (-down, -across), (0, 1)) for down, across in around])


def width(ink: np.ndarray, thin: np.ndarray) -> float:
    """Return the mean width of lines in pixels, of where they are and of the same thinned."""
    return float(ink.sum() / (_LONGER * max(1, thin.sum())))


def grown(seen: np.ndarray, radius: float) -> np.ndarray:
    """Return booleans (height, width) that are set within a radius of what is set."""
    reach = int(radius)
    padded = np.pad(seen, reach)
    made = np.zeros_like(seen)
    height, across = seen.shape
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if down**2 + right**2 <= radius**2:
                top, left = reach + down, reach + right
                made |= padded[top : top + height, left : left + across]
    return made
