"""PixelDA: pictures with labels are made to look like pictures without, and a classifier learns.

Bousmalis et al. 2016, Unsupervised Pixel-Level Domain Adaptation with Generative Adversarial
Networks, arXiv:1612.05424: a residual generator of a picture and a noise vector, which becomes a
further channel; `ganzoo.game.adaptation` has the three losses (eq. 1 to 3). The discriminator is
under noise and dropout, as in the authors' code. Deviations: narrower networks with fewer blocks;
without the content loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.adaptation import DomainAdapter
from ganzoo.layers import BatchNormalization
from ganzoo.layers.image_networks import image_discriminator
from ganzoo.layers.stacks import connected, conv_stack, dense_stack


@keras.saving.register_keras_serializable("ganzoo")
class PixelDA(DomainAdapter):
    """Adapts a classifier to target pictures of the size of the source pictures.

    Args:
        source_shape: (height, width, channels) of source pictures.
        channels: Of target pictures, a multiple of those of source pictures.
        classes: Names of the classes, in the order of the labels; the ten digits by default.
        latent_dim: Length of the noise vector.
        filters: Channels of the generator.
        blocks: Its residual blocks.
        discriminator_filters: Channels of each convolution of the discriminator, stride 2, with
            batch normalisation after all but the first.
        classifier_filters: The same of the classifier.
        classifier_units: Width of the dense layer of the classifier.
        task_weight: Factor beta of the classifier's loss in the generator's, >= 0.
        noise: Standard deviation of the noise after each convolution of the discriminator while
            training, >= 0.
        dropout: Dropout rate there, in [0, 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        source_shape: Sequence[int] = (28, 28, 1),
        channels: int = 3,
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 10,
        filters: int = 24,
        blocks: int = 3,
        discriminator_filters: Sequence[int] = (32, 64, 128),
        classifier_filters: Sequence[int] = (32, 48),
        classifier_units: int = 100,
        task_weight: float = 1.0,
        noise: float = 0.2,
        dropout: float = 0.1,
        **kwargs: Any,
    ) -> None:
        shape = check_image_shape(source_shape)
        if check_count("channels", channels, most=4096) % shape[-1] or not task_weight >= 0:
            raise InvalidArgumentError(
                f"channels must be a multiple of the sources' {shape[-1]}, and task_weight >= 0; "
                f"got {channels} and {task_weight!r}."
            )
        sizes: dict[str, Any] = {
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": check_count("filters", filters, most=1024),
            "blocks": check_count("blocks", blocks, most=64),
            "discriminator_filters": check_sizes("discriminator_filters", discriminator_filters),
            "classifier_filters": check_sizes("classifier_filters", classifier_filters),
            "classifier_units": check_count("classifier_units", classifier_units, most=8192),
        }
        if not noise >= 0.0:
            raise InvalidArgumentError(f"noise must be >= 0; got {noise!r}.")
        unsure: dict[str, Any] = {"noise": float(noise), "dropout": check_rate("dropout", dropout)}
        target = (*shape[:2], channels)
        judged = {**sizes, "kernel_size": 3, "negative_slope": 0.2}
        super().__init__(
            build_generator(source_shape=shape, channels=channels, **sizes),
            image_discriminator(
                image_shape=target,
                normalise=BatchNormalization,
                bare_first=True,
                **judged,
                **unsure,
            ),
            build_classifier(target_shape=target, classes=len(classes), **sizes),
            classes,
            task_weight=task_weight,
            **kwargs,
        )
        stated = {"classes": self.classes, "task_weight": self.task_weight, **unsure}
        self._architecture = {"source_shape": shape, "channels": channels, **sizes, **stated}

    @staticmethod
    def count_parameters(
        *,
        source_shape: Sequence[int],
        channels: int,
        classes: Sequence[str],
        latent_dim: int,
        filters: int,
        blocks: int,
        discriminator_filters: Sequence[int],
        classifier_filters: Sequence[int],
        classifier_units: int,
        **_: Any,
    ) -> int:
        """Return at least as many parameters as all three networks have."""
        area = source_shape[0] * source_shape[1]
        made = (latent_dim + 1) * area + 9 * filters * (source_shape[-1] + 1 + channels) + channels
        made += blocks * (18 * filters**2 + 10 * filters) + filters
        total = made + classifier_units * (len(classes) + 1) + len(classes)
        judges = (discriminator_filters, 1), (classifier_filters, classifier_units)
        for widths, outputs in judges:
            steps = zip((channels, *widths), widths, strict=False)
            total += 25 * sum(a * b for a, b in steps) + 5 * sum(widths)
            halved = [-(-side // 2 ** len(widths)) for side in source_shape[:2]]
            total += (halved[0] * halved[1] * widths[-1] + 1) * outputs
        return total


def build_generator(
    *,
    source_shape: Sequence[int],
    channels: int,
    latent_dim: int,
    filters: int,
    blocks: int,
    **_: Any,
) -> keras.Model:
    """Return the network [(B, h, w, c), (B, latent_dim)] -> (B, h, w, channels) in [-1, 1]."""
    height, width = source_shape[:2]
    source = keras.Input(source_shape, name="source")
    latents = keras.Input((latent_dim,), name="latents")
    noise = layers.Reshape((height, width, 1))(layers.Dense(height * width)(latents))
    x = layers.Concatenate()([source, noise])
    x = layers.ReLU()(layers.Conv2D(filters, 3, padding="same")(x))
    for _block in range(blocks):
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        y = layers.ReLU()(BatchNormalization()(y))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        x = layers.Add()([x, BatchNormalization()(y)])
    x = layers.Conv2D(channels, 3, padding="same")(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([source, latents], images, name="generator")


def build_classifier(
    *,
    target_shape: Sequence[int],
    classes: int,
    classifier_filters: Sequence[int],
    classifier_units: int,
    **_: Any,
) -> keras.Model:
    """Return the network (B, h, w, channels) -> logits (B, classes)."""
    images = keras.Input(target_shape, name="images")
    x = connected(conv_stack(classifier_filters, 5, 0.0), images)
    x = connected(dense_stack((classifier_units,), 0.0), layers.Flatten()(x))
    return keras.Model(images, layers.Dense(classes)(x), name="task_classifier")
