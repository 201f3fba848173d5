"""Layers that Keras lacks or that need a habit of ours."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import OWN_DROPOUT, kept, mean_over_replicas, own_rows, replica

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Dropout(layers.Dropout):
    """Keras' dropout, which on several replicas drops what one device would drop.

    With Keras' own, each replica drops the same units. Each draws for the whole batch here. On
    TensorFlow and PyTorch the numbers are others than those that Keras draws, and of fewer bits: on
    PyTorch a step of `gan_mnist` was a fifth faster on a CPU.
    """

    is_keras_twin = True

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Drop inputs (B, ...) while training."""
        as_keras = replica()[1] == 1 and not (OWN_DROPOUT and self.noise_shape is None)
        if as_keras or not training or not self.rate:
            return super().call(inputs, training=training)
        return inputs * ops.cast(own_rows(self.kept, ops.shape(inputs)), inputs.dtype)

    def kept(self, shape: tuple[Any, ...]) -> Tensor:
        """Return what inputs of a shape are multiplied by, float32: 0 or else 1 / share kept."""
        if self.noise_shape is None:
            return kept(shape, self.rate, self.seed_generator)
        ones = ops.ones(shape, "float32")
        return keras.random.dropout(ones, self.rate, self.noise_shape, self.seed_generator)


@keras.saving.register_keras_serializable("ganzoo")
class BatchNormalization(layers.BatchNormalization):
    """Keras' batch normalisation, whose batch is that of all replicas together."""

    is_keras_twin = True

    def _moments(self, inputs: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Return mean and variance over all axes but the last one of a channel, (channels,)."""
        if replica()[1] == 1 or mask is not None:
            return super()._moments(inputs, mask)
        axes = tuple(self._reduction_axes)
        (mean,) = mean_over_replicas([ops.mean(inputs, axis=axes, keepdims=True)])
        squares = ops.mean(ops.square(inputs - mean), axis=axes)
        (variance,) = mean_over_replicas([squares])
        return ops.squeeze(mean, axis=axes), variance


def dropout(rate: float) -> Dropout:
    """Return a dropout layer with a random state of its own.

    Keras on PyTorch draws an unseeded dropout from the global generator, which a saved model
    cannot hold. The seed comes from Python's `random`, so that `keras.utils.set_random_seed`
    settles it.

    Args:
        rate: Share of the inputs set to 0 while training, in [0, 1).
    """
    return Dropout(rate, seed=random.randint(1, 2**31 - 1))


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
        self.normalization = BatchNormalization(center=False, scale=False, dtype=self.dtype_policy)

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
