"""Nodes of ONNX for what is done number by number, wherever channels lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ganzoo.export.graph import Graph, Value
from ganzoo.export.operands import (
    arranged,
    axes_of,
    constant_of,
    dtype_of,
    integers,
    joined,
    shape_of,
)

_FIRST = {0: 0, 1: 2, 2: 3, 3: 1}  # where an axis of (B, h, w, c) is in (B, c, h, w)


def unary(graph: Graph, operation: str, x: Value, **attributes: Any) -> Value:
    """Add a node of one input, in the arrangement that is there."""
    if x.first is not None:
        first = graph.node(operation, [x.first], **attributes)
        return Value(x.shape, x.dtype, None, first)
    return Value(x.shape, x.dtype, graph.node(operation, [str(x.last)], **attributes))


def binary(graph: Graph, operation: str, x: Any, y: Any, dtype: str | None = None) -> Value:
    """Add a node of two inputs, which are spread over each other; channels first where both can be.

    Args:
        graph: To add to.
        operation: ONNX' name.
        x, y: A value and a value, an array or a number.
        dtype: Of the outputs; that of the inputs by default.
    """
    common, shape = dtype_of(x, y), joined(shape_of(x), shape_of(y))
    names = _both_first(graph, (x, y), common, len(shape))
    if names is None:
        names = [arranged(graph, each, common) for each in (x, y)]
        return Value(shape, dtype or common, graph.node(operation, names))
    return Value(shape, dtype or common, None, graph.node(operation, names))


def _both_first(graph: Graph, operands: Sequence[Any], dtype: str, rank: int) -> list[str] | None:
    """Return the operands' names with channels first; None where one is not there so."""
    values = [each for each in operands if isinstance(each, Value)]
    if rank != 4 or not any(value.first for value in values):
        return None
    names = []
    for each in operands:
        if isinstance(each, Value):
            if each.first is None or each.dtype != dtype or len(each.shape) != 4:
                return None
            names.append(each.first)
            continue
        array = constant_of(each).astype(dtype)
        if array.ndim:
            array = array.reshape((1,) * (4 - array.ndim) + array.shape).transpose(0, 3, 1, 2)
        names.append(graph.constant(array))
    return names


def reduced(graph: Graph, operation: str, x: Value, axis: Any, keepdims: bool) -> Value:
    """Add a reduction over one axis, several, or all (None)."""
    axes = axes_of(axis, x)
    kept = [1 if index in axes else side for index, side in enumerate(x.shape)]
    if keepdims and x.first is not None:
        places = integers(graph, *sorted(_FIRST[axis] for axis in axes))
        return Value(tuple(kept), x.dtype, None, graph.node(operation, [x.first, places]))
    names = [graph.channels_last(x), integers(graph, *axes)]
    shape = kept if keepdims else [s for i, s in enumerate(x.shape) if i not in axes]
    return Value(tuple(shape), x.dtype, graph.node(operation, names, keepdims=int(keepdims)))
