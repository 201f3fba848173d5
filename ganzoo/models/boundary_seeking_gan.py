"""BoundarySeekingGAN: discrete pictures, by importance weights instead of a gradient through D.

Hjelm et al. 2017, Boundary-Seeking Generative Adversarial Networks, arXiv:1702.08431. No gradient
passes a drawn pixel that is black or white. The generator therefore states a probability for each
pixel, draws M pictures x_m of each latent, and follows the policy gradient (eq. 10)

    -sum_m w_m grad log g(x_m | z),     w_m = e^{F(x_m)} / sum_m e^{F(x_m)},

with F = D's logit: the weight of a picture is how many times as probable D holds it to be among
real ones (section 2.2). Deviations: strided convolutions; 1/M is taken from each w_m; what is drawn
after the training is the most probable picture of a latent, not a random one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.players import Objective
from ganzoo.game.run import run
from ganzoo.layers.image_counts import count_dense_parameters
from ganzoo.layers.image_networks import (
    NORMALISED,
    image_discriminator,
    image_generator,
    image_sizes,
)

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class BoundarySeekingGAN(GAN):
    """A GAN of pictures whose pixels are -1 or 1, such as `ganzoo.data.SOURCES["binary_mnist"]`.

    `generate` and `sample` return such pictures; `probabilities(latents)` those of ink.

    Args:
        image_shape, latent_dim, generator_filters, discriminator_filters, kernel_size,
            negative_slope: See `ganzoo.layers.image_networks.image_sizes`.
        units: Width of the discriminator's dense layer, and of the first one of the generator.
        drawn: M, pictures of each latent in a step of the generator, at least 2.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    augments = False
    penalised = False  # by batch normalisation a score depends on other pictures
    _before_tanh: keras.Model

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 64,
        generator_filters: Sequence[int] = (64, 32),
        discriminator_filters: Sequence[int] = (32, 64),
        kernel_size: int = 5,
        negative_slope: float = 0.2,
        units: int = 256,
        drawn: int = 10,
        **kwargs: Any,
    ) -> None:
        sizes = image_sizes(
            image_shape=image_shape,
            latent_dim=latent_dim,
            generator_filters=generator_filters,
            discriminator_filters=discriminator_filters,
            kernel_size=kernel_size,
            negative_slope=negative_slope,
        )
        self.drawn = checks.check_count("drawn", drawn, least=2, most=1000)
        # Its outputs are mean pixels 2 p - 1 = tanh(log(p / (1 - p)) / 2), p the probability of 1.
        dense: dict[str, Any] = {"dense_units": (checks.check_count("units", units, most=8192),)}
        generator = image_generator(**sizes, **dense)
        super().__init__(generator, image_discriminator(**sizes, **dense, **NORMALISED), **kwargs)
        before = keras.Model(generator.inputs, generator.get_layer("images").input)
        # Set so that Keras does not find the generator's weights a second time.
        object.__setattr__(self, "_before_tanh", before)
        self._architecture = {**sizes, "units": units, "drawn": self.drawn}

    @staticmethod
    def count_parameters(*, units: int, drawn: int, **sizes: Any) -> int:
        """Return at least as many parameters as both networks have."""
        del drawn
        return count_dense_parameters(units=units, **sizes)

    def generated(self, batch: Batch) -> Tensor:
        """Return pictures (B, ...) of -1 and 1, one of each latent."""
        return self._pictures(self._log_odds(batch), 1)

    def generator_objective(self, batch: Batch) -> Objective:
        """The policy gradient of eq. 10; no gradient comes from the discriminator."""
        log_odds = self._log_odds(batch)  # (B, h, w, c)
        made = self._pictures(log_odds, self.drawn)  # (M B, h, w, c)
        scores = ops.reshape(self.judge(made), (self.drawn, -1))  # (M, B)
        weights = ops.softmax(ops.cast(scores, "float32"), axis=0)
        each = ops.reshape(ops.cast(made, "float32"), (self.drawn, *ops.shape(log_odds)))
        # log g of a pixel x in {-1, 1} is -softplus(-x log_odds).
        likely = -ops.sum(ops.softplus(-each * log_odds), axis=(2, 3, 4))  # (M, B)
        # The mean of grad log g is 0: without it the gradient is the same on average, and calmer.
        ahead = ops.stop_gradient(weights - 1.0 / self.drawn)
        loss = -ops.mean(ops.sum(ahead * likely, axis=0))
        return Objective(loss, {}, {})

    def _log_odds(self, batch: Batch) -> Tensor:
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim)
        return 2.0 * ops.cast(self.apply(self._before_tanh, latents), "float32")

    def _pictures(self, log_odds: Tensor, each: int) -> Tensor:
        """Draw pictures (each * B, h, w, c), all of them once, then all of them again, ..."""
        shape = ops.shape(log_odds)
        chance = self.draw_uniform(shape[0], each, *shape[1:])
        chance = ops.reshape(ops.moveaxis(chance, 1, 0), (-1, *shape[1:]))
        ink = ops.tile(ops.sigmoid(log_odds), (each, 1, 1, 1))
        return ops.stop_gradient(self.tensor(ops.where(chance < ink, 1.0, -1.0)))

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        """Return the most probable pictures, of -1 and 1, of latents (B, latent_dim)."""
        mean = self.apply(self.sampling_generator, latents, training=training)
        return ops.where(mean > 0, 1.0, -1.0)

    def probabilities(self, latents: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return the probability that a pixel is 1, float32 (n, height, width, channels)."""
        latents = checks.check_latents(latents, self.latent_dim)
        mean = run(self.sampling_generator, latents, batch_size=batch_size)
        return np.asarray(0.5 * (1.0 + mean), np.float32)

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, height, width, channels)}, the probabilities of ink."""
        return {"generator": self.probabilities(inputs["latents"])}
