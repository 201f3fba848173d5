"""AdversarialAutoencoder: an autoencoder whose codes are drawn towards a prior by a game.

Makhzani et al. 2015, Adversarial Autoencoders, arXiv:1511.05644, section 2: in turn the
reconstruction phase (encoder and decoder), and the regularisation phase, in which a discriminator
tells codes from draws of the prior, a standard normal, and the encoder fools it. Deviations:
convolutions; the generator is the paper's decoder; unsupervised, without the labels of section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_positive, check_sizes
from ganzoo.game.encoding import EncodingGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import (
    code_discriminator,
    image_encoder,
    image_generator,
    image_sizes,
)
from ganzoo.losses import l2_distance

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class AdversarialAutoencoder(EncodingGAN):
    """An autoencoder that also generates: its codes of data are distributed as its latents.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            `discriminator_filters`.
        units: Widths of the hidden layers of the discriminator of codes.
        stochastic: Whether the encoder states a Gaussian and draws from it while training.
        adversarial_weight: Factor of the encoder's loss in the regularisation phase, > 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "autoencoder": Player(("encoder", "generator"), "r_loss"),
        "discriminator": Player(("discriminator",), "d_loss"),
        "encoder": Player(("encoder",), "g_loss"),
    }
    logged = GAN.logged
    weighted = False

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 16,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: Sequence[int] = (256, 256),
        stochastic: bool = False,
        adversarial_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        check_positive("adversarial_weight", adversarial_weight)
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        units = check_sizes("units", units)
        super().__init__(
            image_generator(**sizes),
            image_encoder(stochastic=bool(stochastic), **sizes),
            code_discriminator(units=units, name="discriminator", **sizes),
            **kwargs,
        )
        self.adversarial_weight = float(adversarial_weight)
        stated = {"units": units, "stochastic": bool(stochastic)}
        self._architecture = {**sizes, **stated, "adversarial_weight": self.adversarial_weight}

    @staticmethod
    def count_parameters(
        *, latent_dim: int, units: Sequence[int], stochastic: bool = False, **sizes: Any
    ) -> int:
        """Return at least as many parameters as all three networks have."""
        widths = (latent_dim, *units, 1)
        judged = sum((a + 1) * b for a, b in pairwise(widths))
        outputs = (latent_dim * (2 if stochastic else 1),)
        return judged + count_image_parameters(latent_dim=latent_dim, outputs=outputs, **sizes)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits (B, 1) of "drawn from the prior", of the codes of examples."""
        latents = self.apply(self.encoder, examples, **options)[:, : self.latent_dim]
        return self.apply(self.discriminator, latents, **options)

    def autoencoder_objective(self, batch: Batch) -> Objective:
        """The reconstruction phase: the mean square of what is lost."""
        back = self.apply(self.generator, self.codes(batch["real"]))
        return Objective(l2_distance(back, batch["real"]))

    def discriminator_objective(self, batch: Batch) -> Objective:
        """The regularisation phase: tell draws of the prior from codes, which are held fixed."""
        coded = without_gradient(lambda: self.codes(batch["real"]))
        drawn = self.draw_normal(ops.shape(coded)[0], self.latent_dim)
        logits = [self.apply(self.discriminator, latents) for latents in (drawn, coded)]
        return Objective(self.discriminator_loss(*logits), accuracies(*logits))

    def encoder_objective(self, batch: Batch) -> Objective:
        """The regularisation phase: make codes that pass for draws of the prior."""
        logits = self.apply(self.discriminator, self.codes(batch["real"]))
        return Objective(self.adversarial_weight * self.generator_loss(logits))
