"""DCGAN: strided convolutions in both networks, batch norm in the generator.

Radford, Metz, Chintala 2015, arXiv:1511.06434. We follow the small form that lectures use for
28x28 and 48x48 images: two strided steps, LeakyReLU in the generator too, logits instead of a
sigmoid, and dropout in the discriminator, which has the paper's batch norm when told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_rate, check_sizes
from ganzoo.game.latent import GAN
from ganzoo.layers import BatchNormalization
from ganzoo.layers.stacks import conv_stack, dense_stack, fit_shape, transposed_stack


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
        discriminator_batch_norm: Whether batch normalisation follows each of its convolutions but
            the first, as in the paper; then no penalty can be compiled.
        discriminator_units: Widths of its dense layers before the logit. Without one it is linear
            in features of parts of a picture, and cannot tell whether they belong together.
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
        discriminator_batch_norm: bool = False,
        discriminator_units: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        shape, base = fit_shape(image_shape, generator_filters, generator_strides)
        architecture: dict[str, Any] = {
            "image_shape": shape,
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "generator_filters": tuple(generator_filters),
            "discriminator_filters": check_sizes("discriminator_filters", discriminator_filters),
            "generator_strides": tuple(generator_strides),
            "kernel_size": check_count("kernel_size", kernel_size, most=64),
            "negative_slope": negative_slope,
            "dropout": check_rate("dropout", dropout),
            "use_bias": use_bias,
            "discriminator_batch_norm": bool(discriminator_batch_norm),
            "discriminator_units": tuple(discriminator_units)
            and check_sizes("discriminator_units", discriminator_units),
        }
        # By batch normalisation a score depends on other pictures.
        self.penalised = not discriminator_batch_norm
        super().__init__(
            build_generator(base=base, **architecture),
            build_discriminator(**architecture),
            **kwargs,
        )
        self._architecture = architecture


def build_generator(
    *,
    base: tuple[int, int],
    image_shape: Sequence[int],
    latent_dim: int,
    generator_filters: Sequence[int],
    generator_strides: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    use_bias: bool,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    stack = transposed_stack(
        base,
        (*generator_filters, image_shape[-1]),
        kernel_size,
        negative_slope,
        strides=generator_strides,
        use_bias=use_bias,
        normalise=BatchNormalization,
    )  # (B, 7, 7, 256), (B, 7, 7, 128), (B, 14, 14, 64), (B, 28, 28, 1)
    images = layers.Activation("tanh", dtype="float32")
    return keras.Sequential([keras.Input((latent_dim,)), *stack, images], name="generator")


def build_discriminator(
    *,
    image_shape: Sequence[int],
    discriminator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    dropout: float,
    discriminator_batch_norm: bool,
    discriminator_units: Sequence[int],
    **_: Any,
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    normalise = BatchNormalization if discriminator_batch_norm else None
    stack = conv_stack(
        discriminator_filters,
        kernel_size,
        negative_slope,
        dropout,
        use_bias=normalise is None,
        normalise=normalise,
        bare_first=True,
    )
    stack += [
        layers.Flatten(),
        *dense_stack(
            discriminator_units, negative_slope, normalise=normalise, normalise_first=True
        ),
        layers.Dense(1),
    ]
    return keras.Sequential([keras.Input(image_shape), *stack], name="discriminator")
