"""SAGAN: attention over the whole picture, spectral normalisation, hinge loss, two rates.

Zhang, Goodfellow, Metaxas, Odena 2018, Self-Attention Generative Adversarial Networks,
arXiv:1805.08318: residual blocks as in Miyato et al. 2018 (arXiv:1802.05957), spectral
normalisation in both networks, class-conditional batch norm in the generator, a projection in the
discriminator (arXiv:1802.05637), attention at one size of the features. Deviations: small networks,
and pictures of any size that the levels allow.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count, check_image_shape, check_sizes
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.labels import check_classes
from ganzoo.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
    SpectralNormalization,
)
from ganzoo.layers.strided import Conv2D
from ganzoo.losses import hinge_discriminator_loss, hinge_generator_loss

Tensor = Any
RATES = {"discriminator": 4e-4, "generator": 1e-4}  # section 4.2


@keras.saving.register_keras_serializable("ganzoo")
class SAGAN(ConditionalGAN):
    """A conditional GAN for images whose sides are multiples of 2 to the number of levels but one.

    Fresh models are compiled with Adam(beta_1 0, beta_2 0.9), 4e-4 for the discriminator and 1e-4
    for the generator.

    Args:
        image_shape: (height, width, channels).
        classes: Names of the classes, in the order of the labels.
        latent_dim: Length of a latent vector.
        filters: Channels of each level of both networks, from the smallest pictures to the image's
            size; each is twice as large as the one before.
        attention: The level, counted from the smallest pictures, after which both networks attend.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        classes: Sequence[str] = tuple("0123456789"),
        latent_dim: int = 128,
        filters: Sequence[int] = (256, 128, 64, 32),
        attention: int = 2,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("filters", filters)
        architecture: dict[str, Any] = {
            "image_shape": check_image_shape(image_shape, multiple=2 ** (len(filters) - 1)),
            "classes": check_classes("classes", classes),
            "latent_dim": check_count("latent_dim", latent_dim, most=8192),
            "filters": filters,
            "attention": check_count("attention", attention, most=len(filters) - 1, least=0),
        }
        networks = build_generator(**architecture), build_discriminator(**architecture)
        super().__init__(*networks, classes, **kwargs)
        self._architecture = architecture

    def default_optimizer(self, player: str) -> Any:
        """Return Adam(beta_1 0, beta_2 0.9) with the player's rate."""
        return keras.optimizers.Adam(RATES[player], beta_1=0.0, beta_2=0.9)

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], eq. 4."""
        return hinge_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """-E[D(G(z))], eq. 4."""
        return hinge_generator_loss(fake_logits, **weights)

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        classes: Sequence[str],
        latent_dim: int,
        filters: Sequence[int],
        attention: int,
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have, with vectors of their norms."""
        height, width, channels = image_shape
        base = filters[0] * height * width // 4 ** (len(filters) - 1)
        condition, seen = 2 * len(classes) + 2, filters[attention]
        count = (latent_dim + 2) * base + 2 * (4 * seen * seen + 4 * seen + 1)
        count += (18 * channels + 6) * filters[-1] + 2 * channels
        count += (len(classes) + 1) * (filters[0] + 2)
        for narrow, wide in itertools.pairwise((*reversed(filters),)):
            kernels = (
                10 * narrow * wide + 9 * max(narrow, wide) ** 2
            )  # of a block in either network
            norms = condition * (narrow + wide)
            count += 2 * (kernels + 6 * max(narrow, wide)) + norms
        return count


def build_generator(
    *,
    image_shape: Sequence[int],
    classes: Sequence[str],
    latent_dim: int,
    filters: Sequence[int],
    attention: int,
) -> keras.Model:
    """Return the network [(B, latent_dim), (B, classes)] -> (B, height, width, channels)."""
    latents, condition = keras.Input((latent_dim,)), keras.Input((len(classes),))
    factor = 2 ** (len(filters) - 1)
    base = (image_shape[0] // factor, image_shape[1] // factor, filters[0])
    x = layers.Reshape(base)(_spectral(layers.Dense(math.prod(base)))(latents))

    def normalised(x: Tensor) -> Tensor:
        return layers.ReLU()(ConditionalBatchNormalization(len(classes))([x, condition]))

    for level, width in enumerate(filters):
        if level:
            y = _convolution(width)(layers.UpSampling2D()(normalised(x)))
            y = _convolution(width)(normalised(y))
            x = layers.Add()([_convolution(width, 1)(layers.UpSampling2D()(x)), y])
        x = SelfAttention(spectral=True)(x) if level == attention else x
    x = _convolution(image_shape[-1])(layers.ReLU()(BatchNormalization()(x)))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([latents, condition], images, name="generator")


def build_discriminator(
    *,
    image_shape: Sequence[int],
    classes: Sequence[str],
    filters: Sequence[int],
    attention: int,
    **_: Any,
) -> keras.Model:
    """Return the network [(B, height, width, channels), (B, classes)] -> logits (B, 1)."""
    images, condition = keras.Input(image_shape), keras.Input((len(classes),))
    x = _convolution(filters[-1])(images)
    for level in reversed(range(len(filters))):
        x = SelfAttention(spectral=True)(x) if level == attention else x
        if level:
            width = filters[level - 1]
            y = _convolution(width)(layers.ReLU()(x))
            y = layers.AveragePooling2D(2)(_convolution(width)(layers.ReLU()(y)))
            x = layers.Add()([layers.AveragePooling2D(2)(_convolution(width, 1)(x)), y])
    x = ops.sum(layers.ReLU()(x), axis=(1, 2))  # (B, channels)
    projections = _spectral(layers.Dense(len(classes), use_bias=False))(x)
    asked_for = layers.Dot(axes=1)([projections, condition])  # (B, 1)
    logits = layers.Add()([_spectral(layers.Dense(1))(x), asked_for])
    return keras.Model([images, condition], logits, name="discriminator")


def _spectral(layer: Any) -> Any:
    return SpectralNormalization(layer)


def _convolution(filters: int, kernel_size: int = 3) -> Any:
    return _spectral(Conv2D(filters, kernel_size, padding="same"))
