"""ConditionalDCGAN: a convolutional GAN that draws what it is asked for.

DCGAN (Radford et al. 2015, arXiv:1511.06434) with the condition in each batch norm of the generator
(Dumoulin et al. 2017, arXiv:1610.07629) and a projection in the discriminator (Miyato and Koyama
2018, arXiv:1802.05637, eq. 3). We keep the small networks of our DCGAN, and flatten features before
the projection instead of summing them over the picture, because where a stroke sits matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.conditional import ConditionalGAN, check_classes
from ganzoo.layers import ConditionalBatchNormalization
from ganzoo.layers import dropout as seeded_dropout
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose

DIGITS = tuple("0123456789")


@keras.saving.register_keras_serializable("ganzoo")
class ConditionalDCGAN(ConditionalGAN):
    """A conditional convolutional GAN for images whose sides fit the product of the strides.

    Args:
        image_shape: (height, width, channels); the sides are multiples of 4 by default.
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        latent_dim: Length of a latent vector.
        generator_filters: Channels at the dense base and after each transposed convolution but
            the last, which makes the image.
        discriminator_filters: Channels of each convolution, stride 2.
        generator_strides: Stride of each transposed convolution, the last included.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate after each convolution of the discriminator, in [0, 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        classes: Sequence[str] = DIGITS,
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (256, 128, 64),
        discriminator_filters: Sequence[int] = (64, 128),
        generator_strides: Sequence[int] = (1, 2, 2),
        kernel_size: int = 5,
        negative_slope: float = 0.3,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        classes = check_classes(classes)
        check_rate("dropout", dropout)
        check_count("latent_dim", latent_dim, most=8192)
        check_count("kernel_size", kernel_size, most=64)
        architecture = {
            "image_shape": check_image_shape(image_shape),
            "classes": classes,
            "latent_dim": latent_dim,
            "generator_filters": check_sizes("generator_filters", generator_filters),
            "discriminator_filters": check_sizes("discriminator_filters", discriminator_filters),
            "generator_strides": check_sizes("generator_strides", generator_strides),
            "kernel_size": kernel_size,
            "negative_slope": negative_slope,
            "dropout": dropout,
        }
        super().__init__(
            build_generator(architecture), build_discriminator(architecture), classes, **kwargs
        )
        self._architecture = architecture


def build_generator(architecture: dict[str, Any]) -> keras.Model:
    """Return the network [(B, latent_dim), (B, classes)] -> (B, height, width, channels)."""
    filters, strides = architecture["generator_filters"], architecture["generator_strides"]
    if len(strides) != len(filters):
        raise InvalidArgumentError(
            "generator_strides needs one stride per entry of generator_filters; "
            f"got {len(strides)} strides for {len(filters)} filters."
        )
    factor = 1
    for stride in strides:
        factor *= stride
    height, width, channels = check_image_shape(architecture["image_shape"], multiple=factor)
    height, width = height // factor, width // factor
    classes = len(architecture["classes"])
    latents = keras.Input((architecture["latent_dim"],), name="latents")
    condition = keras.Input((classes,), name="condition")
    x = layers.Dense(height * width * filters[0], use_bias=False)(latents)
    x = layers.Reshape((height, width, filters[0]))(x)  # (B, 7, 7, 256)
    for count, stride in zip((*filters[1:], channels), strides, strict=True):
        x = ConditionalBatchNormalization(classes)([x, condition])
        x = layers.LeakyReLU(architecture["negative_slope"])(x)
        x = Conv2DTranspose(
            count, architecture["kernel_size"], strides=stride, padding="same", use_bias=False
        )(x)  # (B, 7, 7, 128), (B, 14, 14, 64), (B, 28, 28, 1)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([latents, condition], images, name="generator")


def build_discriminator(architecture: dict[str, Any]) -> keras.Model:
    """Return the network [(B, height, width, channels), (B, classes)] -> logits (B, 1)."""
    images = keras.Input(architecture["image_shape"], name="images")
    condition = keras.Input((len(architecture["classes"]),), name="condition")
    x = images
    for count in architecture["discriminator_filters"]:
        x = Conv2D(count, architecture["kernel_size"], strides=2, padding="same")(x)
        x = layers.LeakyReLU(architecture["negative_slope"])(x)
        x = seeded_dropout(architecture["dropout"])(x)
    x = layers.Flatten()(x)
    projections = layers.Dense(len(architecture["classes"]), use_bias=False)(x)  # (B, classes)
    asked_for = layers.Dot(axes=1)([projections, condition])  # (B, 1)
    logits = layers.Add()([layers.Dense(1)(x), asked_for])
    return keras.Model([images, condition], logits, name="discriminator")
