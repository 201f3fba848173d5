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

from ganzoo._backend import without_gradient
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.classifying import Classifies
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.labels import check_classes
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective
from ganzoo.layers.image_networks import (
    count_image_parameters,
    image_discriminator,
    image_generator,
    image_sizes,
)
from ganzoo.losses import category_loss

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ACGAN(Classifies, ConditionalGAN):
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

    export_names = ("latents", "condition")
    logged = (*GAN.logged, "category")
    weighted = False

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
        if not category_weight >= 0:
            raise InvalidArgumentError(f"category_weight must be >= 0; got {category_weight!r}.")
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
        self.category_weight = float(category_weight)
        stated = {"classes": self.classes, "category_weight": self.category_weight}
        self._architecture = {**sizes, **stated}

    @staticmethod
    def count_parameters(*, classes: Sequence[str], **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        count = len(classes)
        return count_image_parameters(condition=count, outputs=(1 + count,), **sizes)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1); the condition is not looked at."""
        return self.apply(self.discriminator, examples, **options)[0]

    def discriminator_objective(self, batch: Batch) -> Objective:
        """L_S + L_C (eq. 2 and 3), negated; the generator is held fixed."""
        if self.at_once:
            fake = self.generated(batch)
        else:
            fake = without_gradient(lambda: self.generated(batch))
        real, condition = self.augmented(batch["real"]), batch["condition"]
        real_logits, real_told = self.apply(self.discriminator, real)
        fake_logits, fake_told = self.apply(self.discriminator, fake)
        category = category_loss(real_told, condition) + category_loss(fake_told, condition)
        loss = self.discriminator_loss(real_logits, fake_logits)
        loss = loss + 0.5 * self.category_weight * category
        penalty = self.penalty_of(lambda x, rows=None: self.judge(x), real, fake)
        known = {"fake": fake, "fake_logits": fake_logits, "fake_told": fake_told}
        return Objective(
            loss if penalty is None else loss + penalty,
            accuracies(real_logits, fake_logits),
            known if self.at_once else {},
        )

    def generator_objective(self, batch: Batch) -> Objective:
        """L_C - L_S of generated pictures, negated, L_S in its non-saturating form."""
        if "fake" in batch:
            fake, logits, told = (batch[key] for key in ("fake", "fake_logits", "fake_told"))
        else:
            fake = self.generated(batch)
            logits, told = self.apply(self.discriminator, fake)
        category = category_loss(told, batch["condition"])
        loss = self.generator_loss(logits) + self.category_weight * category
        return Objective(loss, {"category": category}, {"fake": fake})
