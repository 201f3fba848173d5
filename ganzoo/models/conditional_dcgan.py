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

from ganzoo.checks import check_count, check_rate, check_sizes
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.labels import check_classes
from ganzoo.layers import ConditionalBatchNormalization
from ganzoo.layers.stacks import connected, conv_stack, fit_shape, transposed_stack

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
        shape, base = fit_shape(image_shape, generator_filters, generator_strides)
        architecture: dict[str, Any] = {
            "image_shape": shape,
            "classes": check_classes("classes", classes),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "generator_filters": tuple(generator_filters),
            "discriminator_filters": check_sizes("discriminator_filters", discriminator_filters),
            "generator_strides": tuple(generator_strides),
            "kernel_size": check_count("kernel_size", kernel_size, most=64),
            "negative_slope": negative_slope,
            "dropout": check_rate("dropout", dropout),
        }
        generator = build_generator(base=base, **architecture)
        super().__init__(generator, build_discriminator(**architecture), classes, **kwargs)
        self._architecture = architecture


def build_generator(
    *,
    base: tuple[int, int],
    image_shape: Sequence[int],
    classes: Sequence[str],
    latent_dim: int,
    generator_filters: Sequence[int],
    generator_strides: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    **_: Any,
) -> keras.Model:
    """Return the network [(B, latent_dim), (B, classes)] -> (B, height, width, channels)."""
    latents = keras.Input((latent_dim,), name="latents")
    condition = keras.Input((len(classes),), name="condition")
    stack = transposed_stack(
        base,
        (*generator_filters, image_shape[-1]),
        kernel_size,
        negative_slope,
        strides=generator_strides,
        use_bias=False,
        normalise=lambda: ConditionalBatchNormalization(len(classes)),
        reshape_first=True,
    )  # (B, 7, 7, 256), (B, 7, 7, 128), (B, 14, 14, 64), (B, 28, 28, 1)
    x = connected(stack, latents, condition)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([latents, condition], images, name="generator")


def build_discriminator(
    *,
    image_shape: Sequence[int],
    classes: Sequence[str],
    discriminator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float,
    **_: Any,
) -> keras.Model:
    """Return the network [(B, height, width, channels), (B, classes)] -> logits (B, 1)."""
    images = keras.Input(image_shape, name="images")
    condition = keras.Input((len(classes),), name="condition")
    stack = conv_stack(discriminator_filters, kernel_size, negative_slope, dropout)
    x = layers.Flatten()(connected(stack, images))
    projections = layers.Dense(len(classes), use_bias=False)(x)  # (B, classes)
    asked_for = layers.Dot(axes=1)([projections, condition])  # (B, 1)
    logits = layers.Add()([layers.Dense(1)(x), asked_for])
    return keras.Model([images, condition], logits, name="discriminator")
