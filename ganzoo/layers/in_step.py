"""`keras.layers.SpectralNormalization` in a step that applies a network several times.

Keras' layer divides its kernel by the largest singular value, and writes the quotient back, in each
pass that trains. On PyTorch the second pass of a step then spoils the gradient of the first, and on
JAX what is written to a weight that is differentiated is lost. So a game normalises before each
player's loss, outside of the gradient, and the passes of that loss leave the kernel as it is: the
same training on every backend. `ganzoo.layers.SpectralNormalization` is the layer of the paper.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from keras import layers, ops

Tensor = Any
_normalised: ContextVar[bool] = ContextVar("ganzoo_normalised", default=False)


def adapted(networks: Sequence[Any]) -> list[Any]:
    """Return the layers of Keras' class in networks, each told not to normalise twice."""
    found = {
        id(layer): layer
        for network in networks
        for layer in network._flatten_layers()
        if isinstance(layer, layers.SpectralNormalization)
    }
    for layer in found.values():
        if not isinstance(layer.call, functools.partial):  # two games may share a network
            layer.call = functools.partial(_call, layer, layer.call)
    return list(found.values())


def changing(networks: Sequence[Any]) -> list[Any]:
    """Return the layers of the user's own that have weights which no optimizer moves.

    They may write to these in each pass, and a step has several.
    """
    return [
        layer
        for network in networks
        for layer in network._flatten_layers()
        if layer._non_trainable_variables
        and type(layer).__module__.partition(".")[0] not in ("keras", "ganzoo")
    ]


def _call(layer: Any, call: Any, inputs: Tensor, training: bool = False) -> Tensor:
    return call(inputs, training=training and not _normalised.get())


def normalise(found: Sequence[Any]) -> None:
    """Divide each kernel by its largest singular value, one round of power iteration better."""
    for layer in found:
        vector, kernel = ops.cond(
            ops.all(ops.equal(layer.kernel.value, 0)),
            lambda layer=layer: (layer.vector_u.value, layer.kernel.value),
            layer.normalized_weights,
        )
        layer.vector_u.assign(vector)
        layer.kernel.assign(kernel)


@contextmanager
def kernels_normalised() -> Iterator[None]:
    """While passes find their kernels normalised."""
    token = _normalised.set(True)
    try:
        yield
    finally:
        _normalised.reset(token)
