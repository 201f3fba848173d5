"""DualGAN: two sets of pictures into each other, by Wasserstein critics and without pairs.

Yi, Zhang, Tan, Gong 2017, DualGAN: Unsupervised Dual Learning for Image-to-Image Translation,
arXiv:1704.02510: two U-Nets with dropout for noise, two critics of patches whose weights are
clipped, and an L1 reconstruction. The critics move first; the paper lets them take 2 to 4 steps
for each of the generators: `compile(steps={"critics": 3})`. Deviations: four levels by default, for
small pictures, instead of eight; C64-C128-C256 instead of C64-C512; Adam with a beta_1 of 0, whose
step is RMSProp's with a bias correction, in the zoo's recipes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo._backend import without_gradient
from ganzoo.checks import check_image_shape, check_rate, check_sizes
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.translation import UnpairedTranslator, both_ways
from ganzoo.layers import BatchNormalization
from ganzoo.layers.clipping import clipped
from ganzoo.layers.patches import count_patch_parameters, patch_logits
from ganzoo.layers.unet import count_unet_parameters, unet_generator
from ganzoo.losses import l1_distance, wasserstein_critic_loss, wasserstein_generator_loss


@keras.saving.register_keras_serializable("ganzoo")
class DualGAN(UnpairedTranslator):
    """Learns from two sets; logs `reconstruction`, the sum of both directions.

    Args:
        image_shape: (height, width, channels) of both sets; the sides are multiples of 2 to the
            number of `generator_filters`.
        generator_filters: Channels of each level of the U-Nets, from the picture down.
        discriminator_filters: Channels of the critics' convolutions; see `ganzoo.layers.patches`.
        dropout: Dropout rate in the three deepest levels on the way up, in [0, 1).
        reconstruction_weight: Factor of the L1 reconstruction, >= 0 (the paper: 100 to 1000).
        clip: Bound of the critics' kernels, > 0 (the paper: 0.01 to 0.1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "critics": Player(("discriminator_a", "discriminator_b"), "d_loss"),
        "generators": Player(("generator_ab", "generator_ba"), "g_loss"),
    }
    logged = ("reconstruction",)

    def __init__(
        self,
        image_shape: Sequence[int] = (64, 64, 3),
        generator_filters: Sequence[int] = (64, 128, 256, 256),
        discriminator_filters: Sequence[int] = (64, 128, 256),
        dropout: float = 0.5,
        reconstruction_weight: float = 100.0,
        clip: float = 0.1,
        **kwargs: Any,
    ) -> None:
        made = check_sizes("generator_filters", generator_filters)
        judged = check_sizes("discriminator_filters", discriminator_filters)
        shape = check_image_shape(image_shape, multiple=2 ** len(made))
        check_rate("dropout", dropout)
        if not (reconstruction_weight >= 0 and clip > 0):
            raise InvalidArgumentError(
                "reconstruction_weight must be >= 0 and clip > 0; "
                f"got {reconstruction_weight!r} and {clip!r}."
            )
        networks = both_ways(
            lambda name: unet_generator(
                source_shape=shape,
                channels=shape[-1],
                filters=made,
                dropout=dropout,
                source="images",
                name=name,
            ),
            lambda name: build_discriminator(
                image_shape=shape, filters=judged, clip=clip, name=name
            ),
        )
        super().__init__(networks, **kwargs)
        self.reconstruction_weight = float(reconstruction_weight)
        self._architecture = {
            "image_shape": shape,
            "generator_filters": made,
            "discriminator_filters": judged,
            "dropout": dropout,
            "reconstruction_weight": self.reconstruction_weight,
            "clip": float(clip),
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
        channels = image_shape[-1]
        made = count_unet_parameters(channels, generator_filters, channels)
        return 2 * (made + count_patch_parameters(channels, discriminator_filters))

    def critics_objective(self, batch: Batch) -> Objective:
        """Eq. 1 and 2: tell each set from what is made of the other."""
        made = {"a": (self.generator_ba, batch["b"]), "b": (self.generator_ab, batch["a"])}
        losses = []
        for which, (generator, source) in made.items():
            judge = getattr(self, f"discriminator_{which}")
            fake = without_gradient(lambda g=generator, x=source: self.apply(g, x))
            scores = [self.apply(judge, images) for images in (batch[which], fake)]
            losses.append(wasserstein_critic_loss(*scores))
        return Objective(losses[0] + losses[1])

    def generators_objective(self, batch: Batch) -> Objective:
        """Eq. 3: both reconstructions and both critics' scores."""
        a, b = batch["a"], batch["b"]
        fake_b, fake_a = self.apply(self.generator_ab, a), self.apply(self.generator_ba, b)
        far = l1_distance(self.apply(self.generator_ba, fake_b), a)
        far = far + l1_distance(self.apply(self.generator_ab, fake_a), b)
        loss = wasserstein_generator_loss(self.apply(self.discriminator_a, fake_a))
        loss = loss + wasserstein_generator_loss(self.apply(self.discriminator_b, fake_b))
        return Objective(loss + self.reconstruction_weight * far, {"reconstruction": far})


def build_discriminator(
    *, image_shape: Sequence[int], filters: Sequence[int], clip: float, name: str
) -> keras.Model:
    """Return the critic (B, h, w, c) -> scores of patches (B, rows, columns, 1)."""
    images = keras.Input(image_shape, name="images")
    scores = patch_logits(images, filters, BatchNormalization, last_bias=False)
    network = keras.Model(images, scores, name=name)
    return clipped(network, clip)
