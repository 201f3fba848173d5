"""Pictures reduced and enlarged by whole factors, as the literature of super-resolution does.

The convention of MATLAB's `imresize`, by which the published figures of Set5 to DIV2K were made:
the cubic kernel of Keys 1981 (IEEE Trans. Acoust. Speech Signal Process. 29, 1153) with a = -1/2;
where a picture shrinks, the kernel is wider by the factor, so that nothing is aliased; pixel i of n
has its centre at (i + 1/2) / n; beyond the edges lies the mirror image, the outermost pixel
repeated. Pillow's `BICUBIC` has the same kernel and centres, but leaves out what lies beyond the
edges, and rounds and clips between the two axes: inside it differs by a level, at the edges by a
few.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, nearest

SCALES = (2, 3, 4)
Kernel = tuple[Callable[[np.ndarray], np.ndarray], int]  # a function, 0 from this distance on


def cubic(x: np.ndarray) -> np.ndarray:
    """Return the cubic kernel with a = -1/2 at distances x in pixels; 0 from 2 on."""
    x = np.abs(x)
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1.0, -0.5 * x**3 + 2.5 * x**2 - 4.0 * x + 2.0
    return np.where(x < 1.0, near, np.where(x < 2.0, far, 0.0))


def lanczos(x: np.ndarray) -> np.ndarray:
    """Return the Lanczos kernel of three lobes, sinc(x) sinc(x / 3); 0 from 3 on."""
    return np.where(np.abs(x) < 3.0, np.sinc(x) * np.sinc(x / 3.0), 0.0)


KERNELS: dict[str, Kernel] = {"bicubic": (cubic, 2), "lanczos": (lanczos, 3)}


def reduced(images: Any, scale: int, kernel: str = "bicubic") -> np.ndarray:
    """Return pictures with 1 / scale of the sides, without aliasing.

    Args:
        images: (..., height, width, channels), uint8 or floats; the sides are multiples of `scale`.
        scale: 2, 3 or 4.
        kernel: "bicubic" or "lanczos".

    Returns:
        uint8, rounded and clipped once at the end, or float32, which may go beyond the range of the
        input where there are edges.

    Raises:
        DataError: The sides are no multiples.
        InvalidArgumentError: Another scale or kernel.
    """
    images, scale = np.asarray(images), check_scale(scale)
    if any(side % scale for side in images.shape[-3:-1]):
        raise DataError(
            f"Sides must be multiples of {scale} to be reduced by it; got "
            f"{images.shape[-3]}x{images.shape[-2]}. `cropped` cuts the rest off."
        )
    return _resampled(images, kernel, lambda side: taps(side, side // scale, kernel))


def enlarged(images: Any, scale: int, kernel: str = "bicubic") -> np.ndarray:
    """Return pictures with `scale` times the sides; arguments and returns as of `reduced`."""
    images, scale = np.asarray(images), check_scale(scale)
    return _resampled(images, kernel, lambda side: taps(side, side * scale, kernel))


def cropped(images: np.ndarray, scale: int) -> np.ndarray:
    """Return pictures (..., h, w, c) without the last rows and columns that `scale` leaves over."""
    height, width = (side // scale * scale for side in images.shape[-3:-1])
    return images[..., :height, :width, :]


def taps(size: int, wanted: int, kernel: str = "bicubic") -> tuple[np.ndarray, np.ndarray]:
    """Return which pixels of an axis each output is made of, and with which weights.

    Args:
        size: Pixels that there are.
        wanted: Outputs; fewer widen the kernel.
        kernel: A key of `KERNELS`.

    Returns:
        Indices (wanted, taps), those beyond the edges mirrored, and float64 weights of sum 1.
    """
    if kernel not in KERNELS:
        raise InvalidArgumentError(
            f"kernel must be {' or '.join(map(repr, KERNELS))}; got {kernel!r}."
            + nearest(str(kernel), KERNELS)
        )
    function, support = KERNELS[kernel]
    step = size / wanted
    wide = max(step, 1.0)
    centre = (np.arange(wanted) + 0.5) * step - 0.5
    first = np.floor(centre - support * wide).astype(int)
    index = first[:, None] + np.arange(int(np.ceil(2 * support * wide)) + 2)
    weights = function((centre[:, None] - index) / wide)
    weights = weights / weights.sum(axis=1, keepdims=True)
    used = np.flatnonzero((weights != 0.0).any(axis=0))
    index, weights = index[:, used[0] : used[-1] + 1], weights[:, used[0] : used[-1] + 1]
    index = index % (2 * size)
    return np.where(index < size, index, 2 * size - 1 - index), weights


def phases(scale: int) -> np.ndarray:
    """Return the weights of bicubic enlargement by output in a pixel: (scale, 5), of pixels -2..2.

    Output r of pixel i is the sum of weights[r, k] times pixel i + k - 2.
    """
    offset = (np.arange(scale) + 0.5) / scale - 0.5
    return cubic(offset[:, None] - np.arange(-2, 3))


def check_scale(scale: Any) -> int:
    """Return a scale; refuse others than 2, 3 and 4."""
    if isinstance(scale, bool) or scale not in SCALES:
        raise InvalidArgumentError(f"scale must be 2, 3 or 4; got {scale!r}.")
    return int(scale)


def _resampled(
    images: np.ndarray, kernel: str, of: Callable[[int], tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    if images.ndim < 3 or images.dtype.kind not in "fiu" or not images.size:
        raise DataError(
            f"Pictures must have shape (..., height, width, channels); got {images.shape}."
        )
    made = images.astype(np.float32)
    for axis in (-3, -2):
        index, weights = of(images.shape[axis])
        shape = (-1, *(1,) * (-1 - axis))
        parts = (
            np.take(made, index[:, k], axis=axis) * weights[:, k].astype(np.float32).reshape(shape)
            for k in range(index.shape[1])
        )
        total = next(parts)
        for part in parts:
            total += part
        made = total
    return np.clip(np.rint(made), 0, 255).astype(np.uint8) if images.dtype == np.uint8 else made
