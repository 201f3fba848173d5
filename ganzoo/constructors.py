"""What the constructors of models take, read from their signatures."""

from __future__ import annotations

import functools
import inspect
import reprlib
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo.checks import is_number
from ganzoo.errors import InvalidArgumentError


def check_arguments(
    cls: type, positional: Sequence[Any], named: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return constructor arguments with NumPy's numbers as Python's, which Keras and JSON take.

    So each number is finite and each choice a real boolean, in every family. Integers, their
    ranges and what has no annotation of plain data are left to the constructor.

    Args:
        cls: The class that is made.
        positional: Its arguments by place.
        named: Its arguments by name.

    Raises:
        InvalidArgumentError: One is not what its annotation says.
    """
    parameters = constructor_parameters(cls)
    by_place = tuple(map(_of_python, positional))
    by_name = {name: _of_python(value) for name, value in named.items()}
    for name, value in {**dict(zip(parameters, by_place, strict=False)), **by_name}.items():
        if name in parameters and not _is_of(value, parameters[name].annotation):
            accepted = _kind(parameters[name].annotation)
            raise InvalidArgumentError(
                f"{name} of {cls.__name__} must be {accepted}; got {reprlib.repr(value)}."
            )
    return by_place, by_name


def _of_python(value: Any) -> Any:
    """Return NumPy's numbers and arrays, and sequences of them, as Python's; others as they are."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if type(value) in (list, tuple):
        return type(value)(map(_of_python, value))
    return value


def _is_of(value: Any, hint: Any) -> bool:
    """Return whether a value is what an annotation says, as far as it speaks of plain data."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_is_of(value, part) for part in parts)
    if hint is types.NoneType:
        return value is None
    if hint is float:
        return is_number(value)
    if hint in (bool, str):
        return isinstance(value, hint)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        if isinstance(value, str | Mapping) or not isinstance(value, Collection):
            return False
        return all(_is_of(entry, parts[0]) for entry in value)
    return True


def _kind(hint: Any) -> str:
    """Return in words what an annotation accepts."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(_kind, parts))
    if isinstance(origin, type) and issubclass(origin, Sequence):
        plurals = {int: "integers", float: "finite numbers", str: "strings"}
        return f"a sequence of {plurals[parts[0]]}" if parts[0] in plurals else "a sequence"
    words = {
        bool: "True or False", float: "a finite number", int: "an integer", str: "a string",
        types.NoneType: "None",
    }  # fmt: skip
    return words.get(hint, getattr(hint, "__name__", str(hint)))


@functools.cache
def constructor_parameters(cls: type) -> dict[str, inspect.Parameter]:
    """Return the constructor's parameters of a model's class, with resolved annotations.

    Those of the class itself, and the keyword-only ones of its bases that `**kwargs` passes on.
    """
    found: dict[str, inspect.Parameter] = {}
    for base in cls.__mro__:
        if "__init__" not in vars(base) or base.__module__.partition(".")[0] == "keras":
            continue
        constructor = vars(base)["__init__"]
        hints = typing.get_type_hints(constructor)
        own = list(inspect.signature(constructor).parameters.values())[1:]
        first = not found
        for parameter in own:
            by_keyword = parameter.kind == parameter.KEYWORD_ONLY
            if by_keyword or (first and parameter.kind == parameter.POSITIONAL_OR_KEYWORD):
                hint = hints.get(parameter.name, Any)
                found.setdefault(parameter.name, parameter.replace(annotation=hint))
        if not any(parameter.kind == parameter.VAR_KEYWORD for parameter in own):
            break
    return found
