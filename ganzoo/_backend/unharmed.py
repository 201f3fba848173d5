"""Keras' methods on JAX take the values away from the variables while they run.

`predict`, `evaluate` and `fit` leave every variable empty until they end, as the values go from
step to step. What ends them on the way (Ctrl-C, an error in a callback) must give them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def values_given_back(model: Any) -> Iterator[None]:
    """Give a model's variables their newest values where the block ends by an exception.

    Args:
        model: A model of JAX's trainer; those of a step that was cut are those before it.
    """
    variables = [*model.variables, *model.metrics_variables]
    if getattr(model, "optimizer", None) is not None:
        variables += model.optimizer.variables
    before = [variable._value for variable in variables]
    try:
        yield
    except BaseException:
        if not model._jax_state_synced:
            model.jax_state_sync()
        for variable, value in zip(variables, before, strict=True):
            if _is_lost(variable._value) and not _is_lost(value):
                variable._value = value
        model._jax_state, model._jax_state_synced = None, True
        raise


def _is_lost(value: Any) -> bool:
    return value is None or (hasattr(value, "is_deleted") and value.is_deleted())
