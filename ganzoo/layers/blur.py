"""Resampling by 2 with a binomial filter, which has a second derivative on every backend.

A bilinear resize inside a penalised discriminator gives TensorFlow no gradient for the weights
after it, and says nothing; a bicubic one raises. A product with a matrix along each axis is its own
derivative, transposed; slices and depthwise convolutions are slow on a CPU, their derivatives more.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo.errors import InvalidArgumentError

Tensor = Any
LARGE = 256  # pixels from which sums of shifted pictures are quicker than a product
# The first row, the last one, those before and those behind.
_PARTS = (
    slice(0, 1),
    slice(-1, None),
    slice(None, -2),
    slice(2, None),
)


@keras.saving.register_keras_serializable("ganzoo")
class Blur(layers.Layer):
    """Filters each channel by [1, 2, 1] / 4 along both axes, and may halve or double the sides.

    Karras et al. 2018, StyleGAN (arXiv:1812.04948), section 2: before 2x2 means, and after each
    pixel was doubled, which is bilinear interpolation. Beyond the edge lies the edge's pixel, so
    that an even picture stays what it is. Sides that are not known when the layer is built are
    filtered only; large ones by sums of shifted pictures.

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
        if None in sides and self.down == self.up == 1:
            self._matrices = None  # made where the sides are known
            return
        if None in sides or (self.down == 2 and any(side % 2 for side in sides)):
            kind = "even" if self.down == 2 else "known"
            raise InvalidArgumentError(
                f"Blur(down={self.down}, up={self.up}) takes images of {kind} sides; got "
                f"{sides[0]} x {sides[1]}."
            )
        self._matrices = [_matrix(side, self.down, self.up) for side in sides]

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, height, width, channels) to images of these or other sides."""
        _, height, width, channels = inputs.shape
        matrices = self._matrices
        if matrices is None:
            if None in (height, width) or max(height, width) > LARGE:
                return _shifted(_shifted(inputs, 1), 2)
            matrices = [_matrix(side, 1, 1) for side in (height, width)]
        down, across = (ops.convert_to_tensor(m, inputs.dtype) for m in matrices)
        x = ops.matmul(down, ops.reshape(inputs, (-1, height, width * channels)))
        x = ops.matmul(across, ops.reshape(x, (-1, width, channels)))
        return ops.reshape(x, (-1, down.shape[0], across.shape[0], channels))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the images' shape."""
        batch, *sides, channels = input_shape
        sides = [None if side is None else side * self.up // self.down for side in sides]
        return (batch, *sides, channels)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "down": self.down, "up": self.up}


def _shifted(x: Tensor, axis: int) -> Tensor:
    """Return x (B, h, w, c) filtered along an axis of at least one pixel."""
    rows = [(slice(None),) * axis + (part,) for part in _PARTS]
    edges = ops.concatenate([x[rows[0]], x, x[rows[1]]], axis=axis)
    return 0.25 * (edges[rows[2]] + edges[rows[3]]) + 0.5 * x


def _matrix(side: int, down: int, up: int) -> np.ndarray:
    """Return the matrix (side * up / down, side) of the filter along an axis of so many pixels."""
    same = np.eye(side * up, dtype=np.float32)
    beside = [np.roll(same, shift, axis=0) for shift in (1, -1)]
    beside[0][0], beside[1][-1] = same[0], same[-1]
    filtered = 0.5 * same + 0.25 * sum(beside)
    return filtered.reshape(-1, down, side, up).mean(1).sum(-1)
