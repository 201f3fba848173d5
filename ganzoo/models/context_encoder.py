"""ContextEncoder: what is in the hole of a picture, from what is around it.

Pathak, Krähenbühl, Donahue, Darrell, Efros 2016, Context Encoders: Feature Learning by Inpainting,
arXiv:1604.07379: an encoder, a channel-wise fully-connected layer and a decoder; a squared distance
inside the hole with a weight of 0.999, and a discriminator that sees the content of the hole
without its context, with 0.001 (section 3.2). Deviations: the mask is given beside the picture, so
that one network fills holes anywhere; it makes the whole picture, of which the hole is kept; random
holes are rectangles, not silhouettes; no overlap of 7 pixels with ten times the weight; the
discriminator has no normalisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from ganzoo.checks import check_image_shape, check_sizes
from ganzoo.game.inpainting import Inpainter
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.layers.completion import (
    completion_generator,
    count_completion_parameters,
    picture_discriminator,
)
from ganzoo.schedules import plain, read, value_at

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class ContextEncoder(Inpainter):
    """Learns from pictures with holes; logs `l1` and `l2`, the distances inside of them.

    Args:
        image_shape: (height, width, channels); the sides are multiples of 2 to the number of
            `generator_filters`.
        generator_filters: Channels of each level of the encoder; the decoder's in reverse.
        discriminator_filters: Channels of the discriminator's convolutions of stride 2.
        distance_weight: Factor of the squared distance inside the hole, >= 0: a number, or a
            schedule of images seen.
        adversarial_weight: Factor of the adversarial loss, the same; 0 is the distance alone.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    logged: tuple[str, ...] = ("l1", "l2")
    weighted = True

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        generator_filters: Sequence[int] = (48, 96, 192, 256),
        discriminator_filters: Sequence[int] = (48, 96, 192),
        distance_weight: Any = 0.999,
        adversarial_weight: Any = 0.001,
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        image_shape = check_image_shape(image_shape, multiple=2 ** len(made))
        distance_weight = read("distance_weight", distance_weight, least=0.0)
        adversarial_weight = read("adversarial_weight", adversarial_weight, least=0.0)
        super().__init__(
            completion_generator(image_shape=image_shape, filters=made),
            picture_discriminator(image_shape=image_shape, filters=judged),
            **kwargs,
        )
        self.distance_weight, self.adversarial_weight = distance_weight, adversarial_weight
        self._architecture = {
            "image_shape": image_shape,
            "generator_filters": made,
            "discriminator_filters": judged,
            "distance_weight": plain(distance_weight),
            "adversarial_weight": plain(adversarial_weight),
        }

    def judge(self, images: Tensor, mask: Tensor) -> Tensor:
        """Return the discriminator's logits of what is in the hole, grey around it."""
        return super().judge(images * ops.cast(mask, images.dtype), mask)

    def generator_objective(self, batch: Batch) -> Objective:
        """0.999 of the squared distance inside the hole, 0.001 of the game: eq. 4."""
        game, images = super().generator_objective(batch), self.images_seen()
        far = self.distance(game.passed["made"], batch, 2)
        loss = value_at(self.distance_weight, images) * far
        loss = loss + value_at(self.adversarial_weight, images) * game.loss
        return Objective(loss, {**game.logs, "l2": far}, game.passed)

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
