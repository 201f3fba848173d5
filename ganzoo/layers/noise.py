"""Gaussian noise that is one device's, with a random state that is saved."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import own_rows, replica
from ganzoo.checks import check_share

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class GaussianNoise(layers.GaussianNoise):
    """Keras' noise, which on several replicas adds what one device would add.

    With Keras' own, each replica adds the same. Each draws for the whole batch here.
    """

    is_keras_twin = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Add noise to inputs (B, ...) while training."""
        if replica()[1] == 1 or not training or not self.stddev:
            return super().call(inputs, training=training)
        return inputs + ops.cast(own_rows(self.drawn, ops.shape(inputs)), inputs.dtype)

    def drawn(self, shape: tuple[Any, ...]) -> Tensor:
        """Return the noise for inputs of a shape, float32."""
        return keras.random.normal(shape, 0.0, self.stddev, "float32", self.seed_generator)


def gaussian_noise(stddev: float) -> GaussianNoise:
    """Return a noise layer with a random state of its own, settled by `set_random_seed`.

    Args:
        stddev: Standard deviation of what is added while training, in [0, 1] as Keras has it.
    """
    check_share("The standard deviation of noise", stddev)
    return GaussianNoise(stddev, seed=random.randint(1, 2**31 - 1))
