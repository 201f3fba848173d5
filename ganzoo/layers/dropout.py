"""Dropout whose masks are one device's, with a random state that is saved."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import own_rows, replica

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Dropout(layers.Dropout):
    """Keras' dropout, which on several replicas drops what one device would drop.

    With Keras' own, each replica drops the same units. Each draws for the whole batch here.
    """

    is_keras_twin = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Drop inputs (B, ...) while training."""
        if replica()[1] == 1 or not training or not self.rate:
            return super().call(inputs, training=training)
        return inputs * ops.cast(own_rows(self.kept, ops.shape(inputs)), inputs.dtype)

    def kept(self, shape: tuple[Any, ...]) -> Tensor:
        """Return what inputs of a shape are multiplied by, float32: 0 or else 1 / share kept."""
        ones = ops.ones(shape, "float32")
        return keras.random.dropout(ones, self.rate, self.noise_shape, self.seed_generator)


def dropout(rate: float) -> Dropout:
    """Return a dropout layer with a random state of its own.

    Keras on PyTorch draws an unseeded dropout from the global generator, which a saved model
    cannot hold. The seed comes from Python's `random`, so that `keras.utils.set_random_seed`
    settles it.

    Args:
        rate: Share of the inputs set to 0 while training, in [0, 1).
    """
    return Dropout(rate, seed=random.randint(1, 2**31 - 1))
