"""Resampling by 2 with a binomial filter, which has a second derivative on every backend.

A bilinear resize inside a penalised discriminator gives TensorFlow no gradient for the weights
after it, and says nothing; a bicubic one raises.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo.errors import InvalidArgumentError

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Blur(layers.Layer):
    """Filters each channel by [1, 2, 1] / 4 along both axes, and may halve or double the sides.

    Karras et al. 2018, StyleGAN (arXiv:1812.04948), section 2: before 2x2 means, and after each
    pixel was doubled, which is bilinear interpolation. Beyond the edge lies the edge's pixel, so
    that an even picture stays what it is. By slices and sums: depthwise convolutions are slow on a
    CPU.

    Args:
        down: 2 halves the sides, which must be even; 1 leaves them.
        up: 2 doubles the sides; 1 leaves them. Not both.
        **kwargs: `name` and so on of `keras.layers.Layer`.

    Raises:
        InvalidArgumentError: Another factor, or both.
    """

    def __init__(self, down: int = 1, up: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if (down, up) not in ((1, 1), (2, 1), (1, 2)):
            raise InvalidArgumentError(
                f"Blur goes down by 2, up by 2 or neither; got down={down!r}, up={up!r}."
            )
        self.down, self.up = int(down), int(up)

    def build(self, input_shape: Any) -> None:
        """Check the shape (B, height, width, channels)."""
        sides = input_shape[1:3]
        if self.down == 2 and any(side is not None and side % 2 for side in sides):
            raise InvalidArgumentError(
                f"Blur(down=2) halves images of even sides; got {sides[0]} x {sides[1]}."
            )

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, height, width, channels) to images of these or other sides."""
        x = inputs
        for axis in (1, 2):
            x = _filtered(ops.repeat(x, 2, axis=axis) if self.up == 2 else x, axis)
            if self.down == 2:
                x = 0.5 * (x[_every_other(axis, 0)] + x[_every_other(axis, 1)])
        return x

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the images' shape."""
        batch, *sides, channels = input_shape
        sides = [None if side is None else side * self.up // self.down for side in sides]
        return (batch, *sides, channels)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "down": self.down, "up": self.up}


def _every_other(axis: int, first: int) -> tuple[slice, ...]:
    return (*(slice(None) for _ in range(axis)), slice(first, None, 2))


def _filtered(x: Tensor, axis: int) -> Tensor:
    """Return (x[i - 1] + 2 x[i] + x[i + 1]) / 4 along an axis."""
    before = (slice(None),) * axis
    first, last = x[(*before, slice(None, 1))], x[(*before, slice(-1, None))]
    left = ops.concatenate([first, x[(*before, slice(None, -1))]], axis=axis)
    right = ops.concatenate([x[(*before, slice(1, None))], last], axis=axis)
    return 0.5 * x + 0.25 * (left + right)
