"""DCGAN: strided convolutions in both networks, batch norm in the generator.

Radford, Metz, Chintala 2015, arXiv:1511.06434. We follow the small form that lectures use for
28x28 and 48x48 images: two strided steps, LeakyReLU in the generator too, no batch norm but
dropout in the discriminator; logits instead of a sigmoid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.latent import GAN
from ganzoo.layers import BatchNormalization
from ganzoo.layers import dropout as seeded_dropout
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose


@keras.saving.register_keras_serializable("ganzoo")
class DCGAN(GAN):
    """A convolutional GAN for images whose sides are multiples of the product of the strides.

    With the defaults the generator has 2,330,944 parameters and the discriminator 212,865.

    Args:
        image_shape: (height, width, channels); the sides are multiples of 4 by default.
        latent_dim: Length of a latent vector.
        generator_filters: Channels at the dense base and after each transposed convolution but
            the last, which makes the image.
        discriminator_filters: Channels of each convolution, stride 2.
        generator_strides: Stride of each transposed convolution, the last included.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate after each convolution of the discriminator, in [0, 1).
        use_bias: Biases in the generator's dense and transposed convolutional layers.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (256, 128, 64),
        discriminator_filters: Sequence[int] = (64, 128),
        generator_strides: Sequence[int] = (1, 2, 2),
        kernel_size: int = 5,
        negative_slope: float = 0.3,
        dropout: float = 0.3,
        use_bias: bool = False,
        **kwargs: Any,
    ) -> None:
        shape, base = fit_shape(image_shape, generator_filters, generator_strides)
        check_rate("dropout", dropout)
        check_count("latent_dim", latent_dim, most=8192)
        check_count("kernel_size", kernel_size, most=64)
        check_sizes("discriminator_filters", discriminator_filters)
        architecture = {
            "image_shape": shape,
            "latent_dim": latent_dim,
            "generator_filters": tuple(generator_filters),
            "discriminator_filters": tuple(discriminator_filters),
            "generator_strides": tuple(generator_strides),
            "kernel_size": kernel_size,
            "negative_slope": negative_slope,
            "dropout": dropout,
            "use_bias": use_bias,
        }
        generator = build_generator(
            latent_dim,
            base,
            (*generator_filters, shape[-1]),
            generator_strides,
            kernel_size,
            negative_slope,
            use_bias,
        )
        discriminator = build_discriminator(
            shape, discriminator_filters, kernel_size, negative_slope, dropout
        )
        super().__init__(generator, discriminator, **kwargs)
        self._architecture = architecture


def fit_shape(
    image_shape: Sequence[int], filters: Sequence[int], strides: Sequence[int]
) -> tuple[tuple[int, int, int], tuple[int, int]]:
    """Return the checked image shape and the (height, width) at the generator's base."""
    check_sizes("generator_filters", filters)
    check_sizes("generator_strides", strides)
    if len(strides) != len(filters):
        raise InvalidArgumentError(
            "generator_strides needs one stride per entry of generator_filters; "
            f"got {len(strides)} strides for {len(filters)} filters."
        )
    factor = 1
    for stride in strides:
        factor *= stride
    height, width, channels = check_image_shape(image_shape, multiple=factor)
    return (height, width, channels), (height // factor, width // factor)


def build_generator(
    latent_dim: int,
    base: tuple[int, int],
    filters: Sequence[int],
    strides: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    use_bias: bool,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    height, width = base
    network = keras.Sequential([keras.Input((latent_dim,))], name="generator")
    network.add(layers.Dense(height * width * filters[0], use_bias=use_bias))
    for count, stride in zip(filters[1:], strides, strict=True):
        network.add(BatchNormalization())
        network.add(layers.LeakyReLU(negative_slope))
        if len(network.output_shape) == 2:
            network.add(layers.Reshape((height, width, filters[0])))  # (B, 7, 7, 256)
        network.add(
            Conv2DTranspose(count, kernel_size, strides=stride, padding="same", use_bias=use_bias)
        )  # (B, 7, 7, 128), (B, 14, 14, 64), (B, 28, 28, 1)
    network.add(layers.Activation("tanh", dtype="float32"))
    return network


def build_discriminator(
    shape: tuple[int, int, int],
    filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float,
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    network = keras.Sequential([keras.Input(shape)], name="discriminator")
    for count in filters:
        network.add(Conv2D(count, kernel_size, strides=2, padding="same"))
        network.add(layers.LeakyReLU(negative_slope))
        network.add(seeded_dropout(dropout))
    network.add(layers.Flatten())
    network.add(layers.Dense(1))
    return network
