"""InfoGAN: codes that the generator must leave readable, so that they come to mean something.

Chen et al. 2016, InfoGAN: Interpretable Representation Learning by Information Maximizing
Generative Adversarial Nets, arXiv:1606.03657: one categorical code and some continuous ones, and a
network Q(c|x) that shares its first layers with the discriminator; both players of eq. 6 subtract
lambda L_I, the lower bound of the mutual information (eq. 5), from what they minimise: the
generator with its own variables, the discriminator with the shared ones and Q's. Deviations:
continuous codes are standard normal and not uniform, so that they are the first numbers of a
latent; Q's Gaussian has unit width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_count, check_positive, check_weight
from ganzoo.feeding import Part
from ganzoo.game.classifying import Classifies
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.labels import one_hot
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers.image_counts import count_image_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    dense_heads,
    image_features,
    image_generator,
    image_sizes,
)
from ganzoo.layers.normalisation import BatchNormalization
from ganzoo.losses import category_loss, l2_distance

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class InfoGAN(Classifies, ConditionalGAN):
    """A GAN that finds classes and directions in pictures without labels.

    `fit(images)` trains; `sample(n, label=3)` draws with the categorical code 3, and the first
    `continuous` numbers of a latent are the continuous codes. `classify(images)` returns Q of the
    categorical code. Logs `categorical`, the cross-entropy of that code in nats, and `continuous`,
    the mean square by which Q misses the others.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        categories: How many values the categorical code has, >= 2.
        continuous: How many continuous codes there are, >= 1 and < latent_dim.
        information_weight: lambda, the factor of L_I, > 0.
        continuous_weight: Factor of the continuous codes in L_I, >= 0; a small one lets the
            categorical code be learned first.
        units: Width of the dense layer that Q and the discriminator share, and of the first one of
            the generator.
        recognition_units: Width of Q's own hidden layer.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    players = {  # noqa: RUF012
        **GAN.players,
        "discriminator": Player(("features", "discriminator", "recognition"), "d_loss"),
    }
    export_names = ("latents", "condition")
    logged = (*GAN.logged, "categorical", "continuous")
    penalised = False  # by batch normalisation a score depends on other pictures
    weighted = False
    classifier = ("features", "recognition")
    class_output = 0

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 64,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        categories: int = 10,
        continuous: int = 2,
        information_weight: float = 1.0,
        continuous_weight: float = 1.0,
        units: int = 512,
        recognition_units: int = 128,
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
        check_count("categories", categories, least=2, most=8192)
        widths = {
            "units": check_count("units", units, most=8192),
            "recognition_units": check_count("recognition_units", recognition_units, most=8192),
        }
        self.continuous = check_count("continuous", continuous, most=latent_dim - 1)
        check_positive("information_weight", information_weight)
        check_weight("continuous_weight", continuous_weight)
        features = build_features(units=units, **sizes)
        networks = {
            "generator": image_generator(condition=categories, dense_units=(units,), **sizes),
            "features": features,
            "discriminator": dense_heads(features, (1,), "discriminator"),
            "recognition": dense_heads(
                features,
                (categories, continuous),
                "recognition",
                (recognition_units,),
                negative_slope,
                BatchNormalization,
            ),
        }
        AdversarialModel.__init__(self, networks, **kwargs)
        self.classes = tuple(map(str, range(categories)))
        self.information_weight = float(information_weight)
        self.continuous_weight = float(continuous_weight)
        self._architecture = {
            **sizes,
            "categories": categories,
            "continuous": continuous,
            "information_weight": self.information_weight,
            "continuous_weight": self.continuous_weight,
            **widths,
        }

    @staticmethod
    def count_parameters(
        *,
        categories: int,
        continuous: int,
        units: int = 512,
        recognition_units: int = 128,
        latent_dim: int,
        **sizes: Any,
    ) -> int:
        """Return at least as many parameters as all networks have."""
        heads = units + 1 + (units + 5 + categories + continuous) * recognition_units
        heads += categories + continuous + 4 * units
        dense = (latent_dim + categories + 5) * units  # what the generator begins with
        return heads + dense + count_image_parameters(latent_dim=units, outputs=(units,), **sizes)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return AdversarialModel.get_config(self)

    @property
    def parts(self) -> Sequence[Part]:
        """The examples, "real"; there are no labels."""
        return super().parts[:1]

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, ...), "condition": (B, categories), "continuous": (B, continuous)}.

        The codes are drawn, the categorical one evenly, the others from a normal.
        """
        batch = GAN.batch(self, data)
        rows, count = ops.shape(batch["real"])[0], len(self.classes)
        codes = ops.floor(count * self.draw_uniform(rows))
        condition = one_hot(codes, count, self.compute_dtype)
        return {
            **batch,
            "condition": condition,
            "continuous": self.draw_normal(rows, self.continuous),
        }

    def generated(self, batch: Batch) -> Tensor:
        """Return as many generated examples as there are real ones, with the codes of the batch."""
        codes = batch["continuous"]
        others = self.draw_normal(ops.shape(codes)[0], self.latent_dim - self.continuous)
        latents = ops.concatenate([codes, others], axis=1)
        return self.augmented(self.generate_from(latents, batch["condition"]))

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1); the codes are not looked at."""
        features = self.apply(self.features, examples, **options)
        return self.apply(self.discriminator, features, **options)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell real from generated, and say by which codes something was generated."""
        if self.at_once:
            fake = self.generated(batch)
        else:
            fake = without_gradient(lambda: self.generated(batch))
        real_logits = self.judge(self.augmented(batch["real"]))
        known = {"fake": fake, **self._seen(fake, batch)}
        fake_logits = known["fake_logits"]
        # The sum over real and generated examples of eq. 1, to which lambda is meant.
        loss = 2.0 * self.discriminator_loss(real_logits, fake_logits) + known["lost"]
        logs = {**self.accuracies(real_logits, fake_logits), **known.pop("logs")}
        return Objective(loss, logs, known if self.at_once else {})

    def generator_objective(self, batch: Batch) -> Objective:
        """Make what the discriminator takes for real, and what Q reads the codes of."""
        if "lost" not in batch:
            fake = self.generated(batch)
            batch = {**batch, "fake": fake, **self._seen(fake, batch)}
        loss = self.generator_loss(batch["fake_logits"]) + batch["lost"]
        return Objective(loss, {}, {"fake": batch["fake"]})

    def _seen(self, fake: Tensor, batch: Batch) -> dict[str, Any]:
        """Return the logits of generated pictures, and what their codes are missed by."""
        features = self.apply(self.features, fake)
        lost, logs = self.information(features, batch)
        logits = self.apply(self.discriminator, features)
        return {"fake_logits": logits, "lost": lost, "logs": logs}

    def information(self, features: Tensor, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return -lambda L_I(G, Q), eq. 5 without the entropy of the codes, which is constant.

        Args:
            features: Of pictures that were generated by the codes of the batch.
            batch: With "condition" and "continuous".
        """
        told, mean = self.apply(self.recognition, features)
        categorical = category_loss(told, batch["condition"])
        # -log of a Gaussian of unit width is half the square, summed over the codes.
        continuous = l2_distance(mean, batch["continuous"])
        loss = categorical + self.continuous_weight * 0.5 * self.continuous * continuous
        logs = {"categorical": categorical, "continuous": continuous}
        return self.information_weight * loss, logs


def build_features(*, image_shape: Sequence[int], units: int, **sizes: Any) -> keras.Model:
    """Return the network of pictures (B, height, width, channels) -> features (B, units)."""
    images = keras.Input(image_shape, name="images")
    seen = image_features(images, dense_units=(units,), **NORMALISED, **sizes)
    return keras.Model(images, seen, name="features")
