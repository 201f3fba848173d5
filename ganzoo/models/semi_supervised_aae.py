"""SemiSupervisedAAE: an adversarial autoencoder that learns classes from few labels.

Makhzani et al. 2015, Adversarial Autoencoders, arXiv:1511.05644, section 5: after the
reconstruction and the regularisation phase of `ganzoo.game.categories` comes the classification
phase, in which the encoder minimises the cross-entropy of the labelled pictures. Deviations:
convolutions with batch normalisation and dropout instead of dense layers; Adam instead of SGD.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_rate, check_sizes
from ganzoo.game.categories import CategoricalAutoencoder
from ganzoo.game.classifying import LearnsFromFew
from ganzoo.game.labels import check_classes
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.layers.image_counts import count_categorical_parameters
from ganzoo.layers.image_networks import categorical_networks, image_sizes
from ganzoo.losses import category_loss


@keras.saving.register_keras_serializable("ganzoo")
class SemiSupervisedAAE(LearnsFromFew, CategoricalAutoencoder):
    """A classifier and an autoencoder that learn from few labels and many pictures.

    `fit(GroupedBatches([{"real": images}, {"labelled": few, "label": labels}], ...))` trains,
    `classify(images)` tells classes, `encode(images)` styles, and `sample(n, label=3)` draws.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            `discriminator_filters`, and `latent_dim` is the length of a style.
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        units: Widths of the hidden layers of both discriminators of codes.
        dropout: Dropout rate after each convolution of the encoder, in [0, 1).
        noise: Standard deviation of Gaussian noise on what the encoder sees while training, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        **CategoricalAutoencoder.players,
        "classifier": Player(("features", "categories"), "s_loss"),
    }

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 10,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: Sequence[int] = (256, 256),
        dropout: float = 0.2,
        noise: float = 0.3,
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
        classes, units = check_classes("classes", classes), check_sizes("units", units)
        dropout = check_rate("dropout", dropout)
        networks = categorical_networks(classes=len(classes), units=units, dropout=dropout, **sizes)
        super().__init__(**networks, classes=classes, noise=noise, **kwargs)
        stated = {"units": units, "dropout": dropout, "noise": self.noise}
        self._architecture = {**sizes, "classes": classes, **stated}

    @staticmethod
    def count_parameters(*, classes: Sequence[str], **sizes: Any) -> int:
        """Return at least as many parameters as all networks have."""
        return count_categorical_parameters(classes=len(classes), **sizes)

    def classifier_objective(self, batch: Batch) -> Objective:
        """The classification phase: the cross-entropy of the labelled pictures."""
        told = self.apply(self.categories, self.featured(batch["labelled"]))
        return Objective(category_loss(told, batch["label"]))
