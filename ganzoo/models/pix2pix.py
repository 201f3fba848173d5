"""Pix2Pix: a picture out of another, learned from pairs.

Isola, Zhu, Zhou, Efros 2016, Image-to-Image Translation with Conditional Adversarial Networks,
arXiv:1611.07004: a U-Net, a discriminator of patches that sees source and target, and an L1
distance from the target. Deviations: four levels by default, for small pictures, instead of eight;
C64-C128-C256 instead of C64-C512 in the discriminator; dropout in training alone, so that the same
source gives the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_image_shape, check_rate, check_sizes
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.translation import Translator
from ganzoo.layers import BatchNormalization
from ganzoo.layers.patches import count_patch_parameters, patch_logits
from ganzoo.layers.unet import count_unet_parameters, unet
from ganzoo.losses import l1_distance
from ganzoo.schedules import plain, read, value_at


@keras.saving.register_keras_serializable("ganzoo")
class Pix2Pix(Translator):
    """Learns from pairs; logs `l1`, the mean absolute distance from the target, beside the losses.

    Args:
        source_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `generator_filters`.
        channels: Channels of the target.
        generator_filters: Channels of each level of the U-Net, from the picture down.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        distance_weight: Factor of the L1 distance in the generator's loss, >= 0 (the paper's 100).
        adversarial_weight: Factor of the adversarial loss, >= 0: a number, or a schedule of images
            seen; 0 is the distance alone, which blurs.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    logged = ("l1",)
    weighted = True

    def __init__(
        self,
        source_shape: Sequence[int] = (48, 48, 1),
        channels: int = 1,
        generator_filters: Sequence[int] = (64, 128, 256, 256),
        discriminator_filters: Sequence[int] = (64, 128, 256),
        dropout: float = 0.5,
        distance_weight: float = 100.0,
        adversarial_weight: Any = 1.0,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("generator_filters", generator_filters)
        source_shape = check_image_shape(source_shape, multiple=2 ** len(filters))
        target_shape = check_image_shape((*source_shape[:2], channels))
        judged = check_sizes("discriminator_filters", discriminator_filters)
        check_rate("dropout", dropout)
        distance_weight = read("distance_weight", distance_weight, least=0.0)
        adversarial_weight = read("adversarial_weight", adversarial_weight, least=0.0)
        super().__init__(
            build_generator(
                source_shape=source_shape, channels=channels, filters=filters, dropout=dropout
            ),
            build_discriminator(
                source_shape=source_shape, target_shape=target_shape, filters=judged
            ),
            **kwargs,
        )
        self.distance_weight, self.adversarial_weight = distance_weight, adversarial_weight
        self._architecture = {
            "source_shape": source_shape,
            "channels": channels,
            "generator_filters": filters,
            "discriminator_filters": judged,
            "dropout": dropout,
            "distance_weight": plain(distance_weight),
            "adversarial_weight": plain(adversarial_weight),
        }

    @staticmethod
    def count_parameters(
        *,
        source_shape: Sequence[int],
        channels: int,
        generator_filters: Sequence[int],
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        made = count_unet_parameters(source_shape[-1], generator_filters, channels)
        judged = count_patch_parameters(source_shape[-1] + channels, discriminator_filters)
        return made + judged

    def generator_objective(self, batch: Batch) -> Objective:
        """-log D(x, G(x)) + distance_weight * |y - G(x)|, eq. 4."""
        game, images = super().generator_objective(batch), self.images_seen()
        far = l1_distance(game.passed["made"], batch["target"], batch.get("weights"))
        loss = value_at(self.adversarial_weight, images) * game.loss
        loss = loss + value_at(self.distance_weight, images) * far
        return Objective(loss, {"l1": far}, game.passed)


def build_generator(
    *, source_shape: Sequence[int], channels: int, filters: Sequence[int], dropout: float
) -> keras.Model:
    """Return the U-Net (B, h, w, c) -> (B, h, w, channels) in [-1, 1]."""
    source = keras.Input(source_shape, name="source")
    x = unet(source, filters=filters, channels=channels, dropout=dropout)
    return keras.Model(source, layers.Activation("tanh", dtype="float32")(x), name="generator")


def build_discriminator(
    *, source_shape: Sequence[int], target_shape: Sequence[int], filters: Sequence[int]
) -> keras.Model:
    """Return the network [source, target] -> logits of patches (B, rows, columns, 1)."""
    source = keras.Input(source_shape, name="source")
    target = keras.Input(target_shape, name="target")
    pair = layers.Concatenate()([source, target])
    logits = patch_logits(pair, filters, BatchNormalization)
    return keras.Model([source, target], logits, name="discriminator")
