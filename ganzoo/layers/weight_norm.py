"""Dense layers whose weights are a direction and a length."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count, check_flag, check_positive

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class WeightNormDense(layers.Layer):
    """A dense layer whose kernel is g v / ||v||, the norm over the inputs of each unit.

    Salimans and Kingma 2016, Weight Normalization (arXiv:1602.07868), eq. 2, without their
    initialisation by data.

    Args:
        units: Width.
        activation: Of the outputs, a name or a function; None is none.
        train_length: Whether g is trained; else it remains as it begins.
        initial_length: As what g begins, > 0.
        **kwargs: `name` and so on of `keras.layers.Layer`.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        train_length: bool = True,
        initial_length: float = 1.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = check_count("units", units)
        self.activation = keras.activations.get(activation)
        self.train_length = check_flag("train_length", train_length)
        self.initial_length = check_positive("initial_length", initial_length)

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs (B, features)."""
        self.kernel = self.add_weight(
            (input_shape[-1], self.units), "glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight((self.units,), "zeros", name="bias")
        if self.train_length:
            first = keras.initializers.Constant(self.initial_length)
            self.length = self.add_weight((self.units,), first, name="length")

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, features) to (B, units)."""
        directions = ops.cast(self.kernel, "float32")
        squared = ops.sum(ops.square(directions), axis=0)
        factor = ops.rsqrt(ops.maximum(squared, 1e-12))
        if self.train_length:
            factor = factor * ops.cast(self.length, "float32")
        else:
            factor = factor * self.initial_length
        x = ops.matmul(inputs, ops.cast(directions * factor, inputs.dtype))
        return self.activation(x + ops.cast(self.bias, x.dtype))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (B, units)."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        own = {
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "train_length": self.train_length,
            "initial_length": self.initial_length,
        }
        return {**super().get_config(), **own}
