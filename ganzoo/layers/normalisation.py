"""Normalisation over the batch, also of several replicas and by a condition, and over an image."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import mean_over_replicas, replica
from ganzoo.checks import check_count, check_flag, check_positive

Tensor = Any


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
        self.classes = check_count("classes", classes)
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


@keras.saving.register_keras_serializable("ganzoo")
class InstanceNormalization(layers.Layer):
    """Normalises each channel of each example over all its positions, then scales and shifts it.

    Ulyanov et al. 2016, Instance Normalization (arXiv:1607.08022); that of
    `keras.layers.GroupNormalization(groups=-1)`, with a reduction over adjacent axes. It is the
    same while training and after.

    Args:
        epsilon: Added to the variance, > 0.
        center: Whether a shift per channel is learned.
        scale: Whether a gain per channel is learned.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(
        self, epsilon: float = 1e-5, center: bool = True, scale: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.epsilon = check_positive("epsilon", epsilon)
        self.center, self.scale = check_flag("center", center), check_flag("scale", scale)

    def build(self, input_shape: Any) -> None:
        """Build for the shape (B, ..., channels)."""
        options = {"shape": (input_shape[-1],), "autocast": False}
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(name="gamma", initializer="ones", **options)
        if self.center:
            self.beta = self.add_weight(name="beta", initializer="zeros", **options)

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, ..., channels) to the same shape; statistics are float32 in half precision."""
        x = ops.cast(inputs, "float32")
        axes = tuple(range(1, len(x.shape) - 1))
        x = x - ops.mean(x, axis=axes, keepdims=True)
        x = x * ops.rsqrt(ops.mean(ops.square(x), axis=axes, keepdims=True) + self.epsilon)
        if self.gamma is not None:
            x = x * ops.cast(self.gamma, "float32")
        if self.beta is not None:
            x = x + ops.cast(self.beta, "float32")
        return ops.cast(x, inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"epsilon": self.epsilon, "center": self.center, "scale": self.scale}
        return {**super().get_config(), **own}
