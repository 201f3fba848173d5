"""Bounds on the constructor arguments that a preset's `config.json` may state.

The accepted names and types come from the class's own constructor, the bounds from what an
argument's name says, so that one more GAN needs nothing here.
"""

from __future__ import annotations

import importlib
import inspect
import math
import types
import typing
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from ganzoo import zoo
from ganzoo.errors import PresetError, nearest

MAX_ENTRIES = 16  # of a list
MAX_STRING = 200
MAX_FLOAT = 1e6
MAX_PARAMETERS = 1 << 27
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
    ("", 0, 8192),
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


def check_arguments(family: str, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that the family's class does not take, or that are out of bounds.

    Args:
        family: A key of `zoo.FAMILIES`.
        arguments: Plain JSON values by name.

    Raises:
        PresetError: An argument is unknown, missing, of the wrong type or out of bounds, or the
            model would have more than about 10**8 parameters.
    """
    for name, value in arguments.items():
        _check_value(name[:MAX_STRING], value)
    parameters = _parameters(family)
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
    count = estimate_parameters({**defaults, **arguments})
    if count > MAX_PARAMETERS:
        raise PresetError(
            f"a {family} of these sizes has about {count:.0e} parameters; at most"
            f" {MAX_PARAMETERS:.0e} are accepted"
        )


def estimate_parameters(arguments: Mapping[str, Any]) -> int:
    """Estimate a model's parameters from its sizes alone, as dense and convolutional layers.

    Lists of `units` are dense layers between the latents or the data and each other; lists of
    `filters` are convolutions with strides of 2 (or the `..._strides` of the same prefix) and a
    dense layer at the smallest size.
    """
    sides = arguments.get("image_shape") or arguments.get("data_shape") or ()
    shape = [side for side in sides if isinstance(side, int)]
    latent = arguments.get("latent_dim")
    latent = latent if isinstance(latent, int) else 1
    kernels = [v for n, v in arguments.items() if "kernel" in n and isinstance(v, int)]
    area = math.prod(shape[:-1])
    channels = shape[-1] if shape else 1
    total = 0
    for name, value in arguments.items():
        widths = list(value) if isinstance(value, (list, tuple)) else [value]
        if not widths or not all(isinstance(width, int) for width in widths):
            continue
        inner = sum(first * second for first, second in pairwise(widths))
        first, last = widths[0], widths[-1]
        if "units" in name:
            total += inner + (latent + area * channels) * first + last * area * channels
        elif "filters" in name or "channels" in name:
            kernel = max(kernels, default=5)
            strides = arguments.get(f"{name.rpartition('_')[0]}_strides")
            scale = math.prod(strides) if strides else 2 ** len(widths)
            base = max(1, area // scale**2)
            total += kernel**2 * (inner + max(first, last) * channels)
            total += base * max(first, last) * latent
    return total


def _parameters(family: str) -> dict[str, inspect.Parameter]:
    """Return the constructor's parameters, with resolved annotations.

    Those of the class itself, and the keyword-only ones of its bases that `**kwargs` passes on.
    """
    module, _, class_name = zoo.FAMILIES[family].class_path.partition(":")
    found: dict[str, inspect.Parameter] = {}
    for base in getattr(importlib.import_module(module), class_name).__mro__:
        if "__init__" not in vars(base) or base.__module__.partition(".")[0] == "keras":
            continue
        hints = typing.get_type_hints(base.__init__)
        own = list(inspect.signature(base.__init__).parameters.values())[1:]
        first = not found
        for parameter in own:
            by_keyword = parameter.kind == parameter.KEYWORD_ONLY
            if by_keyword or (first and parameter.kind == parameter.POSITIONAL_OR_KEYWORD):
                hint = hints.get(parameter.name, Any)
                found.setdefault(parameter.name, parameter.replace(annotation=hint))
        if not any(parameter.kind == parameter.VAR_KEYWORD for parameter in own):
            break
    return found


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
        if len(value) > MAX_ENTRIES:
            raise PresetError(
                f"argument {name!r} has {len(value)} entries; at most {MAX_ENTRIES} are accepted"
            )
        for entry in value:
            _check_value(name, entry, nested=True)
    else:
        raise PresetError(
            f"argument {name!r} must be a number, a string, null or a flat list, not"
            f" {describe(value)}"
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
