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

from ganzoo.checks import check_choice, check_image_shape, check_rate, check_sizes
from ganzoo.game.distance import DistanceTranslator
from ganzoo.layers.patches import count_patch_parameters, pair_discriminator
from ganzoo.layers.unet import UPSAMPLING, count_unet_parameters, unet_generator


@keras.saving.register_keras_serializable("ganzoo")
class Pix2Pix(DistanceTranslator):
    """Learns from pairs; logs `l1`, the mean absolute distance from the target, beside the losses.

    Args:
        source_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `generator_filters`.
        channels: Channels of the target.
        generator_filters: Channels of each level of the U-Net, from the picture down.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        upsampling: "transposed" for the paper's transposed convolutions; "resized" for pictures
            that are doubled, then convolved (3x3): no grid lies over smooth surfaces (Odena et al.
            2016, Deconvolution and Checkerboard Artifacts).
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        distance_weight: Factor of the L1 distance in the generator's loss, >= 0 (the paper's 100).
        adversarial_weight: Factor of the adversarial loss, >= 0: a number, or a schedule of images
            seen; 0 is the distance alone, which blurs.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        source_shape: Sequence[int] = (48, 48, 1),
        channels: int = 1,
        generator_filters: Sequence[int] = (64, 128, 256, 256),
        discriminator_filters: Sequence[int] = (64, 128, 256),
        upsampling: str = "transposed",
        dropout: float = 0.5,
        distance_weight: Any = 100.0,
        adversarial_weight: Any = 1.0,
        **kwargs: Any,
    ) -> None:
        filters = check_sizes("generator_filters", generator_filters)
        source_shape = check_image_shape(source_shape, multiple=2 ** len(filters))
        target_shape = check_image_shape((*source_shape[:2], channels))
        judged = check_sizes("discriminator_filters", discriminator_filters)
        check_rate("dropout", dropout)
        check_choice("upsampling", upsampling, UPSAMPLING)
        super().__init__(
            unet_generator(
                source_shape=source_shape,
                channels=channels,
                filters=filters,
                dropout=dropout,
                upsampling=upsampling,
            ),
            pair_discriminator(
                source_shape=source_shape, target_shape=target_shape, filters=judged
            ),
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            **kwargs,
        )
        self._architecture = {
            "source_shape": source_shape,
            "channels": channels,
            "generator_filters": filters,
            "discriminator_filters": judged,
            "upsampling": upsampling,
            "dropout": dropout,
            **self.factors(),
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
