"""Sliced Wasserstein distance: one-dimensional transport along random directions.

Rabin et al. 2011; Bonneel et al. 2015 (J. Math. Imaging Vis. 51, 22).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.metrics.estimate import Estimate, jackknife
from ganzoo.metrics.inputs import LEAST, two_samples
from ganzoo.random import random_generator


def sliced_wasserstein(
    real: Any,
    generated: Any,
    *,
    projections: int = 128,
    order: int = 1,
    most: int = 10_000,
    seed: int = 0,
) -> Estimate:
    """Return (E_u W_p(u.x, u.y)^p)^(1/p) over random unit vectors u; lower is better.

    Units are those of the features. With few examples it is too large: see the floor.

    Args:
        real, generated: Features, shapes (n, features) and (m, features); of the larger set, as
            many are used as the smaller one has.
        projections: Number of directions.
        order: p, 1 or larger.
        most: Examples used of each set.
        seed: Seeds the directions, the choice and the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples.
    """
    check_count("projections", projections, most=100_000)
    check_count("order", order, most=10)
    most = min(most, len(real), len(generated))
    first, second = two_samples(real, generated, LEAST, most, seed)
    directions = random_generator(seed).standard_normal((first.shape[1], projections))
    directions /= np.linalg.norm(directions, axis=0)

    def distance(x: np.ndarray, y: np.ndarray) -> float:
        gaps = np.abs(np.sort(x, axis=0) - np.sort(y, axis=0)) ** order
        return float(gaps.mean() ** (1.0 / order))

    value, error = jackknife(distance, first @ directions, second @ directions, seed=seed)
    return Estimate(value, error, len(second), "jackknife")
