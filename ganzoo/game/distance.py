"""`DistanceTranslator`: a translator that is told how far it is from the target, too.

Isola et al. 2016 (arXiv:1611.07004), eq. 4.
"""

from __future__ import annotations

from typing import Any

import keras

from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.translation import Translator
from ganzoo.losses import l1_distance
from ganzoo.schedules import plain, read, value_at


class DistanceTranslator(Translator):
    """Learns from pairs; logs `l1`, the mean absolute distance from the target, beside the losses.

    Args:
        generator, discriminator: As of `Translator`.
        distance_weight: Factor of the L1 distance in the generator's loss, >= 0: a number, or a
            schedule of images seen.
        adversarial_weight: Factor of the adversarial loss, the same. It is left out where the
            discriminator waits, `compile(steps={"discriminator": 0})`.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    logged: tuple[str, ...] = ("l1",)
    weighted = True

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        distance_weight: Any,
        adversarial_weight: Any,
        **kwargs: Any,
    ) -> None:
        distance_weight = read("distance_weight", distance_weight, least=0.0)
        adversarial_weight = read("adversarial_weight", adversarial_weight, least=0.0)
        super().__init__(generator, discriminator, **kwargs)
        self.distance_weight, self.adversarial_weight = distance_weight, adversarial_weight

    def factors(self) -> dict[str, Any]:
        """Return both weights as plain data, for a configuration."""
        return {
            "distance_weight": plain(self.distance_weight),
            "adversarial_weight": plain(self.adversarial_weight),
        }

    def generator_objective(self, batch: Batch) -> Objective:
        """-log D(x, G(x)) + distance_weight * |y - G(x)|, eq. 4; without D where it waits."""
        images = self.images_seen()
        if not self.steps["discriminator"]:
            made = batch["made"] if "made" in batch else self.translated(batch)
            far = l1_distance(made, batch["target"], batch.get("weights"))
            loss = value_at(self.distance_weight, images) * far
            return Objective(loss, {"l1": far}, {"made": made})
        game = super().generator_objective(batch)
        far = l1_distance(game.passed["made"], batch["target"], batch.get("weights"))
        loss = value_at(self.adversarial_weight, images) * game.loss
        loss = loss + value_at(self.distance_weight, images) * far
        return Objective(loss, {"l1": far}, game.passed)
