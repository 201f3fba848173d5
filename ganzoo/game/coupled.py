"""`CoupledGAN`: pairs of pictures from one latent, learned from two sets without pairs.

Liu and Tuzel 2016, Coupled Generative Adversarial Networks, arXiv:1606.07536: two GANs, each with a
set of its own; what they share makes what they draw belong together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo._backend import without_gradient
from ganzoo.errors import InvalidArgumentError
from ganzoo.feeding import Examples, Part
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import predict_evenly
from ganzoo.losses import binary_discriminator_loss, non_saturating_generator_loss
from ganzoo.random import draw_latents

Tensor = Any


class Coupled(NamedTuple):
    """Pictures that belong together, row by row: float32 (n, height, width, channels) each."""

    a: np.ndarray
    b: np.ndarray


@keras.saving.register_keras_serializable("ganzoo")
class CoupledGAN(AdversarialModel):
    """A generator of pairs (a, b), and a discriminator for each side of them.

    `fit(UnpairedBatches(a, b, batch_size, seed=...))` trains, `sample(n, seed)` draws pairs.

    Args:
        generator: Built `keras.Model` from latents (B, latent_dim) to two pictures in [-1, 1].
        discriminator: Built `keras.Model` from two pictures to two logits (B, 1), each of which
            depends on its own picture alone.
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    in_rows = False

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **kwargs: Any) -> None:
        super().__init__({"generator": generator, "discriminator": discriminator}, **kwargs)
        made = [tuple(tensor.shape[1:]) for tensor in generator.outputs]
        judged = [tuple(tensor.shape[1:]) for tensor in discriminator.inputs]
        logits = [tuple(tensor.shape[1:]) for tensor in discriminator.outputs]
        if len(made) != 2 or made != judged or logits != [(1,), (1,)]:
            raise InvalidArgumentError(
                "The generator must make two pictures, and the discriminator take both and return "
                f"two logits of shape (B, 1); got {made}, {judged} and {logits}."
            )

    def batch(self, data: Any) -> Batch:
        """Return {"a": (B, h, w, c), "b": (B, h, w, c)}; rows are no pairs."""
        return {name: self.tensor(part) for name, part in self.named(data).items() if name in "ab"}

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Each discriminator tells its set from generated pictures (eq. 4)."""
        made = self.generated(batch) if self.at_once else without_gradient(
            lambda: self.generated(batch)
        )  # fmt: skip
        real = self.apply(self.discriminator, batch["a"], batch["b"])
        fake = self.apply(self.discriminator, *made)
        loss = sum(binary_discriminator_loss(*two) for two in zip(real, fake, strict=True))
        return Objective(loss, {}, {"logits": fake} if self.at_once else {})

    def generator_objective(self, batch: Batch) -> Objective:
        """Both pictures of a pair shall pass for real."""
        known = batch.get("logits")
        logits = self.apply(self.discriminator, *self.generated(batch)) if known is None else known
        return Objective(sum(non_saturating_generator_loss(one) for one in logits))

    def generated(self, batch: Batch) -> Any:
        """Return as many generated pairs as there are pictures in a batch."""
        latents = self.draw_normal(ops.shape(batch["a"])[0], self.latent_dim)
        return self.apply(self.generator, latents)

    # --- data, use ---------------------------------------------------------------------------

    @property
    def latent_dim(self) -> int:
        """Length of a latent vector."""
        return int(self.generator.inputs[0].shape[-1])

    def shape_of(self, which: str) -> tuple[int, ...]:
        """Return (height, width, channels) of the pictures of set "a" or "b"."""
        return tuple(self.generator.outputs["ab".index(which)].shape[1:])

    @property
    def parts(self) -> Sequence[Part]:
        """Pictures of set a and of set b."""
        return tuple(Examples(which, self.shape_of(which)) for which in "ab")

    @property
    def needs(self) -> str:
        """What the model is trained with, for messages."""
        return (
            f"{type(self).__name__} is trained on two sets without pairs, which may differ in "
            "length, given as UnpairedBatches(a, b, batch_size, seed=...)."
        )

    def call(self, latents: Tensor, training: bool = False) -> Any:
        """Generate the two pictures of latents (B, latent_dim)."""
        return self.apply(self.inference_network("generator"), latents, training=training)

    def generate(self, latents: Any, *, batch_size: int = 256) -> Coupled:
        """Return a pair of pictures for each latent; arguments and errors as of `GAN.generate`."""
        latents = checks.check_latents(latents, self.latent_dim)
        return Coupled(*predict_evenly(self, [latents], batch_size))

    def sample(self, n: int, seed: int | None = None, *, batch_size: int = 256) -> Coupled:
        """Draw n pairs; the same seed gives the same latents on every backend."""
        latents = draw_latents(checks.check_count("n", n), self.latent_dim, seed)
        return self.generate(latents, batch_size=batch_size)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim)}."""
        return {"latents": draw_latents(n, self.latent_dim, seed)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator_a": (n, h, w, c), "generator_b": (n, h, w, c)}."""
        made = self.generate(inputs["latents"])
        return {"generator_a": made.a, "generator_b": made.b}
