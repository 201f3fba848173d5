"""How near an enlarged photograph is to the true one, as the literature of the field measures it.

On the luma of ITU-R BT.601, 16 for black to 235 for white, of pictures rounded to 8 bits, without a
border as wide as the scale: as in the published tables since Timofte et al. 2014 (A+) and Lim et
al. 2017 (EDSR, arXiv:1707.02921, section 4). The luma is not rounded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.paired import PSNR_MOST, WINDOW, similarity

PEAK = 255.0
_WEIGHTS = (65.481, 128.553, 24.966)  # of red, green and blue from 0 to 1
_BLACK = 16.0


def luma(pixels: Any) -> np.ndarray:
    """Return the luma of pixels, 16 for black to 235 for white.

    Args:
        pixels: uint8 (..., 1 or 3); one channel is grey.

    Returns:
        float64 (...).
    """
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8 or not pixels.ndim or pixels.shape[-1] not in (1, 3):
        raise DataError(f"Luma is of uint8 (..., 1 or 3); got {pixels.dtype} {pixels.shape}.")
    weights = _WEIGHTS if pixels.shape[-1] == 3 else (sum(_WEIGHTS),)
    return _BLACK + pixels.astype(np.float64) @ (np.array(weights) / PEAK)


def restored(made: Any, truth: Any, border: int) -> dict[str, float]:
    """Return how near one picture is to the true one.

    Args:
        made: uint8 (height, width, 1 or 3).
        truth: The same.
        border: Pixels that are left out on each side.

    Returns:
        `psnr` in dB, at most 100; `ssim`, 1 for equal ones; `sharpness`, the energy of the
        gradients (squared differences of neighbours) over that of the truth, 1 for equal ones.

    Raises:
        DataError: Other shapes, or fewer than 11 pixels within the border.
    """
    made, truth = np.asarray(made), np.asarray(truth)
    inner = slice(border, -border or None)
    pair = [luma(pixels)[inner, inner] for pixels in (made, truth)]
    if made.shape[:2] != truth.shape[:2] or min(pair[0].shape) < WINDOW:
        raise DataError(
            f"Pictures of one size are compared, at least {WINDOW + 2 * border} pixels high and "
            f"wide; got {made.shape} and {truth.shape}."
        )
    noise = max(float(np.square(pair[0] - pair[1]).mean()), PEAK**2 / 10.0 ** (PSNR_MOST / 10.0))
    energy = [gradient_energy(one) for one in pair]
    x, y = (one[None, ..., None] for one in pair)
    return {
        "psnr": 10.0 * float(np.log10(PEAK**2 / noise)),
        "ssim": float(similarity(x, y, PEAK)[0]),
        "sharpness": energy[0] / energy[1] if energy[1] else 1.0 if not energy[0] else np.inf,
    }


def gradient_energy(values: np.ndarray) -> float:
    """Return the mean squared difference of neighbours in both directions, of values (h, w)."""
    down, across = (float(np.square(np.diff(values, axis=axis)).mean()) for axis in (0, 1))
    return down + across
