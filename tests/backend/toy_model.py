"""The class of the toy; see toy.py."""

from __future__ import annotations

from typing import Any

import keras

from ganzoo.game.latent import GAN
from ganzoo.losses import wasserstein_critic_loss, wasserstein_generator_loss
from ganzoo.penalties import GradientPenalty
from tests.backend.toy import mlp


@keras.saving.register_keras_serializable("tests")
class ToyWGANGP(GAN):
    """Five critic steps with a gradient penalty per generator step, on vectors of 2."""

    def __init__(self, latent_dim: int = 3, width: int = 8, **kwargs: Any) -> None:
        architecture = {"latent_dim": latent_dim, "width": width}
        super().__init__(
            mlp(latent_dim, width, 2, "generator"), mlp(2, width, 1, "critic"), **kwargs
        )
        self._architecture = architecture

    def compile(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("penalty", GradientPenalty(10.0))
        kwargs.setdefault("steps", {"discriminator": 5})
        super().compile(*args, **kwargs)

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return wasserstein_critic_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Any) -> Any:
        return wasserstein_generator_loss(fake_logits)
