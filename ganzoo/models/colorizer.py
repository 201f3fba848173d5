"""Colorizer: colours for a grey picture, whose lightness stays exactly as it is.

After DeOldify (Jason Antic, github.com/jantic/DeOldify; no paper), whose "NoGAN" trains the
generator by a distance first, the critic beside it, and both against each other only shortly, as a
long game makes colours flicker. The game is pix2pix's (Isola et al. 2016, arXiv:1611.07004,
section 4.2: lightness to colours in CIE Lab). Deviations from DeOldify: a U-Net trained from the
start, without a pretrained classifier in it, an L1 distance instead of one of its features, and
colours in Lab instead of a picture in RGB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from PIL import Image

from ganzoo import lab
from ganzoo.checks import check_count, check_image_shape, check_rate, check_sizes
from ganzoo.errors import DataError
from ganzoo.feeding import as_numpy, check_pictures
from ganzoo.game.distance import DistanceTranslator
from ganzoo.layers.patches import count_patch_parameters, pair_discriminator
from ganzoo.layers.unet import count_unet_parameters, unet_generator

COLOURS = 2


@keras.saving.register_keras_serializable("ganzoo")
class Colorizer(DistanceTranslator):
    """Learns from colour pictures; logs `l1`, the mean absolute distance of the colours.

    Sources are lightness (B, height, width, 1), targets colours (B, height, width, 2), as
    `ganzoo.lab.split` makes them: `fit(*ganzoo.lab.split(images))`. `translate` makes
    them and the colours of them again; `colorize` takes pictures of any size.

    Args:
        image_size: (height, width) of the training; multiples of 2 to the number of
            `generator_filters`.
        generator_filters: Channels of each level of the U-Net, from the picture down.
        discriminator_filters: Channels of the discriminator's convolutions; see
            `ganzoo.layers.patches`.
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        distance_weight: Factor of the L1 distance, >= 0.
        adversarial_weight: Factor of the adversarial loss, >= 0: a number, or a schedule, as
            {"from": 0, "to": 1, "over": 10000, "after": 90000} images, for L1 first.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        image_size: Sequence[int] = (128, 128),
        generator_filters: Sequence[int] = (48, 96, 192, 192, 192),
        discriminator_filters: Sequence[int] = (48, 96, 192),
        dropout: float = 0.0,
        distance_weight: Any = 100.0,
        adversarial_weight: Any = 1.0,
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        source_shape = check_image_shape((*image_size, 1), multiple=2 ** len(made))
        check_rate("dropout", dropout)
        super().__init__(
            unet_generator(
                source_shape=source_shape, channels=COLOURS, filters=made, dropout=dropout
            ),
            pair_discriminator(
                source_shape=source_shape, target_shape=(*source_shape[:2], COLOURS), filters=judged
            ),
            distance_weight=distance_weight,
            adversarial_weight=adversarial_weight,
            **kwargs,
        )
        self._architecture = {
            "image_size": source_shape[:2],
            "generator_filters": made,
            "discriminator_filters": judged,
            "dropout": dropout,
            **self.factors(),
        }

    @staticmethod
    def count_parameters(
        *, generator_filters: Sequence[int], discriminator_filters: Sequence[int], **_: Any
    ) -> int:
        """Return at least as many parameters as both networks have."""
        made = count_unet_parameters(1, generator_filters, COLOURS)
        return made + count_patch_parameters(1 + COLOURS, discriminator_filters)

    def colorize(self, images: Any, *, batch_size: int = 16) -> np.ndarray:
        """Return pictures with colours and with exactly the lightness that they have.

        A picture of another size is reduced (or enlarged) to that of the training for the network
        alone, and the colours are enlarged again.

        Args:
            images: In [-1, 1], (n, height, width, 1 or 3) of any size; of colours nothing but
                the lightness is used.
            batch_size: Pictures per forward pass.

        Returns:
            float32 (n, height, width, 3) in [-1, 1].

        Raises:
            DataError: Pictures of another shape, not finite or outside [-1, 1].
        """
        images = as_numpy(images)
        if images.ndim != 4 or images.shape[-1] not in (1, 3):
            raise DataError(
                f"Pictures (n, height, width, 1 or 3) are coloured; got shape {images.shape}."
            )
        images = check_pictures(images, images.shape[1:])
        check_count("batch_size", batch_size)
        made = np.empty((*images.shape[:3], 3), np.float32)
        for start in range(0, len(images), batch_size):
            rows = slice(start, start + batch_size)
            lightness = [lab.lightness(image) for image in images[rows]]
            small = np.stack([_resized(image, self.source_shape[:2]) for image in lightness])
            colours = self.translate(np.clip(small, -1.0, 1.0), batch_size=batch_size)
            for target, light, ab in zip(made[rows], lightness, colours, strict=True):
                target[...] = lab.join(light, _resized(ab, light.shape[:2]))
        return made


def _resized(image: np.ndarray, size: Sequence[int]) -> np.ndarray:
    """Return an image (height, width, channels) of a size; where it shrinks, of means of pixels."""
    channels = [Image.fromarray(image[..., i].astype(np.float32)) for i in range(image.shape[-1])]
    shape = (int(size[1]), int(size[0]))
    made = [channel.resize(shape, Image.Resampling.BILINEAR) for channel in channels]
    return np.stack([np.asarray(channel, np.float32) for channel in made], axis=-1)
