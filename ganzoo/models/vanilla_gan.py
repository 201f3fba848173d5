"""VanillaGAN: two multilayer perceptrons.

Goodfellow et al. 2014, Generative Adversarial Networks, arXiv:1406.2661. LeakyReLU, dropout and
Adam are later habits; logits instead of a sigmoid are ours, for numerical stability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.game.latent import GAN
from ganzoo.layers import BatchNormalization
from ganzoo.layers.stacks import dense_stack


@keras.saving.register_keras_serializable("ganzoo")
class VanillaGAN(GAN):
    """A GAN of two multilayer perceptrons for small images.

    With the defaults the generator has 1,486,352 parameters and the discriminator 1,460,225.

    Args:
        image_shape: (height, width, channels).
        latent_dim: Length of a latent vector.
        generator_units: Width of each hidden layer of the generator.
        discriminator_units: Width of each hidden layer of the discriminator.
        negative_slope: Slope of every LeakyReLU below 0.
        dropout: Dropout rate after each hidden layer of the discriminator, in [0, 1).
        batch_norm: Batch normalisation after each activation of the generator.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_units: Sequence[int] = (256, 512, 1024),
        discriminator_units: Sequence[int] = (1024, 512, 256),
        negative_slope: float = 0.2,
        dropout: float = 0.3,
        batch_norm: bool = False,
        **kwargs: Any,
    ) -> None:
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "generator_units": check_sizes("generator_units", generator_units),
            "discriminator_units": check_sizes("discriminator_units", discriminator_units),
            "negative_slope": negative_slope,
            "dropout": check_rate("dropout", dropout),
            "batch_norm": batch_norm,
        }
        super().__init__(
            build_generator(**architecture), build_discriminator(**architecture), **kwargs
        )
        self._architecture = architecture


def build_generator(
    *,
    image_shape: Sequence[int],
    latent_dim: int,
    generator_units: Sequence[int],
    negative_slope: float,
    batch_norm: bool,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    normalise = BatchNormalization if batch_norm else None
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            *dense_stack(generator_units, negative_slope, normalise=normalise),
            layers.Dense(math.prod(image_shape)),
            layers.Activation("tanh", dtype="float32"),
            layers.Reshape(image_shape, dtype="float32"),
        ],
        name="generator",
    )


def build_discriminator(
    *,
    image_shape: Sequence[int],
    discriminator_units: Sequence[int],
    negative_slope: float,
    dropout: float,
    **_: Any,
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    hidden = dense_stack(discriminator_units, negative_slope, dropout)
    return keras.Sequential(
        [keras.Input(image_shape), layers.Flatten(), *hidden, layers.Dense(1)],
        name="discriminator",
    )
