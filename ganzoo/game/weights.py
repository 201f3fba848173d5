"""Weights of examples: `sample_weight` and `class_weight` of `fit`, or those of (x, y, weights).

They are in the batch as `batch["weights"]`, float32 (B,), divided by their mean over the whole
batch, so that a weighted mean is the mean of products: see `ganzoo.losses.mean`. Real examples
carry them. Generated ones carry them where they share a condition with a real one: the labels that
a conditional generator is asked for then come as often as the weights say.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from keras import ops

from ganzoo._backend import mean_over_replicas
from ganzoo.errors import DataError, InvalidArgumentError

Tensor = Any


def of_data(data: Any) -> Any:
    """Return the weights in a batch of Keras' form (x, y, weights), or None."""
    return data[2] if isinstance(data, tuple | list) and len(data) == 3 else None


def divided_by_mean(weights: Any) -> Tensor:
    """Return weights (B,) or (B, 1) as float32 (B,) of mean 1 over all devices; zeros stay zeros.

    Raises:
        DataError: There is more than one number per example.
    """
    weights = ops.cast(ops.convert_to_tensor(weights), "float32")
    if len(weights.shape) != 1 and tuple(weights.shape[1:]) != (1,):
        raise DataError(
            f"sample_weight must have one number per example, shape (B,); got {weights.shape}."
        )
    weights = ops.reshape(weights, (-1,))
    mean = mean_over_replicas([ops.mean(weights)])[0]
    return weights / ops.maximum(mean, 1e-12)


def check_weights(weights: Any, count: int | None) -> None:
    """Refuse weights in NumPy that cannot be right.

    Args:
        weights: What `fit` was given.
        count: Number of examples, where it is known.

    Raises:
        DataError: They are not `count` finite numbers >= 0, or all 0.
    """
    array = np.asarray(weights)
    if array.dtype.kind not in "fiub" or array.shape not in ((len(array),), (len(array), 1)):
        raise DataError(
            "sample_weight must be numbers of shape (n,), one per example; got "
            f"{array.dtype} {array.shape}."
        )
    if count is not None and len(array) != count:
        raise DataError(
            f"sample_weight must have one number per example, {count}; got {len(array)}."
        )
    if not np.isfinite(array).all() or (array < 0).any() or not array.any():
        raise DataError(
            "sample_weight must be finite numbers >= 0, not all of them 0; got "
            f"{array.min():g} to {array.max():g}."
        )


def refuse_unweighted(model: Any) -> None:
    """Refuse weights where a class plays a game of its own and does not say that it uses them."""
    bases = type(model).__mro__
    said = next(place for place, base in enumerate(bases) if "weighted" in vars(base))
    parts = [f"{player}_objective" for player in model.players] + ["judge_both", "penalty_of"]
    for name in parts:
        where = next((place for place, base in enumerate(bases) if name in vars(base)), said)
        if not model.weighted or where < said:
            raise InvalidArgumentError(
                f"{type(model).__name__} takes no sample_weight or class_weight: its {name} does "
                'not use them. A class whose objectives use batch["weights"] says so by '
                "weighted = True."
            )


def accepted(function: Any, weights: Mapping[str, Tensor | None]) -> dict[str, Tensor]:
    """Return the weights that are there, as arguments of a loss or a penalty.

    Raises:
        InvalidArgumentError: The function does not take them.
    """
    given = {name: one for name, one in weights.items() if one is not None}
    if given:
        _refuse_missing(function, given)
    return given


def _refuse_missing(function: Any, names: Iterable[str]) -> None:
    known = inspect.signature(function).parameters
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in known.values()):
        return
    for name in names:
        if name not in known:
            called = getattr(function, "__qualname__", type(function).__name__)
            raise InvalidArgumentError(
                f"{called} takes no argument {name!r}, so that sample_weight and class_weight "
                f"cannot be honoured; accepted: {', '.join(known)}."
            )
