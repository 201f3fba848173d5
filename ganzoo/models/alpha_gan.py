"""AlphaGAN: an autoencoder and a GAN, with a discriminator of pictures and one of codes.

Rosca et al. 2017, Variational Approaches for Auto-Encoding Generative Adversarial Networks,
arXiv:1706.04987, algorithm 1: both terms of the variational bound that need densities are replaced
by discriminators, the rest is an L1 reconstruction. The adversarial losses of encoder and generator
are -log D + log(1 - D), which is minus the logit. VAEGAN has the Gaussian KL divergence in the
place of the second discriminator, and measures distances in the first one's features. Deviations:
smaller networks; one step of each player.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_rate, check_sizes, check_weight
from ganzoo.game.encoding import EncodingGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    code_discriminator,
    image_discriminator,
    image_encoder,
    image_generator,
    image_sizes,
)
from ganzoo.losses import binary_discriminator_loss, l1_distance, mean

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class AlphaGAN(EncodingGAN):
    """An autoencoder whose reconstructions, samples and codes are all judged.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            filters of the discriminator.
        units: Widths of the hidden layers of the discriminator of codes; the first is that of the
            dense layer of the discriminator of pictures too.
        distance_weight: lambda, the factor of the L1 reconstruction, a mean over pixels in
            [-1, 1]; >= 0.
        dropout: Dropout rate after each convolution of the discriminator of pictures, in [0, 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "encoder": Player(("encoder",), "e_loss"),
        "generator": Player(("generator",), "g_loss"),
        "discriminator": Player(("discriminator",), "d_loss"),
        "code_discriminator": Player(("code_discriminator",), "c_loss"),
    }
    logged = (*GAN.logged, "distance")
    weighted = False

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 50,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: Sequence[int] = (256, 256),
        distance_weight: float = 40.0,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        check_weight("distance_weight", distance_weight)
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        units = check_sizes("units", units)
        codes = code_discriminator(units=units, name="code_discriminator", **sizes)
        super().__init__(
            image_generator(**sizes),
            image_encoder(**sizes),
            image_discriminator(
                dropout=check_rate("dropout", dropout),
                dense_units=units[:1],
                **NORMALISED,
                **sizes,
            ),
            further={"code_discriminator": codes},
            **kwargs,
        )
        self.distance_weight = float(distance_weight)
        stated = {"distance_weight": self.distance_weight, "dropout": dropout}
        self._architecture = {**sizes, "units": units, **stated}

    @staticmethod
    def count_parameters(*, latent_dim: int, units: Sequence[int], **sizes: Any) -> int:
        """Return at least as many parameters as all four networks have."""
        widths = (latent_dim, *units, 1)
        judged = sum((a + 1) * b for a, b in pairwise(widths))
        judged += 5 * units[0] + 1
        return judged + count_image_parameters(
            latent_dim=latent_dim, outputs=(latent_dim, units[0]), **sizes
        )

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1), of pictures."""
        return self.apply(self.discriminator, examples, **options)

    def encoder_objective(self, batch: Batch) -> Objective:
        """Reconstruct, and make codes that pass for draws of the prior."""
        codes = self.codes(batch["real"])
        back = self.apply(self.generator, codes)
        far = l1_distance(back, batch["real"])
        fooled = -mean(ops.cast(self.apply(self.code_discriminator, codes), "float32"))
        known = {"codes": codes, "back": back} if self.at_once else {}
        return Objective(self.distance_weight * far + fooled, {"distance": far}, known)

    def generator_objective(self, batch: Batch) -> Objective:
        """Reconstruct, and make reconstructions and samples that pass for real."""
        if "back" in batch:
            back = batch["back"]
        else:
            back = self.apply(self.generator, self._held_codes(batch))
        logits = [self.judge(made) for made in (back, self._drawn(batch))]
        fooled = sum(-mean(ops.cast(one, "float32")) for one in logits)
        loss = self.distance_weight * l1_distance(back, batch["real"]) + fooled
        known = {"fake_logits": ops.concatenate(logits, axis=0)} if self.at_once else {}
        return Objective(loss, {}, known)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell real pictures from reconstructions and from samples, which are held fixed."""

        def both() -> list[Tensor]:
            back = self.apply(self.generator, self.codes(batch["real"]))
            return [back, self._drawn(batch)]

        if "fake_logits" in batch:
            fake_logits = batch["fake_logits"]
        else:
            # Each kind is a batch of its own, as batch normalisation sees them.
            made = [self.judge(pictures) for pictures in without_gradient(both)]
            fake_logits = ops.concatenate(made, axis=0)
        logits = self.judge(batch["real"]), fake_logits
        return Objective(binary_discriminator_loss(*logits), accuracies(*logits))

    def code_discriminator_objective(self, batch: Batch) -> Objective:
        """Tell draws of the prior from codes, which are held fixed."""
        codes = batch["codes"] if "codes" in batch else self._held_codes(batch)
        drawn = self.draw_normal(ops.shape(codes)[0], self.latent_dim)
        logits = [self.apply(self.code_discriminator, latents) for latents in (drawn, codes)]
        return Objective(binary_discriminator_loss(*logits))

    def _held_codes(self, batch: Batch) -> Tensor:
        return without_gradient(lambda: self.codes(batch["real"]))

    def _drawn(self, batch: Batch) -> Tensor:
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim)
        return self.apply(self.generator, latents)
