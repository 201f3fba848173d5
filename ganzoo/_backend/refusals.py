"""What a step of one's own may not ask of a backend, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ganzoo._backend.common import Update
from ganzoo.errors import InvalidArgumentError


def refuse_constant(update: Update) -> None:
    """Refuse a loss that depends on none of the variables that are to follow it."""
    raise InvalidArgumentError(
        f"A loss depends on none of the {len(update.variables)} variables that are to follow it, "
        f"{update.variables[0].path!r} and so on; a player's loss needs its own networks' outputs."
    )


def refuse_strangers(carried: Sequence[Any], updates: Sequence[Update]) -> None:
    """Refuse optimizers and variables that the trainer does not carry from step to step.

    Args:
        carried: All variables that it carries.
        updates: What is to be updated.
    """
    known = {id(variable) for variable in carried}
    for update in updates:
        if not all(id(variable) in known for variable in update.optimizer.variables):
            raise InvalidArgumentError(
                "minimize() takes the optimizers of the model's players; "
                f"{update.optimizer.name!r} is none of them, and on JAX nothing carries it to the "
                "next step. Name one more player in `players` and give its optimizer to "
                "compile(optimizers={...})."
            )
        strange = [variable for variable in update.variables if id(variable) not in known]
        if strange:
            raise InvalidArgumentError(
                f"minimize() takes variables of the model; {strange[0].path!r} is none of them, "
                "and on JAX nothing carries it to the next step. Make its layer an attribute of "
                "the model before the model is compiled."
            )


def refuse_writes(variables: Sequence[Any], before: Sequence[Any], after: Sequence[Any]) -> None:
    """Refuse a layer that writes to a weight while a loss is differentiated by it."""
    for variable, old, new in zip(variables, before, after, strict=True):
        if new is not old:
            raise InvalidArgumentError(
                f"A layer writes to its trainable weight {variable.path!r} while a loss is "
                "differentiated by it, which JAX cannot keep; write to a non-trainable weight."
            )
