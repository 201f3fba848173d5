"""`GAN`: a generator that draws from latents, a discriminator that judges.

Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1 with the non-saturating generator loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
from keras import ops

from ganzoo import checks
from ganzoo._backend import without_gradient
from ganzoo.errors import InvalidArgumentError
from ganzoo.feeding import Examples, Part, as_numpy
from ganzoo.game.judging import accuracies, check_shapes
from ganzoo.game.model import AdversarialModel, Batch
from ganzoo.game.players import Objective, Player
from ganzoo.game.run import predict_evenly, usual_batch_size
from ganzoo.game.weights import accepted
from ganzoo.losses import binary_discriminator_loss, non_saturating_generator_loss
from ganzoo.random import draw_latents

Tensor = Any
MAX_SAMPLE_BYTES = 2**34


@keras.saving.register_keras_serializable("ganzoo")
class GAN(AdversarialModel):
    """A generator and a discriminator that are trained against each other.

    `fit(images)` trains, `predict(latents)` and `generate(latents)` generate, `sample(n, seed)`
    draws the latents too, `evaluate(images)` reports the losses without an update. Another game is
    a subclass with other losses: `discriminator_loss` and `generator_loss`.

    Args:
        generator: Built `keras.Model` from latents (B, latent_dim) to data (B, ...) in [-1, 1].
        discriminator: Built `keras.Model` from data (B, ...) to logits (B, 1).
        **kwargs: `ema_momentum`, `seed`, `name` of `AdversarialModel`.
    """

    players = {  # noqa: RUF012
        "discriminator": Player(("discriminator",), "d_loss"),
        "generator": Player(("generator",), "g_loss"),
    }
    logged: tuple[str, ...] = ("d_real_accuracy", "d_fake_accuracy")
    averaged: ClassVar[tuple[str, ...]] = ("generator",)
    penalised = True
    augments = True
    weighted = True
    # Whether the discriminator's outputs are logits, so that accuracies mean something.
    outputs_logits = True
    boundary = 0.0  # the output above which an example is told real, for accuracies
    # Whether `generator_loss` takes the logits of real data too, as relativistic losses do.
    relativistic = False

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **kwargs: Any) -> None:
        super().__init__({"generator": generator, "discriminator": discriminator}, **kwargs)
        check_shapes(generator, discriminator)

    def compile(  # type: ignore[override]
        self,
        discriminator_optimizer: Any = None,
        generator_optimizer: Any = None,
        *,
        optimizers: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Choose how to train.

        Args:
            discriminator_optimizer: A `keras.optimizers.Optimizer` (or its name);
                Adam(2e-4, beta_1=0.5) by default.
            generator_optimizer: The same for the generator.
            optimizers: The same by player, instead of the two: {"generator": ...}.
            **kwargs: `steps`, `simultaneous`, `penalty`, `augmentation` and Keras' options; see
                `AdversarialModel.compile`. `simultaneous=True` makes a step a quarter faster; by
                default the generator follows the updated discriminator with fresh latents, which
                after the same few epochs of MNIST gave the better digits
                (tests/benchmarks/README.md).
        """
        pair = {"discriminator": discriminator_optimizer, "generator": generator_optimizer}
        given = {player: one for player, one in pair.items() if one is not None}
        if given and optimizers is not None:
            raise InvalidArgumentError(
                f"Pass {next(iter(given))}_optimizer or optimizers={{...}}, not both."
            )
        super().compile(given or optimizers, **kwargs)

    # --- the game ----------------------------------------------------------------------------

    def discriminator_loss(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Tensor
    ) -> Tensor:
        """Scalar loss of the discriminator; override it to change the game.

        Args:
            real_logits, fake_logits: Of real and generated examples, shape (B, 1).
            **weights: `real_weights` and `fake_weights`, (B,) of mean 1, where examples have
                weights; an override without them refuses `sample_weight`.
        """
        return binary_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Tensor, **weights: Tensor) -> Tensor:
        """Scalar loss of the generator; override it to change the game.

        With `relativistic = True` it is called as `generator_loss(fake_logits, real_logits)`.
        """
        return non_saturating_generator_loss(fake_logits, **weights)

    def weights_of(self, batch: Batch) -> dict[str, Tensor | None]:
        """Return the weights of real and of generated examples; none without `sample_weight`.

        A generated example has that of the real one whose condition it shares.
        """
        real = batch.get("weights")
        return {"real_weights": real, "fake_weights": real if "condition" in batch else None}

    def batch(self, data: Any) -> Batch:
        """Return {"real": (B, ...)}; the labels that data sets often bring are not used."""
        return {"real": self.tensor(self.named(data)["real"])}

    def discriminator_objective(self, batch: Batch) -> Objective:
        """Tell real from generated; the generator is held fixed."""
        if self.at_once:
            fake = self.generated(batch)
        else:
            fake = without_gradient(lambda: self.generated(batch))
        real = self.augmented(batch["real"])
        real_logits, fake_logits, penalty = self.judge_both(real, fake, batch)
        weights = accepted(self.discriminator_loss, self.weights_of(batch))
        loss = self.discriminator_loss(real_logits, fake_logits, **weights)
        logs = self.accuracies(real_logits, fake_logits, **weights)
        known = {"fake": fake, "real_logits": real_logits, "fake_logits": fake_logits}
        loss = loss if penalty is None else loss + penalty
        return Objective(loss, logs, known if self.at_once else {})

    def generator_objective(self, batch: Batch) -> Objective:
        """Make what the discriminator takes for real; fresh examples, or those passed on."""
        fake = batch["fake"] if "fake" in batch else self.generated(batch)
        condition = batch.get("condition")
        known = "fake_logits" in batch
        fake_logits = batch["fake_logits"] if known else self.judge(fake, condition)
        weights = self.weights_of(batch)
        if not self.relativistic:
            given = accepted(self.generator_loss, {"fake_weights": weights["fake_weights"]})
            return Objective(self.generator_loss(fake_logits, **given), {}, {"fake": fake})
        real = self.augmented(batch["real"]) if not known else None
        real_logits = batch["real_logits"] if known else self.judge(real, condition)
        given = accepted(self.generator_loss, weights)
        loss = self.generator_loss(fake_logits, real_logits, **given)  # type: ignore[call-arg]
        return Objective(loss, {}, {"fake": fake})

    def accuracies(
        self, real_logits: Tensor, fake_logits: Tensor, **weights: Any
    ) -> dict[str, Tensor]:
        """Return whether each example was told right; of a relativistic game, each pair."""
        if self.relativistic:
            ahead, pairs = real_logits - fake_logits, weights.get("real_weights")
            return accuracies(ahead, -ahead, pairs, pairs)
        return accuracies(real_logits - self.boundary, fake_logits - self.boundary, **weights)

    def judge_both(
        self, real: Tensor, fake: Tensor, batch: Batch
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return the logits of real and of generated examples, and the penalty or None."""
        condition = batch.get("condition")

        def judge(x: Tensor, rows: Any = slice(None)) -> Tensor:
            return self.judge(x, None if condition is None else condition[rows])

        real_logits, fake_logits = judge(real), judge(fake)
        penalty = self.penalty_of(judge, real, fake, **self.weights_of(batch))
        return real_logits, fake_logits, penalty

    def generated(self, batch: Batch) -> Tensor:
        """Return as many generated examples as there are real ones, augmented."""
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim)
        return self.augmented(self.generate_from(latents, batch.get("condition")))

    def generate_from(self, latents: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the generator that is trained; a subclass may use the condition."""
        return self.apply(self.generator, latents, **options)

    def judge(self, examples: Tensor, condition: Tensor = None, **options: Any) -> Tensor:
        """Apply the discriminator; a subclass may use the condition."""
        return self.apply(self.discriminator, examples, **options)

    # --- data --------------------------------------------------------------------------------

    @property
    def data_range(self) -> tuple[float, float] | None:
        """The range that training data must have; None for any."""
        return (-1.0, 1.0)

    @property
    def parts(self) -> Sequence[Part]:
        """The examples, "real"."""
        return (Examples("real", self.data_shape, self.data_range, maker=self.generator),)

    def check_examples(self, examples: Any) -> np.ndarray:
        """Return examples as float32 (n, *data_shape); refuse what cannot be right.

        Raises:
            DataError: The array is empty, of another shape, not finite or outside [-1, 1].
        """
        part = self.parts[0]
        return part.check(as_numpy(examples))

    # --- generating --------------------------------------------------------------------------

    @property
    def latent_dim(self) -> int:
        """Length of a latent vector."""
        return int(self.generator.inputs[0].shape[-1])

    @property
    def data_shape(self) -> tuple[int, ...]:
        """Shape of one example: (height, width, channels) for images."""
        return tuple(self.generator.output_shape[1:])

    @property
    def sampling_generator(self) -> keras.Model:
        """The network that generates: the averaged generator where there is one."""
        return self.inference_network("generator")

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        """Generate from latents (B, latent_dim)."""
        return self.apply(self.sampling_generator, latents, training=training)

    def condition(self, n: int, label: Any = None) -> np.ndarray | None:
        """Return what `n` examples are asked to be: None, as this model takes no label.

        Raises:
            InvalidArgumentError: A label is given.
        """
        if label is not None:
            raise InvalidArgumentError(
                f"{type(self).__name__} takes no label; got {label!r}. Conditional models do."
            )
        return None

    def generate(self, latents: Any, *, batch_size: int | None = None) -> np.ndarray:
        """Generate one example per latent vector.

        Args:
            latents: Finite numbers, shape (n, latent_dim), n >= 1.
            batch_size: Examples per forward pass, which do not change the result; None is 256
                pictures, or up to 131,072 vectors (`ganzoo.game.run.usual_batch_size`).

        Returns:
            float32 array of shape (n, *data_shape), in [-1, 1].

        Raises:
            InvalidArgumentError: Another rank, width or dtype, or numbers that are not finite.
        """
        latents = checks.check_latents(latents, self.latent_dim)
        size = usual_batch_size(self.sampling_generator) if batch_size is None else batch_size
        return predict_evenly(self, [latents], size)

    def sample(
        self, n: int, seed: int | None = None, *, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw `n` examples.

        Args:
            n: How many, >= 1.
            seed: Of a NumPy `Generator(PCG64(seed))`: the same latents on every backend and for
                every batch size. None draws others each time.
            batch_size: As for `generate`, and so is what is returned.
        """
        self.check_memory(n)
        return self.generate(draw_latents(n, self.latent_dim, seed), batch_size=batch_size)

    def check_memory(self, n: int) -> None:
        """Refuse more samples than 16 GiB of float32 hold."""
        checks.check_count("The number of samples", n)
        most = MAX_SAMPLE_BYTES // (4 * int(np.prod(self.data_shape)))
        if n > most:
            raise InvalidArgumentError(
                f"At most {most} samples of shape {self.data_shape} fit into 16 GiB; got {n}. "
                "Draw them in parts, with another seed each."
            )

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return {"latents": (n, latent_dim)}."""
        return {"latents": draw_latents(n, self.latent_dim, seed)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, *data_shape)}."""
        return {"generator": self.generate(inputs["latents"])}

    def preset_images(self, n: int = 100, seed: int = 0) -> np.ndarray | None:
        """Return the pictures that are shown of a preset, `sample(n, seed)`; None of other data."""
        if len(self.data_shape) != 3 or self.data_shape[-1] not in (1, 3, 4):
            return None
        return self.sample(n, seed)
