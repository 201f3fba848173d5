"""A network on arrays of any number of inputs and ranks, in equal batches, on every backend."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo import checks
from ganzoo._backend import BackendModel, apply, batch_multiple
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.turns import TakesTurns

_KEPT = 8
_runners: OrderedDict[int, tuple[Any, Any]] = OrderedDict()


class _Runner(TakesTurns, BackendModel, keras.Model):
    """A network behind Keras' `predict`, so that the seam feeds and compiles it."""

    def __init__(self, network: keras.Model) -> None:
        super().__init__(name=f"run_{network.name}")
        self.network = network
        self.networks, self.averages = {"network": network}, {}
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Apply the network to one input, or to a list of some."""
        given = inputs if isinstance(inputs, list | tuple) else [inputs]
        return apply(self.network, *given, training=training)


def run(network: keras.Model, *inputs: np.ndarray, batch_size: int = 64) -> Any:
    """Return a network's outputs for arrays of n rows each.

    Args:
        network: A built `keras.Model` of one or more inputs.
        *inputs: One array per input, each of shape (n, ...), n >= 1.
        batch_size: Rows per forward pass; it does not change the result.

    Returns:
        float32 array (n, ...); of a network with several outputs a list of such arrays.

    Raises:
        InvalidArgumentError: The arrays differ in length, or do not fit the network.
    """
    wanted = [tuple(tensor.shape[1:]) for tensor in network.inputs]
    given = [np.asarray(array) for array in inputs]
    fits = len(given) == len(wanted) and all(
        array.ndim == len(shape) + 1
        and all(side in (None, found) for side, found in zip(shape, array.shape[1:], strict=True))
        for shape, array in zip(wanted, given, strict=True)
    )
    if not fits or len({len(array) for array in given}) != 1 or not len(given[0]):
        shapes = ", ".join(map(_shown, wanted))
        raise InvalidArgumentError(
            f"{network.name} takes arrays of shapes {shapes} with n >= 1; "
            f"got {', '.join(str(array.shape) for array in given) or 'none'}."
        )
    return predict_evenly(_runner(network), given, batch_size)


def _shown(shape: tuple[Any, ...]) -> str:
    return f"(n, {', '.join('any' if side is None else str(side) for side in shape)})"


def predict_evenly(model: Any, inputs: Sequence[np.ndarray], batch_size: int) -> Any:
    """Return `model.predict` of arrays of n rows each, in equal batches: one compilation only.

    Args:
        model: A model of the seam (`BackendModel`).
        inputs: One array per input, of any rank.
        batch_size: Rows per forward pass, >= 1.
    """
    batch_size = checks.check_count("batch_size", batch_size)
    n = len(inputs[0])
    size = min(batch_size, n)
    size += -size % batch_multiple()
    rows = (0, -n % size)
    padded = [np.pad(array, (rows, *((0, 0),) * (array.ndim - 1))) for array in inputs]
    made = model.predict(padded[0] if len(padded) == 1 else padded, batch_size=size, verbose=0)
    if isinstance(made, list | tuple):
        return [np.asarray(part[:n], np.float32) for part in made]
    return np.asarray(made[:n], np.float32)


def _runner(network: Any) -> Any:
    """Return the runner of a network; the last few are kept, as each compiles the network."""
    key = id(network)
    if key not in _runners:
        _runners[key] = network, _Runner(network)
    _runners.move_to_end(key)
    while len(_runners) > _KEPT:
        _runners.popitem(last=False)
    return _runners[key][1]
