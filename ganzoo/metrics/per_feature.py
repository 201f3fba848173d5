"""Distances between two distributions of one quantity: a picture's brightness, an event's energy.

Real p, generated q. Kullback and Leibler 1951; Lin 1991 (IEEE Trans. Inf. Theory 37, 145) for the
Jensen-Shannon divergence; the separation power is that of TMVA (arXiv:physics/0703039).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife_error
from ganzoo.metrics.inputs import numbers

Bins = int | Sequence[float] | np.ndarray
Counts = np.ndarray


def kl_divergence(real: Any, generated: Any, *, bins: Bins = 50, seed: int = 0) -> Estimate:
    """Return sum p log(p / q) over bins, in nats, 0 or more; lower is better.

    Half a count is added to each bin of both (Jeffreys), else one empty bin would make it infinite.

    Args:
        real, generated: One number per example, shapes (n,) and (m,).
        bins: How many equal bins between the real 0.1 % and 99.9 % quantiles, with one more on
            each side to the real extremes and one beyond; or edges, where the outer bins take all
            beyond them.
        seed: Seeds the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples, or edges that do not rise.
    """

    def divergence(a: Counts, b: Counts) -> float:
        p, q = (counts + 0.5 for counts in (a, b))
        p, q = p / p.sum(), q / q.sum()
        return float((p * np.log(p / q)).sum())

    return _binned(divergence, real, generated, bins, seed)


def jensen_shannon(real: Any, generated: Any, *, bins: Bins = 50, seed: int = 0) -> Estimate:
    """Return (KL(p, m) + KL(q, m)) / 2 with m = (p + q) / 2, in nats; lower is better.

    0 for equal and log 2 for disjoint distributions. Arguments and errors as `kl_divergence`.
    """

    def divergence(a: Counts, b: Counts) -> float:
        p, q = a / a.sum(), b / b.sum()
        middle = 0.5 * (p + q)
        return 0.5 * (_relative_entropy(p, middle) + _relative_entropy(q, middle))

    return _binned(divergence, real, generated, bins, seed)


def separation_power(real: Any, generated: Any, *, bins: Bins = 50, seed: int = 0) -> Estimate:
    """Return sum (p - q)^2 / (p + q) / 2: 0 for equal, 1 for disjoint; lower is better.

    Arguments and errors as `kl_divergence`.
    """

    def separation(a: Counts, b: Counts) -> float:
        p, q = a / a.sum(), b / b.sum()
        filled = p + q > 0
        return float(0.5 * ((p - q)[filled] ** 2 / (p + q)[filled]).sum())

    return _binned(separation, real, generated, bins, seed)


def chi2_per_bin(real: Any, generated: Any, *, bins: Bins = 50, seed: int = 0) -> Estimate:
    """Return chi2 of two histograms of n and m counts over the number of filled bins less one.

    sum (sqrt(m / n) a - sqrt(n / m) b)^2 / (a + b): about 1 where both come from one distribution;
    it grows with the number of examples where they do not. Lower is better. Arguments and errors
    as `kl_divergence`.
    """
    return _binned(two_sample_chi2, real, generated, bins, seed)


def two_sample_chi2(real: Counts, generated: Counts) -> float:
    """Return the chi2 of two histograms with the same bins over the filled bins less one.

    The difference to a histogram with errors of its own is normalised for unequal numbers of
    examples (Gagunashvili 2006, arXiv:physics/0605123, for unweighted histograms).
    """
    a, b = np.asarray(real, np.float64), np.asarray(generated, np.float64)
    ratio = np.sqrt(b.sum() / a.sum())
    filled = a + b > 0
    parts = (ratio * a - b / ratio)[filled] ** 2 / (a + b)[filled]
    return float(parts.sum() / max(1, filled.sum() - 1))


def wasserstein_1(real: Any, generated: Any, *, seed: int = 0) -> Estimate:
    """Return the area between both cumulative distributions, in the quantity's unit.

    Lower is better. Arguments and errors as `kl_divergence`, without bins.
    """
    return _unbinned(1, real, generated, seed)


def kolmogorov_smirnov(real: Any, generated: Any, *, seed: int = 0) -> Estimate:
    """Return the largest gap between both cumulative distributions, 0 to 1; lower is better.

    Arguments and errors as `kl_divergence`, without bins.
    """
    return _unbinned(0, real, generated, seed)


class CumulativeGaps:
    """The gap between the cumulative distributions of two samples, without any one group.

    The samples are sorted together once; leaving a group out only changes weights.

    Args:
        real, generated: Finite numbers, shapes (n,) and (m,).
        real_groups, generated_groups: The group of each, from 0; None where none is left out.
    """

    def __init__(
        self,
        real: np.ndarray,
        generated: np.ndarray,
        real_groups: np.ndarray | None = None,
        generated_groups: np.ndarray | None = None,
    ) -> None:
        values = np.concatenate([real, generated])
        order = values.argsort(kind="stable")
        self.steps = np.diff(values[order])
        self.is_real = order < len(real)
        self.groups = None
        if real_groups is not None and generated_groups is not None:
            self.groups = np.concatenate([real_groups, generated_groups])[order]

    def distances(self, without: int | None = None) -> tuple[float, float]:
        """Return the Kolmogorov-Smirnov and the Wasserstein-1 distance, without a group."""
        real, generated = self.is_real, ~self.is_real
        if without is not None and self.groups is not None:
            kept = self.groups != without
            real, generated = real & kept, generated & kept
        below = [np.cumsum(part)[:-1] / part.sum() for part in (real, generated)]
        gaps = np.abs(below[0] - below[1])
        # Between equal numbers the distributions have no value.
        largest = gaps.max(initial=0.0, where=self.steps > 0)
        return float(largest), float(gaps @ self.steps)


DISTANCES: dict[str, Callable[..., Estimate]] = {
    "kl": kl_divergence,
    "jensen_shannon": jensen_shannon,
    "wasserstein_1": wasserstein_1,
    "kolmogorov_smirnov": kolmogorov_smirnov,
    "chi2_per_bin": chi2_per_bin,
    "separation_power": separation_power,
}


def feature_distances(
    real: Any, generated: Any, names: Sequence[str], *, seed: int = 0
) -> dict[str, dict[str, Estimate]]:
    """Return every distance of every feature: {feature: {distance: Estimate}}.

    Args:
        real, generated: Features, shapes (n, features) and (m, features).
        names: One for each feature.
        seed: Seeds the jackknife's groups.

    Raises:
        DataError: The shapes and names do not fit, or there are fewer than 48 examples.
    """
    real, generated = np.asarray(real), np.asarray(generated)
    for what, values in (("real", real), ("generated", generated)):
        if values.ndim != 2 or values.shape[1] != len(names):
            raise DataError(
                f"The {what} features must have shape (n, {len(names)}) for {len(names)} names; "
                f"got {values.shape}."
            )
    return {
        name: {
            key: distance(real[:, i], generated[:, i], seed=seed)
            for key, distance in DISTANCES.items()
        }
        for i, name in enumerate(names)
    }


def inner_edges(real: np.ndarray, bins: Bins) -> np.ndarray:
    """Return the rising edges between bins, without the outermost two; see `kl_divergence`."""
    if isinstance(bins, int | np.integer) and not isinstance(bins, bool) and bins >= 2:
        low, high = np.quantile(real, (0.001, 0.999))
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = np.linspace(low, high, bins + 1)
        # What only the generator makes beyond the real extremes shares no bin with real examples.
        above = np.nextafter(real.max(), np.inf)
        return np.unique([min(real.min(), low), *edges, max(above, high)])
    edges = np.asarray(bins, np.float64)
    if edges.ndim != 1 or len(edges) < 3 or not (np.diff(edges) > 0).all():
        raise DataError(f"bins must be an integer from 2, or 3 or more rising edges; got {bins}.")
    return edges[1:-1]


def _binned(
    statistic: Callable[[Counts, Counts], float], real: Any, generated: Any, bins: Bins, seed: int
) -> Estimate:
    a, b = numbers("real values", real), numbers("generated values", generated)
    inner = inner_edges(a, bins)
    groups = [_grouped(values, inner, seed + i) for i, values in enumerate((a, b))]
    totals = [counts.sum(axis=0) for counts in groups]
    replicates = [
        statistic(*(total - counts[g] for total, counts in zip(totals, groups, strict=True)))
        for g in range(GROUPS)
    ]
    return Estimate(statistic(*totals), jackknife_error(replicates), len(b), "jackknife")


def _grouped(values: np.ndarray, inner: np.ndarray, seed: int) -> np.ndarray:
    """Return the counts of each bin in each group: (groups, bins)."""
    bins = len(inner) + 1
    cells = group_labels(len(values), GROUPS, seed) * bins + np.searchsorted(inner, values, "right")
    return np.bincount(cells, minlength=GROUPS * bins).reshape(GROUPS, bins).astype(np.float64)


def _unbinned(which: int, real: Any, generated: Any, seed: int) -> Estimate:
    a, b = numbers("real values", real), numbers("generated values", generated)
    labels = [group_labels(len(values), GROUPS, seed + i) for i, values in enumerate((a, b))]
    gaps = CumulativeGaps(a, b, *labels)
    error = jackknife_error([gaps.distances(group)[which] for group in range(GROUPS)])
    return Estimate(gaps.distances()[which], error, len(b), "jackknife")


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    filled = p > 0
    return float((p[filled] * np.log(p[filled] / q[filled])).sum())
