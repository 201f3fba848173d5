"""Who plays, and what a player's method returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

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
