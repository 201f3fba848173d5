"""Edges of pictures as a drawing: Canny's, without the parts that only a threshold holds together.

Canny 1986, A Computational Approach to Edge Detection (IEEE TPAMI 8, 679): the gradient under a
Gaussian, thinned to its ridge, with two thresholds. pix2pix (Isola et al. 2016) has edges of a
network (HED) there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError

_KERNEL = np.array([0.25, 0.5, 0.25])
_WEAK, _STRONG = 0.10, 0.25  # of values in [-1, 1], per pixel
_BLOCK = 256


def edges(images: Any, smoothing: int = 1) -> np.ndarray:
    """Return drawings of pictures: float32 (n, height, width, 1), ink 1 on -1.

    Args:
        images: (n, height, width, channels) in [-1, 1]; the channel with the steepest gradient
            counts at each pixel.
        smoothing: How often a [1, 2, 1] filter is applied before, >= 0.
    """
    images = np.asarray(images, np.float32)
    if images.ndim != 4 or not len(images) or min(images.shape[1:3]) < 3:
        raise DataError(
            "Edges are drawn of pictures (n, height, width, channels) of at least 3x3 pixels; got "
            f"shape {images.shape}."
        )
    blocks = range(0, len(images), _BLOCK)
    return np.concatenate([_drawn(images[i : i + _BLOCK], smoothing) for i in blocks])


def _drawn(images: np.ndarray, smoothing: int) -> np.ndarray:
    for _ in range(smoothing):
        images = _filtered(_filtered(images, 1), 2)
    down, across = np.gradient(images, axis=(1, 2))
    length = np.hypot(down, across)
    steepest = length.argmax(axis=-1)[..., None]
    length, down, across = (
        np.take_along_axis(part, steepest, -1)[..., 0] for part in (length, down, across)
    )
    ridge = _is_ridge(length, down, across)
    strong, weak = ridge & (length >= _STRONG), ridge & (length >= _WEAK)
    while True:  # weak edges that touch strong ones
        grown = weak & _spread(strong)
        if (grown == strong).all():
            break
        strong = grown | strong
    return np.where(strong, np.float32(1.0), np.float32(-1.0))[..., None]


def _filtered(images: np.ndarray, axis: int) -> np.ndarray:
    """Return images under [1, 2, 1] / 4 along an axis, their outermost pixels repeated."""
    margins = [(0, 0)] * images.ndim
    margins[axis] = (1, 1)
    padded, side = np.pad(images, margins, mode="edge"), images.shape[axis]
    return sum(
        (
            weight * padded.take(range(shift, shift + side), axis)
            for shift, weight in enumerate(_KERNEL)
        ),
        np.zeros_like(images),
    ).astype(np.float32)


def _is_ridge(length: np.ndarray, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Whether the gradient is no longer than here one pixel on, either way along it."""
    angle = np.mod(np.round(np.arctan2(down, across) / (np.pi / 4)), 4).astype(int)
    padded = np.pad(length, ((0, 0), (1, 1), (1, 1)))
    height, width = length.shape[1:]

    def moved(dy: int, dx: int) -> np.ndarray:
        return padded[:, 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]

    ways = ((0, 1), (1, 1), (1, 0), (1, -1))
    ahead = np.choose(angle, [moved(dy, dx) for dy, dx in ways])
    behind = np.choose(angle, [moved(-dy, -dx) for dy, dx in ways])
    ridge: np.ndarray = (length > ahead) & (length >= behind)
    return ridge


def _spread(seen: np.ndarray) -> np.ndarray:
    """Return booleans (n, h, w) with their eight neighbours set as well."""
    height, width = seen.shape[1:]
    padded = np.pad(seen, ((0, 0), (1, 1), (1, 1)))
    spread = np.zeros_like(seen)
    for dy in range(3):
        for dx in range(3):
            spread |= padded[:, dy : dy + height, dx : dx + width]
    return spread
