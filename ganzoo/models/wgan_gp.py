"""WGANGP: a Wasserstein GAN with gradient penalty, for images and for vectors.

Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv:1704.00028. Dense layers, or
strided convolutions where filters are given. No batch norm in the critic, as the penalty is one per
example (the paper's section 4); in the generator by an option, which the paper's convolutional ones
have. LeakyReLU throughout. The critic steps of one generator step see the same real batch, against
fresh generated ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.wasserstein import WassersteinGAN
from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.layers.stacks import conv_stack, dense_stack, transposed_stack


@keras.saving.register_keras_serializable("ganzoo")
class WGANGP(WassersteinGAN):
    """A Wasserstein GAN with gradient penalty.

    Images, data_shape (height, width, channels), are in [-1, 1]; vectors, data_shape (n,), have any
    range, but train best when each column has mean 0 and deviation 1.

    Args:
        data_shape: (height, width, channels) or (n,).
        latent_dim: Length of a latent vector.
        generator_units: Widths of the generator's hidden dense layers.
        discriminator_units: Widths of the critic's hidden dense layers.
        generator_filters: For images: channels at the dense base and after each transposed
            convolution (stride 2) but the last, which makes the image. Empty: dense layers only.
        discriminator_filters: For images: channels of each convolution, stride 2.
        kernel_size: Side of all kernels.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate after each hidden layer of the critic, in [0, 1).
        batch_norm: Batch normalisation after each hidden layer of the generator.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        data_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_units: Sequence[int] = (),
        discriminator_units: Sequence[int] = (),
        generator_filters: Sequence[int] = (128, 64),
        discriminator_filters: Sequence[int] = (64, 128),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        dropout: float = 0.0,
        batch_norm: bool = False,
        **kwargs: Any,
    ) -> None:
        shape = check_shape(data_shape, generator_filters, discriminator_filters)
        sizes = {
            "generator_units": generator_units,
            "discriminator_units": discriminator_units,
            "generator_filters": generator_filters,
            "discriminator_filters": discriminator_filters,
        }
        architecture: dict[str, Any] = {
            "data_shape": shape,
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            **{name: check_sizes(name, v) if len(v) else () for name, v in sizes.items()},
            "kernel_size": check_count("kernel_size", kernel_size, most=64),
            "negative_slope": negative_slope,
            "dropout": check_rate("dropout", dropout),
            "batch_norm": batch_norm,
        }
        super().__init__(build_generator(**architecture), build_critic(**architecture), **kwargs)
        self._architecture = architecture

    @property
    def data_range(self) -> tuple[float, float] | None:
        """[-1, 1] for images; any numbers for vectors."""
        return (-1.0, 1.0) if len(self.data_shape) == 3 else None


def check_shape(
    data_shape: Any, generator_filters: Sequence[int], discriminator_filters: Sequence[int]
) -> tuple[int, ...]:
    """Return the checked data shape: of a vector, or of images that the strides can make."""
    shape = tuple(data_shape) if isinstance(data_shape, Sequence) else ()
    if len(shape) == 1:
        if len(generator_filters) or len(discriminator_filters):
            raise InvalidArgumentError(
                f"Filters are for images; data_shape {shape} is a vector's. Pass "
                "generator_filters=() and discriminator_filters=(), and units instead."
            )
        return (check_count("The vector's length", shape[0], most=8192),)
    if len(shape) != 3:
        raise InvalidArgumentError(
            f"data_shape must be (height, width, channels) or (n,); got {data_shape!r}."
        )
    return check_image_shape(shape, multiple=2 ** len(generator_filters))


def build_generator(
    *,
    data_shape: Sequence[int],
    latent_dim: int,
    generator_units: Sequence[int],
    generator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    batch_norm: bool,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, *data_shape); images end in a tanh."""
    normalise = BatchNormalization if batch_norm else None
    stack = dense_stack(generator_units, negative_slope, normalise=normalise)
    if generator_filters:
        height, width = (side // 2 ** len(generator_filters) for side in data_shape[:2])
        channels = (*generator_filters, data_shape[-1])
        stack += transposed_stack(
            (height, width),
            channels,
            kernel_size,
            negative_slope,
            use_bias=normalise is None,
            normalise=normalise,
            reshape_first=True,
        )
    else:
        stack += [layers.Dense(math.prod(data_shape)), layers.Reshape(data_shape)]
    last = layers.Activation("tanh" if len(data_shape) == 3 else "linear", dtype="float32")
    return keras.Sequential([keras.Input((latent_dim,)), *stack, last], name="generator")


def build_critic(
    *,
    data_shape: Sequence[int],
    discriminator_filters: Sequence[int],
    discriminator_units: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float,
    **_: Any,
) -> keras.Model:
    """Return the network (B, *data_shape) -> scores (B, 1)."""
    rate = dropout or None
    return keras.Sequential(
        [
            keras.Input(data_shape),
            *conv_stack(discriminator_filters, kernel_size, negative_slope, rate),
            layers.Flatten(),
            *dense_stack(discriminator_units, negative_slope, rate),
            layers.Dense(1),
        ],
        name="critic",
    )
