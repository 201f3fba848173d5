"""VAEGAN: a variational autoencoder that measures by the features of a discriminator.

Larsen et al. 2015, Autoencoding beyond pixels using a learned similarity metric, arXiv:1512.09300,
algorithm 1: the encoder minimises L_prior + L_like, the decoder, which is the generator, gamma
L_like - L_GAN, the discriminator L_GAN, in which both reconstructions and samples are generated.
L_prior is the KL divergence of the encoder's Gaussians from a standard normal, L_like minus the
log-likelihood of the features of a picture under a Gaussian of width 1 around those of its
reconstruction (eqs. 5 to 8). Deviations: the features are a normalised dense layer, in the place of
a convolution; the generator's loss is the non-saturating one; smaller networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_count, check_weight
from ganzoo.game.encoding import EncodingGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    dense_heads,
    image_encoder,
    image_features,
    image_generator,
    image_sizes,
)
from ganzoo.losses import (
    binary_discriminator_loss,
    gaussian_kl,
    l2_distance,
    non_saturating_generator_loss,
)

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class VAEGAN(EncodingGAN):
    """An autoencoder by Gaussian codes, whose pictures are judged, and compared by the judge.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            filters of the discriminator.
        units: Length of the features, and width of the encoder's last hidden layer.
        similarity_weight: gamma, how much the generator heeds L_like, in nats; >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "encoder": Player(("encoder",), "e_loss"),
        "generator": Player(("generator",), "g_loss"),
        "discriminator": Player(("features", "discriminator"), "d_loss"),
    }
    logged = (*GAN.logged, "kl", "distance")
    weighted = False

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 50,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: int = 256,
        similarity_weight: float = 0.01,
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
        images = keras.Input(sizes["image_shape"], name="images")
        seen = image_features(images, **dense, **NORMALISED, **sizes)
        features = keras.Model(images, seen, name="features")
        super().__init__(
            image_generator(**sizes),
            image_encoder(stochastic=True, **dense, **sizes),
            dense_heads(features, (1,), "discriminator"),
            further={"features": features},
            **kwargs,
        )
        self.similarity_weight = check_weight("similarity_weight", similarity_weight)
        self._architecture = {**sizes, "units": units, "similarity_weight": self.similarity_weight}

    @staticmethod
    def count_parameters(*, latent_dim: int, units: int, **sizes: Any) -> int:
        """Return at least as many parameters as all four networks have."""
        outputs = (units, units)  # of encoder and features, before their last layers
        images = count_image_parameters(latent_dim=latent_dim, outputs=outputs, **sizes)
        return images + (units + 1) * 2 * latent_dim + 4 * units + 5 * units + 1

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1)."""
        seen = self.apply(self.features, ops.convert_to_tensor(examples), **options)
        return self.apply(self.discriminator, seen, **options)

    def dissimilarity(self, seen: Tensor, known: Tensor) -> Tensor:
        """Return L_like in nats without its constant: half the squared distance of features."""
        return 0.5 * seen.shape[-1] * l2_distance(seen, known)

    def encoder_objective(self, batch: Batch) -> Objective:
        """L_prior + L_like: codes that are normal, and that know what the discriminator sees."""
        real = batch["real"]
        codes, centre, log_deviation = self.drawn_codes(self.apply(self.encoder, real))
        kl = gaussian_kl(centre, log_deviation)
        back = self.apply(self.generator, codes)
        seen, known = self.apply(self.features, back), self.apply(self.features, real)
        far = self.dissimilarity(seen, known)
        passed = {"seen": seen, "known": known} if self.at_once else {}
        return Objective(kl + far, {"kl": kl, "distance": far}, passed)

    def generator_objective(self, batch: Batch) -> Objective:
        """gamma L_like - L_GAN: reconstructions alike by features, and all that is made real."""
        if "seen" in batch:
            seen, known = batch["seen"], batch["known"]
        else:
            seen = self.apply(self.features, self.reconstructed(batch))
            known = without_gradient(lambda: self.apply(self.features, batch["real"]))
        drawn = self.apply(self.features, self._drawn(batch))
        logits = [self.apply(self.discriminator, one) for one in (seen, drawn)]
        fooled = sum(map(non_saturating_generator_loss, logits))
        loss = self.similarity_weight * self.dissimilarity(seen, known) + fooled
        passed = {"fake_logits": ops.concatenate(logits, axis=0)} if self.at_once else {}
        return Objective(loss, {}, passed)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """L_GAN: tell real pictures from reconstructions and samples, which are held fixed."""
        if "fake_logits" in batch:
            fake_logits = batch["fake_logits"]
            real_logits = self.apply(self.discriminator, batch["known"])
        else:
            # Each kind is a batch of its own, as batch normalisation sees them.
            made = without_gradient(lambda: [self.reconstructed(batch), self._drawn(batch)])
            fake_logits = ops.concatenate([self.judge(one) for one in made], axis=0)
            real_logits = self.judge(batch["real"])
        logits = real_logits, fake_logits
        return Objective(binary_discriminator_loss(*logits), accuracies(*logits))

    def reconstructed(self, batch: Batch) -> Tensor:
        """Return what the generator makes of codes of the batch, which are held fixed."""
        return self.apply(self.generator, without_gradient(lambda: self.codes(batch["real"])))

    def _drawn(self, batch: Batch) -> Tensor:
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim)
        return self.apply(self.generator, latents)
