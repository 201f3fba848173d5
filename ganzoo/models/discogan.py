"""DiscoGAN: two sets of pictures into each other, learned without pairs.

Kim, Cha, Kim, Lee, Kim 2017, Learning to Discover Cross-Domain Relations with Generative
Adversarial Networks, arXiv:1703.05192: two GANs of encoders and decoders, and a reconstruction of
what went there and back. Deviations: as many convolutions as are given, four by default, for small
pictures; no dense layer at the bottom; none of the published code's feature matching, which the
paper has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
from keras import layers

from ganzoo.checks import check_image_shape, check_sizes, check_weight
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.translation import UnpairedTranslator, both_ways
from ganzoo.layers import BatchNormalization
from ganzoo.layers.stacks import connected, conv_stack
from ganzoo.layers.transposed import Conv2DTranspose
from ganzoo.losses import (
    binary_discriminator_loss,
    l2_distance,
    non_saturating_generator_loss,
)


@keras.saving.register_keras_serializable("ganzoo")
class DiscoGAN(UnpairedTranslator):
    """Learns from two sets; logs `reconstruction`, the sum of both directions.

    Args:
        image_shape: (height, width, channels) of both sets; the sides are multiples of 2 to the
            number of filters of either kind.
        generator_filters: Channels of each level of the encoders; the decoders mirror them.
        discriminator_filters: Channels of the discriminators' convolutions.
        reconstruction_weight: Factor of the reconstruction's mean squared distance, >= 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "generators": Player(("generator_ab", "generator_ba"), "g_loss"),
        "discriminators": Player(("discriminator_a", "discriminator_b"), "d_loss"),
    }
    logged = ("reconstruction",)

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        generator_filters: Sequence[int] = (64, 128, 256, 512),
        discriminator_filters: Sequence[int] = (64, 128, 256, 512),
        reconstruction_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        shape = check_image_shape(image_shape, multiple=2 ** max(len(made), len(judged)))
        check_weight("reconstruction_weight", reconstruction_weight)
        networks = both_ways(
            lambda name: build_generator(image_shape=shape, filters=made, name=name),
            lambda name: build_discriminator(image_shape=shape, filters=judged, name=name),
        )
        super().__init__(networks, **kwargs)
        self.reconstruction_weight = float(reconstruction_weight)
        self._architecture = {
            "image_shape": shape,
            "generator_filters": made,
            "discriminator_filters": judged,
            "reconstruction_weight": self.reconstruction_weight,
        }

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        generator_filters: Sequence[int],
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as all four networks have."""
        height, width, channels = image_shape
        kernels = sum(
            16 * first * second for first, second in pairwise([channels, *generator_filters])
        )
        judged = sum(
            16 * first * second for first, second in pairwise([channels, *discriminator_filters])
        )
        deepest = height * width // 4 ** len(discriminator_filters) * discriminator_filters[-1]
        per_channel = 10 * (sum(generator_filters) + sum(discriminator_filters)) + channels
        return 2 * (2 * kernels + judged + deepest + 1 + per_channel)

    def generators_objective(self, batch: Batch) -> Objective:
        """Eq. 8: both GANs' losses and both reconstructions, eq. 3 and 4."""
        a, b = batch["a"], batch["b"]
        fake_b, fake_a = self.apply(self.generator_ab, a), self.apply(self.generator_ba, b)
        back_a, back_b = (
            self.apply(self.generator_ba, fake_b),
            self.apply(self.generator_ab, fake_a),
        )
        far = l2_distance(back_a, a) + l2_distance(back_b, b)
        loss = non_saturating_generator_loss(self.apply(self.discriminator_a, fake_a))
        loss = loss + non_saturating_generator_loss(self.apply(self.discriminator_b, fake_b))
        made = {"fake_a": fake_a, "fake_b": fake_b}
        return Objective(loss + self.reconstruction_weight * far, {"reconstruction": far}, made)

    def discriminators_objective(self, batch: Batch) -> Objective:
        """Eq. 9: tell each set from what was made of the other."""
        losses = []
        for which in "ab":
            judge = getattr(self, f"discriminator_{which}")
            logits = [self.apply(judge, batch[name]) for name in (which, f"fake_{which}")]
            losses.append(binary_discriminator_loss(*logits))
        return Objective(losses[0] + losses[1])


def build_generator(
    *, image_shape: Sequence[int], filters: Sequence[int], name: str
) -> keras.Model:
    """Return the encoder and decoder (B, h, w, c) -> (B, h, w, c) in [-1, 1]."""
    images = keras.Input(image_shape, name="images")
    down = conv_stack(filters[:1], 4, 0.2)
    down += conv_stack(filters[1:], 4, 0.2, normalise=BatchNormalization)
    x = connected(down, images)
    for count in reversed(filters[:-1]):
        x = Conv2DTranspose(count, 4, strides=2, padding="same")(x)
        x = layers.ReLU()(BatchNormalization()(x))
    x = Conv2DTranspose(image_shape[-1], 4, strides=2, padding="same")(x)
    return keras.Model(images, layers.Activation("tanh", dtype="float32")(x), name=name)


def build_discriminator(
    *, image_shape: Sequence[int], filters: Sequence[int], name: str
) -> keras.Model:
    """Return the network (B, h, w, c) -> logits (B, 1)."""
    images = keras.Input(image_shape, name="images")
    stack = conv_stack(filters[:1], 4, 0.2)
    stack += conv_stack(filters[1:], 4, 0.2, normalise=BatchNormalization)
    x = layers.Flatten()(connected(stack, images))
    return keras.Model(images, layers.Dense(1, dtype="float32")(x), name=name)
