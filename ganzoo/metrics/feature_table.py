"""The table of any data with named features, such as events: real against generated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.events import correlation_difference
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.kernel import kernel_distance
from ganzoo.metrics.manifold import manifold_overlap
from ganzoo.metrics.per_feature import jensen_shannon, wasserstein_1
from ganzoo.metrics.picture_table import collapse, parts
from ganzoo.metrics.sliced import sliced_wasserstein
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.random import random_generator

_TITLES = {
    "frechet": ("Fréchet distance", LOWER),
    "kernel": ("kernel distance", LOWER),
    "sliced_wasserstein": ("sliced Wasserstein distance", LOWER),
    "precision": ("precision", HIGHER),
    "recall": ("recall", HIGHER),
    "density": ("density", HIGHER),
    "coverage": ("coverage", HIGHER),
    "auc": ("classifier AUC (1/2: as real)", LOWER),
    "correlations": ("difference of rank correlations", LOWER),
}


def feature_table(
    generated: Any,
    real: Any,
    held_out: Any = None,
    *,
    names: Sequence[str] | None = None,
    seed: int = 0,
) -> Table:
    """Measure generated examples against real ones, each a row of features.

    Features are first divided by their real standard deviation, so that units do not matter;
    Wasserstein-1 of single features is in their own units.

    Args:
        generated, real, held_out: Features (n, d); without held-out ones the real ones are split
            into two halves.
        names: Of the features; by default 0, 1, ...
        seed: Seeds every choice.

    Raises:
        DataError: Other shapes, too few examples, or a real feature that is constant.
    """
    arrays = [check_features(what, values) for what, values in
              (("generated", generated), ("real", real))]  # fmt: skip
    made, real = arrays
    d = real.shape[1]
    names = [str(i) for i in range(d)] if names is None else list(names)
    if made.shape[1] != d or len(names) != d:
        raise DataError(
            f"Generated and real features and names must agree; got {made.shape[1]}, {d} and "
            f"{len(names)}."
        )
    reference, new = parts(real, held_out, len(made), seed)
    made = made[random_generator(seed).permutation(len(made))[: len(reference)]]
    scale = reference.std(axis=0)
    if not (scale > 0).all():
        raise DataError(f"The real feature {names[int((scale == 0).argmax())]!r} is constant.")
    titles = dict(_TITLES)
    for name in names:
        titles[f"jensen_shannon:{name}"] = (f"Jensen-Shannon, {name}", LOWER)
        titles[f"wasserstein_1:{name}"] = (f"Wasserstein-1, {name}", LOWER)
    values = _measure(reference, made, scale, names, seed)
    floors = _measure(reference, new, scale, names, seed)
    rows = {
        name: Row(name, title, values[name], floors[name], better)
        for name, (title, better) in titles.items()
        if name in values
    }
    facts = {"n": len(reference), "features": d, "seed": seed}
    return Table(rows, tuple(collapse(rows)), facts)


def check_features(what: str, values: Any) -> np.ndarray:
    """Return features as float64 (n, d); refuse another shape."""
    array = np.asarray(values)
    if array.ndim != 2 or array.dtype.kind not in "fiu" or not array.size:
        raise DataError(f"The {what} features must have shape (n, d); got {array.shape}.")
    return array.astype(np.float64)


def _measure(
    real: np.ndarray, made: np.ndarray, scale: np.ndarray, names: Sequence[str], seed: int
) -> dict[str, Estimate]:
    x, y = real / scale, made / scale
    result = {
        "frechet": frechet_distance(x, y, seed=seed),
        "kernel": kernel_distance(x, y, kernel="gaussian", seed=seed, most=5000),
        "sliced_wasserstein": sliced_wasserstein(x, y, seed=seed, most=5000),
        **manifold_overlap(x, y, seed=seed, most=5000),
        "auc": classifier_auc(x, y, classifier="trees", seed=seed),
    }
    if x.shape[1] > 1:
        result["correlations"] = correlation_difference(x, y, seed=seed)
    for i, name in enumerate(names):
        result[f"jensen_shannon:{name}"] = jensen_shannon(real[:, i], made[:, i], seed=seed)
        result[f"wasserstein_1:{name}"] = wasserstein_1(real[:, i], made[:, i], seed=seed)
    return result
