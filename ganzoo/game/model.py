"""`AdversarialModel`: named networks, and players that train them, in turn or at once.

A family says who plays (`players`) and what each minimises (`<player>_objective`); the step is
written here, once for TensorFlow, JAX and PyTorch. README.md beside this file explains it.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

import keras

from ganzoo import checks, constructors
from ganzoo._backend import BackendModel, Mean
from ganzoo.errors import InvalidArgumentError
from ganzoo.game import averages, policies
from ganzoo.game.compiling import Compiling
from ganzoo.game.exporting import Exports
from ganzoo.game.fed import IsFed
from ganzoo.game.players import Player, check_players
from ganzoo.game.seeds import KeepsSeeds
from ganzoo.game.step import Batch as Batch
from ganzoo.game.step import Stepping
from ganzoo.game.turns import TakesTurns
from ganzoo.layers import in_step
from ganzoo.schedules import plain

_COUNTER: dict[str, Any] = {
    "shape": (),
    "dtype": "float32",
    "autocast": False,
    "aggregation": "only_first_replica",  # each replica counts the same
}


class _CompiledWhenMade(type(keras.Model)):  # type: ignore[misc]
    """Compiles a model with its defaults when its whole construction is done.

    So a subclass may set attributes after `super().__init__()` and still use them in `compile`.
    Every model takes `dtype` besides its own arguments, the policy under which it is made.
    """

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        facts = {name: kwargs.pop(name) for name in policies.FACTS if name in kwargs}
        make = super().__call__
        own = cls.__module__.startswith("ganzoo.")  # another's class may mean what Keras is set to
        if own:
            args, kwargs = constructors.check_arguments(cls, args, kwargs)
        with policies.channels_last() if own else contextlib.nullcontext():
            return policies.restored(lambda: _compiled(make(*args, **kwargs)), facts)


def _compiled(model: Any) -> Any:
    if not model.compiled:
        model.compile()
    return model


class AdversarialModel(
    Compiling,
    Stepping,
    IsFed,
    TakesTurns,
    Exports,
    BackendModel,
    KeepsSeeds,
    keras.Model,
    metaclass=_CompiledWhenMade,
):
    """Named networks and the players that train them.

    A subclass states `players` and has a method `<player>_objective(batch) -> Objective` for each.
    A fresh model is compiled with good defaults, so that `fit` works at once.

    Args:
        networks: Built Keras models by name; each becomes an attribute of that name.
        ema_momentum: With a momentum in (0, 1), or a `Schedule` of it, keep an exponential moving
            average of the networks named in `averaged` and use that average outside of training.
        seed: Seeds what is drawn while training. `keras.utils.set_random_seed` before the model is
            built seeds the initial weights and dropout as well.
        name: Name of the model.
        dtype: Name of a Keras dtype policy, under which the model is made; the global one's by
            default.

    Attributes:
        players: Who plays, in the order in which they play.
        logged: Figures that objectives log besides the losses.
        averaged: Names of the networks that `ema_momentum` averages.
        training_only: Names of networks that a preset leaves out.
        weighted: Whether all objectives use `batch["weights"]` where examples have weights.
        penalised, augments: Whether `compile` takes a penalty, an augmentation.
    """

    players: ClassVar[Mapping[str, Player]] = {}
    averaged: ClassVar[tuple[str, ...]] = ()
    training_only: ClassVar[tuple[str, ...]] = ()
    usual_train_step: ClassVar[Any]
    watches: ClassVar[Mapping[str, Any]] = {}  # who looks at batches while fit and evaluate run
    _architecture: Any = None

    def __init__(
        self,
        networks: Mapping[str, keras.Model],
        *,
        ema_momentum: Any = None,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        ema_momentum = self._momentum(ema_momentum)
        checks.check_seed(seed)
        check_players(type(self), networks)
        for network, model in networks.items():
            setattr(self, network, model)
        self._names = tuple(networks)
        self.normalised = tuple(in_step.adapted(list(networks.values())))
        self.changing = tuple(in_step.changing(list(networks.values())))
        self.ema_momentum = ema_momentum
        for network in self.averaged:
            average = None if ema_momentum is None else averages.average_of(networks[network])
            setattr(self, f"averaged_{network}", average)
        self.seed = seed
        self.latent_seed = keras.random.SeedGenerator(seed)
        # Another one for evaluate(), so that validation does not change the training.
        self.evaluation_seed = keras.random.SeedGenerator(0 if seed is None else seed + 1)
        losses = [player.loss for player in self.players.values()]
        self.trackers = {name: Mean(name=name) for name in (*losses, *self.logged)}
        self.images = self.add_weight(
            name="images", initializer="zeros", trainable=False, **_COUNTER
        )
        self.built = True

    # --- networks ----------------------------------------------------------------------------

    @property
    def networks(self) -> dict[str, keras.Model]:
        """All networks by name, in order, without the averages."""
        return {name: getattr(self, name) for name in self._names}

    @property
    def averages(self) -> dict[str, keras.Model]:
        """The averages by the name of their network; empty without `ema_momentum`."""
        found = {name: getattr(self, f"averaged_{name}") for name in self.averaged}
        return {name: average for name, average in found.items() if average is not None}

    def inference_network(self, name: str) -> keras.Model:
        """Return the network to use outside of training: its average where there is one."""
        return self.averages.get(name, getattr(self, name))

    def keep_averages(self, momentum: Any) -> None:
        """Keep averages from now on, with this momentum; those that are there go on."""
        self.ema_momentum = self._momentum(momentum)
        if self.ema_momentum is None:
            raise InvalidArgumentError("momentum must be in (0, 1); got None.")
        for name in self.averaged:
            if name not in self.averages:
                setattr(self, f"averaged_{name}", averages.average_of(getattr(self, name)))
        self.train_function = self.test_function = self.predict_function = None

    def _momentum(self, momentum: Any) -> Any:
        """Return the momentum of the averages; refuse one where there is nothing to average."""
        if momentum is not None and not self.averaged:
            raise InvalidArgumentError(
                f"{type(self).__name__} averages no networks; got ema_momentum={momentum!r}."
            )
        return averages.checked(momentum)

    def variables_of(self, player: str) -> list[Any]:
        """Return the trainable variables of a player's networks, each once."""
        found = {
            id(variable): variable
            for name in self.players[player].networks
            for variable in getattr(self, name).trainable_variables
        }
        return list(found.values())

    @property
    def metrics(self) -> list:
        """The trackers; Keras' own `loss` does not apply to a game of several players."""
        return [metric for metric in super().metrics if metric.name != "loss"]

    # --- saving ------------------------------------------------------------------------------

    def save_to_preset(self, folder: Any, *, overwrite: bool = False) -> None:
        """Write a preset folder that `ganzoo.load(folder)` reads; see `ganzoo.presets`."""
        self.check_is_whole()
        # Presets stand above games: named by path, imported when called.
        importlib.import_module("ganzoo.presets.folder").save(self, folder, overwrite=overwrite)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments; networks that were handed over are serialised."""
        if self._architecture is not None:
            return {**self._architecture, **self.common_config()}
        serialize = keras.saving.serialize_keras_object
        networks = {name: serialize(network) for name, network in self.networks.items()}
        as_one = "networks" in constructors.constructor_parameters(type(self))
        return {**({"networks": networks} if as_one else networks), **self.common_config()}

    def common_config(self) -> dict[str, Any]:
        """Return the arguments and precision of any game, which a preset does not state."""
        own = {"ema_momentum": plain(self.ema_momentum), "seed": self.seed, "name": self.name}
        return {**own, **policies.stated(self)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Build the model of `get_config()`."""
        names = [*constructors.constructor_parameters(cls), *policies.FACTS]
        unknown = sorted(set(config) - set(names))
        if unknown:
            raise InvalidArgumentError(
                f"{cls.__name__} has no argument {unknown[0]!r}; accepted: {', '.join(names)}."
            )
        return cls(**{key: _built(value, custom_objects) for key, value in config.items()})

    # --- held to its outputs -----------------------------------------------------------------

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, Any]:
        """Return inputs for which a preset states outputs, arrays by name."""
        raise InvalidArgumentError(f"{type(self).__name__} needs a method probe_inputs(n, seed).")

    def probe(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the outputs for such inputs, float32 arrays by the name of the network."""
        raise InvalidArgumentError(f"{type(self).__name__} needs a method probe(inputs).")


AdversarialModel.usual_train_step = AdversarialModel.train_step


def _built(value: Any, custom_objects: Any) -> Any:
    """Return what a serialised object, or a mapping of some, says; anything else as it is."""
    if not isinstance(value, dict):
        return value
    if "class_name" in value and "config" in value:
        return keras.saving.deserialize_keras_object(value, custom_objects)
    return {name: _built(part, custom_objects) for name, part in value.items()}
