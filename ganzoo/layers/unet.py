"""A U-Net: convolutions down to a few pixels and up again, with every level handed across.

Ronneberger et al. 2015, arXiv:1505.04597, in the form of Isola et al. 2016, arXiv:1611.07004,
section 6.1.1: 4x4 kernels of stride 2, LeakyReLU of slope 0.2 on the way down, ReLU on the way up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import layers

from ganzoo.layers.dropout import dropout as seeded_dropout
from ganzoo.layers.normalisation import BatchNormalization, InstanceNormalization
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose

Tensor = Any
UPSAMPLING = (
    "transposed",
    "resized",
)  # resized: Odena et al. 2016, distill.pub/2016/deconv-checkerboard
CODE = "code"  # the layer of a styled generator that gives the code of a picture


def unet(
    images: Tensor,
    *,
    filters: Sequence[int],
    channels: int,
    dropout: float,
    normalization: Callable[[], Any] = BatchNormalization,
    down_normalization: Callable[[], Any] | None = None,
    bottom: Callable[[Tensor], Tensor] | None = None,
    upsampling: str = "transposed",
) -> Tensor:
    """Return symbolic pictures (B, h, w, channels) of images (B, h, w, c), without an activation.

    Args:
        images: A `keras.Input`; its sides are multiples of 2 to the number of `filters`.
        filters: Channels of each level, from the picture down.
        channels: Of what is made.
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        normalization: Makes a layer, after each convolution but the first, the deepest, the last.
        down_normalization: The same on the way down, where it is another.
        bottom: What is made of the deepest level before the way up.
        upsampling: One of `UPSAMPLING`.
    """
    x, skipped = images, []
    for level, count in enumerate(filters):
        skipped.append(x)
        x = layers.LeakyReLU(0.2)(x) if level else x
        x = Conv2D(count, 4, strides=2, padding="same")(x)
        if 0 < level < len(filters) - 1:  # the deepest level has a few pixels only
            x = (down_normalization or normalization)()(x)
    x = x if bottom is None else bottom(x)
    for level in reversed(range(1, len(filters))):
        x = layers.ReLU()(x)
        x = enlarged(x, filters[level - 1], upsampling)
        x = normalization()(x)
        if level >= len(filters) - 3:
            x = seeded_dropout(dropout)(x)
        x = layers.Concatenate()([x, skipped[level]])
    return enlarged(layers.ReLU()(x), channels, upsampling)


def enlarged(x: Tensor, channels: int, upsampling: str) -> Tensor:
    """Return (B, 2h, 2w, channels) of (B, h, w, c), in one of the ways of `UPSAMPLING`."""
    if upsampling == "transposed":
        return Conv2DTranspose(channels, 4, strides=2, padding="same")(x)
    return Conv2D(channels, 3, padding="same")(layers.UpSampling2D(2, interpolation="nearest")(x))


def count_unet_parameters(channels_in: int, filters: Sequence[int], channels: int) -> int:
    """Return at least as many parameters as `unet` has, normalisation included."""
    down = sum(16 * first * second for first, second in pairwise([channels_in, *filters]))
    up = sum(32 * first * second for first, second in pairwise([channels, *filters]))
    return down + up + 10 * sum(filters) + channels


def unet_generator(
    *,
    source_shape: Sequence[int],
    channels: int,
    filters: Sequence[int],
    dropout: float,
    source: str = "source",
    name: str = "generator",
    upsampling: str = "transposed",
) -> keras.Model:
    """Return the U-Net (B, h, w, c) -> (B, h, w, channels) in [-1, 1]; names as given."""
    images = keras.Input(source_shape, name=source)
    x = unet(images, filters=filters, channels=channels, dropout=dropout, upsampling=upsampling)
    return keras.Model(images, layers.Activation("tanh", dtype="float32")(x), name=name)


def styled_unet_generator(
    *,
    image_shape: Sequence[int],
    styles: int,
    embedding_dim: int,
    filters: Sequence[int],
    dropout: float,
) -> keras.Model:
    """Return the U-Net [source (B, h, w, c), condition (B, styles)] -> (B, h, w, c) in [-1, 1].

    An embedding of the condition lies beside the code, the deepest level, at each of its positions.
    On the way down each picture is normalised by itself, and its code as a whole.
    """
    source = keras.Input(image_shape, name="source")
    condition = keras.Input((styles,), name="condition")

    def with_style(x: Tensor) -> Tensor:
        code = layers.GroupNormalization(1, center=False, scale=False, name=CODE)(x)
        rows, columns = code.shape[1:3]
        style = layers.Dense(embedding_dim, use_bias=False, name="embedding")(condition)
        style = layers.RepeatVector(rows * columns)(style)
        style = layers.Reshape((rows, columns, embedding_dim))(style)
        return layers.Concatenate()([code, style])

    x = unet(
        source,
        filters=filters,
        channels=image_shape[-1],
        dropout=dropout,
        down_normalization=InstanceNormalization,
        bottom=with_style,
    )
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([source, condition], images, name="generator")
