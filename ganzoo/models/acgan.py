"""ACGAN: a discriminator that also tells the class, and a generator that must be told rightly.

Odena, Olah, Shlens 2016, Conditional Image Synthesis with Auxiliary Classifier GANs,
arXiv:1610.09585: the discriminator maximises L_S + L_C, the generator L_C - L_S (eq. 2 and 3), L_C
over real and generated pictures alike. Deviations: the halves of L_S and L_C are averaged, not
added, which is a factor 1/2 of both; the class enters the generator one-hot beside the latents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_weight
from ganzoo.game.auxiliary import AuxiliaryGAN
from ganzoo.game.labels import check_classes
from ganzoo.game.model import AdversarialModel
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import image_discriminator, image_generator, image_sizes


@keras.saving.register_keras_serializable("ganzoo")
class ACGAN(AuxiliaryGAN):
    """A conditional GAN whose discriminator sees no condition but reads it off the picture.

    `sample(n, label=...)` draws, `classify(images)` uses the auxiliary classifier; logs `category`,
    its cross-entropy on generated pictures.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        category_weight: Factor of L_C beside L_S, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        category_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        weight = check_weight("category_weight", category_weight)
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        self.classes = check_classes("classes", classes)
        count = len(self.classes)
        networks = {
            "generator": image_generator(condition=count, **sizes),
            "discriminator": image_discriminator(outputs=(1, count), **sizes),
        }
        AdversarialModel.__init__(self, networks, **kwargs)
        self.category_weight = weight
        stated = {"classes": self.classes, "category_weight": self.category_weight}
        self._architecture = {**sizes, **stated}

    @staticmethod
    def count_parameters(*, classes: Sequence[str], **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        count = len(classes)
        return count_image_parameters(condition=count, outputs=(1 + count,), **sizes)
