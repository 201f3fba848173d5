"""The adversarial step of `GAN`, written once for TensorFlow, JAX and PyTorch.

Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1 with the non-saturating generator loss; see
`_backend/README.md` for what makes it work on each backend.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo._backend import (
    apply,
    minimize,
    minimize_jointly,
    normal,
    own_rows,
    without_gradient,
)
from ganzoo._backend.common import Update
from ganzoo.game.generating import Generating
from ganzoo.losses import binary_discriminator_loss, non_saturating_generator_loss

Tensor = Any


class Adversarial(Generating):
    """The half of `GAN` that trains: losses to override, and the step made of them."""

    discriminator: Any
    optimizer: Any
    penalty: Any
    augmentation: Any
    discriminator_steps: int
    simultaneous: bool
    compute_dtype: str
    latent_seed: Any
    evaluation_seed: Any
    _update_average: Any
    _track: Any
    # Whether the discriminator's outputs are logits, so that accuracies mean something.
    outputs_logits = True

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Scalar loss of the discriminator; override it to change the game."""
        return binary_discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        """Scalar loss of the generator; override it to change the game."""
        return non_saturating_generator_loss(fake_logits)

    def generator_objective(self, real: Tensor, fake: Tensor, fake_logits: Tensor) -> Tensor:
        """What the generator minimises: its loss, and whatever a subclass adds that sees data."""
        return self.generator_loss(fake_logits)

    def train_step(self, data: Any) -> dict[str, Tensor]:
        """One update of both networks; `discriminator_steps` of the discriminator."""
        real, condition = self._examples(data)
        if self.simultaneous and self.discriminator_steps == 1:
            d_loss, g_loss, real_logits, fake_logits = minimize_jointly(
                lambda: self._joint_losses(real, condition), self.updates()
            )
        else:
            d_update, g_update = self.updates()
            for _ in range(self.discriminator_steps):
                d_loss, real_logits, fake_logits = minimize(
                    lambda: self._discriminator_pass(real, condition), *d_update
                )
            g_loss = minimize(lambda: self._generator_pass(real, condition), *g_update)
        self._update_average()
        return self._track(d_loss, g_loss, real_logits, fake_logits)

    def test_step(self, data: Any) -> dict[str, Tensor]:
        """The losses without an update; penalty and augmentation are left out."""
        real, condition = self._examples(data)
        latents = self._latents(real, self.evaluation_seed)
        fake = self.generate_from(latents, condition, training=False)
        real_logits = self.judge(real, condition, training=False)
        fake_logits = self.judge(fake, condition, training=False)
        d_loss = self.discriminator_loss(real_logits, fake_logits)
        return self._track(d_loss, self.generator_loss(fake_logits), real_logits, fake_logits)

    def _examples(self, data: Any) -> tuple[Tensor, Tensor]:
        """Return a batch's real data and its condition, which is None unless a subclass has one.

        The labels that data sets often bring are not used here.
        """
        real = keras.utils.unpack_x_y_sample_weight(data)[0]
        # A DataLoader gives tensors of the CPU; `convert_to_tensor` moves them to the GPU.
        return ops.cast(ops.convert_to_tensor(real), self.compute_dtype), None

    def generate_from(self, latents: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the generator that is trained; a subclass may use the condition."""
        return apply(self.generator, latents, **options)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the discriminator; a subclass may use the condition."""
        return apply(self.discriminator, examples, **options)

    def updates(self) -> list[Update]:
        """Return what `minimize` takes: (variables, optimizer) of discriminator and generator."""
        pair = self.optimizer
        return [
            Update(self.discriminator.trainable_variables, pair.discriminator_optimizer),
            Update(self.generator.trainable_variables, pair.generator_optimizer),
        ]

    def _discriminator_pass(self, real: Tensor, condition: Tensor) -> tuple[Tensor, ...]:
        fake = without_gradient(lambda: self._generated(real, condition))
        return self._discriminator_losses(self._augmented(real), fake, condition)

    def _generator_pass(self, real: Tensor, condition: Tensor) -> Tensor:
        fake = self._generated(real, condition)
        return self.generator_objective(real, fake, self.judge(fake, condition, training=True))

    def _joint_losses(self, real: Tensor, condition: Tensor) -> tuple[Tensor, ...]:
        fake = self._generated(real, condition)
        d_loss, *logits = self._discriminator_losses(self._augmented(real), fake, condition)
        return d_loss, self.generator_objective(real, fake, logits[1]), *logits

    def _generated(self, real: Tensor, condition: Tensor) -> Tensor:
        """Return as many generated examples as there are real ones, augmented."""
        return self._augmented(self.generate_from(self._latents(real), condition, training=True))

    def _augmented(self, examples: Tensor) -> Tensor:
        return (
            examples if self.augmentation is None else self.augmentation(examples, self.latent_seed)
        )

    def _discriminator_losses(
        self, real: Tensor, fake: Tensor, condition: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the discriminator's loss, penalty included, and its logits."""
        real_logits = self.judge(real, condition, training=True)
        fake_logits = self.judge(fake, condition, training=True)
        loss = self.discriminator_loss(real_logits, fake_logits)
        if self.penalty is not None:
            every = getattr(self.penalty, "every", 1)
            chosen = None if condition is None else condition[::every]
            loss = loss + self.apply_penalty(
                real[::every], ops.stop_gradient(fake)[::every], chosen
            )
        return loss, real_logits, fake_logits

    def apply_penalty(self, real: Tensor, fake: Tensor, condition: Tensor) -> Tensor:
        """Return the penalty on the discriminator; a subclass may apply it to a part of it."""
        assert self.penalty is not None
        return self.penalty(
            lambda x, **options: self.judge(x, condition, **options), real, fake, self.latent_seed
        )

    def _latents(self, real: Tensor, seed: Any = None) -> Tensor:
        """Draw standard normal latents, one per real example: (B, latent_dim)."""
        shape = (ops.shape(real)[0], self.latent_dim)
        seed = self.latent_seed if seed is None else seed
        return own_rows(lambda rows: normal(rows, seed, self.compute_dtype), shape)
