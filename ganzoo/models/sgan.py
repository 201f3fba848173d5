"""SGAN: a discriminator that tells the classes of few labelled pictures, and generated ones apart.

Odena 2016, Semi-Supervised Learning with Generative Adversarial Networks, arXiv:1606.01583, and
Salimans et al. 2016, Improved Techniques for Training GANs, arXiv:1606.03498, section 5: K + 1
classes, of which the generated one has the fixed logit 0, so that D(x) = Z / (Z + 1) with
Z = sum_k exp(l_k), and a generator that matches the mean features of real pictures (section 3.1).
Deviation: convolutions with dropout instead of dense layers with noise and weight normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import without_gradient
from ganzoo.checks import check_rate
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.classifying import Classifies, LearnsFromFew
from ganzoo.game.judging import accuracies
from ganzoo.game.labels import check_classes
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective
from ganzoo.layers.image_networks import (
    count_image_parameters,
    image_features,
    image_generator,
    image_sizes,
)
from ganzoo.losses import category_loss, l2_distance

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class SGAN(LearnsFromFew, Classifies, GAN):
    """A classifier that learns from few labels and many pictures, by a game with a generator.

    `fit(GroupedBatches([{"real": images}, {"labelled": few, "label": labels}], ...))` trains,
    `classify(images)` uses it, `sample(n, seed)` draws. Logs `supervised`, the cross-entropy of the
    labelled pictures.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        dropout: Dropout rate after each convolution of the discriminator, in [0, 1).
        unsupervised_weight: Factor of the game beside the cross-entropy of the labels, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    export_names = ("latents",)
    logged = (*GAN.logged, "supervised")
    averaged = ("generator", "discriminator")
    penalised = False
    augments = False
    weighted = False
    class_output = 0

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        dropout: float = 0.3,
        unsupervised_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        if not unsupervised_weight >= 0:
            raise InvalidArgumentError(
                f"unsupervised_weight must be >= 0; got {unsupervised_weight!r}."
            )
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        classes = check_classes("classes", classes)
        dropout = check_rate("dropout", dropout)
        images = keras.Input(sizes["image_shape"], name="images")
        features = image_features(images, dropout=dropout, **sizes)
        outputs = [layers.Dense(len(classes))(features), features]
        discriminator = keras.Model(images, outputs, name="discriminator")
        networks = {"generator": image_generator(**sizes), "discriminator": discriminator}
        AdversarialModel.__init__(self, networks, **kwargs)
        self.classes = classes
        self.unsupervised_weight = float(unsupervised_weight)
        stated = {"dropout": dropout, "unsupervised_weight": self.unsupervised_weight}
        self._architecture = {**sizes, "classes": classes, **stated}

    @staticmethod
    def count_parameters(*, classes: Sequence[str], **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        return count_image_parameters(outputs=(len(classes),), **sizes)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return log Z (B, 1), the logit of "real"."""
        told = self.apply(self.discriminator, examples, **options)[0]
        return ops.logsumexp(ops.cast(told, "float32"), axis=-1, keepdims=True)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """The cross-entropy of the labels, and that of real against generated."""
        fake = without_gradient(lambda: self.generated(batch))
        told, _ = self.apply(self.discriminator, batch["labelled"])
        supervised = category_loss(told, batch["label"])
        logits = self.judge(batch["real"]), self.judge(fake)
        game = self.discriminator_loss(*logits)
        logs = {**accuracies(*logits), "supervised": supervised}
        return Objective(supervised + self.unsupervised_weight * game, logs)

    def generator_objective(self, batch: Batch) -> Objective:
        """Feature matching: the squared difference of the mean features."""
        known = without_gradient(lambda: self._mean_features(batch["real"]))
        return Objective(l2_distance(self._mean_features(self.generated(batch)), known))

    def _mean_features(self, images: Tensor) -> Tensor:
        features = self.apply(self.discriminator, images)[1]
        return ops.mean(ops.cast(features, "float32"), axis=0)
