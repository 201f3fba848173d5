"""Precision, recall, density and coverage: the overlap of two clouds of points.

Around every point lies a ball that reaches its k-th nearest neighbour of the same set. Precision
and recall: Kynkäänniemi et al. 2019, arXiv:1904.06991. Density and coverage: Naeem et al. 2020,
arXiv:2002.09797.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.metrics.estimate import Estimate, group_labels, jackknife_error
from ganzoo.metrics.inputs import LEAST, two_samples
from ganzoo.metrics.kernel import squared_distances

GROUPS = 12
NAMES = ("precision", "recall", "density", "coverage")


def manifold_overlap(
    real: Any, generated: Any, *, k: int = 5, most: int = 5000, seed: int = 0
) -> dict[str, Estimate]:
    """Return four measures of how two clouds of points overlap; higher is better.

    - precision: share of generated points in a ball around any real point (quality).
    - recall: share of real points in a ball around any generated point (variety).
    - density: real balls per generated point, divided by k; it may exceed 1.
    - coverage: share of real points whose ball holds a generated point (variety, less sensitive
      to outliers). For two samples of one distribution and size it is about 1 - 2^-k.

    All depend on the number of points, so compare them at the same n only.

    Args:
        real, generated: Features, shapes (n, features) and (m, features).
        k: The neighbour that the balls reach to.
        most: Points used of each set; the memory grows with its square.
        seed: Seeds their choice and the jackknife's groups.

    Raises:
        DataError: Fewer than 48 points, or than 4 k.
    """
    k = check_count("k", k, most=1000)
    first, second = two_samples(real, generated, max(LEAST, 4 * k), most, seed)
    across = _distances(first, second)  # (n, m)
    a, b = group_labels(len(first), GROUPS, seed), group_labels(len(second), GROUPS, seed + 1)
    real_balls, generated_balls = _Neighbours(first, k), _Neighbours(second, k)

    def overlap(group: int | None) -> list[float]:
        rows, columns = a != group, b != group
        radius_real = real_balls.radii(rows)[rows]
        radius_generated = generated_balls.radii(columns)[columns]
        kept = across if group is None else across[np.ix_(rows, columns)]
        inside = kept < radius_real[:, None]
        return [
            inside.any(axis=0).mean(),
            (kept < radius_generated[None, :]).any(axis=1).mean(),
            inside.sum() / (k * inside.shape[1]),
            inside.any(axis=1).mean(),
        ]

    values = overlap(None)
    replicates = np.array([overlap(group) for group in range(GROUPS)])
    return {
        name: Estimate(
            float(values[i]), jackknife_error(replicates[:, i]), len(second), "jackknife"
        )
        for i, name in enumerate(NAMES)
    }


class _Neighbours:
    """The nearest neighbours of every point in its own set; enough that some may be left out."""

    def __init__(self, points: np.ndarray, k: int) -> None:
        self.k = k
        distances = _distances(points, points)
        np.fill_diagonal(distances, np.inf)
        count = min(4 * k + 16, len(points) - 1)
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(distances, nearest, axis=1)
        order = near.argsort(axis=1)
        self.index = np.take_along_axis(nearest, order, axis=1)  # (n, count), nearest first
        self.distance = np.take_along_axis(near, order, axis=1)

    def radii(self, kept: np.ndarray) -> np.ndarray:
        """Return squared distances to the k-th neighbour among the points that are kept: (n,)."""
        there = kept[self.index]
        kth = (there.cumsum(axis=1) >= self.k).argmax(axis=1)
        return self.distance[np.arange(len(kth)), kth]


def _distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return squared distances as float32, made in parts of float64 so that no digits are lost."""
    result = np.empty((len(x), len(y)), np.float32)
    for start in range(0, len(x), 512):
        result[start : start + 512] = squared_distances(x[start : start + 512], y)
    return result
