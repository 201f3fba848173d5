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

from ganzoo.environment import PLAIN

Offsets = tuple[tuple[int, ...], tuple[int, ...]]
_USUAL_BATCH = 64  # where the size of a batch is not known


def pays(
    batch: int | None,
    channels: tuple[int, int],
    size: tuple[int, int],
    kernel: tuple[int, int],
    *,
    used: float = 1.0,
    below: float = 0.5,
) -> bool:
    """Whether this has so much less arithmetic than the convolution itself that it is faster.

    Args:
        batch: Images.
        channels: Input and output channels.
        size: Height and width of the images, input and output.
        kernel: Height and width of the kernel.
        used: The share of the kernel's taps that are not zeros put there for this.
        below: The share of the convolution's products that this may have.
    """
    if PLAIN:
        return False
    batch = batch or _USUAL_BATCH
    depth, out = channels
    pixels, taps = math.prod(size), math.prod(kernel)
    periods = [n + k // 2 for n, k in zip(size, kernel, strict=True)]
    alone = math.prod(2 - period % 2 for period in periods)
    rows = alone + 3 * (math.prod(periods) - alone) // 2
    constant = batch * (depth + out) * pixels + depth * out * taps
    usual = batch * depth * out * pixels * taps * used
    return rows * (batch * depth * out + constant) < below * usual


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
        float32 matrices: image (F, H W), kernel (F, taps) and back (H W, F).
    """
    # In such a period, what reaches out of an image does not come back in.
    periods = [n + max(map(abs, d)) for n, d in zip(size, offsets, strict=True)]
    waves, alone = _half(periods)
    pixels = waves @ np.array(list(itertools.product(*map(range, size)))).T
    taps = waves @ np.array(list(itertools.product(*offsets))).T
    a, b, c, d = np.cos(pixels), -np.sin(pixels), np.cos(taps), -np.sin(taps)
    both, share = ~alone, 1 / math.prod(periods)
    image = [a[alone], (a + b)[both], a[both], b[both]]
    kernel = [c[alone], c[both], (d - c)[both], (c + d)[both]]
    back = [share * a[alone], *(2 * share * part[both] for part in (a + b, b, -a))]
    return (
        np.concatenate(image).astype(np.float32),
        np.concatenate(kernel).astype(np.float32),
        np.ascontiguousarray(np.concatenate(back).T, np.float32),
    )


def _half(periods: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the waves (F, 2) that a real image needs, in radians per pixel, and which are real.

    Coefficients of a wave and of its negative are conjugates, so that one of both will do; those
    of a wave that is its own negative are real.
    """
    half = []
    for wave in itertools.product(*map(range, periods)):
        negative = tuple(-f % period for f, period in zip(wave, periods, strict=True))
        if wave <= negative:
            half.append((wave, wave == negative))
    waves = np.array([wave for wave, _ in half]) * (2 * np.pi / np.array(periods))
    return waves, np.array([is_real for _, is_real in half])
