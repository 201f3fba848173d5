"""Networks that complete a picture: an encoder, a layer in which all places meet, a decoder.

Pathak et al. 2016, arXiv:1604.07379, section 3.1: strided convolutions, a "channel-wise
fully-connected" layer, which connects all places of a feature map with each other and no map with
another one, a 1x1 convolution between the maps, and transposed convolutions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import layers

from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.layers.stacks import conv_stack
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose

Tensor = Any


def completion_generator(*, image_shape: Sequence[int], filters: Sequence[int]) -> keras.Model:
    """Return the network [image (B, h, w, c), mask (B, h, w, 1)] -> (B, h, w, c) in [-1, 1].

    Args:
        image_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `filters`.
        filters: Channels of each level of the encoder, and in reverse of the decoder.
    """
    image = keras.Input(image_shape, name="image")
    mask = keras.Input((*image_shape[:2], 1), name="mask")
    x = layers.Concatenate()([image, mask])
    for level, count in enumerate(filters):
        x = Conv2D(count, 4, strides=2, padding="same")(x)
        x = BatchNormalization()(x) if level else x
        x = layers.LeakyReLU(0.2)(x)
    x = Conv2D(filters[-1], 1)(channelwise_dense(x))
    for count in reversed(filters[:-1]):
        x = layers.ReLU()(BatchNormalization()(x))
        x = Conv2DTranspose(count, 4, strides=2, padding="same")(x)
    x = layers.ReLU()(BatchNormalization()(x))
    x = Conv2DTranspose(image_shape[-1], 4, strides=2, padding="same")(x)
    made = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([image, mask], made, name="generator")


def channelwise_dense(x: Tensor) -> Tensor:
    """Return feature maps (B, h, w, c), each a dense layer of the same map at all its places."""
    height, width, channels = x.shape[1:]
    places = height * width
    dense = layers.EinsumDense(
        "bpc,pqc->bqc",
        (places, channels),
        kernel_initializer=keras.initializers.RandomNormal(stddev=places**-0.5),
    )
    return layers.Reshape((height, width, channels))(dense(layers.Reshape((places, channels))(x)))


def picture_discriminator(*, image_shape: Sequence[int], filters: Sequence[int]) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    stack = [*conv_stack(filters, 4, 0.2), layers.Flatten(), layers.Dense(1, dtype="float32")]
    return keras.Sequential([keras.Input(image_shape), *stack], name="discriminator")


def count_completion_parameters(
    image_shape: Sequence[int],
    generator_filters: Sequence[int],
    discriminator_filters: Sequence[int],
) -> int:
    """Return at least as many parameters as both networks have together."""
    channels, last = image_shape[-1], generator_filters[-1]
    kernels = 16 * sum(a * b for a, b in pairwise([channels + 1, *generator_filters]))
    kernels += 16 * sum(a * b for a, b in pairwise([channels, *generator_filters]))
    places = [-(-side // 2 ** len(generator_filters)) for side in image_shape[:2]]
    kernels += math.prod(places) ** 2 * last + last * last
    kernels += 16 * sum(a * b for a, b in pairwise([channels, *discriminator_filters]))
    seen = [-(-side // 2 ** len(discriminator_filters)) for side in image_shape[:2]]
    kernels += math.prod(seen) * discriminator_filters[-1]
    return kernels + 10 * sum(generator_filters) + sum(discriminator_filters) + 2 * channels + last
