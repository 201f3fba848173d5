"""Checks of arguments: each error is one line that says what is accepted."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, nearest

COMPILE_OPTIONS = ("run_eagerly", "steps_per_execution", "jit_compile")
MAX_SAMPLES = 10**9


def check_count(what: str, value: Any, most: int = MAX_SAMPLES, least: int = 1) -> int:
    """Return `value` as an int in least..most; refuse booleans, fractions and anything else."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise InvalidArgumentError(
            f"{what} must be an integer from {least} to {most}; got {value!r}."
        )
    if not least <= value <= most:
        raise InvalidArgumentError(f"{what} must be from {least} to {most}; got {value}.")
    return int(value)


def check_drawing_seed(value: Any) -> int:
    """Return a seed of samples, an integer in 0..2**31 - 2, as an int; refuse anything else."""
    return check_count("seed", value, most=2**31 - 2, least=0)


def check_flag(what: str, value: Any) -> bool:
    """Return True or False as it is; refuse anything else."""
    if not isinstance(value, bool | np.bool_):
        raise InvalidArgumentError(f"{what} must be True or False; got {value!r}.")
    return bool(value)


def check_momentum(value: Any) -> None:
    """Refuse an averaging momentum outside (0, 1); None is no averaging."""
    if value is not None and not (isinstance(value, float) and 0.0 < value < 1.0):
        raise InvalidArgumentError(f"ema_momentum must be None or in (0, 1); got {value!r}.")


def is_number(value: Any) -> bool:
    """Return whether a value is a finite real number; a boolean is none."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond the floats
        return False


def check_number(what: str, value: Any) -> float:
    """Return a finite number as a float; refuse anything else."""
    if not is_number(value):
        raise InvalidArgumentError(f"{what} must be a finite number; got {value!r}.")
    return float(value)


def check_positive(what: str, value: Any) -> float:
    """Return a finite number above 0 as a float; refuse anything else."""
    if not is_number(value) or float(value) <= 0:
        raise InvalidArgumentError(f"{what} must be a finite number > 0; got {value!r}.")
    return float(value)


def check_rate(what: str, value: Any) -> float:
    """Return a rate in [0, 1) as it is; refuse anything else."""
    if not is_number(value) or not 0 <= float(value) < 1:
        raise InvalidArgumentError(f"{what} must be in [0, 1); got {value!r}.")
    return float(value)


def check_share(what: str, value: Any) -> float:
    """Return a share in [0, 1] as a float; refuse anything else."""
    if not is_number(value) or not 0 <= float(value) <= 1:
        raise InvalidArgumentError(f"{what} must be in [0, 1]; got {value!r}.")
    return float(value)


def check_slope(value: float) -> float:
    """Return the slope of a LeakyReLU below 0, a finite number of at least 0, as it is."""
    check_weight("negative_slope", value)
    return value


def check_weight(what: str, value: Any) -> float:
    """Return a factor, a finite number of at least 0, as a float; refuse anything else."""
    if not is_number(value) or float(value) < 0:
        raise InvalidArgumentError(f"{what} must be >= 0; got {value!r}.")
    return float(value)


def check_choice(what: str, value: Any, choices: Sequence[str]) -> str:
    """Return one of `choices` as it is; refuse anything else with the nearest one."""
    if value not in choices:
        raise InvalidArgumentError(
            f"{what} must be one of {', '.join(choices)}; got {value!r}."
            + nearest(str(value), choices)
        )
    return str(value)


def check_seed(seed: Any) -> None:
    """Refuse a seed that is neither None nor an integer in 0..2**31 - 2."""
    if seed is not None and (
        isinstance(seed, bool)
        or not isinstance(seed, int | np.integer)
        or not 0 <= seed < 2**31 - 1
    ):
        raise InvalidArgumentError(
            f"seed must be None or an integer from 0 to {2**31 - 2}; got {seed!r}."
        )


def check_sizes(what: str, values: Any) -> tuple[int, ...]:
    """Return a non-empty sequence of integers in 1..8192 as a tuple."""
    if isinstance(values, str) or not hasattr(values, "__len__") or not len(values):
        raise InvalidArgumentError(
            f"{what} must be a non-empty sequence of integers; got {values!r}."
        )
    return tuple(check_count(f"Each of {what}", value, most=8192) for value in values)


def check_latents(latents: Any, latent_dim: int) -> np.ndarray:
    """Return latents as a float32 array of shape (n, latent_dim), n >= 1, all finite."""
    try:
        array = np.asarray(latents)
    except ValueError:
        raise InvalidArgumentError(
            "Latents must be a rectangular array; got rows of several lengths."
        ) from None
    if array.dtype.kind not in "fiu":
        raise InvalidArgumentError(f"Latents must be real numbers; got dtype {array.dtype}.")
    if array.ndim != 2 or array.shape[1] != latent_dim or not len(array):
        raise InvalidArgumentError(
            f"Latents must have shape (n, {latent_dim}) with n >= 1; got {array.shape}."
        )
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if not np.isfinite(array).all():
        row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise InvalidArgumentError(f"Latents must be finite in float32; row {row} is not.")
    return array


def check_data(
    data: np.ndarray,
    data_shape: tuple[int | None, ...],
    data_range: tuple[float, float] | None = (-1.0, 1.0),
    what: str = "Training data",
) -> np.ndarray:
    """Return data as float32; refuse what is empty, misshapen, not finite or not scaled.

    Args:
        data: Examples, shape (n, *data_shape).
        data_shape: Shape of one example; None where any side will do.
        data_range: The range that the data must have, or None for any.
        what: The data are called, in messages; a plural.
    """
    if data.dtype.kind not in "fiu":
        raise DataError(f"{what} must be real numbers; got dtype {_dtype_words(data)}.")
    if not _fits(data.shape[1:], data_shape) or not data.size:
        wanted = ", ".join("any" if side is None else str(side) for side in data_shape)
        raise DataError(
            f"{what} must have shape (n, {wanted}) with n >= 1; "
            f"got {data.shape}.{_shape_hint(data.shape, data_shape)}"
        )
    low, high = float(data.min()), float(data.max())  # NaN propagates into both
    if not np.isfinite(low + high):
        bad = ~np.isfinite(data).reshape(len(data), -1).all(axis=1)
        raise DataError(f"{what} must be finite; example {int(bad.argmax())} is not.")
    if data_range is not None and (low < data_range[0] - 0.001 or high > data_range[1] + 0.001):
        accepted = f"[{data_range[0]:g}, {data_range[1]:g}]"
        raise DataError(
            f"{what} must be in {accepted}; got [{low:g}, {high:g}].{_scale_hint(low, high)}"
        )
    return data.astype(np.float32, copy=False)


def _dtype_words(data: np.ndarray) -> str:
    """Return the type of the numbers, with what to do about the most frequent ones."""
    if data.dtype.kind == "b":
        return f"{data.dtype}. Make -1 and 1 of it: np.where(x, 1.0, -1.0)"
    if data.dtype.kind in "SU":
        return f"{data.dtype}. Read picture files with ganzoo.data.images(folder, shape)"
    if data.dtype.kind == "O":
        return f"{data.dtype}: examples of several shapes, or no numbers"
    return str(data.dtype)


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    """Return whether a shape is the wanted one, None being any side."""
    if len(shape) != len(wanted):
        return False
    return all(other in (None, side) for side, other in zip(shape, wanted, strict=True))


def _shape_hint(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> str:
    """Return how to give data the right shape where that is plain; else an empty string."""
    if _fits(shape, wanted):
        return " That is one example; the first axis counts examples: x[None], or batches of them."
    if _fits(shape[1:], (wanted[-1], *wanted[:-1])):
        return " The channels come first; they belong last: np.moveaxis(x, 1, -1)."
    if _fits((*shape, 1), wanted):
        return " That is one example without the axis of its channel: x[None, ..., None]."
    if _fits((*shape[1:], 1), wanted):
        return " The axis of the channel is missing: x[..., None]."
    if len(shape) == len(wanted) + 2 and _fits(shape[2:], wanted):
        return " Pairs, and images with labels, are two arguments: fit(x, y)."
    if len(shape) == 2 and None not in wanted and shape[1] == int(np.prod(np.array(wanted, int))):
        return f" The axes of an example are missing: x.reshape(-1, {', '.join(map(str, wanted))})."
    return ""


def _scale_hint(low: float, high: float) -> str:
    """Return how to scale what looks like the values of a picture file."""
    if low < 0 or high <= 1.5 or high > 65535:
        return ""
    if high <= 255:
        return " Scale 8-bit images with x / 127.5 - 1."
    return " Scale 16-bit images with x / 32767.5 - 1."


def check_image_shape(image_shape: Any, multiple: int = 1) -> tuple[int, int, int]:
    """Return (height, width, channels) with sides that are multiples of `multiple`."""
    try:
        height, width, channels = image_shape
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"image_shape must be (height, width, channels); got {image_shape!r}."
        ) from None
    for what, side in (("height", height), ("width", width)):
        check_count(f"The image's {what}", side, most=4096)
        if side % multiple:
            below, above = side // multiple * multiple, (side // multiple + 1) * multiple
            fitting = f"{below} or {above}" if below else str(above)
            raise InvalidArgumentError(
                f"The image's {what} must be a multiple of {multiple}, the product of the strides; "
                f"got {side}, the nearest that fit: {fitting}."
            )
    check_count("The image's channels", channels, most=4096)
    return height, width, channels
