"""Self-attention over an image's positions, with a second derivative on every backend."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count, check_flag
from ganzoo.layers.spectral import SpectralNormalization

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class SelfAttention(layers.Layer):
    """x + gamma * attention over all positions of x; gamma is 0 at first.

    Zhang et al. 2018, Self-Attention Generative Adversarial Networks (arXiv:1805.08318), eq. 1 to
    4. Queries, keys and values are 1x1 convolutions to channels / `reduction`; a fourth one leads
    back. Scores are not scaled. All in plain products and a softmax: PyTorch's own attention has no
    second derivative on a CPU.

    Args:
        reduction: What the channels are divided by for queries, keys and values, >= 1; at least one
            channel is left.
        spectral: Whether the four convolutions are spectrally normalised, as in the paper.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(self, reduction: int = 8, spectral: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reduction = check_count("reduction", reduction, most=8192)
        self.spectral = check_flag("spectral", spectral)

    def build(self, input_shape: Any) -> None:
        """Build for images (B, height, width, channels)."""
        channels = input_shape[-1]
        inner = max(1, channels // self.reduction)
        self.query, self.key, self.value = (
            self._projection(inner, name, input_shape) for name in ("query", "key", "value")
        )
        self.output_projection = self._projection(channels, "output", (*input_shape[:-1], inner))
        self.gamma = self.add_weight(name="gamma", shape=(), initializer="zeros")

    def _projection(self, units: int, name: str, input_shape: Any) -> Any:
        """Return a built 1x1 convolution without a bias."""
        layer = layers.Dense(units, use_bias=False, name=name, dtype=self.dtype_policy)
        if self.spectral:
            layer = SpectralNormalization(layer, name=f"{name}_norm", dtype=self.dtype_policy)
        layer.build(input_shape)
        return layer

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Map (B, height, width, channels) to the same shape."""
        options = {"training": training} if self.spectral else {}
        shape = ops.shape(inputs)
        positions = (-1, shape[1] * shape[2])
        queries, keys, values = (
            ops.reshape(layer(inputs, **options), (*positions, self._inner(layer)))
            for layer in (self.query, self.key, self.value)
        )  # (B, positions, inner)
        scores = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))  # (B, positions, positions)
        weights = ops.softmax(ops.cast(scores, "float32"), axis=-1)
        mixed = ops.matmul(ops.cast(weights, values.dtype), values)
        mixed = ops.reshape(mixed, (-1, *shape[1:3], values.shape[-1]))
        return inputs + ops.cast(self.gamma, inputs.dtype) * self.output_projection(
            mixed, **options
        )

    @staticmethod
    def _inner(layer: Any) -> int:
        return getattr(layer, "layer", layer).units

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {"reduction": self.reduction, "spectral": self.spectral}
        return {**super().get_config(), **own}
