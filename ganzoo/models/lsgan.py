"""LSGAN: a discriminator by least squares, whose gradient does not vanish far from the boundary.

Mao et al. 2016, Least Squares Generative Adversarial Networks, arXiv:1611.04076, eq. 2 with the
0-1 coding of its eq. 9 (a = 0, b = c = 1). Deviation: smaller networks than the paper's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_count
from ganzoo.game.latent import GAN
from ganzoo.layers.image_counts import count_dense_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    image_discriminator,
    image_generator,
    image_sizes,
)
from ganzoo.losses import least_squares_discriminator_loss, least_squares_generator_loss

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class LSGAN(GAN):
    """A convolutional GAN whose discriminator's output, without a sigmoid, is drawn to 0 and 1.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        units: Width of the discriminator's dense layer, and of the first one of the generator.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    outputs_logits = False
    penalised = False  # by batch normalisation a score depends on other pictures
    boundary = 0.5  # between 0 and 1

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: int = 256,
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
        dense: dict[str, Any] = {"dense_units": (check_count("units", units, most=8192),)}
        generator = image_generator(**sizes, **dense)
        super().__init__(generator, image_discriminator(**sizes, **dense, **NORMALISED), **kwargs)
        self._architecture = {**sizes, "units": units}

    @staticmethod
    def count_parameters(*, units: int, **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        return count_dense_parameters(units=units, **sizes)

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """Half the mean square of D(x) - 1, and half that of D(G(z)): eq. 9, first line."""
        return least_squares_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """Half the mean square of D(G(z)) - 1: eq. 9, second line."""
        return least_squares_generator_loss(fake_logits, **weights)
