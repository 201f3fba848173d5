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
from ganzoo.layers import dropout as seeded_dropout


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
        shape = check_image_shape(image_shape)
        check_rate("dropout", dropout)
        check_count("latent_dim", latent_dim, most=8192)
        check_sizes("generator_units", generator_units)
        check_sizes("discriminator_units", discriminator_units)
        self_config = {
            "image_shape": shape,
            "latent_dim": latent_dim,
            "generator_units": tuple(generator_units),
            "discriminator_units": tuple(discriminator_units),
            "negative_slope": negative_slope,
            "dropout": dropout,
            "batch_norm": batch_norm,
        }
        super().__init__(
            build_generator(shape, latent_dim, generator_units, negative_slope, batch_norm),
            build_discriminator(shape, discriminator_units, negative_slope, dropout),
            **kwargs,
        )
        self._architecture = self_config


def build_generator(
    shape: tuple[int, int, int],
    latent_dim: int,
    units: Sequence[int],
    negative_slope: float,
    batch_norm: bool,
) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, height, width, channels) in [-1, 1]."""
    network = keras.Sequential([keras.Input((latent_dim,))], name="generator")
    for width in units:
        network.add(layers.Dense(width))
        network.add(layers.LeakyReLU(negative_slope))
        if batch_norm:
            network.add(BatchNormalization())
    network.add(layers.Dense(math.prod(shape)))
    network.add(layers.Activation("tanh", dtype="float32"))
    network.add(layers.Reshape(shape, dtype="float32"))
    return network


def build_discriminator(
    shape: tuple[int, int, int], units: Sequence[int], negative_slope: float, dropout: float
) -> keras.Model:
    """Return the network (B, height, width, channels) -> logits (B, 1)."""
    network = keras.Sequential([keras.Input(shape), layers.Flatten()], name="discriminator")
    for width in units:
        network.add(layers.Dense(width))
        network.add(layers.LeakyReLU(negative_slope))
        network.add(seeded_dropout(dropout))
    network.add(layers.Dense(1))
    return network
