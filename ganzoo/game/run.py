"""A network on arrays of any number of inputs and ranks, in equal batches, on every backend."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from ganzoo import checks
from ganzoo._backend import BackendModel, apply, batch_multiple
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.turns import TakesTurns
from ganzoo.random import BLOCK, block_latents, given_or_fresh

_KEPT = 8
OF_PICTURES = 256
MOST_VECTORS, VECTOR_BYTES = 131_072, 2**27
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


def predict_evenly(model: Any, inputs: Sequence[np.ndarray], batch_size: int | None) -> Any:
    """Return `model.predict` of arrays of n rows each, in equal batches: one compilation only.

    Args:
        model: A model of the seam (`BackendModel`).
        inputs: One array per input, of any rank.
        batch_size: Rows per forward pass, >= 1; None is 256.
    """
    batch_size = checks.check_count("batch_size", OF_PICTURES if batch_size is None else batch_size)
    n = len(inputs[0])
    size = min(batch_size, n)
    size += -size % batch_multiple()
    rows = (0, -n % size)
    padded = [np.pad(array, (rows, *((0, 0),) * (array.ndim - 1))) for array in inputs]
    made = model.predict(padded[0] if len(padded) == 1 else padded, batch_size=size, verbose=0)
    if isinstance(made, list | tuple):
        return [np.asarray(part[:n], np.float32) for part in made]
    return np.asarray(made[:n], np.float32)


def usual_batch_size(network: keras.Model) -> int:
    """Return how many examples a network makes per forward pass where nobody says it.

    256 pictures, or lines of text. Of examples that are vectors, as events are, the largest power
    of two whose widest layer takes at most 128 MiB of float32, from 256 to 131,072: small networks
    are slow in small batches, as each pass costs more than its arithmetic.

    Args:
        network: A built `keras.Model` of one output.
    """
    if len(network.output_shape) != 2:
        return OF_PICTURES
    shapes = [layer.output.shape[1:] for layer in network.layers if hasattr(layer, "output")]
    widest = max((int(np.prod(shape)) for shape in shapes if None not in shape), default=1)
    fitting = VECTOR_BYTES // (4 * max(widest, 1))
    return int(np.clip(2 ** (fitting.bit_length() - 1), OF_PICTURES, MOST_VECTORS))


def sample_blocks(
    model: Any,
    n: int,
    seed: int | None,
    batch_size: int | None,
    choose: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Return `n` vectors, whose latents are drawn block by block; see `ganzoo.random`.

    A block is one forward pass: the events of a seed are the same bits however many are drawn.
    Besides the result, memory is that of one block.

    Args:
        model: A GAN of vectors.
        n: How many, >= 1.
        seed: An integer >= 0; None draws others each time.
        batch_size: Vectors per forward pass instead of a block; it changes roundings.
        choose: Changes the latents of a block, (16384, latent_dim) each, before they are used.
    """
    seed, made = given_or_fresh(seed), np.empty((n, *model.data_shape), np.float32)
    for block, start in enumerate(range(0, n, BLOCK)):
        here = made[start : start + BLOCK]
        latents = block_latents(block, model.latent_dim, seed)
        latents = latents if choose is None else choose(latents)
        if batch_size is None:
            # Not `predict`, whose data pipeline takes as long as a small network.
            here[:] = model.predict_on_batch(latents)[: len(here)]
        else:
            here[:] = model.generate(latents[: len(here)], batch_size=batch_size)
    return made


def _runner(network: Any) -> Any:
    """Return the runner of a network; the last few are kept, as each compiles the network."""
    key = id(network)
    if key not in _runners:
        _runners[key] = network, _Runner(network)
    _runners.move_to_end(key)
    while len(_runners) > _KEPT:
        _runners.popitem(last=False)
    return _runners[key][1]
