"""Who plays, and what a player's method returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ganzoo.errors import InvalidArgumentError

Tensor = Any


@dataclass(frozen=True)
class Player:
    """One side of a game: it minimises one loss with the variables of its networks.

    Attributes:
        networks: Names of the networks whose trainable variables it moves. A layer that two of
            them share counts once.
        loss: The name under which its loss is logged.
    """

    networks: tuple[str, ...]
    loss: str


class Objective(NamedTuple):
    """What a player's objective returns.

    Attributes:
        loss: What the player minimises, a scalar.
        logs: Figures to log, by the names that the model declares in `logged`; of a tensor its
            mean.
        passed: Tensors for the players after this one in the same step. They are in the batch of
            these, so that what is known already need not be computed twice.
    """

    loss: Tensor
    logs: dict[str, Tensor] = {}  # noqa: RUF012  never written to
    passed: dict[str, Tensor] = {}  # noqa: RUF012


def check_players(cls: Any, networks: Mapping[str, Any]) -> None:
    """Refuse a game that cannot be played, when it is made and not inside a step."""
    if not cls.players:
        raise InvalidArgumentError(f"{cls.__name__} has no players; a game states who plays.")
    _check_built(networks)
    names = [*(player.loss for player in cls.players.values()), *cls.logged]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidArgumentError(f"{cls.__name__} logs two figures as {twice!r}.")
    strange = [name for name in cls.averaged if name not in networks]
    if strange:
        raise InvalidArgumentError(
            f"{cls.__name__} averages {strange[0]!r}, which is none of its networks: "
            f"{', '.join(networks)}."
        )
    for player, facts in cls.players.items():
        lost = [name for name in facts.networks if name not in networks]
        if lost:
            raise InvalidArgumentError(
                f"The player {player!r} of {cls.__name__} trains {lost[0]!r}, which is none of its "
                f"networks: {', '.join(networks)}."
            )
        if not hasattr(cls, f"{player}_objective"):
            raise InvalidArgumentError(
                f"{cls.__name__} has a player {player!r}, but no method {player}_objective(batch)."
            )


def _check_built(networks: Mapping[str, Any]) -> None:
    for name, network in networks.items():
        if not getattr(network, "built", False):
            raise InvalidArgumentError(
                f"The {name} must be a built keras.Model (give it a keras.Input); got {network!r}."
            )
        if not hasattr(network, "input_shape"):
            raise InvalidArgumentError(
                f"The {name} must be a Functional or Sequential model, whose shapes are known; "
                f"got {type(network).__name__}."
            )
