"""Larger pictures: sub-pixel convolution, and a bicubic enlargement with fixed weights.

Shi et al. 2016, Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
Convolutional Neural Network, arXiv:1609.05158: a convolution at the small size makes scale^2
channels for each that is wanted, and these become the pixels of the large one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count
from ganzoo.layers.blur import Blur
from ganzoo.resampling import check_scale, phases

Tensor = Any
STEPS = {2: (2,), 3: (3,), 4: (2, 2)}  # 4 is twice 2, as in SRGAN


class _Enlarging(layers.Layer):
    """What both layers share: a scale, and shapes."""

    scale: int

    def _grown(self, input_shape: Any) -> list[Any]:
        return [None if side is None else side * self.scale for side in input_shape[1:3]]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "scale": self.scale}


@keras.saving.register_keras_serializable("ganzoo")
class PixelShuffle(_Enlarging):
    """Makes the channels of a pixel scale x scale pixels: depth to space.

    Output channel k of row i and column j within a pixel is channel (i scale + j) c + k of it, as
    TensorFlow's `depth_to_space` has it.

    Args:
        scale: Factor of both sides, >= 1.
        **kwargs: Of `keras.layers.Layer`.
    """

    def __init__(self, scale: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = check_count("scale", scale, most=64)

    def call(self, inputs: Tensor) -> Tensor:
        """Return (B, scale h, scale w, c) of (B, h, w, scale^2 c)."""
        _, height, width, _ = ops.shape(inputs)
        scale, channels = self.scale, inputs.shape[-1] // self.scale**2
        x = ops.reshape(inputs, (-1, height, width, scale, scale, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, height * scale, width * scale, channels))

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """Return the shape with larger sides."""
        return (input_shape[0], *self._grown(input_shape), input_shape[-1] // self.scale**2)


@keras.saving.register_keras_serializable("ganzoo")
class BicubicEnlargement(_Enlarging):
    """Enlarges pictures as `ganzoo.resampling.enlarged` does, by sums of shifted pictures.

    It has no weights, and first and second derivatives on every backend, unlike Keras' resizing.

    Args:
        scale: 2, 3 or 4.
        **kwargs: Of `keras.layers.Layer`.
    """

    def __init__(self, scale: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = check_scale(scale)
        self._weights_of_phases = phases(self.scale).tolist()

    def call(self, inputs: Tensor) -> Tensor:
        """Return (B, scale h, scale w, c) of (B, h, w, c), h and w >= 2."""
        _, height, width, channels = ops.shape(inputs)
        x = inputs
        # Beyond the edge lies the mirror image; `ops.pad` has it on two backends of three.
        x = ops.concatenate([x[:, 1:2], x[:, :1], x, x[:, -1:], x[:, -2:-1]], axis=1)
        rows = [self._sum(part, [x[:, k : k - 4 or None] for k in range(5)])
                for part in self._weights_of_phases]  # fmt: skip
        x = ops.reshape(ops.stack(rows, axis=2), (-1, height * self.scale, width, channels))
        x = ops.concatenate([x[:, :, 1:2], x[:, :, :1], x, x[:, :, -1:], x[:, :, -2:-1]], axis=2)
        columns = [self._sum(part, [x[:, :, k : k - 4 or None] for k in range(5)])
                   for part in self._weights_of_phases]  # fmt: skip
        shape = (-1, height * self.scale, width * self.scale, channels)
        return ops.reshape(ops.stack(columns, axis=3), shape)

    @staticmethod
    def _sum(weights: list[float], shifted: list[Tensor]) -> Tensor:
        parts = [weight * x for weight, x in zip(weights, shifted, strict=True) if weight]
        return sum(parts[1:], parts[0])

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """Return the shape with larger sides."""
        return (input_shape[0], *self._grown(input_shape), input_shape[-1])


def enlarging(
    features: Tensor,
    *,
    scale: int,
    filters: int,
    activation: Callable[[], Any],
    blurred: bool = False,
) -> Tensor:
    """Return features (B, scale h, scale w, filters) of symbolic ones (B, h, w, c).

    Args:
        features: What a network makes at the small size.
        scale: 2, 3 or 4.
        filters: Channels after each step.
        activation: Makes a layer, after each step.
        blurred: Whether [1, 2, 1] / 4 filters what each step made. Neighbours of a doubled picture
            come from different kernels, and their mean difference is a pattern over every picture;
            the filter is 0 at its frequency.
    """
    x = features
    for step in STEPS[scale]:
        x = layers.Conv2D(filters * step**2, 3, padding="same")(x)
        x = activation()(PixelShuffle(step)(x))
        x = Blur()(x) if blurred else x
    return x


def added_picture(features: Tensor, images: Tensor, *, scale: int) -> Tensor:
    """Return pictures: the bicubic enlargement of images, and what a last convolution adds to it.

    Args:
        features: (B, scale h, scale w, filters).
        images: The `keras.Input` (B, h, w, channels).
        scale: 2, 3 or 4.
    """
    # Of small weights, so that a fresh network is little more than the bicubic enlargement.
    small = keras.initializers.VarianceScaling(0.01)
    more = layers.Conv2D(
        images.shape[-1], 3, padding="same", kernel_initializer=small, dtype="float32"
    )(features)
    return layers.Add(dtype="float32")([BicubicEnlargement(scale, dtype="float32")(images), more])


def count_enlarging_parameters(width: int, scale: int, filters: int, channels: int) -> int:
    """Return at least as many parameters as `enlarging` and `added_picture` have, of `width`."""
    total = 0
    for step in STEPS[scale]:
        total += (9 * width + 1) * filters * step**2 + filters
        width = filters
    return total + (9 * width + 1) * channels
