"""The Wasserstein game with gradient penalty.

Arjovsky et al. 2017, arXiv:1701.07875; Gulrajani et al. 2017, arXiv:1704.00028. The discriminator
is a critic: its outputs are scores without a scale, not logits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo.game.latent import GAN
from ganzoo.losses import wasserstein_critic_loss, wasserstein_generator_loss
from ganzoo.penalties import GradientPenalty

Tensor = Any
CRITIC_STEPS = 5


@keras.saving.register_keras_serializable("ganzoo")
class WassersteinGAN(GAN):
    """A GAN whose critic estimates the Wasserstein-1 distance, kept smooth by a gradient penalty.

    Fresh models are compiled as in the paper: penalty weight 10, five critic steps per generator
    step, Adam(1e-4, beta_1 0.5, beta_2 0.9) for both.
    """

    outputs_logits = False

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `GAN.compile` with the paper's defaults.

        A simultaneous step has one critic step by default, as it must.
        """
        kwargs.setdefault("penalty", GradientPenalty(10.0))
        critic_steps = 1 if kwargs.get("simultaneous") else CRITIC_STEPS
        steps = kwargs.pop("steps", None) or {}
        if isinstance(steps, Mapping):
            steps = {"discriminator": critic_steps, **steps}
        super().compile(*args, steps=steps, **kwargs)

    def default_optimizer(self, player: str) -> Any:
        """Return Adam(1e-4, beta_1 0.5, beta_2 0.9)."""
        return keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """E[D(fake)] - E[D(real)]."""
        return wasserstein_critic_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """-E[D(fake)]."""
        return wasserstein_generator_loss(fake_logits, **weights)
