"""Pictures beside the truth: L1, PSNR, SSIM, and whether a picture is recognised among others.

SSIM is that of Wang, Bovik, Sheikh, Simoncelli 2004 (IEEE Trans. Image Process. 13, 600): Gaussian
windows of 11x11 pixels with a deviation of 1.5, K1 = 0.01, K2 = 0.03, averaged over the windows
that lie inside the picture and over channels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate, share_estimate
from ganzoo.metrics.kernel import squared_distances
from ganzoo.metrics.pictures import check_pictures, mean_estimate, oriented_gradients

RANGE = 2.0  # of values in [-1, 1]
WINDOW, DEVIATION = 11, 1.5
PSNR_MOST = 100.0  # dB; equal pictures have no noise at all
_BLOCK = 64


def l1(made: Any, truth: Any) -> Estimate:
    """Return the mean absolute difference of values in [-1, 1], between 0 and 2; lower is better.

    Args:
        made: Pictures (n, height, width, channels) in [-1, 1], n >= 2.
        truth: What they should be, row by row.
    """
    made, truth = _pairs(made, truth)
    return mean_estimate(np.abs(made - truth).mean(axis=(1, 2, 3)))


def psnr(made: Any, truth: Any) -> Estimate:
    """Return the mean peak signal-to-noise ratio in dB, at most 100 a picture; higher is better.

    Args:
        made, truth: As for `l1`.
    """
    made, truth = _pairs(made, truth)
    return mean_estimate(decibels(np.square(made - truth).mean(axis=(1, 2, 3))))


def decibels(noise: np.ndarray) -> np.ndarray:
    """Return the peak signal-to-noise ratio in dB, at most 100, of mean squared differences."""
    least = RANGE**2 / 10.0 ** (PSNR_MOST / 10.0)
    return 10.0 * np.log10(RANGE**2 / np.maximum(noise, least))


def ssim(made: Any, truth: Any) -> Estimate:
    """Return the mean structural similarity, 1 for equal pictures; higher is better.

    Args:
        made, truth: As for `l1`, at least 11 pixels high and wide.
    """
    return mean_estimate(similarities(made, truth))


def similarities(made: Any, truth: Any) -> np.ndarray:
    """Return the structural similarity of each picture, (n,); arguments as for `ssim`."""
    made, truth = _pairs(made, truth)
    if min(made.shape[1:3]) < WINDOW:
        raise DataError(
            f"SSIM needs pictures of at least {WINDOW}x{WINDOW} pixels; got "
            f"{made.shape[1]}x{made.shape[2]}."
        )
    parts = [
        similarity(made[start : start + _BLOCK], truth[start : start + _BLOCK], RANGE)
        for start in range(0, len(made), _BLOCK)
    ]
    return np.concatenate(parts)


def similarity(x: np.ndarray, y: np.ndarray, peak: float) -> np.ndarray:
    """Return the mean SSIM of each picture, (n,).

    Args:
        x, y: float64 (n, height, width, channels), at least 11 pixels high and wide.
        peak: The range of the numbers, of which the constants are parts.
    """
    mean_x, mean_y = _smoothed(x), _smoothed(y)
    variance_x = _smoothed(x * x) - mean_x**2
    variance_y = _smoothed(y * y) - mean_y**2
    covariance = _smoothed(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * peak) ** 2, (0.03 * peak) ** 2
    top = (2.0 * mean_x * mean_y + c1) * (2.0 * covariance + c2)
    bottom = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    return (top / bottom).mean(axis=(1, 2, 3))


def _smoothed(x: np.ndarray) -> np.ndarray:
    """Return pictures under a Gaussian window, where it lies inside: (n, h - 10, w - 10, c)."""
    down, across = (_window_matrix(side) for side in x.shape[1:3])
    return np.einsum("ah,nhwc,bw->nabc", down, x, across, optimize=True)


def _window_matrix(side: int) -> np.ndarray:
    """Return the matrix (side - 10, side) whose rows are shifted windows with a sum of 1."""
    offsets = np.arange(WINDOW) - WINDOW // 2
    window = np.exp(-0.5 * (offsets / DEVIATION) ** 2)
    rows = side - WINDOW + 1
    matrix = np.zeros((rows, side))
    for row in range(rows):
        matrix[row, row : row + WINDOW] = window / window.sum()
    return matrix


def found(
    made: Any,
    truth: Any,
    first: Sequence[int] = (1, 5),
    features: Callable[[np.ndarray], np.ndarray] = oriented_gradients,
) -> dict[int, Estimate]:
    """Return the share of pictures whose truth is among the nearest k of all truths.

    What a reader would do: which character of the target style is this? Chance is k / n.

    Args:
        made: Pictures (n, height, width, channels) in [-1, 1], n >= 2.
        truth: What they should be, row by row; the truths of all are the candidates. A truth that
            is as near as another counts as the further one.
        first: The numbers k, each from 1 to n.
        features: Maps pictures to features (n, d); distances are Euclidean.

    Returns:
        By k, shares with binomial errors.
    """
    ks = [check_count("first", k, most=len(made)) for k in first]
    place = places(made, truth, features)
    return {k: share_estimate(place <= k) for k in ks}


def places(
    made: Any,
    truth: Any,
    features: Callable[[np.ndarray], np.ndarray] = oriented_gradients,
) -> np.ndarray:
    """Return at which place the truth of each picture is among all truths, 1 for the nearest: (n,).

    Args:
        made, truth, features: As for `found`.
    """
    made, truth = _pairs(made, truth)
    distances = squared_distances(features(made), features(truth))
    own = np.diagonal(distances)[:, None]
    # Rounding of the expanded square must not decide between equal candidates.
    return (distances <= own + 1e-9 * distances.max()).sum(axis=1)


def _pairs(made: Any, truth: Any) -> tuple[np.ndarray, np.ndarray]:
    made, truth = check_pictures("pictures", made), check_pictures("truths", truth)
    if made.shape != truth.shape or len(made) < 2:
        raise DataError(
            "Pictures and truths are compared one by one, at least 2, in one shape; got "
            f"{made.shape} and {truth.shape}."
        )
    for what, images in (("pictures", made), ("truths", truth)):
        if not np.isfinite(images).all() or np.abs(images).max() > 1.0 + 1e-3:
            raise DataError(f"The {what} must be in [-1, 1].")
    return made.astype(np.float64), truth.astype(np.float64)
