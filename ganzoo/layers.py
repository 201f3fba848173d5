"""Layers that Keras lacks or that need a habit of ours."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers, ops

Tensor = Any


def dropout(rate: float) -> layers.Dropout:
    """Return a dropout layer with a random state of its own.

    Keras on PyTorch draws an unseeded dropout from the global generator, which a saved model
    cannot hold. The seed comes from Python's `random`, so that `keras.utils.set_random_seed`
    settles it.

    Args:
        rate: Share of the inputs set to 0 while training, in [0, 1).
    """
    return layers.Dropout(rate, seed=random.randint(1, 2**31 - 1))


@keras.saving.register_keras_serializable("ganzoo")
class ConditionalBatchNormalization(layers.Layer):
    """Batch normalisation whose gain and shift depend on a condition.

    Dumoulin et al. 2017, A Learned Representation for Artistic Style (arXiv:1610.07629), eq. 5.
    Both are linear in the condition, so that a mixture of two classes lies between them. Called on
    [x (B, ..., channels), condition (B, classes)].

    Args:
        classes: Number of classes.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, classes: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.classes = classes
        self.normalization = layers.BatchNormalization(
            center=False, scale=False, dtype=self.dtype_policy
        )

    def build(self, input_shape: Any) -> None:
        """Build for the shapes of x and of the condition."""
        shape, _ = input_shape
        self.normalization.build(shape)
        variables = {"shape": (self.classes, shape[-1]), "trainable": True}
        self.gamma = self.add_weight(name="gamma", initializer="ones", **variables)
        self.beta = self.add_weight(name="beta", initializer="zeros", **variables)

    def call(self, inputs: Any, training: bool = False) -> Tensor:
        """Normalise x, then scale and shift it as the condition says."""
        x, condition = inputs
        x = self.normalization(x, training=training)
        condition = ops.cast(condition, x.dtype)
        spread = (-1, *(1 for _ in x.shape[1:-1]), x.shape[-1])
        gain, shift = (
            ops.reshape(ops.matmul(condition, ops.cast(weight, x.dtype)), spread)
            for weight in (self.gamma, self.beta)
        )
        return x * gain + shift

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of x."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "classes": self.classes}
