"""Fréchet distance between two sets of features, extrapolated to infinitely many examples.

Dowson and Landau 1982 (J. Multivariate Anal. 12, 450); as a measure of generators with Inception
features ("FID"): Heusel et al. 2017, arXiv:1706.08500. Extrapolation: Chong and Forsyth 2020,
arXiv:1911.07023, and for events ("FPD") Kansal et al. 2023, arXiv:2211.10295.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife_error
from ganzoo.metrics.inputs import LEAST, two_samples

LEVELS = (1, 2, 3, 4)  # the data are split into so many batches


def frechet_distance(
    real: Any, generated: Any, *, extrapolate: bool = True, seed: int = 0
) -> Estimate:
    """Return |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of means and covariances; lower is better.

    With n examples it is too large by about a / n. So it is measured on all examples and on
    disjoint halves, thirds and quarters; the intercept of a straight line in 1 / n is the value. It
    may be a little below 0 if the two sets have one distribution.

    Args:
        real, generated: Features, shapes (n, features) and (m, features).
        extrapolate: False gives the plain value of all examples.
        seed: Seeds the batches and the jackknife's groups.

    Raises:
        DataError: Fewer than 4 (features + 1) examples, or 48; without extrapolation a quarter.
    """
    features = np.asarray(real).reshape(len(real), -1).shape[1] if np.size(real) else 1
    levels = LEVELS if extrapolate else LEVELS[:1]
    first, second = two_samples(real, generated, max(LEAST, levels[-1] * (features + 1)), seed=seed)
    left, right = _Moments(first, seed), _Moments(second, seed + 1)
    batches = {level: np.arange(GROUPS) * level // GROUPS for level in levels}
    whole = {
        level: np.array([_distance(left, right, owner == batch) for batch in range(level)])
        for level, owner in batches.items()
    }
    shares = {level: np.full(level, 1.0 / level) for level in levels}
    replicates = []
    for group in range(GROUPS):  # only the batch that holds the group changes
        changed, reduced = {}, {}
        for level, owner in batches.items():
            batch = owner[group]
            kept = (owner == batch) & (np.arange(GROUPS) != group)
            changed[level], reduced[level] = whole[level].copy(), shares[level].copy()
            changed[level][batch] = _distance(left, right, kept)
            reduced[level][batch] = kept.sum() / GROUPS
        replicates.append(_intercept(changed, reduced))
    return Estimate(
        _intercept(whole, shares), jackknife_error(replicates), len(second), "jackknife"
    )


class _Moments:
    """Counts, sums and sums of products of each group, so that any union of groups is cheap."""

    def __init__(self, rows: np.ndarray, seed: int) -> None:
        labels = group_labels(len(rows), GROUPS, seed)
        self.centre = rows.mean(axis=0)  # without the mean, products lose no digits
        parts = [rows[labels == group] - self.centre for group in range(GROUPS)]
        self.counts = np.array([len(part) for part in parts], np.float64)  # (g,)
        self.sums = np.stack([part.sum(axis=0) for part in parts])  # (g, d)
        self.products = np.stack([part.T @ part for part in parts])  # (g, d, d)

    def of(self, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean (d,) and unbiased covariance (d, d) of the groups that are kept."""
        count = self.counts[kept].sum()
        mean = self.sums[kept].sum(axis=0) / count
        covariance = self.products[kept].sum(axis=0) - count * np.outer(mean, mean)
        return mean + self.centre, covariance / (count - 1)


def _distance(left: _Moments, right: _Moments, kept: np.ndarray) -> float:
    return gaussian_distance(*left.of(kept), *right.of(kept))


def gaussian_distance(
    mean_1: np.ndarray, covariance_1: np.ndarray, mean_2: np.ndarray, covariance_2: np.ndarray
) -> float:
    """Return the squared Fréchet distance of two Gaussians: means (d,), covariances (d, d)."""
    values, vectors = np.linalg.eigh(covariance_1)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))  # root @ root.T is covariance_1
    cross = np.linalg.eigvalsh(root.T @ covariance_2 @ root)
    difference = mean_1 - mean_2
    trace = np.trace(covariance_1) + np.trace(covariance_2)
    return float(difference @ difference + trace - 2.0 * np.sqrt(np.clip(cross, 0.0, None)).sum())


def _intercept(values: dict[int, np.ndarray], shares: dict[int, np.ndarray]) -> float:
    """Extrapolate the levels' mean distances, as a line in 1 / share, to 1 / share = 0."""
    means = np.array([value.mean() for value in values.values()])
    inverse = np.array([(1.0 / share).mean() for share in shares.values()])
    if len(means) == 1:
        return float(means[0])
    return float(np.polyfit(inverse, means, 1)[1])
