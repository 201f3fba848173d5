"""Pictures that may leave their range while they are learned."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Bounded(layers.Layer):
    """Clips to [-1, 1]; while training, it returns its inputs as they are.

    A tanh has no slope left where a generator has overshot, and a clip has none there either: what
    is black all over would stay black.
    """

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return a tensor of the same shape."""
        x = ops.cast(inputs, self.compute_dtype)
        return x if training else ops.clip(x, -1.0, 1.0)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape
