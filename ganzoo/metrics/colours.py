"""Features of pictures in colour, without training: oriented gradients, and colours of parts."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from ganzoo.metrics.pictures import oriented_gradients

_CELLS = (3, 2, 1)  # per side
_PER_FEATURE = 4  # pictures


def cells_for(channels: int, pictures: int) -> int:
    """Return into how many parts a side is cut: 3, 2 or 1, so that pictures are 4 per feature."""
    enough = [c for c in _CELLS if _PER_FEATURE * (feature_count(channels, c) + 1) <= pictures]
    return enough[0] if enough else _CELLS[-1]


def features_for(channels: int, pictures: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return gradients and colours of as many parts of a picture as so many pictures allow."""
    return functools.partial(gradients_and_colours, cells=cells_for(channels, pictures))


def title_for(channels: int) -> str:
    """Return what the features of pictures of so many channels are called."""
    return "oriented gradients" + (" and colours" if channels > 1 else "")


def feature_count(channels: int, cells: int) -> int:
    """Return how many features `gradients_and_colours` makes."""
    return cells * cells * 8 + (2 * channels * min(cells, 2) ** 2 if channels > 1 else 0)


def gradients_and_colours(images: np.ndarray, cells: int) -> np.ndarray:
    """Return oriented gradients, and of colour pictures the mean and deviation of each channel.

    These in as many parts of the picture, 4 at most.

    Args:
        images: (n, height, width, channels) in [-1, 1].
        cells: Parts per side.
    """
    strokes = oriented_gradients(images, cells=cells)
    if images.shape[-1] == 1:
        return strokes
    parts = [
        part
        for half in np.array_split(images, min(cells, 2), axis=1)
        for part in np.array_split(half, min(cells, 2), axis=2)
    ]
    colours = [values for part in parts for values in (part.mean((1, 2)), part.std((1, 2)))]
    return np.concatenate([strokes, *colours], axis=1)
