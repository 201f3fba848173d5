"""A discriminator of patches: one logit for each overlapping part of a picture.

Isola et al. 2016, arXiv:1611.07004, section 3.2.2 ("PatchGAN"): 4 x 4 kernels, stride 2 in all but
the last two convolutions, normalisation in all but the first and the last, LeakyReLU of slope 0.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import layers

from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.layers.strided import Conv2D

Tensor = Any


def count_patch_parameters(channels: int, filters: Sequence[int]) -> int:
    """Return at least as many parameters as `patch_logits` has, normalisation included."""
    widths = [channels, *filters, 1]
    kernels = sum(16 * first * second for first, second in pairwise(widths))
    return kernels + 5 * sum(widths[1:])  # a bias, and up to four numbers per normalised channel


def patch_features(
    images: Tensor, filters: Sequence[int], normalization: Callable[[], Any]
) -> Tensor:
    """Return features (B, rows, columns, filters[-1]) of symbolic images (B, h, w, channels).

    Args:
        images: A `keras.Input`, or what was made of some.
        filters: Channels of each convolution. The last of these has stride 1, the others halve the
            sides.
        normalization: Makes a layer, after each convolution but the first.
    """
    x = images
    for index, count in enumerate(filters):
        strides = 1 if index and index == len(filters) - 1 else 2
        x = Conv2D(count, 4, strides=strides, padding="same")(x)
        if index:
            x = normalization()(x)
        x = layers.LeakyReLU(0.2)(x)
    return x


def logits_of(features: Tensor, bias: bool = True) -> Tensor:
    """Return a logit (B, rows, columns, 1) for each patch, of features."""
    return layers.Conv2D(1, 4, padding="same", use_bias=bias, dtype="float32")(features)


def patch_logits(
    images: Tensor,
    filters: Sequence[int],
    normalization: Callable[[], Any],
    last_bias: bool = True,
) -> Tensor:
    """Return logits (B, rows, columns, 1) of symbolic images (B, height, width, channels).

    Args:
        images, filters, normalization: As of `patch_features`.
        last_bias: Whether the logit has a bias; in a Wasserstein loss it cancels out.
    """
    return logits_of(patch_features(images, filters, normalization), last_bias)


def pair_discriminator(
    *,
    source_shape: Sequence[int],
    target_shape: Sequence[int],
    filters: Sequence[int],
    categories: int | None = None,
) -> keras.Model:
    """Return the network [source, target] -> logits of patches (B, rows, columns, 1).

    With `categories` it returns [these, logits of the categories (B, categories)], of the mean of
    the patches' features.
    """
    source = keras.Input(source_shape, name="source")
    target = keras.Input(target_shape, name="target")
    x = patch_features(layers.Concatenate()([source, target]), filters, BatchNormalization)
    made = logits_of(x)
    if categories is not None:
        features = layers.GlobalAveragePooling2D()(x)
        made = [made, layers.Dense(categories, dtype="float32")(features)]
    return keras.Model([source, target], made, name="discriminator")


def target_discriminator(
    *, target_shape: Sequence[int | None], filters: Sequence[int], last_bias: bool = True
) -> keras.Model:
    """Return the network target -> logits of patches (B, rows, columns, 1), for any size.

    Args:
        target_shape: (height, width, channels) of a target; None for any side.
        filters: As of `patch_features`.
        last_bias: As of `patch_logits`; in a relativistic loss it cancels out too.
    """
    target = keras.Input(target_shape, name="target")
    made = patch_logits(target, filters, BatchNormalization, last_bias)
    return keras.Model(target, made, name="discriminator")
