"""Margins of reflected pixels, so that a convolution sees no black frame."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ReflectionPadding2D(layers.Layer):
    """Add margins in which the picture is mirrored at its outermost pixels, which are not repeated.

    Args:
        padding: Pixels on each side, less than the picture's height and width.
        **kwargs: Of `keras.layers.Layer`.
    """

    def __init__(self, padding: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.padding = check_count("padding", padding)

    def call(self, inputs: Tensor) -> Tensor:
        """Return (B, h + 2 padding, w + 2 padding, c) of images (B, h, w, c)."""
        sides = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), sides, sides, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """Return the shape with margins."""
        batch, height, width, channels = input_shape
        grown = (None if side is None else side + 2 * self.padding for side in (height, width))
        return (batch, *grown, channels)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "padding": self.padding}
