"""The half of `AdversarialModel` that compiles: an optimizer per player, steps, penalties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import keras

from ganzoo import checks
from ganzoo._backend import STEPS_COMPILE
from ganzoo.augmentation import AdaptiveAugmentation, Strength
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.game.optimizers import PlayerOptimizers, serialize
from ganzoo.game.players import Player


class Compiling:
    """Chooses how a game is trained."""

    players: ClassVar[Mapping[str, Player]]
    penalised: bool = False
    augments: ClassVar[bool] = False
    augmentation_strength: Any
    optimizer: Any
    logged: tuple[str, ...]
    networks: Any
    variables_of: Callable[[str], list[Any]]

    def compile(
        self,
        optimizers: Mapping[str, Any] | None = None,
        *,
        steps: Mapping[str, int] | None = None,
        simultaneous: bool = False,
        penalty: Any = None,
        augmentation: Any = None,
        **kwargs: Any,
    ) -> None:
        """Choose how to train.

        Args:
            optimizers: A `keras.optimizers.Optimizer` (or its name) by player; the others get
                `default_optimizer`.
            steps: Updates of a player per step, each with fresh random numbers; 1 for the others.
                With 0 a player waits: nothing of its objective is computed, its figures are
                logged as 0, and what it passes on is missing.
            simultaneous: Take all gradients from one forward pass, before any update. By default a
                player sees the updates of those before it.
            penalty: One of `ganzoo.penalties`, or several, that are added to the discriminator's
                loss.
            augmentation: A `ganzoo.augmentation.Augmentation` of all that the discriminator sees,
                for small sets of images; an `AdaptiveAugmentation` finds its strength.
            **kwargs: `run_eagerly`, `steps_per_execution`, `jit_compile` of `keras.Model.compile`;
                FIT.md says which of its other arguments are refused.

        Raises:
            InvalidArgumentError: An argument is outside what is accepted; no such player.
        """
        self._check_options(penalty, augmentation, kwargs)
        given = self._by_player("optimizers", optimizers)
        counts = self._by_player("steps", steps)
        for player, count in counts.items():
            checks.check_count(f"steps[{player!r}]", count, most=1000, least=0)
        if counts.get(list(self.players)[-1]) == 0:
            raise InvalidArgumentError(
                f"The last player, {list(self.players)[-1]}, cannot wait: its updates are the "
                f"steps of a training; got steps={dict(counts)}."
            )
        if simultaneous and any(count != 1 for count in counts.values()):
            raise InvalidArgumentError(
                f"simultaneous=True makes one update of each player; got steps={dict(counts)}."
            )
        made = {player: self._prepared(player, given.get(player)) for player in self.players}
        optimizer = PlayerOptimizers(made)
        optimizer.build_for({player: self.variables_of(player) for player in self.players})
        self.jit_asked = kwargs.get("jit_compile") is True
        options = {**kwargs, **({} if STEPS_COMPILE else {"jit_compile": False})}
        super().compile(optimizer=optimizer, auto_scale_loss=False, **options)  # type: ignore[misc]
        self.steps = {player: int(counts.get(player, 1)) for player in self.players}
        self.simultaneous = bool(simultaneous)
        several = isinstance(penalty, list | tuple)
        self.penalties = tuple(penalty) if several else () if penalty is None else (penalty,)
        self._augment_by(augmentation)
        self._compile_options = kwargs

    def _augment_by(self, augmentation: Any) -> None:
        """Keep an augmentation; where it adapts itself, with a state of the model that stays."""
        self.augmentation = augmentation
        adapts = isinstance(augmentation, AdaptiveAugmentation)
        # No attribute of the class: PyTorch's modules would not be found behind it.
        state = getattr(self, "augmentation_strength", None)
        if adapts and state is None:
            state = Strength(name="augmentation_strength")
        self.augmentation_strength = state if adapts else None

    def default_optimizer(self, player: str) -> Any:
        """Return what a player gets that `compile` names no optimizer for."""
        return keras.optimizers.Adam(2e-4, beta_1=0.5)

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, for saving."""
        as_plain = keras.saving.serialize_keras_object
        augmentation = self.augmentation
        return {
            "optimizers": {player: serialize(self.optimizer[player]) for player in self.players},
            "steps": dict(self.steps),
            "simultaneous": self.simultaneous,
            "penalty": [as_plain(penalty) for penalty in self.penalties] or None,
            "augmentation": None if augmentation is None else as_plain(augmentation),
            **self._compile_options,
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` says; optimizers are built before weights load."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    def _prepared(self, player: str, optimizer: Any) -> Any:
        """Return an optimizer from what `compile` was given, loss scaling included."""
        optimizer = self.default_optimizer(player) if optimizer is None else optimizer
        optimizer = keras.optimizers.get(optimizer)
        wrapper = keras.optimizers.LossScaleOptimizer
        trained = [self.networks[name] for name in self.players[player].networks]
        half = any(network.dtype_policy.name == "mixed_float16" for network in trained)
        return wrapper(optimizer) if half and not isinstance(optimizer, wrapper) else optimizer

    def _by_player(self, what: str, given: Any) -> Mapping[str, Any]:
        """Return a mapping by player; refuse the name of nobody who plays."""
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            example = ", ".join(f"{player!r}: ..." for player in self.players)
            raise InvalidArgumentError(
                f"{what} must be given by player, {{{example}}}; got {given!r}."
            )
        for player in given:
            if player not in self.players:
                raise InvalidArgumentError(
                    f"{what}: {type(self).__name__} has no player {player!r}; there are "
                    f"{', '.join(self.players)}.{nearest(str(player), self.players)}"
                )
        return given

    def _check_adapts(self) -> None:
        """Refuse an adaptive augmentation where nobody says how sure the discriminator is."""
        told = "d_real_accuracy" in self.logged and getattr(self, "outputs_logits", False)
        if not told:
            raise InvalidArgumentError(
                f"{type(self).__name__} takes no AdaptiveAugmentation: its discriminator's outputs "
                "are scores without a zero, whose signs say nothing. "
                "ganzoo.augmentation.Augmentation() is fixed."
            )

    def _check_options(self, penalty: Any, augmentation: Any, options: Mapping[str, Any]) -> None:
        """Refuse what this game has no use for."""
        name = type(self).__name__
        several = penalty if isinstance(penalty, list | tuple) else [penalty]
        for what, parts, honoured, example in (
            ("penalty", several, self.penalised, "ganzoo.penalties.R1(0.1)"),
            ("augmentation", [augmentation], self.augments, "ganzoo.augmentation.Augmentation()"),
        ):
            for part in parts:
                if part is not None and not honoured:
                    raise InvalidArgumentError(f"{name} takes no {what}; got {part!r}.")
                if part is not None and (not callable(part) or isinstance(part, type)):
                    raise InvalidArgumentError(
                        f"{what} must be None or an object such as {example}; got {part!r}."
                    )
        if isinstance(augmentation, AdaptiveAugmentation):
            self._check_adapts()
        for option in options:
            if option not in checks.COMPILE_OPTIONS:
                known = ["optimizers", "steps", "simultaneous"]
                known += ["penalty"] if self.penalised else []
                known += ["augmentation"] if self.augments else []
                known += checks.COMPILE_OPTIONS
                raise InvalidArgumentError(
                    f"compile() of {name} has no argument {option!r}; accepted: "
                    f"{', '.join(known)}.{nearest(option, known)}"
                )
