"""Data in memory as NumPy arrays: lists of pictures, data frames, tensors of every framework."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ganzoo.errors import DataError

_FRAMEWORKS = ("tensorflow", "jax", "jaxlib", "torch")
_NOT_IN_NUMPY = ("bfloat16", "float8")


def is_tensor(value: Any) -> bool:
    """Return whether a value is a tensor of TensorFlow, JAX or PyTorch."""
    roots = {base.__module__.partition(".")[0] for base in type(value).__mro__}
    return not roots.isdisjoint(_FRAMEWORKS) and hasattr(value, "dtype")


def is_on_host(value: Any) -> bool:
    """Return whether to look at a value waits for no device."""
    if isinstance(value, np.ndarray) or not is_tensor(value):
        return True
    return "cpu" in str(getattr(value, "device", "cpu")).lower()


def is_text(value: Any) -> bool:
    """Return whether a value is text, or an array, tensor or list of some."""
    if isinstance(value, str | bytes):
        return True
    if isinstance(value, list | tuple):
        return bool(len(value)) and is_text(value[0])
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return bool(value.size) and isinstance(value.flat[0], str | bytes)
    dtype = getattr(value, "dtype", None)
    return getattr(dtype, "kind", None) in ("S", "U") or "string" in str(dtype)


def as_numpy(value: Any) -> np.ndarray:
    """Return anything that lies in memory as a NumPy array.

    Args:
        value: An array, a tensor, a variable, a picture, a number, a data frame, or a list of some.

    Raises:
        DataError: A list of things of several shapes.
    """
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, keras.Variable):
        return as_numpy(value.value)
    if isinstance(value, list | tuple):
        return _stacked(value)
    if is_tensor(value):
        return _of_tensor(value)
    return np.asarray(value)


def _of_tensor(value: Any) -> np.ndarray:
    if hasattr(value, "detach"):  # PyTorch
        value = value.detach().cpu()
        if str(value.dtype).endswith(_NOT_IN_NUMPY[0]) or _NOT_IN_NUMPY[1] in str(value.dtype):
            value = value.float()
    array = np.asarray(value)
    return array.astype(np.float32) if array.dtype.name.startswith(_NOT_IN_NUMPY) else array


def _stacked(values: list | tuple) -> np.ndarray:
    """Return an array with one more axis, the first."""
    arrays = [as_numpy(value) for value in values]
    shapes = list(dict.fromkeys(array.shape for array in arrays))
    if len(shapes) > 1:
        raise DataError(
            f"Data in a list must be of one shape; got {len(values)} of {len(shapes)} "
            f"shapes, such as {shapes[0]} and {shapes[1]}."
        )
    return np.stack(arrays) if arrays else np.zeros((0,), np.float32)
