"""On JAX: scopes in which variables have the values of a step, and functions made pure by them.

README.md beside this file explains why each opens a scope over all variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras

from ganzoo._backend.refusals import refuse_writes


class Frame:
    """A stateless scope together with the list of variables that it maps."""

    def __init__(self, variables: Sequence[Any], values: Sequence[Any]) -> None:
        self.variables = list(variables)
        mapping = list(zip(variables, values, strict=True))
        self.scope = keras.StatelessScope(state_mapping=mapping, collect_losses=True)

    def read(self, variables: Sequence[Any]) -> list[Any]:
        """Return the current values of `variables` in this scope."""
        values = [self.scope.get_current_value(variable) for variable in variables]
        return [
            variable.value if value is None else value
            for variable, value in zip(variables, values, strict=True)
        ]

    def write(self, variables: Sequence[Any], values: Sequence[Any]) -> None:
        """Set values in this scope."""
        for variable, value in zip(variables, values, strict=True):
            self.scope.add_update((variable, value))


_frame: ContextVar[Frame | None] = ContextVar("ganzoo_jax_frame", default=None)


@contextmanager
def opened(frame: Frame) -> Iterator[Frame]:
    token = _frame.set(frame)
    try:
        with frame.scope:
            yield frame
    finally:
        _frame.reset(token)


def is_open() -> bool:
    """Whether a step is running, whose frame is open."""
    return _frame.get() is not None


def current_frame() -> Frame:
    frame = _frame.get()
    if frame is None:
        raise RuntimeError(
            "On JAX, minimize() and input_gradient() work inside train_step or test_step only."
        )
    return frame


def purified(fn: Callable[[], Any], variables: Sequence[Any]) -> tuple[Callable, list[Any]]:
    """Make `fn` a pure function of the values of `variables`.

    Returns:
        The function, `values -> (fn(), new values of all other variables)`, and those others.
    """
    outer = current_frame()
    own = {id(variable) for variable in variables}
    others = [variable for variable in outer.variables if id(variable) not in own]
    before = outer.read(others)

    def pure(values: Sequence[Any]) -> tuple[Any, list[Any]]:
        frame = Frame([*variables, *others], [*values, *before])
        with opened(frame):
            result = fn()
            refuse_writes(variables, values, frame.read(variables))
            return result, frame.read(others)

    return pure, others
