"""Weights that make generated examples like real ones, from a classifier that tells them apart.

A classifier that knows p = P(real | x) knows the ratio of both densities, p / (1 - p): Cranmer,
Pavez, Louppe 2015, Approximating Likelihood Ratios with Calibrated Discriminative Classifiers,
arXiv:1506.02169. Weighted by it, generated examples have the distribution of real ones, as far as
the classifier sees, and where there are any at all: no weight makes an example that is missing. The
price is the effective number of examples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.metrics.inputs import rows_of
from ganzoo.metrics.two_sample import LEAST, made
from ganzoo.random import random_generator

FOLDS = 5
TREES = "trees"
Weigh = Callable[[np.ndarray], np.ndarray]


def density_ratio(real: Any, generated: Any, *, classifier: Any = TREES, seed: int = 0) -> Weigh:
    """Train a classifier; return the function from features (n, d) to weights, float64 (n,).

    The weight is p / (1 - p) times the number of generated over that of real examples, so that the
    mean weight of generated ones is about 1. Weigh other examples than these: what a classifier was
    trained on, it knows too well.

    Args:
        real, generated: Features, shapes (n, d) and (m, d), 100 or more each.
        classifier: As for `classifier_auc`.
        seed: Seeds the classifier.

    Raises:
        DataError: Too few examples, or other features; when it weighs, if it is sure of an
            example, which has no finite weight then.
        InvalidArgumentError: There is no such classifier.
        MissingExtraError: scikit-learn is not installed.
    """
    require("sklearn", "weights by a classifier")
    from sklearn.base import clone

    first, second = _two(real, generated)
    fitted = clone(made(classifier, seed))
    fitted.fit(np.concatenate([first, second]), np.repeat([1, 0], [len(first), len(second)]))
    scale = len(second) / len(first)

    def weigh(features: np.ndarray) -> np.ndarray:
        p = np.asarray(fitted.predict_proba(rows_of("features", features))[:, 1], np.float64)
        if (p >= 1.0).any():
            raise DataError(
                f"The classifier is sure that {int((p >= 1.0).sum())} of {len(p)} generated "
                "examples are real (p = 1): p / (1 - p) is no finite weight; take a smoother "
                "classifier."
            )
        return scale * p / (1.0 - p)

    return weigh


def classifier_weights(
    real: Any, generated: Any, *, classifier: Any = TREES, folds: int = FOLDS, seed: int = 0
) -> np.ndarray:
    """Return a weight for each generated example, float64 (m,), in the given order.

    It is cross-fitted: the generated examples are dealt into folds at random, and those of a fold
    are weighed by a classifier that was trained on the others, and so on none of them.

    Args:
        real, generated: Features, shapes (n, d) and (m, d). Whoever compares the weighted examples
            with real ones should take others than these.
        classifier: As for `classifier_auc`.
        folds: How many, >= 2.
        seed: Seeds the folds and the classifiers.

    Raises:
        DataError, InvalidArgumentError, MissingExtraError: As for `density_ratio`.
    """
    folds = check_count("folds", folds, least=2, most=1000)
    first, second = _two(real, generated)
    fold = random_generator(seed).permutation(len(second)) % folds
    weights = np.empty(len(second))
    for number in range(folds):
        own = fold == number
        ratio = density_ratio(first, second[~own], classifier=classifier, seed=seed + number)
        weights[own] = ratio(second[own])
    return weights


def effective_size(weights: Any) -> float:
    """Return (sum w)^2 / sum w^2: how many examples of weight 1 have as small an error.

    Kish 1965, Survey Sampling. It is the number of examples where all weights are alike.

    Args:
        weights: Finite numbers >= 0, some of them > 0, shape (n,).
    """
    w = np.asarray(weights, np.float64)
    if w.ndim != 1 or not len(w) or not np.isfinite(w).all() or w.min() < 0 or not w.any():
        raise DataError(
            f"Weights must be finite numbers >= 0, some > 0, of shape (n,); got shape {w.shape}."
        )
    return float(w.sum() ** 2 / (w**2).sum())


def _two(real: Any, generated: Any) -> tuple[np.ndarray, np.ndarray]:
    first, second = rows_of("real examples", real), rows_of("generated examples", generated)
    for what, rows in (("real", first), ("generated", second)):
        if len(rows) < LEAST:
            raise DataError(f"At least {LEAST} {what} examples are needed; got {len(rows)}.")
    if first.shape[1] != second.shape[1]:
        raise DataError(
            f"Real and generated examples must have as many features; got {first.shape[1]} "
            f"and {second.shape[1]}."
        )
    return first, second
