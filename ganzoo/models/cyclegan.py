"""CycleGAN: pictures of one set into those of another and back, learned without pairs.

Zhu, Park, Isola, Efros 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
Networks, arXiv:1703.10593: two residual generators, two discriminators of patches, least squares,
cycle and identity distances, and pools of earlier pictures (Shrivastava et al. 2016,
arXiv:1612.07828). The generators move first. Deviations: the defaults are
smaller (32 filters, 6 blocks and C64-C128-C256 instead of 64, 9 and C64-C512).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from ganzoo.checks import check_count, check_image_shape, check_sizes, check_weight
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.translation import UnpairedTranslator, both_ways
from ganzoo.layers import ImagePool, InstanceNormalization, ReflectionPadding2D
from ganzoo.layers.patches import count_patch_parameters, patch_logits
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose
from ganzoo.losses import (
    l1_distance,
    least_squares_discriminator_loss,
    least_squares_generator_loss,
)


@keras.saving.register_keras_serializable("ganzoo")
class CycleGAN(UnpairedTranslator):
    """Learns from two sets; logs `cycle` and `identity`, sums of both directions.

    Args:
        image_shape: (height, width, channels) of both sets; the sides are multiples of 4,
            at least 8.
        filters: Channels of the generators at full size; 2 and 4 times as many at half and a
            quarter of it.
        blocks: Residual blocks of each generator.
        discriminator_filters: Channels of the discriminators' convolutions; see
            `ganzoo.layers.patches`.
        cycle_weight: Factor of the cycle distance, the paper's lambda, >= 0.
        identity_weight: Factor of the identity distance, >= 0; with 0 it is not computed.
        pool_size: Pictures in each pool; 0 for none.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "generators": Player(("generator_ab", "generator_ba"), "g_loss"),
        "discriminators": Player(("discriminator_a", "discriminator_b"), "d_loss"),
    }
    logged: tuple[str, ...] = ("cycle", "identity")

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        filters: int = 32,
        blocks: int = 6,
        discriminator_filters: Sequence[int] = (64, 128, 256),
        cycle_weight: float = 10.0,
        identity_weight: float = 5.0,
        pool_size: int = 50,
        **kwargs: Any,
    ) -> None:
        shape = check_image_shape(image_shape, multiple=4)
        if min(shape[:2]) < 8:
            raise InvalidArgumentError(
                f"Pictures of at least 8x8 pixels are needed, for their margins; got {shape}."
            )
        judged = check_sizes("discriminator_filters", discriminator_filters)
        sizes = {
            "filters": check_count("filters", filters, most=1024),
            "blocks": check_count("blocks", blocks, most=64),
        }
        check_count("pool_size", pool_size, least=0, most=1000)
        for what, weight in (("cycle", cycle_weight), ("identity", identity_weight)):
            check_weight(f"{what}_weight", weight)
        networks = both_ways(
            lambda name: build_generator(image_shape=shape, name=name, **sizes),
            lambda name: build_discriminator(image_shape=shape, name=name, filters=judged),
        )
        if not identity_weight:  # its two passes are left out
            self.logged = ("cycle",)
        super().__init__(networks, **kwargs)
        self.cycle_weight, self.identity_weight = float(cycle_weight), float(identity_weight)
        seeds = (None, None) if self.seed is None else (self.seed + 2, self.seed + 3)
        self.pool_a, self.pool_b = (ImagePool(pool_size, seed=seed) for seed in seeds)
        for pool in (self.pool_a, self.pool_b):
            pool.build((None, *shape))
        self._architecture = {
            "image_shape": shape,
            **sizes,
            "discriminator_filters": judged,
            "cycle_weight": self.cycle_weight,
            "identity_weight": self.identity_weight,
            "pool_size": pool_size,
        }

    @staticmethod
    def count_parameters(
        *,
        image_shape: Sequence[int],
        filters: int,
        blocks: int,
        discriminator_filters: Sequence[int],
        **_: Any,
    ) -> int:
        """Return at least as many parameters as all four networks have."""
        channels = image_shape[-1]
        kernels = 2 * 49 * channels * filters + 9 * filters**2 * (2 * (2 + 8) + 2 * 16 * blocks)
        per_channel = 3 * filters * (10 + 8 * blocks) + channels  # biases and normalisation
        judged = count_patch_parameters(channels, discriminator_filters)
        return 2 * (kernels + per_channel + judged)

    def generators_objective(self, batch: Batch) -> Objective:
        """Eq. 3 of the paper, and the identity distance of its section 5.2."""
        a, b = batch["a"], batch["b"]
        fake_b, fake_a = self.apply(self.generator_ab, a), self.apply(self.generator_ba, b)
        back_a = self.apply(self.generator_ba, fake_b)
        back_b = self.apply(self.generator_ab, fake_a)
        cycle = l1_distance(back_a, a) + l1_distance(back_b, b)
        fooled = least_squares_generator_loss(self.apply(self.discriminator_a, fake_a))
        fooled = fooled + least_squares_generator_loss(self.apply(self.discriminator_b, fake_b))
        # The paper's loss of the generators has no factor 1/2, to which its weights belong.
        loss = 2.0 * fooled + self.cycle_weight * cycle
        logs = {"cycle": cycle}
        if self.identity_weight:
            same = l1_distance(self.apply(self.generator_ba, a), a)
            same = same + l1_distance(self.apply(self.generator_ab, b), b)
            loss = loss + self.identity_weight * same
            logs["identity"] = same
        training = not self.evaluating
        shown = {
            "shown_a": self.pool_a(ops.stop_gradient(fake_a), training=training),
            "shown_b": self.pool_b(ops.stop_gradient(fake_b), training=training),
        }
        return Objective(loss, logs, shown)

    def discriminators_objective(self, batch: Batch) -> Objective:
        """Tell both sets from pictures out of the pools."""
        losses = []
        for which in "ab":
            judge = getattr(self, f"discriminator_{which}")
            logits = [self.apply(judge, batch[name]) for name in (which, f"shown_{which}")]
            losses.append(least_squares_discriminator_loss(*logits))
        return Objective(losses[0] + losses[1])


def build_generator(
    *, image_shape: Sequence[int], filters: int, blocks: int, name: str
) -> keras.Model:
    """Return the residual network (B, h, w, c) -> (B, h, w, c) in [-1, 1]."""
    images = keras.Input(image_shape, name="images")
    x = _normal(layers.Conv2D(filters, 7), ReflectionPadding2D(3)(images))
    for factor in (2, 4):
        x = _normal(Conv2D(factor * filters, 3, strides=2, padding="same"), x)
    for _ in range(blocks):
        y = _normal(layers.Conv2D(4 * filters, 3), ReflectionPadding2D(1)(x))
        y = InstanceNormalization()(layers.Conv2D(4 * filters, 3)(ReflectionPadding2D(1)(y)))
        x = layers.Add()([x, y])
    for factor in (2, 1):
        x = _normal(Conv2DTranspose(factor * filters, 3, strides=2, padding="same"), x)
    x = layers.Conv2D(image_shape[-1], 7)(ReflectionPadding2D(3)(x))
    return keras.Model(images, layers.Activation("tanh", dtype="float32")(x), name=name)


def _normal(convolution: Any, x: Any) -> Any:
    return layers.ReLU()(InstanceNormalization()(convolution(x)))


def build_discriminator(
    *, image_shape: Sequence[int], filters: Sequence[int], name: str
) -> keras.Model:
    """Return the network (B, h, w, c) -> logits of patches (B, rows, columns, 1)."""
    images = keras.Input(image_shape, name="images")
    return keras.Model(images, patch_logits(images, filters, InstanceNormalization), name=name)
