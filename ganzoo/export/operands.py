"""What a node of ONNX is given: values of the graph, and constants of several kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from ganzoo.export.graph import Graph, Shape, Value


def axis_of(axis: Any, x: Value) -> int:
    """Return an axis counted from the first."""
    return int(axis) % len(x.shape)


def axes_of(axes: Any, x: Value) -> list[int]:
    """Return axes in order, counted from the first; None is all of them."""
    if axes is None:
        return list(range(len(x.shape)))
    return sorted(axis_of(axis, x) for axis in np.atleast_1d(np.asarray(axes)).tolist())


def joined(*shapes: Sequence[int | None]) -> Shape:
    """Return the shape of what is spread over each other."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]
    return tuple(map(_side, zip(*padded, strict=True)))


def _side(sides: Sequence[int | None]) -> int | None:
    known = [side for side in sides if side not in (1, None)]
    return known[0] if known else None if None in sides else 1


def shape_of(operand: Any) -> Shape:
    """Return the shape of a value, a weight, an array or a number."""
    return tuple(getattr(operand, "shape", ()))


def constant_of(number: Any) -> np.ndarray:
    """Return a weight, a tensor of the backend or a number as an array."""
    if isinstance(number, np.ndarray | np.generic | int | float | bool):
        return np.asarray(number)
    return np.asarray(keras.ops.convert_to_numpy(number))


def dtype_of(*operands: Any) -> str:
    """Return the dtype in which operands meet: that of the values, of floats if there are some."""
    values = [each.dtype for each in operands if isinstance(each, Value)]
    return next((dtype for dtype in values if "float" in dtype), (values or ["float32"])[0])


def arranged(graph: Graph, operand: Any, dtype: str) -> str:
    """Return the name of an operand as Keras has it, cast where it is of another dtype."""
    if not isinstance(operand, Value):
        return graph.constant(constant_of(operand).astype(dtype))
    name = graph.channels_last(operand)
    return name if operand.dtype == dtype else graph.node("Cast", [name], to=graph.type(dtype))


def integers(graph: Graph, *numbers: int) -> str:
    """Return the name of a constant of integers, (n,)."""
    return graph.constant(np.asarray(numbers, np.int64))
