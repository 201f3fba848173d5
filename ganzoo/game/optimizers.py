"""One optimizer object that owns the two optimizers of a GAN."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


def serialize(optimizer: Any) -> dict[str, Any]:
    """Return an optimizer's configuration without the backend that wrote it.

    Keras has classes of its own for PyTorch and names them in the configuration, so that another
    backend would rebuild PyTorch's optimizer.
    """
    return _portable(keras.saving.serialize_keras_object(optimizer))


def _portable(config: Any) -> Any:
    if not isinstance(config, dict):
        return config
    config = {key: _portable(value) for key, value in config.items()}
    if str(config.get("module")).startswith("keras.src.backend."):
        config["module"] = "keras.optimizers"
    return config


@keras.saving.register_keras_serializable("ganzoo")
class OptimizerPair(keras.optimizers.Optimizer):
    """Two optimizers, one per network, that Keras carries and saves as one.

    Keras' trainers know one optimizer: on JAX they hand `optimizer.variables` from step to step,
    and saving walks it. A second optimizer beside it would lose its moments silently.

    `learning_rate` reads the generator's rate; setting it scales both rates by the same factor, so
    that callbacks such as `ReduceLROnPlateau` keep the balance of the two.

    Args:
        discriminator_optimizer: Updates the discriminator.
        generator_optimizer: Updates the generator; another object.
    """

    def __init__(
        self, discriminator_optimizer: Any, generator_optimizer: Any, name: str = "optimizer_pair"
    ) -> None:
        super().__init__(learning_rate=0.0, name=name)
        if discriminator_optimizer is generator_optimizer:
            raise ValueError(
                "The discriminator and the generator need an optimizer each; "
                "received the same object twice."
            )
        self.discriminator_optimizer = discriminator_optimizer
        self.generator_optimizer = generator_optimizer
        self._ratio = 1.0
        self._note_ratio()

    def build_for(self, discriminator_variables: list, generator_variables: list) -> None:
        """Create the moments of both optimizers, each for its own network's variables."""
        self.discriminator_optimizer.build(discriminator_variables)
        self.generator_optimizer.build(generator_variables)
        self.built = True

    def build(self, variables: list) -> None:
        """Refuse a single list of variables; `build_for` takes one per network."""
        raise ValueError("An OptimizerPair is built with build_for(), one list per network.")

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """Refuse to guess: each network is updated through its own optimizer."""
        raise ValueError(
            "An OptimizerPair applies no gradients itself; use its discriminator_optimizer and "
            "generator_optimizer."
        )

    @property
    def variables(self) -> list:
        """The variables of both optimizers, the discriminator's first."""
        return [*self.discriminator_optimizer.variables, *self.generator_optimizer.variables]

    @property
    def iterations(self) -> Any:
        """The number of generator updates."""
        return self.generator_optimizer.iterations

    @property
    def learning_rate(self) -> Any:
        """The generator's current learning rate."""
        return self.generator_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self._note_ratio()
        self.discriminator_optimizer.learning_rate = self._ratio * float(value)
        self.generator_optimizer.learning_rate = float(value)

    def _note_ratio(self) -> None:
        """Remember how the two rates compare, unless the generator's is 0 just now."""
        pair = (self.discriminator_optimizer, self.generator_optimizer)
        rates = [float(ops.convert_to_numpy(optimizer.learning_rate)) for optimizer in pair]
        if rates[1] > 0:
            self._ratio = rates[0] / rates[1]

    def save_own_variables(self, store: Any) -> None:
        """Write nothing: Keras saves the two optimizers on their own."""

    def load_own_variables(self, store: Any) -> None:
        """Read nothing: Keras loads the two optimizers on their own."""

    def get_config(self) -> dict[str, Any]:
        """Return both optimizers, serialised."""
        return {
            "name": self.name,
            "discriminator_optimizer": serialize(self.discriminator_optimizer),
            "generator_optimizer": serialize(self.generator_optimizer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> OptimizerPair:
        """Build the pair of `get_config()`."""
        config = dict(config)
        for key in ("discriminator_optimizer", "generator_optimizer"):
            config[key] = keras.saving.deserialize_keras_object(config[key], custom_objects)
        return cls(**config)
