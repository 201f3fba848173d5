"""CoGAN: two GANs that share the layers of what is common to both sets.

Liu and Tuzel 2016, Coupled Generative Adversarial Networks, arXiv:1606.07536: the generators share
all layers but the last, which sees features of the picture's size through one kernel, and the
discriminators all but the first; trained on two sets without pairs, they draw pairs. Deviations:
LeakyReLU instead of PReLU, strides instead of pooling, batch norm in the discriminators; what is
not shared starts from the same weights on both sides, so that the game begins with equal pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_rate
from ganzoo.game.coupled import CoupledGAN
from ganzoo.layers import BatchNormalization
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import image_sizes
from ganzoo.layers.stacks import connected, conv_stack, dense_stack, transposed_stack
from ganzoo.layers.strided import Conv2D


@keras.saving.register_keras_serializable("ganzoo")
class CoGAN(CoupledGAN):
    """A convolutional generator of pairs of pictures of one size.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`, of either side. After
            the last of `generator_filters` as many channels have the picture's size.
        units: Width of the dense layer that both discriminators share.
        dropout: Dropout rate after each convolution of the discriminator, in [0, 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: int = 500,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        sizes["units"] = check_count("units", units, most=8192)
        sizes["dropout"] = check_rate("dropout", dropout)
        super().__init__(build_generator(**sizes), build_discriminator(**sizes), **kwargs)
        self._architecture = sizes

    @staticmethod
    def count_parameters(*, units: int = 500, **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        channels, last = sizes["image_shape"][-1], sizes["generator_filters"][-1]
        ends = 2 * (sizes["kernel_size"] ** 2 * last + 1) * channels  # of the generators
        ends += sizes["kernel_size"] ** 2 * last**2 + 5 * last + units + 1
        return ends + count_image_parameters(outputs=(1, units), **sizes)


def build_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    generator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> two pictures (B, ...), alike before any training."""
    latents = keras.Input((latent_dim,), name="latents")
    scale = 2 ** len(generator_filters)
    stack = transposed_stack(
        (image_shape[0] // scale, image_shape[1] // scale),
        (*generator_filters, generator_filters[-1]),
        kernel_size,
        negative_slope,
        use_bias=False,
        normalise=BatchNormalization,
        reshape_first=True,
    )
    shared = connected([*stack, BatchNormalization(), layers.LeakyReLU(negative_slope)], latents)
    last = [Conv2D(image_shape[-1], kernel_size, padding="same") for _ in "ab"]
    made = [
        layers.Activation("tanh", dtype="float32", name=f"images_{which}")(layer(shared))
        for layer, which in zip(last, "ab", strict=True)
    ]
    last[1].set_weights(last[0].get_weights())
    return keras.Model(latents, made, name="generator")


def build_discriminator(
    *,
    image_shape: Sequence[int],
    discriminator_filters: Sequence[int],
    kernel_size: int,
    negative_slope: float,
    units: int,
    dropout: float,
    **_: Any,
) -> keras.Model:
    """Return the network of two pictures -> two logits (B, 1), each of its own picture.

    Equal pictures have equal logits before any training.
    """
    first, rest = discriminator_filters[:1], discriminator_filters[1:]
    shared = conv_stack(
        rest,
        kernel_size,
        negative_slope,
        dropout,
        use_bias=False,
        normalise=BatchNormalization,
    )
    shared += [layers.Flatten(), *dense_stack((units,), negative_slope), layers.Dense(1)]
    images = [keras.Input(image_shape, name=f"images_{which}") for which in "ab"]
    own = [conv_stack(first, kernel_size, negative_slope, dropout) for _ in images]
    logits = [connected([*mine, *shared], one) for mine, one in zip(own, images, strict=True)]
    own[1][0].set_weights(own[0][0].get_weights())
    return keras.Model(images, logits, name="discriminator")
