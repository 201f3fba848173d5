"""`AuxiliaryGAN`: a discriminator that also tells the class, which the generator must draw.

Odena, Olah, Shlens 2016, Conditional Image Synthesis with Auxiliary Classifier GANs,
arXiv:1610.09585: the discriminator maximises L_S + L_C, the generator L_C - L_S (eq. 2 and 3), L_C
over real and generated pictures alike.
"""

from __future__ import annotations

from typing import Any

from ganzoo._backend import without_gradient
from ganzoo.game.classifying import Classifies
from ganzoo.game.conditional import ConditionalGAN
from ganzoo.game.judging import accuracies
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.losses import category_loss

Tensor = Any


class AuxiliaryGAN(Classifies, ConditionalGAN):
    """A conditional GAN whose discriminator sees no condition but reads it off the picture.

    The discriminator returns logits of "real" (B, 1) and of the classes (B, classes). Logs
    `category`, the cross-entropy on generated pictures. A subclass sets `category_weight`.
    """

    export_names = ("latents", "condition")
    logged = (*GAN.logged, "category")
    weighted = False
    category_weight: float

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the logits of "real" (B, 1); the condition is not looked at."""
        return self.apply(self.discriminator, examples, **options)[0]

    def discriminator_objective(self, batch: Batch) -> Objective:
        """L_S + L_C (eq. 2 and 3), negated; the generator is held fixed."""
        if self.at_once:
            fake = self.generated(batch)
        else:
            fake = without_gradient(lambda: self.generated(batch))
        real, condition = self.augmented(batch["real"]), batch["condition"]
        real_logits, real_told = self.apply(self.discriminator, real)
        fake_logits, fake_told = self.apply(self.discriminator, fake)
        category = category_loss(real_told, condition) + category_loss(fake_told, condition)
        loss = self.discriminator_loss(real_logits, fake_logits)
        loss = loss + 0.5 * self.category_weight * category
        penalty = self.penalty_of(lambda x, rows=None: self.judge(x), real, fake)
        known = {"fake": fake, "fake_logits": fake_logits, "fake_told": fake_told}
        return Objective(
            loss if penalty is None else loss + penalty,
            accuracies(real_logits, fake_logits),
            known if self.at_once else {},
        )

    def generator_objective(self, batch: Batch) -> Objective:
        """L_C - L_S of generated pictures, negated, L_S in its non-saturating form."""
        if "fake" in batch:
            fake, logits, told = (batch[key] for key in ("fake", "fake_logits", "fake_told"))
        else:
            fake = self.generated(batch)
            logits, told = self.apply(self.discriminator, fake)
        category = category_loss(told, batch["condition"])
        loss = self.generator_loss(logits) + self.category_weight * category
        return Objective(loss, {"category": category}, {"fake": fake})
