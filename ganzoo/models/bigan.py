"""BiGAN: an encoder that learns to invert the generator, in the same game.

Donahue, Krähenbühl, Darrell 2016, Adversarial Feature Learning, arXiv:1605.09782, and Dumoulin et
al. 2016, Adversarially Learned Inference, arXiv:1606.00704: the discriminator tells (x, E(x)) from
(G(z), z), and generator and encoder minimise its loss with the labels exchanged, as
`ganzoo.game.encoding` has it. With `stochastic` the encoder draws from a Gaussian, as in ALI.
Deviation: convolutions, where BiGAN has multilayer perceptrons for MNIST.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_count
from ganzoo.game.encoding import EncodingGAN
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    image_encoder,
    image_generator,
    image_sizes,
    pair_of_codes_discriminator,
)


@keras.saving.register_keras_serializable("ganzoo")
class BiGAN(EncodingGAN):
    """A convolutional GAN with an encoder: `encode(images)`, `reconstruct(images)`.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            filters of the discriminator.
        units: Width of the dense layers of the discriminator, which join picture and latent, and of
            the encoder's last hidden layer.
        stochastic: Whether the encoder states a Gaussian and draws from it while training (ALI).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 50,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: int = 256,
        stochastic: bool = False,
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
        check_count("units", units, most=8192)
        super().__init__(
            image_generator(**sizes),
            image_encoder(stochastic=bool(stochastic), dense_units=(units,), **sizes),
            pair_of_codes_discriminator(units=units, **NORMALISED, **sizes),
            **kwargs,
        )
        self._architecture = {**sizes, "units": units, "stochastic": bool(stochastic)}

    @staticmethod
    def count_parameters(
        *, latent_dim: int, units: int, stochastic: bool = False, **sizes: Any
    ) -> int:
        """Return at least as many parameters as all three networks have."""
        coded = (units + 1) * latent_dim * (2 if stochastic else 1) + 4 * units
        joined = units * (latent_dim + units + 4) + 1
        outputs = (units, units)  # of encoder and discriminator, before their last layers
        images = count_image_parameters(latent_dim=latent_dim, outputs=outputs, **sizes)
        return images + coded + joined
