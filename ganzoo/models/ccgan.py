"""CCGAN: a picture with a hole, completed so that the whole looks true.

Denton, Gross, Fergus 2016, Semi-Supervised Learning with Context-Conditional Generative Adversarial
Networks, arXiv:1611.06430: the discriminator sees the completed picture, the generator's content in
its hole and the true one around it, and no distance tells the generator what was there. Deviations:
the mask is given beside the picture; a channel-wise dense layer between encoder and decoder (Pathak
et al. 2016, arXiv:1604.07379); no low-resolution picture beside it (their CC-GAN2), and no
classifier, which was the purpose there; the discriminator has no normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_image_shape, check_sizes
from ganzoo.game.inpainting import Inpainter
from ganzoo.layers.completion import (
    completion_generator,
    count_completion_parameters,
    picture_discriminator,
)


@keras.saving.register_keras_serializable("ganzoo")
class CCGAN(Inpainter):
    """Learns from pictures with holes, by the game alone; logs `l1`, the distance inside of them.

    Args:
        image_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `generator_filters`.
        generator_filters: Channels of each level of the encoder; the decoder's in reverse.
        discriminator_filters: Channels of the discriminator's convolutions of stride 2.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        generator_filters: Sequence[int] = (64, 128),
        discriminator_filters: Sequence[int] = (64, 128),
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        image_shape = check_image_shape(image_shape, multiple=2 ** len(made))
        super().__init__(
            completion_generator(image_shape=image_shape, filters=made),
            picture_discriminator(image_shape=image_shape, filters=judged),
            **kwargs,
        )
        self._architecture = {
            "image_shape": image_shape,
            "generator_filters": made,
            "discriminator_filters": judged,
        }

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        generator_filters: Sequence[int],
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as both networks have."""
        return count_completion_parameters(image_shape, generator_filters, discriminator_filters)
