"""Convolutions of small images with large kernels by way of their Fourier coefficients.

A convolution is a product of Fourier coefficients (Mathieu et al. 2014, Fast training of
convolutional networks through FFTs, arXiv:1312.5851). Images of 7 x 7 pixels have so few that a
matrix gives them all, so that the whole is three products with constant matrices and, between
them, one with the kernel per coefficient: a fifth of the arithmetic of a 5 x 5 kernel, forth and
back, in operations that every backend is fast at and differentiates by itself.
"""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np

Offsets = tuple[tuple[int, ...], tuple[int, ...]]
_USUAL_BATCH = 64  # where the size of a batch is not known


def pays(batch: int | None, channels: tuple[int, int], size: tuple[int, int], taps: int) -> bool:
    """Whether this has less than half the products of a convolution with "same" padding.

    Args:
        batch: Images.
        channels: Input and output channels.
        size: Height and width.
        taps: Pixels of the kernel, all within half of the image's size.
    """
    batch = batch or _USUAL_BATCH
    depth, out = channels
    pixels, side = math.prod(size), round(math.sqrt(taps))
    coefficients = 3 * (math.prod(_period(n, side // 2) for n in size) // 2 + 1)
    both = batch * depth * out
    constant = (batch * (depth + out) * pixels) + depth * out * taps
    return 2 * coefficients * (both + constant) < both * pixels * taps


def _period(size: int, reach: int) -> int:
    """Return an odd period in which what is `reach` outside of an image does not come back in."""
    return (size + reach) | 1


@functools.lru_cache(maxsize=64)
def matrices(size: tuple[int, int], offsets: Offsets) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what makes a convolution, zeros outside of the image, a product per coefficient.

    y = back @ ((image @ x) * (kernel @ k)) for one channel, where y[p] = sum_d x[p - d] k[d].
    Of a complex product, Gauss's three real ones: with x = a + ib and k = c + id they are
    (a + b) c, a (d - c) and b (c + d).

    Args:
        size: Height and width, H and W.
        offsets: The rows d and the columns d of the kernel's taps.

    Returns:
        float32 matrices: image (3 F, H W), kernel (3 F, taps) and back (H W, 3 F).
    """
    periods = [_period(n, max(map(abs, d))) for n, d in zip(size, offsets, strict=True)]
    # A real image's coefficients at f and at -f are conjugates, so that one of both will do. As the
    # periods are odd, 0 alone is its own conjugate.
    middle = [range(-(period // 2), period // 2 + 1) for period in periods]
    half = np.array([f for f in itertools.product(*middle) if f >= (0, 0)])
    waves = half * (2 * np.pi / np.array(periods))
    pixels = waves @ np.array(list(itertools.product(*map(range, size)))).T
    taps = waves @ np.array(list(itertools.product(*offsets))).T
    weight = np.where(waves.any(axis=1, keepdims=True), 2, 1) / math.prod(periods)
    a, b, c, d = np.cos(pixels), -np.sin(pixels), np.cos(taps), -np.sin(taps)
    image = np.concatenate([a + b, a, b])
    kernel = np.concatenate([c, d - c, c + d])
    back = np.concatenate([weight * (a + b), weight * b, -weight * a])
    return np.float32(image), np.float32(kernel), np.ascontiguousarray(back.T, np.float32)
