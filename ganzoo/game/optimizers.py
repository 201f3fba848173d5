"""One optimizer object that owns the optimizers of all players."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from ganzoo._backend.keras_internals import OF_A_BACKEND
from ganzoo.errors import InvalidArgumentError


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
    if str(config.get("module")).startswith(OF_A_BACKEND):
        config["module"] = "keras.optimizers"
    return config


@keras.saving.register_keras_serializable("ganzoo")
class PlayerOptimizers(keras.optimizers.Optimizer):
    """The optimizers of a game, one per player, that Keras carries and saves as one.

    Keras' trainers know one optimizer: on JAX they hand `optimizer.variables` from step to step,
    and saving walks it. A second optimizer beside it would lose its moments silently.

    `optimizers["generator"]` and `optimizers.generator_optimizer` are the same object.

    `learning_rate` reads the rate of the last player; setting it scales all rates by the same
    factor, so that callbacks such as `ReduceLROnPlateau` keep the balance of the players.

    Args:
        optimizers: By player, in the order in which they play; an object each.
    """

    players: tuple[str, ...] = ()
    _unfinished = False

    def __init__(self, optimizers: Mapping[str, Any], name: str = "player_optimizers") -> None:
        super().__init__(learning_rate=0.0, name=name)
        if len({id(optimizer) for optimizer in optimizers.values()}) < len(optimizers):
            raise InvalidArgumentError(
                f"The players {', '.join(optimizers)} need an optimizer each; received the same "
                "object twice."
            )
        self.players = tuple(optimizers)
        for player, optimizer in optimizers.items():
            setattr(self, f"{player}_optimizer", optimizer)
            _load_only_its_own(optimizer, player)
        self._ratios: tuple[float, ...] = (1.0,) * len(self.players)
        self._note_ratios()

    def __getitem__(self, player: str) -> Any:
        return getattr(self, f"{player}_optimizer")

    @property
    def lead(self) -> Any:
        """The optimizer of the last player, whose steps and rate stand for all."""
        return self[self.players[-1]]

    def build_for(self, variables: Mapping[str, list]) -> None:
        """Create the moments of every optimizer, each for its own player's variables."""
        for player in self.players:
            self[player].build(variables[player])
        self.built = True

    def build(self, variables: list) -> None:
        """Refuse a single list of variables; `build_for` takes one per player."""
        raise ValueError("PlayerOptimizers is built with build_for(), one list per player.")

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """Refuse to guess: each player's variables are updated through its own optimizer."""
        raise ValueError(
            "PlayerOptimizers applies no gradients itself; use the optimizer of a player: "
            f"optimizer[name], where name is one of {', '.join(self.players)}."
        )

    @property
    def variables(self) -> list:
        """The variables of all optimizers, in the order of the players."""
        return [variable for player in self.players for variable in self[player].variables]

    @property
    def iterations(self) -> Any:
        """The number of updates of the last player."""
        return self.lead.iterations

    @property
    def learning_rate(self) -> Any:
        """The last player's current learning rate."""
        return self.lead.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        scheduled = [player for player in self.players if _has_schedule(self[player])]
        if scheduled:
            raise InvalidArgumentError(
                f"The learning rate of the {scheduled[0]} follows a schedule, so that it cannot be "
                "set; compile all players with plain rates, or leave the rates to the schedules."
            )
        try:
            value = float(value)
        except (TypeError, ValueError):
            raise InvalidArgumentError(
                f"A learning rate that is set must be a number; got {value!r}. A schedule is given "
                "to a player's optimizer: compile(optimizers={...})."
            ) from None
        self._note_ratios()
        for player, ratio in zip(self.players, self._ratios, strict=True):
            self[player].learning_rate = ratio * value

    # --- averages of weights, `use_ema` of an optimizer -------------------------------------------

    def trained_by(self, player: str) -> list:
        """Return the variables that a player's optimizer was built on."""
        return list(_inner(self[player])._trainable_variables)

    def finalize_variable_values(self, var_list: Any) -> None:
        """Set the weights to their averages where an optimizer has `use_ema`, as Keras' `fit` does.

        Keras calls it at the end of `fit` with all trainable weights; each optimizer knows its own.
        """
        del var_list
        if not self._unfinished:
            for player in self.players:
                self[player].finalize_variable_values(self.trained_by(player))

    @contextmanager
    def unfinished(self) -> Iterator[None]:
        """While a `fit` ends that another one continues."""
        self._unfinished = True
        try:
            yield
        finally:
            self._unfinished = False

    def _averaging(self) -> list[Any]:
        found = [_inner(self[player]) for player in self.players]
        return [optimizer for optimizer in found if optimizer.use_ema]

    # `keras.callbacks.SwapEMAWeights` exchanges these two, pair by pair.

    @property
    def _trainable_variables(self) -> list:
        return [v for optimizer in self._averaging() for v in optimizer._trainable_variables]

    @_trainable_variables.setter
    def _trainable_variables(self, value: Any) -> None:
        """Do nothing: Keras' constructor sets a list of none."""

    @property
    def _model_variables_moving_average(self) -> list:
        found = self._averaging()
        if not found:
            raise AttributeError("No optimizer has use_ema=True.")
        return [v for optimizer in found for v in optimizer._model_variables_moving_average]

    def _note_ratios(self) -> None:
        """Remember how the rates compare, unless the last player's is 0 just now."""
        rates = [float(ops.convert_to_numpy(self[player].learning_rate)) for player in self.players]
        if rates[-1] > 0:
            self._ratios = tuple(rate / rates[-1] for rate in rates)

    def save_own_variables(self, store: Any) -> None:
        """Write nothing: Keras saves the optimizers on their own."""

    def load_own_variables(self, store: Any) -> None:
        """Read nothing: Keras loads the optimizers on their own."""

    def get_config(self) -> dict[str, Any]:
        """Return all optimizers, serialised."""
        return {
            "name": self.name,
            "optimizers": {player: serialize(self[player]) for player in self.players},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> PlayerOptimizers:
        """Build the object of `get_config()`."""
        optimizers = {
            player: keras.saving.deserialize_keras_object(one, custom_objects)
            for player, one in config["optimizers"].items()
        }
        return cls(optimizers, config["name"])


def _inner(optimizer: Any) -> Any:
    """Return the optimizer that a scaling of the loss wraps, or itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def _load_only_its_own(optimizer: Any, player: str) -> None:
    """Let an optimizer pass over the saved state of another one, and say so.

    Keras loads it wherever it loads weights: with `load_model(compile=False)` into the default
    optimizers, with `load_weights` into those that the model happens to have.
    """
    for part in filter(None, (optimizer, getattr(optimizer, "inner_optimizer", None))):
        load = type(part).load_own_variables

        def load_own_variables(store: Any, part: Any = part, load: Any = load) -> None:
            found = [tuple(store[str(place)].shape) for place in range(len(store.keys()))]
            if found == [tuple(variable.shape) for variable in part.variables]:
                load(part, store)
            elif found:
                warnings.warn(
                    f"The saved optimizer of the {player} is another one: its moments and rate are "
                    "left, training would begin with those of this model.",
                    stacklevel=2,
                )

        part.load_own_variables = load_own_variables


def _has_schedule(optimizer: Any) -> bool:
    """Whether the rate is a schedule, or another function, and no number."""
    return not isinstance(_inner(optimizer)._learning_rate, keras.Variable)
