"""`EncodingGAN`: a GAN with an encoder, from pictures back to latents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import keras
import numpy as np

from ganzoo import checks
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel
from ganzoo.game.players import Player
from ganzoo.game.run import run


class EncodingGAN(GAN):
    """A generator from latents to data, and an encoder from data to latents.

    A family says what the discriminator sees and what the players minimise; see `GAN` for the
    rest. `encode(images)` and `reconstruct(images)` use the encoder.

    Args:
        generator: Built `keras.Model` from latents (B, latent_dim) to data (B, ...) in [-1, 1].
        encoder: Built `keras.Model` from data (B, ...) to latents (B, latent_dim).
        discriminator: Built `keras.Model` that judges; its inputs are the family's choice.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator", "encoder"), "g_loss"),
    }
    averaged: ClassVar[tuple[str, ...]] = ("generator", "encoder")

    def __init__(
        self,
        generator: keras.Model,
        encoder: keras.Model,
        discriminator: keras.Model,
        **kwargs: Any,
    ) -> None:
        networks = {"generator": generator, "encoder": encoder, "discriminator": discriminator}
        AdversarialModel.__init__(self, networks, **kwargs)
        there_and_back = (generator.output_shape[1:], encoder.output_shape[1:])
        needed = (encoder.inputs[0].shape[1:], (self.latent_dim,))
        if tuple(map(tuple, there_and_back)) != tuple(map(tuple, needed)):
            raise InvalidArgumentError(
                f"The encoder must take data of shape {there_and_back[0]} and return latents of "
                f"shape {needed[1]}; it takes {needed[0]} and returns {there_and_back[1]}."
            )

    def encode(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return the latents of pictures, float32 (n, latent_dim).

        Args:
            images: Data as for `fit`, shape (n, *data_shape), n >= 1.
            batch_size: Pictures per forward pass; it does not change the result.

        Raises:
            DataError: Data of another shape, not finite or out of range.
        """
        images = checks.check_data(np.asarray(images), self.data_shape, self.data_range)
        return run(self.inference_network("encoder"), images, batch_size=batch_size)

    def reconstruct(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return what the generator makes of the latents of pictures, float32 (n, *data_shape)."""
        latents = self.encode(images, batch_size=batch_size)
        return run(self.inference_network("generator"), latents, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim), "images": (n, *data_shape)}."""
        inputs = super().probe_inputs(n, seed)
        return {**inputs, "images": self.generate(inputs["latents"])}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, *data_shape), "encoder": (n, latent_dim)}."""
        images = checks.check_data(np.asarray(inputs["images"]), self.data_shape, None)
        encoder = self.inference_network("encoder")
        return {**super().probe(inputs), "encoder": run(encoder, images)}
