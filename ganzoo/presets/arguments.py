"""Bounds on the constructor arguments that a preset's `config.json` may state.

The bounds come from what an argument's name says (`check_values`, without Keras), the accepted
names and types from the class's own constructor (`check_arguments`), so that one more GAN needs
nothing here.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from ganzoo import zoo
from ganzoo.constructors import constructor_parameters
from ganzoo.errors import PresetError, nearest
from ganzoo.extras import at
from ganzoo.presets.size import check_size

MAX_SIZES = 16  # integers in a list
MAX_ENTRIES = 200  # of a list of names or of other numbers
MAX_STRING = 200
MAX_FLOAT = 1e6
MAX_IMAGES = 1e12
SCHEDULE = ("from", "to", "over", "after", "shape")
# Bounds of integers by a part of the argument's name; the first match counts.
_BOUNDS: tuple[tuple[str, int, int], ...] = (
    ("seed", 0, 2**32 - 2),
    ("shape", 1, 1024),
    ("kernel", 1, 64),
    ("stride", 1, 16),
    ("units", 1, 8192),
    ("filters", 1, 8192),
    ("channels", 1, 8192),
    ("dim", 1, 8192),
    ("width", 1, 8192),
    ("features", 1, 8192),
    ("sample_rate", 1, 192_000),
    ("frames", 1, 4096),
    ("window", 1, 8192),
    ("", 0, 1024),  # depths, blocks, groups and the like
)
TYPE_NAMES: Mapping[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
    types.NoneType: "null",
}


def check_values(arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that are not plain, or out of bounds.

    Args:
        arguments: JSON values by name: null, booleans, numbers, strings, flat lists of these, or
            schedules.

    Raises:
        PresetError: One is anything else, too long or out of the bounds of its name.
    """
    for name, value in arguments.items():
        _check_value(name[:MAX_STRING], value)


def check_arguments(family: str, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that the family's class does not take, or that make too large a model.

    Args:
        family: A key of `zoo.FAMILIES`.
        arguments: Values that `check_values` lets pass.

    Raises:
        PresetError: An argument is unknown, missing or of the wrong type, or the model would have
            more than about 10**8 parameters.
    """
    cls = at(zoo.FAMILIES[family].class_path)
    parameters = constructor_parameters(cls)
    for name, value in arguments.items():
        if name not in parameters:
            raise PresetError(
                f"{family} takes no argument {name[:MAX_STRING]!r}; it takes"
                f" {', '.join(parameters)}.{nearest(name[:MAX_STRING], parameters)}"
            )
        hint = parameters[name].annotation
        if not _matches(value, hint):
            accepted = hint.__name__ if isinstance(hint, type) else str(hint).split(".")[-1]
            raise PresetError(
                f"argument {name!r} of {family} must be {accepted}, not {describe(value)}"
            )
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in arguments:
            raise PresetError(f"{family} needs the argument {name!r}")
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    check_size(cls, {**defaults, **arguments})


def _check_value(name: str, value: Any, nested: bool = False) -> None:
    """Accept None, a bool, a bounded integer, float or string, or a flat list of these."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        _check_number(name, value)
    elif isinstance(value, str):
        if len(value) > MAX_STRING or not value.isprintable():
            raise PresetError(
                f"argument {name!r} must be a printable string of at most {MAX_STRING} characters"
            )
    elif isinstance(value, list) and not nested:
        most = MAX_SIZES if all(type(entry) is int for entry in value) else MAX_ENTRIES
        if len(value) > most:
            raise PresetError(
                f"argument {name!r} has {len(value)} entries; at most {most} are accepted"
            )
        for entry in value:
            _check_value(name, entry, nested=True)
    elif isinstance(value, dict) and not nested:
        _check_schedule(name, value)
    else:
        raise PresetError(
            f"argument {name!r} must be a number, a string, null, a flat list or a schedule, not"
            f" {describe(value)}"
        )


def _check_schedule(name: str, value: Mapping[str, Any]) -> None:
    """Accept the plain data of a `ganzoo.schedules.Schedule`: bounded numbers and a shape."""
    unknown = [key for key in value if key not in SCHEDULE]
    if unknown:
        raise PresetError(
            f"argument {name!r} must be a schedule of {', '.join(SCHEDULE)}, not with"
            f" {str(unknown[0])[:MAX_STRING]!r}"
        )
    for key, part in value.items():
        if key == "shape":
            _check_value(name, part, nested=True)
        elif isinstance(part, bool) or not isinstance(part, (int, float)):
            raise PresetError(f"argument {name!r}: {key!r} must be a number, not {describe(part)}")
        elif not math.isfinite(part) or abs(part) > MAX_IMAGES:
            raise PresetError(
                f"argument {name!r}: {key!r} must be finite and at most {MAX_IMAGES:g}, not {part}"
            )


def _check_number(name: str, value: int | float) -> None:
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > MAX_FLOAT:
            raise PresetError(
                f"argument {name!r} must be finite and at most {MAX_FLOAT:g}, not {value}"
            )
        return
    low, high = next((low, high) for part, low, high in _BOUNDS if part in name)
    if not low <= value <= high:
        raise PresetError(f"argument {name!r} must be within {low} and {high}, not {value}")


def _matches(value: Any, hint: Any) -> bool:
    """Whether a JSON value fits a type annotation; annotations beyond JSON's types fit all."""
    if hint in (bool, str, int):
        return type(value) is hint
    if hint is float:
        return type(value) in (int, float)
    if hint is types.NoneType:
        return value is None
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_matches(value, option) for option in arguments)
    if origin is tuple and Ellipsis not in arguments:
        return (
            isinstance(value, list)
            and len(value) == len(arguments)
            and all(map(_matches, value, arguments))
        )
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return isinstance(value, list) and all(_matches(entry, arguments[0]) for entry in value)
    return True


def describe(value: Any) -> str:
    """Name a JSON value's type; a number is shown as well."""
    name = TYPE_NAMES.get(type(value), type(value).__name__)
    return f"{name} ({value!r})" if isinstance(value, (bool, int, float)) else name
