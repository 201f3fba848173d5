"""How many parameters a model would have, from its constructor arguments alone.

Nothing is built: a preset must not make a machine run out of memory before its weights are looked
at. A family whose arguments tell little says it itself, with a static or class method

    count_parameters(**arguments) -> int

that is given all constructor arguments, defaults included, and returns at least the true number.
For the others `estimate_parameters` reads the arguments' names. The tests hold both to the truth:
at least the parameters of all networks, and at most 30 times as many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from ganzoo.errors import PresetError

MAX_PARAMETERS = 1 << 27
_NO_WIDTH = ("kernel", "stride", "shape", "seed", "latent", "padding", "resolution")
_REPEATS = ("depth", "blocks", "layers", "stages", "repeats", "scales", "levels", "count")


def check_size(cls: type, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments of a model with more than about 10**8 parameters.

    Args:
        cls: The model's class.
        arguments: All of its constructor arguments.

    Raises:
        PresetError: There are more.
    """
    count = count_parameters(cls, arguments)
    if count > MAX_PARAMETERS:
        raise PresetError(
            f"a {cls.__name__} of these sizes has about {count:.0e} parameters; at most"
            f" {MAX_PARAMETERS:.0e} are accepted"
        )


def count_parameters(cls: type, arguments: Mapping[str, Any]) -> int:
    """Return at least as many parameters as all networks of a model have together."""
    own = getattr(cls, "count_parameters", None)
    return estimate_parameters(arguments) if own is None else int(own(**arguments))


def estimate_parameters(arguments: Mapping[str, Any]) -> int:
    """Estimate a model's parameters from above, by what its arguments are called.

    Lists of integers are widths of layers that follow each other: dense ones (`units`), or
    convolutions of stride 2 or of the `..._strides` of the same prefix, with a dense layer at the
    smallest size. A single integer is a width too, unless its name is that of a depth: then all
    those layers are there so many times. Where names tell nothing, the largest of the integers is
    the width and the others are depths.
    """
    sides = [side for side in _shape(arguments) if isinstance(side, int)]
    area, channels = math.prod(sides[:-1]), sides[-1] if sides else 1
    names = sum(len(value) for value in arguments.values() if _is_list(value, str))
    inputs = names + sum(v for n, v in arguments.items() if "latent" in n and type(v) is int)
    kernels = [v for n, v in arguments.items() if "kernel" in n and type(v) is int]
    kernel = max(kernels, default=5 if len(sides) > 1 else 1) ** 2
    widths = {n: list(v) for n, v in arguments.items() if _is_list(v, int) and _is_width(n)}
    dense = {name: v for name, v in widths.items() if "units" in name or len(sides) < 2}
    total, ends = 16, 0  # 16: biases of single outputs
    for name, values in widths.items():
        if name in dense:
            continue
        strides: Any = arguments.get(f"{name.rpartition('_')[0]}_strides")
        scale = math.prod(strides) if _is_list(strides, int) else 2 ** len(values)
        base = math.prod(-(-side // scale) for side in sides[:-1])
        steps = [*pairwise(values), (values[0], channels), (values[-1], channels)]
        total += kernel * sum(first * second for first, second in steps)
        total += base * max(values[0], values[-1]) * (inputs + 5) + (2 * names + 5) * sum(values)
        ends = max(ends, base * max(values[0], values[-1]))
    if len(dense) == len(widths) or any(v in ([], ()) for v in arguments.values()):
        # A network may be dense layers alone, or one from the inputs to the data.
        ends = max(ends, area * channels)
        total += ends * (inputs + 2)
    for values in dense.values():
        total += sum(first * second for first, second in pairwise(values)) + 5 * sum(values)
        total += values[0] * (inputs + ends) + values[-1] * ends
    return total + _of_single_integers(arguments, kernel, inputs + area * channels)


def _of_single_integers(arguments: Mapping[str, Any], kernel: int, ends: int) -> int:
    """Count layers of which one integer is the width and others are the depth."""
    single = {n: v for n, v in arguments.items() if type(v) is int and v > 0 and _is_width(n)}
    depths = [value for name, value in single.items() if any(p in name for p in _REPEATS)]
    others = sorted((v for n, v in single.items() if not any(p in n for p in _REPEATS)))
    if not others:
        return 0
    width, repeats = others[-1], math.prod(others[:-1]) * math.prod(depths)
    # of two networks, each with its ends, biases and normalisations
    return 2 * kernel * width**2 * repeats + width * (2 * ends + 16)


def _shape(arguments: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the first argument that is the shape of data, or ()."""
    return next((tuple(v) for n, v in arguments.items() if "shape" in n and _is_list(v, int)), ())


def _is_width(name: str) -> bool:
    return not any(part in name for part in _NO_WIDTH)


def _is_list(value: Any, kind: type) -> bool:
    """Whether this is a list of one entry or more, all of one kind; booleans are no integers."""
    entries = list(value) if isinstance(value, list | tuple) else []
    return bool(entries) and all(type(entry) is kind for entry in entries)
