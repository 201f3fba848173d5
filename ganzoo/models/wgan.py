"""WGAN: a critic that estimates the Wasserstein-1 distance, Lipschitz because it is clipped.

Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, arXiv:1701.07875, algorithm 1: five critic steps
per generator step, RMSprop, and weights in [-0.01, 0.01]. Deviations: the critic steps of one
generator step see the same real batch, against fresh generated ones; the critic's kernels are
clipped and its biases are not, which steepen nothing; smaller networks. WGANGP has a gradient
penalty in the place of the clipping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from ganzoo.checks import check_positive
from ganzoo.game.wasserstein import WassersteinGAN
from ganzoo.layers.clipping import clipped
from ganzoo.layers.image_networks import image_discriminator, image_generator, image_sizes


@keras.saving.register_keras_serializable("ganzoo")
class WGAN(WassersteinGAN):
    """A Wasserstein GAN whose critic's kernels are clipped after every step.

    `d_loss` is minus the estimate of the distance, in units of the critic.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        clip: Bound of the critic's kernels, > 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    penalised = False

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        clip: float = 0.01,
        **kwargs: Any,
    ) -> None:
        check_positive("clip", clip)
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        critic = clipped(image_discriminator(name="critic", **sizes), clip)
        super().__init__(image_generator(**sizes), critic, **kwargs)
        self._architecture = {**sizes, "clip": float(clip)}

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Choose how to train; the arguments are those of `GAN.compile` with the paper's defaults.

        There is no penalty: the clipping has its place.
        """
        kwargs.setdefault("penalty", None)
        super().compile(*args, **kwargs)

    def default_optimizer(self, player: str) -> Any:
        """Return RMSprop(5e-5), as momentum upsets the critic (section 4.3)."""
        return keras.optimizers.RMSprop(5e-5)
