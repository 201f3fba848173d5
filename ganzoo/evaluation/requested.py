"""What is drawn on request: whether it is of the class asked for, and varied within a class."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable

import numpy as np

from ganzoo import data, metrics
from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import FLOOR, HIGHER, Row
from ganzoo.presets.feature_networks import FeatureNetwork

ROWS = ("label", "own_label", "class_diversity")


def rows(
    images: np.ndarray,
    labels: np.ndarray,
    source: str,
    judge: FeatureNetwork | None,
    classify: Callable[[np.ndarray], np.ndarray] | None,
    seed: int,
) -> dict[str, Row]:
    """Return the rows of pictures that were asked for by their classes.

    Args:
        images: What was generated, (n, height, width, channels).
        labels: The classes that were asked for, (n,).
        source: Name of the real data, whose classes are the same; or a path, which has none.
        judge: A classifier of the source, or None.
        classify: The model's own classifier, from pictures to probabilities; or None.
        seed: Seeds the choices of the diversity.
    """
    found = {}
    if judge is not None:
        told = metrics.requested_accuracy(judge.judgements(images), labels)
        spread = math.sqrt(judge.accuracy * (1 - judge.accuracy) / judge.tested)
        floor = Estimate(judge.accuracy, spread, judge.tested, "held-out real")
        found["label"] = Row("label", "accuracy of the requested label", told, floor, HIGHER)
    load = data.SOURCES.get(source)
    if load is None or not {"split", "labels"} <= set(inspect.signature(load).parameters):
        return found
    (known, known_labels), (held_out, told) = load(labels=True), load("test", labels=True)
    if classify is not None and known.shape[1:] == images.shape[1:]:
        own, floor = (
            metrics.requested_accuracy(classify(shown), wanted)
            for shown, wanted in ((images, labels), (held_out, told))
        )
        title = "the same by the model's own classifier"
        found["own_label"] = Row("own_label", title, own, floor, HIGHER)
    try:
        varied, floor = (
            metrics.class_diversity(known, known_labels, shown, wanted, seed=seed)
            for shown, wanted in ((images, labels), (held_out, told))
        )
    except DataError:  # too few of each class
        return found
    title = "diversity within a class over real"
    return {**found, "class_diversity": Row("class_diversity", title, varied, floor, FLOOR)}
