"""What two samples of several features differ in together: pairs, correlations, transport.

Real p, generated q; features are columns. `w1p` is called as in JetNet (Kansal et al. 2023, The
JetNet package, JOSS 8, 5789; the metric: arXiv:2106.11535).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError
from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife, jackknife_error
from ganzoo.metrics.inputs import LEAST, two_samples
from ganzoo.metrics.memorisation import nearest_training
from ganzoo.metrics.per_feature import CumulativeGaps, two_sample_chi2
from ganzoo.random import random_generator

PAIR_BINS = 10


class PairwiseChi2(NamedTuple):
    """chi2 per bin of the plane of each pair of features.

    Attributes:
        pairs: By the two names.
        worst: The largest of them.
        mean: Their mean.
    """

    pairs: dict[tuple[str, str], Estimate]
    worst: Estimate
    mean: Estimate


def pairwise_chi2(
    real: Any, generated: Any, names: Sequence[str], *, bins: int = PAIR_BINS, seed: int = 0
) -> PairwiseChi2:
    """Return chi2/bin of two-dimensional histograms, one for each pair of features.

    Each feature has as many bins as `bins`, with equal shares of the real examples in each; see
    `chi2_per_bin`, which about 1 means the same as here. Single histograms do not see a wrong
    correlation; these do.

    Args:
        real, generated: Features, shapes (n, d) and (m, d) with d >= 2.
        names: One for each feature.
        bins: Bins of each feature.
        seed: Seeds the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples, or names that do not fit.
    """
    check_count("bins", bins, least=2, most=1000)
    first, second = two_samples(real, generated, LEAST)
    if first.shape[1] != len(names) or len(names) < 2:
        raise DataError(
            f"Pairs need 2 or more features and a name for each; got {first.shape[1]} features and "
            f"{len(names)} names."
        )
    cells = _cells(first, second, bins)
    labels = [group_labels(len(part), GROUPS, seed + i) for i, part in enumerate((first, second))]
    replicates = {}
    for a, b in itertools.combinations(range(len(names)), 2):
        counts = []
        for columns, groups in zip(cells, labels, strict=True):
            index = (groups * bins + columns[a]) * bins + columns[b]
            made = np.bincount(index, minlength=GROUPS * bins * bins).reshape(GROUPS, -1)
            counts.append(made)
        totals = [part.sum(axis=0) for part in counts]
        without = [
            two_sample_chi2(*(total - part[g] for total, part in zip(totals, counts, strict=True)))
            for g in range(GROUPS)
        ]
        replicates[names[a], names[b]] = np.array([two_sample_chi2(*totals), *without])
    every = np.stack(list(replicates.values()))
    n = len(second)
    return PairwiseChi2(
        {pair: _jackknifed(values, n) for pair, values in replicates.items()},
        _jackknifed(every.max(axis=0), n),
        _jackknifed(every.mean(axis=0), n),
    )


def _cells(first: np.ndarray, second: np.ndarray, bins: int) -> list[list[np.ndarray]]:
    """Return in which bin of each feature each example is, for both sets."""
    shares = np.linspace(0.0, 1.0, bins + 1)[1:-1]
    edges = [np.unique(np.quantile(column, shares)) for column in first.T]
    return [
        [np.searchsorted(edges[i], column, "right") for i, column in enumerate(part.T)]
        for part in (first, second)
    ]


def _jackknifed(replicates: np.ndarray, n: int) -> Estimate:
    return Estimate(float(replicates[0]), jackknife_error(replicates[1:]), n, "jackknife")


def correlation_distance(real: Any, generated: Any, *, seed: int = 0) -> Estimate:
    """Return the root mean square difference of Pearson's correlations over pairs; lower is better.

    Of linear correlations and all pairs: `correlation_difference` is of ranks, and takes the mean
    or the largest.

    Args:
        real, generated: Features, shapes (n, d) and (m, d) with d >= 2, none constant.
        seed: Seeds the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples, a single feature, or a constant one.
    """
    first, second = two_samples(real, generated, LEAST)
    if first.shape[1] < 2:
        raise DataError("Correlations need 2 or more features; got 1.")
    for what, part in (("real", first), ("generated", second)):
        if not (part.std(axis=0) > 0).all():
            raise DataError(f"Feature {int(part.std(axis=0).argmin())} of the {what} is constant.")
    pairs = np.triu_indices(first.shape[1], 1)

    def distance(a: np.ndarray, b: np.ndarray) -> float:
        gaps = np.corrcoef(a, rowvar=False)[pairs] - np.corrcoef(b, rowvar=False)[pairs]
        return float(np.sqrt(np.mean(gaps**2)))

    value, error = jackknife(distance, first, second, seed=seed)
    return Estimate(value, error, len(second), "jackknife")


def neighbour_ratio(
    training: Any, generated: Any, held_out: Any, *, most: int = 2000, seed: int = 0
) -> Estimate:
    """Return how near generated examples are to the training data, over how near new real ones are.

    The ratio of the mean distances to the nearest training example: 1 as new real data, 0 for
    copies, above 1 for examples far from all real ones. `memorisation` says how often a generated
    one is nearer.

    Args:
        training: Training data of the generator, shape (n, d).
        generated, held_out: Shapes (m, d) and (k, d).
        most: Generated and held-out examples used; all of the training data are.
        seed: Seeds the choice and the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples.
    """
    new, made = two_samples(held_out, generated, LEAST, most, seed)
    far, near = (nearest_training(training, part).distance for part in (new, made))

    def ratio(a: np.ndarray, b: np.ndarray) -> float:
        return float(b.mean() / a.mean())

    value, error = jackknife(ratio, far, near, seed=seed)
    return Estimate(value, error, len(near), "jackknife")


def w1p(real: Any, generated: Any, *, batches: int = 5, seed: int = 0) -> Estimate:
    """Return the Wasserstein-1 distance of single features, averaged over them; lower is better.

    As JetNet's `w1p`: the mean over `batches` disjoint batches of both sets. The error is that of
    the mean (JetNet gives the deviation of one batch). Smaller batches give a larger floor: compare
    with that of real data, with as many examples and batches.

    Args:
        real, generated: Features of particles, such as (px, py, pz), shapes (n, d) and (m, d), all
            in one unit, which is that of the result.
        batches: Into how many the sets are cut, 2 or more.
        seed: Seeds the order of the examples.

    Raises:
        DataError: Fewer than 48 examples in a batch.
    """
    check_count("batches", batches, least=2, most=1000)
    first, second = two_samples(real, generated, LEAST * batches)
    distances = []
    shuffled = [
        part[random_generator(seed + i).permutation(len(part))]
        for i, part in enumerate((first, second))
    ]
    for number in range(batches):
        a, b = (part[number::batches] for part in shuffled)
        of_features = [
            CumulativeGaps(a[:, i], b[:, i]).distances()[1] for i in range(first.shape[1])
        ]
        distances.append(np.mean(of_features))
    error = float(np.std(distances, ddof=1) / np.sqrt(batches))
    return Estimate(float(np.mean(distances)), error, len(second), f"{batches} batches")
