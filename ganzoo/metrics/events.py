"""Events of any experiment: correlations, unphysical events, values beyond an edge.

The features, their names and their limits come from the caller; see `per_feature` too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.metrics.estimate import Estimate, jackknife, share_estimate
from ganzoo.metrics.inputs import LEAST, numbers, two_samples


def rank_correlations(features: Any) -> np.ndarray:
    """Return Spearman's correlations of all pairs of features, (d, d); constants correlate with 0.

    Args:
        features: Shape (n, d).
    """
    require("scipy", "the rank correlation")
    from scipy.stats import rankdata

    ranks = rankdata(np.asarray(features, np.float64), axis=0)
    ranks -= ranks.mean(axis=0)
    lengths = np.linalg.norm(ranks, axis=0)
    matrix = ranks.T @ ranks / np.maximum(np.outer(lengths, lengths), 1e-300)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def correlation_difference(
    real: Any, generated: Any, *, largest: bool = False, most: int | None = None, seed: int = 0
) -> Estimate:
    """Return the mean |difference| of Spearman's correlations over pairs; lower is better.

    Args:
        real, generated: Features, shapes (n, d) and (m, d) with d >= 2.
        largest: The largest |difference| instead of their mean.
        most: Examples used of each set; None uses all.
        seed: Seeds the choice and the jackknife's groups.

    Raises:
        DataError: Fewer than 48 events, or a single feature.
    """
    first, second = two_samples(real, generated, LEAST, most, seed)
    if first.shape[1] < 2:
        raise DataError("Correlations need 2 or more features; got 1.")
    pairs = np.triu_indices(first.shape[1], 1)

    def difference(a: np.ndarray, b: np.ndarray) -> float:
        gaps = np.abs(rank_correlations(a) - rank_correlations(b))[pairs]
        return float(gaps.max() if largest else gaps.mean())

    value, error = jackknife(difference, first, second, seed=seed)
    return Estimate(value, error, len(second), "jackknife")


def unphysical_share(physical: Any) -> Estimate:
    """Return the share of unphysical events; lower is better, and real data have 0.

    If there is none, the upper limit is given; see `share_estimate`.

    Args:
        physical: Whether each event is possible, booleans (n,).
    """
    possible = np.asarray(physical)
    if possible.dtype != np.bool_ or possible.ndim != 1 or len(possible) < LEAST:
        raise DataError(
            f"physical must be {LEAST} or more booleans of shape (n,); got {possible.dtype} of "
            f"shape {possible.shape}."
        )
    return share_estimate(~possible)


def edge_leak(values: Any, low: float = -np.inf, high: float = np.inf) -> Estimate:
    """Return the share of values outside of [low, high], which real ones do not leave.

    Args:
        values: One quantity, shape (n,), in the unit of the limits.
        low, high: The edges.
    """
    if not low < high:
        raise DataError(f"The edges must rise; got {low} and {high}.")
    inside = numbers("values", values)
    return share_estimate((inside < low) | (inside > high))
