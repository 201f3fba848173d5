"""A game of several generators at once, each with a critic and weights of its own.

What they differ by is the error of a training: the same data and recipe, other weights to begin
with and other latents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.model import Batch
from ganzoo.game.run import sample_blocks
from ganzoo.game.wasserstein import WassersteinGAN
from ganzoo.layers.members import number_of

Tensor = Any
MEMBERS = "members"  # the network in the generator that makes (B, members, n) of (B, latent_dim)


class GameOfMembers(WassersteinGAN):
    """A Wasserstein GAN of vectors that may have several members; one plays as any other.

    While training, rows are of the members in turn: (B * members, n). Outside of it a row is made
    by one member, which its last latent number chooses (`ganzoo.layers.members.ChosenMember`). A
    subclass has `features_of`, from vectors to what its critics see, and `critic`, from features
    (B, n), or (B, members, n), to scores (B, 1), or (B, members, 1).
    """

    members = 1
    features_of: Any
    critic: Any

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Return the scores of vectors; with members, of rows that are theirs in turn."""
        if self.members == 1:
            return super().judge(examples, condition, **options)
        return self.scored(self.apply(self.features_of, examples, **options))

    def scored(self, features: Tensor) -> Tensor:
        """Return scores (rows, 1) of features."""
        if self.members == 1:
            return self.apply(self.critic, features)
        each = ops.reshape(features, (-1, self.members, features.shape[-1]))
        return ops.reshape(self.apply(self.critic, each), (-1, 1))

    def generated(self, batch: Batch) -> Tensor:
        """Return as many vectors as there are real ones; with members, so many of each in turn."""
        if self.members == 1:
            return super().generated(batch)
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim - 1)
        every = self.apply(self.generator.get_layer(MEMBERS), latents)
        return ops.reshape(every, (-1, every.shape[-1]))

    def for_members(self, rows: Tensor) -> Tensor:
        """Repeat each row for each member."""
        return rows if self.members == 1 else ops.repeat(rows, self.members, axis=0)

    def weights_of(self, batch: Batch) -> dict[str, Tensor | None]:
        """As of any GAN; with members, a row of each for each example."""
        weights = super().weights_of(batch)
        return {name: w if w is None else self.for_members(w) for name, w in weights.items()}

    def generate(
        self, latents: Any, *, batch_size: int | None = None, member: int | None = None
    ) -> np.ndarray:
        """As of any GAN; by one member alone where it is named, from 0."""
        if member is not None:
            latents = self.chosen(checks.check_latents(latents, self.latent_dim), member)
        return super().generate(latents, batch_size=batch_size)

    def chosen(self, latents: np.ndarray, member: int) -> np.ndarray:
        """Return latents (n, latent_dim) of one member, from 0, which their last number chooses."""
        member = checks.check_count("member", member, least=0, most=self.members - 1)
        latents = latents.copy()
        latents[:, self.latent_dim - (self.members > 1) :] = number_of(member, self.members)
        return latents

    def sample(
        self,
        n: int,
        seed: int | None = None,
        *,
        batch_size: int | None = None,
        member: int | None = None,
    ) -> np.ndarray:
        """Draw `n` vectors, float32 of shape (n, *data_shape), block by block.

        Args:
            n: How many, >= 1.
            seed: An integer >= 0; None draws others each time.
            batch_size: That of a forward pass instead of a block's 16,384; it changes roundings.
            member: All are made by this member, from 0; by default each by one that its latents
                choose. With the same seed members get the same latents, but for that number.

        Raises:
            InvalidArgumentError: There is no such member, or the model has only one.
        """
        self.check_memory(n)
        if member is None:
            return sample_blocks(self, n, seed, batch_size)
        if self.members == 1:
            raise InvalidArgumentError(
                f"member is for models of several members; {self.name} has one generator. Got "
                f"{member!r}; leave it out."
            )
        return sample_blocks(
            self, n, seed, batch_size, lambda latents: self.chosen(latents, member)
        )
