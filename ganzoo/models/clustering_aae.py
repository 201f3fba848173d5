"""ClusteringAAE: an adversarial autoencoder that sorts pictures into clusters, without labels.

Makhzani et al. 2015, Adversarial Autoencoders, arXiv:1511.05644, section 6: the phases of
`ganzoo.game.categories`, with as many classes as clusters are wanted and no label at all. Which
class a cluster shows is found afterwards (`ganzoo.metrics.cluster_error`). Deviations:
convolutions with batch normalisation and dropout instead of dense layers; Adam instead of SGD.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_count, check_rate, check_sizes
from ganzoo.game.categories import CategoricalAutoencoder
from ganzoo.layers.image_counts import count_categorical_parameters
from ganzoo.layers.image_networks import categorical_networks, image_sizes


@keras.saving.register_keras_serializable("ganzoo")
class ClusteringAAE(CategoricalAutoencoder):
    """An autoencoder whose codes are one of some clusters, and a style.

    `fit(images)` trains, `classify(images)` tells the clusters, `encode(images)` the styles, and
    `sample(n, label=3)` draws of cluster 3.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`; the encoder has the
            `discriminator_filters`, and `latent_dim` is the length of a style.
        clusters: How many, >= 2.
        units: Widths of the hidden layers of both discriminators of codes.
        dropout: Dropout rate after each convolution of the encoder, in [0, 1).
        noise: Standard deviation of Gaussian noise on what the encoder sees while training, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        clusters: int = 16,
        latent_dim: int = 5,
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
        clusters = check_count("clusters", clusters, least=2, most=8192)
        units = check_sizes("units", units)
        dropout = check_rate("dropout", dropout)
        networks = categorical_networks(
            classes=clusters, units=units, dropout=dropout, normalised_outputs=True, **sizes
        )
        super().__init__(
            **networks, classes=tuple(map(str, range(clusters))), noise=noise, **kwargs
        )
        stated = {"units": units, "dropout": dropout, "noise": self.noise}
        self._architecture = {**sizes, "clusters": clusters, **stated}

    @staticmethod
    def count_parameters(*, clusters: int, **sizes: Any) -> int:
        """Return at least as many parameters as all networks have."""
        return count_categorical_parameters(classes=clusters, **sizes)
