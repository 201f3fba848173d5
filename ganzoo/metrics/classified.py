"""Classifiers and codes, held against the classes that are known of held-out pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.metrics.estimate import Estimate, share_estimate
from ganzoo.metrics.inputs import LEAST
from ganzoo.metrics.labelled import check_probabilities
from ganzoo.metrics.memorisation import nearest_training
from ganzoo.random import random_generator


def error_rate(probabilities: Any, labels: Any) -> Estimate:
    """Return the share of pictures whose most probable class is another one, 0 to 1.

    Args:
        probabilities: Shape (n, classes), n >= 48.
        labels: The true classes, integers (n,).

    Raises:
        DataError: Too few, or of other shapes.
    """
    rows = check_probabilities(probabilities)
    return share_estimate(rows.argmax(axis=1) != _labels(labels, len(rows)))


def assigned_accuracy(probabilities: Any, labels: Any, *, seed: int = 0) -> Estimate:
    """Return how often a code tells the class, each value of it meaning one class; 0 to 1.

    No label was used to learn the codes, so which value means which class is found here: the best
    one-to-one assignment (Kuhn 1955) on one half of the pictures is used on the other half, and
    the other way round.

    Args:
        probabilities: Of each value of the code, shape (n, values), n >= 96.
        labels: The true classes, integers (n,) from 0.
        seed: Seeds the halves.

    Raises:
        DataError: Too few, or of other shapes.
        MissingExtraError: SciPy is not installed.
    """
    require("scipy", "the best assignment of codes")
    from scipy.optimize import linear_sum_assignment

    rows = check_probabilities(probabilities)
    codes, truth = rows.argmax(axis=1), _labels(labels, len(rows), 2 * LEAST)
    order = random_generator(seed).permutation(len(codes))
    halves = order[::2], order[1::2]
    right = np.zeros(len(codes), bool)
    for known, judged in (halves, halves[::-1]):
        counts = np.zeros((rows.shape[1], int(truth.max()) + 1))
        np.add.at(counts, (codes[known], truth[known]), 1)
        found, meant = linear_sum_assignment(counts, maximize=True)
        meaning = np.full(rows.shape[1], -1)
        meaning[found] = meant
        right[judged] = meaning[codes[judged]] == truth[judged]
    return share_estimate(right)


def cluster_error(
    known: Any, known_labels: Any, probabilities: Any, labels: Any, *, by_most: bool = False
) -> Estimate:
    """Return the share of pictures whose cluster means another class than theirs, 0 to 1.

    Makhzani et al. 2015 (arXiv:1511.05644), section 6: a cluster means the class of the known
    picture that is the surest to belong to it, so that one label per cluster is looked at.

    Args:
        known: Probabilities of the clusters for pictures whose classes are known, (m, clusters).
        known_labels: Their classes, integers (m,).
        probabilities: The same for held-out pictures, (n, clusters), n >= 48.
        labels: Their classes, integers (n,).
        by_most: A cluster means the class that most of its known pictures are of; one without any
            means that of its surest.

    Raises:
        DataError: Too few, or of other shapes.
    """
    rows, taught = check_probabilities(probabilities), check_probabilities(known)
    truth, classes = _labels(labels, len(rows)), _labels(known_labels, len(taught), 1)
    if rows.shape[1] != taught.shape[1]:
        raise DataError(
            f"Both need probabilities of the same clusters; got {taught.shape} and {rows.shape}."
        )
    meaning = classes[taught.argmax(axis=0)]
    if by_most:
        counts = np.zeros((rows.shape[1], int(classes.max()) + 1))
        np.add.at(counts, (taught.argmax(axis=1), classes), 1)
        meaning = np.where(counts.any(axis=1), counts.argmax(axis=1), meaning)
    return share_estimate(meaning[rows.argmax(axis=1)] != truth)


def nearest_neighbour_accuracy(known: Any, known_labels: Any, codes: Any, labels: Any) -> Estimate:
    """Return how often the nearest known code is of the same class, 0 to 1; higher is better.

    Donahue et al. 2016 (arXiv:1605.09782), table 1, for codes of an encoder and for pictures.

    Args:
        known: Codes of training pictures, or these, shape (m, ...).
        known_labels: Their classes, integers (m,).
        codes: Of held-out pictures, (n, ...), n >= 48.
        labels: Their classes, integers (n,).

    Raises:
        DataError: Too few, or of other shapes.
    """
    truth = _labels(labels, len(codes))
    taught = _labels(known_labels, len(known), 1)
    return share_estimate(taught[nearest_training(known, codes).nearest] == truth)


def _labels(labels: Any, count: int, least: int = LEAST) -> np.ndarray:
    found = np.asarray(labels)
    if found.shape != (count,) or found.dtype.kind not in "iu" or count < least:
        raise DataError(
            f"labels must be integers of shape ({count},), {least} or more; got {found.dtype} of "
            f"shape {found.shape}."
        )
    return found
