"""Modes of stacked pictures: how many combinations of classes a generator makes, how evenly.

Metz, Poole, Pfau, Sohl-Dickstein 2016, Unrolled Generative Adversarial Networks (arXiv:1611.02163),
section 3.3.1: three digits as the channels of a picture are 1,000 modes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate, jackknife
from ganzoo.metrics.inputs import LEAST


def modes(labels: Any, classes: int, *, seed: int = 0) -> dict[str, Estimate]:
    """Return how many modes there are, and how far their shares are from equal ones.

    Args:
        labels: The class of each channel, integers (n, channels) from 0 to classes - 1, n >= 48.
        classes: How many there are in a channel, >= 2; the modes are classes^channels, a million at
            most.
        seed: Seeds the jackknife's groups.

    Returns:
        "modes": combinations that occur, higher is better; "kl": sum p log(p modes) of their shares
        p, 0 where they are equal. Of n examples with equal shares "kl" is about modes / (2 n).

    Raises:
        DataError: Fewer than 48 examples, or no such classes.
    """
    check_count("classes", classes, least=2, most=1000)
    array = np.asarray(labels)
    is_right = array.ndim == 2 and array.dtype.kind in "iu" and len(array) >= LEAST
    if not (is_right and classes ** array.shape[1] <= 10**6):
        raise DataError(
            f"Modes are counted of integers (n, channels), n >= {LEAST}, of a million modes at "
            f"most; got {array.dtype} of shape {array.shape} with {classes} classes."
        )
    if array.min() < 0 or array.max() >= classes:
        raise DataError(
            f"Labels must be from 0 to {classes - 1}; got {array.min()} to {array.max()}."
        )
    count = classes ** array.shape[1]
    places = array @ (classes ** np.arange(array.shape[1]))

    def occurring(rows: np.ndarray) -> float:
        return float(len(np.unique(rows)))

    def divergence(rows: np.ndarray) -> float:
        shares = np.bincount(rows, minlength=count) / len(rows)
        there = shares[shares > 0]
        return float((there * np.log(there * count)).sum())

    return {
        name: Estimate(*jackknife(measure, places, seed=seed), len(places), "jackknife")
        for name, measure in (("modes", occurring), ("kl", divergence))
    }
