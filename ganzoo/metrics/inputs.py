"""Checks of the metrics' arguments, and the order in which examples are used."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.random import random_generator

LEAST = 48  # two examples in each group of the jackknife


def examples(what: str, values: Any, least: int = LEAST, most: int | None = None,
             seed: int = 0) -> np.ndarray:  # fmt: skip
    """Return examples as float64 rows in an order that does not depend on the given one.

    Args:
        what: Name for the errors.
        values: Finite numbers, shape (n, ...); further axes are flattened, (n,) is one feature.
        least: The least n that the metric can use.
        most: Keep at most so many, chosen at random; None keeps all.
        seed: Seeds the choice.

    Returns:
        Array of shape (n, features).

    Raises:
        DataError: Too few examples, no real numbers, or not finite.
    """
    rows = rows_of(what, values)
    if len(rows) < least:
        raise DataError(f"At least {least} {what} are needed; got {len(rows)}.")
    # Rows in the order of their bytes: sums and groups then do not depend on the given order.
    order = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel().argsort()
    rows = rows[order]
    if most is not None and len(rows) > most:
        rows = rows[random_generator(seed).permutation(len(rows))[:most]]
    return rows


def two_samples(
    real: Any, generated: Any, least: int = LEAST, most: int | None = None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return real and generated examples as `examples` does; their features must agree."""
    first = examples("real examples", real, least, most, seed)
    second = examples("generated examples", generated, least, most, seed + 1)
    if first.shape[1] != second.shape[1]:
        raise DataError(
            f"Real and generated examples must have as many features; got {first.shape[1]} "
            f"and {second.shape[1]}."
        )
    return first, second


def numbers(what: str, values: Any, least: int = LEAST) -> np.ndarray:
    """Return one finite number per example, float64 of shape (n,), sorted."""
    rows = rows_of(what, values)
    if rows.shape[1] != 1:
        raise DataError(f"One number per example is needed for {what}; got {rows.shape[1]}.")
    if len(rows) < least:
        raise DataError(f"At least {least} {what} are needed; got {len(rows)}.")
    return np.sort(rows[:, 0])


def rows_of(what: str, values: Any) -> np.ndarray:
    """Return finite numbers as float64 rows (n, features) in the given order."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise DataError(f"The {what} must be a rectangular array.") from None
    if array.dtype.kind not in "fiub" or array.ndim < 1:
        raise DataError(
            f"The {what} must be real numbers of shape (n, ...); got dtype {array.dtype}, "
            f"shape {array.shape}."
        )
    rows = np.ascontiguousarray(array.reshape(len(array), -1) if array.size else array, np.float64)
    if not array.size:
        raise DataError(f"The {what} are empty: shape {array.shape}.")
    bad = ~np.isfinite(rows).all(axis=1)
    if bad.any():
        raise DataError(f"The {what} must be finite; number {int(bad.argmax())} is not.")
    return rows
