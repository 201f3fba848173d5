"""Classifier two-sample test: can a classifier tell generated from real?

Lopez-Paz and Oquab 2017, arXiv:1610.06545. The classifiers are scikit-learn's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.extras import require
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.inputs import two_samples
from ganzoo.random import random_generator

CLASSIFIERS = ("logistic", "trees")
LEAST = 100


def classifier_auc(
    real: Any, generated: Any, *, classifier: Any = "logistic", most: int = 5000, seed: int = 0
) -> Estimate:
    """Return the area under the ROC curve of a classifier on examples that it did not train on.

    1/2: indistinguishable, 1: always distinguished. Half of the examples train, the other half is
    classified; the error is DeLong's (1988, Biometrics 44, 837) of those. (Cross-validation would
    use more of them, but its folds depend on each other: for samples of one distribution, errors
    were a third too small.)

    Args:
        real, generated: Features, shapes (n, features) and (m, features).
        classifier: "logistic" (regression on standardised features, for many of them), "trees"
            (gradient boosting, for a few features of events), or any object with scikit-learn's
            `fit` and `predict_proba`.
        most: Examples used of each set.
        seed: Seeds the choice, the halves and the classifier.

    Raises:
        DataError: Fewer than 100 examples.
        InvalidArgumentError: There is no such classifier.
        MissingExtraError: scikit-learn is not installed.
    """
    require("sklearn", "the classifier two-sample test")
    from sklearn.base import clone

    most = min(most, len(real), len(generated))
    first, second = two_samples(real, generated, LEAST, most, seed)
    trained, judged = ([part[i::2] for part in _mixed(first, second, seed)] for i in range(2))
    truth = np.repeat([0, 1], [len(part) for part in trained])
    fitted = clone(made(classifier, seed)).fit(np.concatenate(trained), truth)
    area, variance = auc(*(fitted.predict_proba(part)[:, 1] for part in judged))
    return Estimate(area, math.sqrt(variance), len(second), "DeLong")


def _mixed(first: np.ndarray, second: np.ndarray, seed: int) -> list[np.ndarray]:
    return [
        part[random_generator(seed + i).permutation(len(part))]
        for i, part in enumerate((first, second))
    ]


def auc(negatives: np.ndarray, positives: np.ndarray) -> tuple[float, float]:
    """Return P(positive > negative) + P(equal) / 2, and its variance by DeLong.

    Args:
        negatives, positives: Scores, shapes (n,) and (m,), each at least 2.
    """
    wins = _placements(positives, np.sort(negatives))
    losses = _placements(negatives, np.sort(positives))
    variance = wins.var(ddof=1) / len(wins) + losses.var(ddof=1) / len(losses)
    return float(wins.mean()), float(variance)


def _placements(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return for each value the share of `others` (sorted) below it, ties counting half."""
    below = np.searchsorted(others, values, side="left")
    upto = np.searchsorted(others, values, side="right")
    return 0.5 * (below + upto) / len(others)


def made(classifier: Any, seed: int) -> Any:
    """Return a classifier by its name, or the one that is given; see `classifier_auc`."""
    if not isinstance(classifier, str):
        if not (hasattr(classifier, "fit") and hasattr(classifier, "predict_proba")):
            raise InvalidArgumentError(
                f"A classifier needs fit and predict_proba; got {classifier!r}."
            )
        return classifier
    if classifier == "logistic":
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    if classifier == "trees":
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(max_iter=60, random_state=seed)
    raise InvalidArgumentError(
        f"There is no classifier {classifier!r}; there are: {', '.join(CLASSIFIERS)}."
        + nearest(classifier, CLASSIFIERS)
    )
