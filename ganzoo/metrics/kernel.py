"""Kernel distance: the unbiased squared maximum mean discrepancy.

Gretton et al. 2012 (JMLR 13, 723); with the cubic kernel of Inception features ("KID"): Bińkowski
et al. 2018, arXiv:1801.01401. All pairs of all examples are used, not subsets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife_error
from ganzoo.metrics.inputs import LEAST, two_samples

Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]
KERNELS = ("polynomial", "gaussian")
_BLOCK = 1024


def kernel_distance(
    real: Any,
    generated: Any,
    *,
    kernel: str = "polynomial",
    bandwidth: float | None = None,
    most: int = 10_000,
    seed: int = 0,
) -> Estimate:
    """Return E k(x, x') + E k(y, y') - 2 E k(x, y) over distinct pairs; lower is better.

    It is unbiased: 0 on average, and negative half of the time, if both sets have one
    distribution.

    Args:
        real, generated: Features, shapes (n, features) and (m, features).
        kernel: "polynomial", (x.y / features + 1)^3 as in KID, or "gaussian",
            exp(-|x - y|^2 / (2 bandwidth^2)).
        bandwidth: Of the Gaussian kernel; by default the median distance in the real examples.
        most: Examples used of each set.
        seed: Seeds the choice and the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples.
        InvalidArgumentError: There is no such kernel, or the bandwidth is not positive.
    """
    first, second = two_samples(real, generated, LEAST, most, seed)
    function = _kernel(kernel, bandwidth, first)
    a, b = group_labels(len(first), GROUPS, seed), group_labels(len(second), GROUPS, seed + 1)
    xx = _block_sums(function, first, a, first, a, diagonal=False)
    yy = _block_sums(function, second, b, second, b, diagonal=False)
    xy = _block_sums(function, first, a, second, b)
    n, m = np.bincount(a, minlength=GROUPS), np.bincount(b, minlength=GROUPS)

    def value(kept: np.ndarray) -> float:
        inside = np.ix_(kept, kept)
        x, y = n[kept].sum(), m[kept].sum()
        return float(
            xx[inside].sum() / (x * (x - 1))
            + yy[inside].sum() / (y * (y - 1))
            - 2.0 * xy[inside].sum() / (x * y)
        )

    groups = np.arange(GROUPS)
    error = jackknife_error([value(groups != group) for group in groups])
    return Estimate(value(groups >= 0), error, len(second), "jackknife")


def _kernel(name: str, bandwidth: float | None, real: np.ndarray) -> Kernel:
    if name == "polynomial":
        return lambda x, y: (x @ y.T / x.shape[1] + 1.0) ** 3
    if name != "gaussian":
        raise InvalidArgumentError(
            f"There is no kernel {name!r}; there are: {', '.join(KERNELS)}."
            + nearest(name, KERNELS)
        )
    if bandwidth is None:
        some = real[:: max(1, len(real) // 1000)]
        bandwidth = float(np.sqrt(np.median(squared_distances(some, some)))) or 1.0
    if not bandwidth > 0:
        raise InvalidArgumentError(f"bandwidth must be positive; got {bandwidth}.")
    scale = 2.0 * bandwidth**2
    return lambda x, y: np.exp(-squared_distances(x, y) / scale)


def squared_distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return |x_i - y_j|^2, shape (n, m)."""
    products = x @ y.T
    products *= -2.0
    products += (x**2).sum(axis=1)[:, None]
    products += (y**2).sum(axis=1)[None, :]
    return np.maximum(products, 0.0, out=products)


def _block_sums(
    kernel: Kernel, x: np.ndarray, a: np.ndarray, y: np.ndarray, b: np.ndarray,
    diagonal: bool = True,
) -> np.ndarray:  # fmt: skip
    """Return the sum of the kernel over each pair of groups: (groups, groups)."""
    members = np.eye(GROUPS)[b]  # (m, groups)
    sums = np.zeros((GROUPS, GROUPS))
    for start in range(0, len(x), _BLOCK):
        values = kernel(x[start : start + _BLOCK], y)
        if not diagonal:
            rows = np.arange(len(values))
            values[rows, start + rows] = 0.0
        np.add.at(sums, a[start : start + _BLOCK], values @ members)
    return sums
