"""Copies of a training in memory, and which of its numbers are not finite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

_NAMED = 3


def training_variables(model: Any) -> list[Any]:
    """Return all that a training changes: weights, random states, moments, running metrics."""
    return [*model.variables, *model.optimizer.variables, *model.metrics_variables]


class Copy:
    """The values of all variables at one moment.

    Args:
        model: A compiled adversarial model, its variables in sync.
    """

    def __init__(self, model: Any) -> None:
        self.values = [
            np.array(keras.ops.convert_to_numpy(variable), copy=True)
            for variable in training_variables(model)
        ]

    def not_finite(self, model: Any) -> list[str]:
        """Return the paths of the variables that hold NaN or infinity."""
        pairs = zip(training_variables(model), self.values, strict=True)
        return [variable.path for variable, values in pairs if not is_finite(values)]

    def put_back(self, model: Any) -> None:
        """Give the model's variables these values."""
        for variable, values in zip(training_variables(model), self.values, strict=True):
            variable.assign(values)


def is_finite(values: np.ndarray) -> bool:
    """Return whether all values are finite."""
    if values.dtype.kind in "iub":
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        # One number for the whole array; only if it is not finite is each looked at.
        return bool(np.isfinite(values.sum(dtype=None))) or bool(np.isfinite(values).all())


def bad_losses(logs: Mapping[str, Any] | None) -> list[str]:
    """Return a phrase for each logged number that is not finite: "d_loss became nan"."""
    numbers = {name: float(np.asarray(value)) for name, value in (logs or {}).items()}
    return [f"{name} became {value}" for name, value in numbers.items() if not np.isfinite(value)]


def culprits(losses: list[str], variables: list[str]) -> str:
    """Return both as one phrase, the first few variables by name."""
    phrases = list(losses)
    if variables:
        more = f" and {len(variables) - _NAMED} more" if len(variables) > _NAMED else ""
        phrases.append(f"not finite: {', '.join(variables[:_NAMED])}{more}")
    return "; ".join(phrases)
