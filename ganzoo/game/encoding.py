"""`EncodingGAN`: a GAN with an encoder, from data back to latents.

Donahue, Krähenbühl, Darrell 2016, Adversarial Feature Learning (arXiv:1605.09782); Dumoulin et al.
2016, Adversarially Learned Inference (arXiv:1606.00704): the discriminator sees data and latents
together, and tells real data with their codes from latents with what was generated from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo._backend import without_gradient
from ganzoo.errors import InvalidArgumentError
from ganzoo.feeding import check_pictures
from ganzoo.game.judging import accuracies
from ganzoo.game.latent import GAN
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import run
from ganzoo.game.weights import accepted

Tensor = Any
Pair = tuple[Tensor, Tensor]


@keras.saving.register_keras_serializable("ganzoo")
class EncodingGAN(GAN):
    """A generator from latents to data, and an encoder from data to latents.

    `encode(images)` and `reconstruct(images)` use the encoder; see `GAN` for the rest. A family
    with another game overrides the objectives of both players.

    Args:
        generator: Built `keras.Model` from latents (B, latent_dim) to data (B, ...) in [-1, 1].
        encoder: Built `keras.Model` from data (B, ...) to latents (B, latent_dim); or, of a
            stochastic one, to (B, 2 latent_dim): means and logarithms of standard deviations of
            the Gaussians from which latents are drawn while training.
        discriminator: Built `keras.Model` from [data (B, ...), latents (B, latent_dim)] to logits
            (B, 1).
        further: Networks by name that a family's objectives use besides these.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator", "encoder"), "g_loss"),
    }
    averaged: ClassVar[tuple[str, ...]] = ("generator", "encoder")
    export_names = ("latents",)
    penalised = False  # by batch normalisation a score depends on other pictures
    augments = False
    weighted = True

    def __init__(
        self,
        generator: keras.Model,
        encoder: keras.Model,
        discriminator: keras.Model,
        *,
        further: Mapping[str, keras.Model] | None = None,
        **kwargs: Any,
    ) -> None:
        networks = {"generator": generator, "encoder": encoder, "discriminator": discriminator}
        networks.update(further or {})
        AdversarialModel.__init__(self, networks, **kwargs)
        self.stochastic = encoder.output_shape[-1] == 2 * self.latent_dim
        length = (2 if self.stochastic else 1) * self.latent_dim
        there_and_back = (generator.output_shape[1:], encoder.output_shape[1:])
        needed = (encoder.inputs[0].shape[1:], (length,))
        if tuple(map(tuple, there_and_back)) != tuple(map(tuple, needed)):
            raise InvalidArgumentError(
                f"The encoder must take data of shape {there_and_back[0]} and return latents of "
                f"shape {(self.latent_dim,)}; it takes {needed[0]} and returns {there_and_back[1]}."
            )

    def codes(self, real: Tensor) -> Tensor:
        """Return latents (B, latent_dim) of data; those of a stochastic encoder are drawn."""
        made = self.apply(self.encoder, real)
        return self.drawn_codes(made)[0] if self.stochastic else made

    def drawn_codes(self, made: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return latents drawn from what a stochastic encoder states, means and log deviations."""
        mean, log_deviation = made[:, : self.latent_dim], made[:, self.latent_dim :]
        noise = self.draw_normal(ops.shape(made)[0], self.latent_dim)
        return mean + ops.exp(log_deviation) * noise, mean, log_deviation

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the discriminator to examples and their latents."""
        examples = ops.convert_to_tensor(examples)
        latents = self.apply(self.encoder, examples, **options)[:, : self.latent_dim]
        return self.apply(self.discriminator, examples, latents, **options)

    def pairs(self, batch: Batch) -> tuple[Pair, Pair]:
        """Return (data, their codes) and (generated data, their latents)."""
        real = batch["real"]
        latents = self.draw_normal(ops.shape(real)[0], self.latent_dim)
        coded = (real, self.codes(real))
        return coded, (self.apply(self.generator, latents), latents)

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell data with their codes from latents with what is generated; both are held fixed."""
        if self.at_once:
            coded, drawn = self.pairs(batch)
        else:
            coded, drawn = without_gradient(lambda: self.pairs(batch))
        logits = [self.apply(self.discriminator, *pair) for pair in (coded, drawn)]
        weights = accepted(self.discriminator_loss, {"real_weights": batch.get("weights")})
        known = {"logits": logits} if self.at_once else {}
        loss = self.discriminator_loss(*logits, **weights)
        return Objective(loss, accuracies(*logits, **weights), known)

    def generator_objective(self, batch: Batch) -> Objective:
        """Make the two kinds of pairs alike: the discriminator's loss with the labels exchanged."""
        logits = batch.get("logits") or [
            self.apply(self.discriminator, *pair) for pair in self.pairs(batch)
        ]
        weights = accepted(self.discriminator_loss, {"fake_weights": batch.get("weights")})
        return Objective(self.discriminator_loss(logits[1], logits[0], **weights))

    def encode(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return the latents of pictures, float32 (n, latent_dim); of a stochastic encoder means.

        Args:
            images: Data as for `fit`, shape (n, *data_shape), n >= 1.
            batch_size: Pictures per forward pass; it does not change the result.

        Raises:
            DataError: Data of another shape, not finite or out of range.
        """
        images = check_pictures(images, self.data_shape, self.data_range)
        made = run(self.inference_network("encoder"), images, batch_size=batch_size)
        return np.asarray(made[:, : self.latent_dim])

    def reconstruct(self, images: Any, *, batch_size: int = 256) -> np.ndarray:
        """Return what the generator makes of the latents of pictures, float32 (n, *data_shape)."""
        latents = self.encode(images, batch_size=batch_size)
        return run(self.inference_network("generator"), latents, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim), "images": (n, *data_shape)}."""
        inputs = super().probe_inputs(n, seed)
        return {**inputs, "images": self.generate(inputs["latents"])}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, *data_shape), "encoder": what the encoder returns}."""
        images = checks.check_data(np.asarray(inputs["images"]), self.data_shape, None)
        encoder = self.inference_network("encoder")
        return {**super().probe(inputs), "encoder": run(encoder, images)}
