"""Labels as conditions: a vector of one weight per class, one-hot or a mixture.

While training a label is one-hot; afterwards any mixture may be asked for, which lies between two
classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.errors import InvalidArgumentError, nearest

Tensor = Any


def check_classes(what: str, names: Any) -> tuple[str, ...]:
    """Return the names of two or more distinct classes as a tuple.

    Args:
        what: The argument's name, for the error.
        names: What was given.
    """
    if isinstance(names, str) or not isinstance(names, Sequence) or len(names) < 2:
        raise InvalidArgumentError(f"{what} must be two names or more; got {names!r}.")
    if not all(isinstance(name, str) and name for name in names):
        raise InvalidArgumentError(f"Each of {what} must be a name; got {names!r}.")
    if len(set(names)) != len(names):
        raise InvalidArgumentError(f"{what} must be distinct; got {names!r}.")
    return tuple(names)


def one_hot(labels: Any, count: int, dtype: str) -> Tensor:
    """Return integer labels (B,) or (B, 1) as conditions (B, count)."""
    labels = ops.cast(ops.convert_to_tensor(labels), "int32")
    return ops.one_hot(ops.reshape(labels, (-1,)), count, dtype=dtype)


def with_even(inputs: Any, count: int) -> list[Tensor]:
    """Return [inputs, condition]; what comes without a condition gets the classes' even mixture."""
    if isinstance(inputs, list | tuple):
        return list(inputs)
    return [inputs, ops.ones((ops.shape(inputs)[0], count), dtype=inputs.dtype) / count]


def weights_of(classes: Sequence[str], label: Any, n: int, what: str = "samples") -> np.ndarray:
    """Return the conditions of `n` examples, float32 (n, classes).

    Args:
        classes: Names of the classes.
        label: The name or the index of a class; a number between two indices mixes these (0.5:
            halfway from the first to the second); a sequence of n of them; or an array (n, classes)
            of weights. None takes the classes in turn.
        n: How many examples, >= 1.
        what: What the examples are, for errors.

    Raises:
        InvalidArgumentError: There is no such class, or the count is not n.
    """
    n, count = checks.check_count(f"The number of {what}", n), len(classes)
    if label is None:
        return np.eye(count, dtype=np.float32)[np.arange(n) % count]
    if isinstance(label, np.ndarray) and label.ndim == 2:
        return _checked(label, n, count)
    if isinstance(label, str) or not hasattr(label, "__len__") or np.ndim(label) == 0:
        return np.repeat(_row(label, classes)[None], n, axis=0)
    if len(label) != n:
        raise InvalidArgumentError(f"{n} {what} need {n} labels; got {len(label)}.")
    return np.stack([_row(one, classes) for one in label])


def _checked(weights: np.ndarray, n: int, count: int) -> np.ndarray:
    if weights.shape != (n, count) or weights.dtype.kind not in "fiu":
        raise InvalidArgumentError(
            f"Weights of the classes must be numbers of shape ({n}, {count}); "
            f"got {weights.dtype} {weights.shape}."
        )
    if not np.isfinite(weights).all():
        raise InvalidArgumentError("Weights of the classes must be finite.")
    return weights.astype(np.float32)


def _row(label: Any, classes: Sequence[str]) -> np.ndarray:
    """Return the weights of one label: (classes,)."""
    last = len(classes) - 1
    position = float(classes.index(label)) if label in classes else _number(label)
    if position is None or not 0 <= position <= last:
        raise InvalidArgumentError(
            f"There is no label {label!r}; accepted: {', '.join(classes)}, or a number "
            f"from 0 to {last}.{nearest(str(label), classes)}"
        )
    below = min(int(position), max(last - 1, 0))
    row = np.zeros(last + 1, np.float32)
    row[below] = 1.0 - (position - below)
    if last:
        row[below + 1] = position - below
    return row


def _number(label: Any) -> float | None:
    if isinstance(label, bool):
        return None
    try:
        return float(label)
    except (TypeError, ValueError):
        return None
