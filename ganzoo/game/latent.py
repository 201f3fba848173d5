"""`GAN`: two networks, one adversarial step, and what a Keras user expects around them.

Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1 with the non-saturating generator loss.
The step is written once for TensorFlow, JAX and PyTorch; see `_backend/README.md`.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import checks, penalties
from ganzoo._backend import BackendModel, Mean, mean_over_replicas, process
from ganzoo.augmentation import Augmentation
from ganzoo.batches import ShuffledBatches, fit_in_order
from ganzoo.errors import InvalidArgumentError
from ganzoo.game.model import Adversarial
from ganzoo.game.optimizers import OptimizerPair, serialize
from ganzoo.game.seeds import KeepsSeeds
from ganzoo.random import draw_latents

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class GAN(BackendModel, Adversarial, KeepsSeeds, keras.Model):
    """A generator and a discriminator that are trained against each other.

    `fit(images)` trains, `predict(latents)` and `generate(latents)` generate, `sample(n, seed)`
    draws the latents too, `evaluate(images)` reports the losses without an update. A fresh model
    is compiled with good defaults, so that `fit` works at once.

    Args:
        generator: Built `keras.Model` from latents (B, latent_dim) to data (B, ...) in [-1, 1].
        discriminator: Built `keras.Model` from data (B, ...) to logits (B, 1).
        ema_momentum: With a momentum in (0, 1), keep an exponential moving average of all weights
            of the generator (batch-norm statistics too) and generate from that average, as in
            Karras et al. 2017 (arXiv:1710.10196). The momentum grows as (1 + t) / (10 + t) from
            the first step t on, so that the random start is forgotten.
        seed: Seeds the latents drawn while training. `keras.utils.set_random_seed` before the
            model is built seeds the initial weights and dropout as well.
        name: Name of the model.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        ema_momentum: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        checks.check_networks(generator, discriminator)
        checks.check_momentum(ema_momentum)
        checks.check_seed(seed)
        self.generator = generator
        self.discriminator = discriminator
        self.averaged_generator = None
        if ema_momentum is not None:
            self.averaged_generator = keras.models.clone_model(generator)
            self.averaged_generator.trainable = False
            self.averaged_generator.set_weights(generator.get_weights())
        self.ema_momentum = ema_momentum
        self.seed = seed
        self.latent_seed = keras.random.SeedGenerator(seed)
        # Another one for evaluate(), so that validation does not change the training.
        self.evaluation_seed = keras.random.SeedGenerator(0 if seed is None else seed + 1)
        self.trackers = {
            name: Mean(name=name)
            for name in ("d_loss", "g_loss", "d_real_accuracy", "d_fake_accuracy")
        }
        self.built = True
        self.compile()

    # --- compile -----------------------------------------------------------------------------

    def compile(
        self,
        discriminator_optimizer: Any = None,
        generator_optimizer: Any = None,
        *,
        penalty: penalties.Penalty | None = None,
        augmentation: Augmentation | None = None,
        discriminator_steps: int = 1,
        simultaneous: bool = False,
        **kwargs: Any,
    ) -> None:
        """Choose how to train.

        Args:
            discriminator_optimizer: A `keras.optimizers.Optimizer` (or its name) for the
                discriminator; Adam(2e-4, beta_1=0.5) by default.
            generator_optimizer: The same for the generator.
            penalty: A `ganzoo.penalties` object that is added to the discriminator's loss.
            augmentation: A `ganzoo.augmentation.Augmentation` of all that the discriminator sees,
                for small sets of images.
            discriminator_steps: Discriminator updates, each with fresh latents, per generator
                update.
            simultaneous: Take both gradients from one forward pass, the generator's through the
                discriminator before its update: a step is a quarter faster. By default the
                generator follows the updated discriminator with fresh latents, which after the
                same few epochs of MNIST gave the better digits (tests/benchmarks/README.md).
            **kwargs: `run_eagerly`, `steps_per_execution`, `jit_compile` of `keras.Model.compile`.

        Raises:
            InvalidArgumentError: An argument is outside what is accepted.
        """
        checks.check_compile(discriminator_steps, simultaneous, penalty, augmentation, kwargs)
        pair = OptimizerPair(
            self._prepared(discriminator_optimizer), self._prepared(generator_optimizer)
        )
        pair.build_for(self.discriminator.trainable_variables, self.generator.trainable_variables)
        super().compile(optimizer=pair, auto_scale_loss=False, **kwargs)
        self.penalty = penalty
        self.augmentation = augmentation
        self.discriminator_steps = discriminator_steps
        self.simultaneous = simultaneous
        self._compile_options = kwargs

    def _prepared(self, optimizer: Any) -> Any:
        """Return an optimizer from what `compile` was given, loss scaling included."""
        if optimizer is None:
            optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
        optimizer = keras.optimizers.get(optimizer)
        wrapper = keras.optimizers.LossScaleOptimizer
        if self.generator.dtype_policy.name == "mixed_float16" and not isinstance(
            optimizer, wrapper
        ):
            optimizer = wrapper(optimizer)
        return optimizer

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, for saving."""
        serialized = {
            name: None if part is None else keras.saving.serialize_keras_object(part)
            for name, part in (("penalty", self.penalty), ("augmentation", self.augmentation))
        }
        return {
            "discriminator_optimizer": serialize(self.optimizer.discriminator_optimizer),
            "generator_optimizer": serialize(self.optimizer.generator_optimizer),
            **serialized,
            "discriminator_steps": self.discriminator_steps,
            "simultaneous": self.simultaneous,
            **self._compile_options,
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` says; both optimizers are built before weights load."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    def _update_average(self) -> None:
        if self.averaged_generator is None:
            return
        step = ops.cast(self.optimizer.iterations, self.generator.variable_dtype)
        momentum = ops.minimum(self.ema_momentum, (1.0 + step) / (10.0 + step))
        pairs = zip(self.averaged_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign(weight.value + momentum * (average.value - weight.value))

    def _track(
        self, d_loss: Tensor, g_loss: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> dict[str, Tensor]:
        right = [ops.cast(logits, "float32") for logits in (real_logits > 0, fake_logits <= 0)]
        values = [d_loss, g_loss, *right]
        if process()[1] > 1:  # Keras adds up over the replicas of one process, not over processes
            values = mean_over_replicas([ops.cast(value, "float32") for value in values])
        for tracker, value in zip(self.trackers.values(), values, strict=True):
            tracker.update_state(value)
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    @property
    def metrics(self) -> list:
        """The four trackers; Keras' own `loss` does not apply to a game of two."""
        return [metric for metric in super().metrics if metric.name != "loss"]

    # --- data, saving ------------------------------------------------------------------------

    @property
    def data_range(self) -> tuple[float, float] | None:
        """The range that training data must have; None for any."""
        return (-1.0, 1.0)

    def check_examples(self, examples: Any) -> Any:
        """Return training data in a form that Keras takes; refuse arrays that cannot be right."""
        return checks.check_source(examples, self.data_shape, self.data_range)

    def fit(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Train on images in [-1, 1]: NumPy, `tf.data`, a `DataLoader` or a `PyDataset`.

        The arguments are those of `keras.Model.fit`; labels, where the data have them, are not
        used. NumPy arrays are checked first: shape, finite, in [-1, 1].

        Raises:
            DataError: The array is empty, of another shape, not finite or outside [-1, 1].
        """
        x = self.check_examples(x)
        if isinstance(x, ShuffledBatches):
            return fit_in_order(super().fit, x, *args, **kwargs)
        return super().fit(x, *args, **kwargs)

    def evaluate(self, x: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Report both losses and accuracies without an update; data as for `fit`."""
        return super().evaluate(self.check_examples(x), *args, **kwargs)

    training_only: tuple[str, ...] = ()

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Every named network, in order."""
        return {"generator": self.generator, "discriminator": self.discriminator}

    @property
    def averages(self) -> dict[str, keras.Model]:
        """The averaged copies by the name of their network."""
        average = self.averaged_generator
        return {} if average is None else {"generator": average}

    def inference_network(self, name: str) -> keras.Model:
        """Return the averaged copy where there is one, else the network."""
        return self.averages.get(name, self.networks[name])

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        """Return inputs to compare a model's outputs at."""
        return {"latents": draw_latents(n, self.latent_dim, seed)}

    def probe(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the outputs at these inputs."""
        return {"generator": self.generate(inputs["latents"])}

    def save_to_preset(self, folder: Any, *, overwrite: bool = False) -> None:
        """Write a preset folder that `ganzoo.load(folder)` reads; see `ganzoo.presets.save`."""
        from ganzoo.presets import folder as presets

        presets.save(self, folder, overwrite=overwrite)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments, the networks serialised."""
        serialize = keras.saving.serialize_keras_object
        return {
            "generator": serialize(self.generator),
            "discriminator": serialize(self.discriminator),
            **self.common_config(),
        }

    def common_config(self) -> dict[str, Any]:
        """Return the arguments that every GAN has; subclasses add their own to these."""
        return {"ema_momentum": self.ema_momentum, "seed": self.seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> GAN:
        """Build the model of `get_config()`."""
        config = dict(config)
        for key in ("generator", "discriminator"):
            if key in config:
                config[key] = keras.saving.deserialize_keras_object(config[key], custom_objects)
        unknown = set(config) - set(checks.argument_names(cls))
        if unknown:
            raise InvalidArgumentError(
                f"{cls.__name__} has no argument {sorted(unknown)[0]!r}; "
                f"accepted: {', '.join(checks.argument_names(cls))}."
            )
        return cls(**config)
