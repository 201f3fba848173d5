"""Copies of the training data: distances to the nearest training example.

The test is that of Meehan, Chaudhuri, Dasgupta 2020 (arXiv:2004.05675), over the whole space.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.inputs import LEAST
from ganzoo.metrics.inputs import examples as ordered
from ganzoo.metrics.kernel import squared_distances
from ganzoo.metrics.two_sample import auc

_BLOCK = 512


class Neighbours(NamedTuple):
    """The nearest training example of each example.

    Attributes:
        distance: Euclidean distances, float64 (n,).
        nearest: Which training example, int64 (n,).
    """

    distance: np.ndarray
    nearest: np.ndarray


def nearest_training(training: Any, examples: Any = None) -> Neighbours:
    """Find the nearest training example of each example, in the given order.

    Args:
        training: Shape (n, ...).
        examples: Shape (m, ...), or None: each training example's nearest other one.
    """
    train = _rows(training)
    own = examples is None
    rows = train if own else _rows(examples)
    if rows.shape[1] != train.shape[1]:
        raise DataError(
            f"Examples and training examples must be of one size; got {rows.shape[1]} and "
            f"{train.shape[1]} numbers each."
        )
    distance, index = np.empty(len(rows)), np.empty(len(rows), np.int64)
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        squared = squared_distances(rows[part], train)
        if own:
            inside = np.arange(len(squared))
            squared[inside, start + inside] = np.inf
        index[part] = squared.argmin(axis=1)
        # The expanded square loses digits where two pictures are nearly equal.
        distance[part] = np.linalg.norm(rows[part].astype(np.float64) - train[index[part]], axis=1)
    return Neighbours(distance, index)


def memorisation(
    training: Any, generated: Any, held_out: Any = None, *, most: int = 2000, seed: int = 0
) -> Estimate:
    """Return P(a generated example is nearer to the training data than a new real one is).

    1/2: as near as new real data; towards 1: copies of the training data; towards 0: far from all
    real data. Equal distances count half. The error is DeLong's.

    Args:
        training: Training data of the generator, shape (n, ...).
        generated: Shape (m, ...).
        held_out: Real examples that it was not trained on, or None: the distances between the
            training examples themselves, each to its nearest other one, take their place.
        most: Generated and held-out examples used; all of the training data are.
        seed: Seeds the choice.

    Raises:
        DataError: Fewer than 48 examples.
    """
    made = ordered("generated examples", generated, LEAST, most, seed)
    ordered("training examples", training, LEAST, 1)
    if held_out is None:
        real = np.sort(nearest_training(training).distance)
    else:
        new = ordered("held-out examples", held_out, LEAST, most, seed + 1)
        real = nearest_training(training, new).distance
    value, variance = auc(-real, -nearest_training(training, made).distance)
    return Estimate(value, math.sqrt(variance), len(made), "DeLong")


def neighbour_pairs(training: Any, generated: Any, n: int = 24, *, closest: bool = True) -> Any:
    """Return pictures beside their nearest training pictures, for `ganzoo.plots.grid`.

    Args:
        training: Pictures (m, height, width, channels) in [-1, 1].
        generated: Pictures of the same size.
        n: Pairs.
        closest: Show the n generated pictures that are nearest to a training picture; else the
            first n.

    Returns:
        Pictures (2 n, height, width, channels): generated, nearest, generated, nearest, ...; an
        even number of `columns` keeps pairs in one row.
    """
    training, generated = np.asarray(training), np.asarray(generated)
    found = nearest_training(training, generated)
    chosen = found.distance.argsort(kind="stable")[:n] if closest else np.arange(len(generated))[:n]
    pairs = np.stack([generated[chosen], training[found.nearest[chosen]]], axis=1)
    return pairs.reshape(-1, *generated.shape[1:])


def _rows(values: Any) -> np.ndarray:
    array = np.asarray(values)
    return array.reshape(len(array), -1).astype(np.float32)
