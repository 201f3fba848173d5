"""Nodes of ONNX that move numbers: shapes, slices, joins. The number of rows stays open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ganzoo.export.graph import Graph, Value, size_of
from ganzoo.export.operands import arranged, axes_of, axis_of, dtype_of, integers
from ganzoo.export.refusing import Unwritten

_END = np.iinfo(np.int64).max


def reshaped(graph: Graph, x: Value, wanted: Sequence[int | None]) -> Value:
    """Give another shape, the number of rows being any.

    Args:
        graph: To add to.
        x: What has another shape now.
        wanted: -1 or None where a side follows from the others; the first one may, and one more.
    """
    sides = [-1 if side is None else int(side) for side in wanted]
    unknown = [index for index, side in enumerate(sides) if side == -1]
    row, rest = size_of(x.shape), [side for side in sides[1:] if side != -1]
    if len(unknown) == 2 and unknown[0] == 0 and row is not None:
        sides[unknown[1]] = row // max(int(np.prod(rest)), 1)
        unknown = unknown[:1]
    if len(unknown) > 1:
        raise Unwritten(f"a shape {tuple(wanted)} of which several sides are open")
    name = graph.node("Reshape", [graph.channels_last(x), integers(graph, *sides)])
    return Value(tuple(None if side == -1 else side for side in sides), x.dtype, name)


def _reshape(graph: Graph, operation: Any, x: Value) -> Value:
    return reshaped(graph, x, operation.newshape)


def _transpose(graph: Graph, operation: Any, x: Value) -> Value:
    axes = operation.axes or tuple(reversed(range(len(x.shape))))
    axes = [axis_of(axis, x) for axis in axes]
    name = graph.node("Transpose", [graph.channels_last(x)], perm=axes)
    return Value(tuple(x.shape[axis] for axis in axes), x.dtype, name)


def _concatenate(graph: Graph, operation: Any, parts: Sequence[Any]) -> Value:
    dtype = dtype_of(*parts)
    axis = int(operation.axis) % len(parts[0].shape)
    sides = [part.shape[axis] for part in parts]
    total = None if None in sides else sum(sides)
    shape = (*parts[0].shape[:axis], total, *parts[0].shape[axis + 1 :])
    firsts = [getattr(part, "first", None) or "" for part in parts]
    if len(shape) == 4 and axis == 3 and all(firsts):
        return Value(shape, dtype, None, graph.node("Concat", firsts, axis=1))
    names = [arranged(graph, part, dtype) for part in parts]
    return Value(shape, dtype, graph.node("Concat", names, axis=axis))


def _stack(graph: Graph, operation: Any, parts: Sequence[Value]) -> Value:
    axis = int(operation.axis) % (len(parts[0].shape) + 1)
    spread = [_expanded(graph, part, axis) for part in parts]
    shape = (*parts[0].shape[:axis], len(parts), *parts[0].shape[axis:])
    names = [graph.channels_last(part) for part in spread]
    return Value(shape, parts[0].dtype, graph.node("Concat", names, axis=axis))


def _expanded(graph: Graph, x: Value, axis: int) -> Value:
    places = integers(graph, axis)
    name = graph.node("Unsqueeze", [graph.channels_last(x), places])
    return Value((*x.shape[:axis], 1, *x.shape[axis:]), x.dtype, name)


def _expand_dims(graph: Graph, operation: Any, x: Value) -> Value:
    made = x
    axes = np.atleast_1d(np.asarray(operation.axis)).tolist()
    rank = len(x.shape) + len(axes)
    for axis in sorted(int(axis) % rank for axis in axes):
        made = _expanded(graph, made, axis)
    return made


def _squeeze(graph: Graph, operation: Any, x: Value) -> Value:
    if operation.axis is None:
        axes = [axis for axis, side in enumerate(x.shape) if side == 1]
    else:
        axes = axes_of(operation.axis, x)
    name = graph.node("Squeeze", [graph.channels_last(x), integers(graph, *axes)])
    return Value(tuple(s for i, s in enumerate(x.shape) if i not in axes), x.dtype, name)


def _split(graph: Graph, operation: Any, x: Value) -> list[Value]:
    axis = axis_of(operation.axis, x)
    parts, side = operation.indices_or_sections, x.shape[axis]
    if side is None:
        raise Unwritten("a split of a side that is not known")
    if isinstance(parts, int):
        sizes = [side // parts] * parts
    else:
        sizes = np.diff([0, *parts, side]).tolist()
    lengths = integers(graph, *sizes)
    names = graph.node("Split", [graph.channels_last(x), lengths], outputs=len(sizes), axis=axis)
    names = names if isinstance(names, list) else [names]
    shapes = [(*x.shape[:axis], size, *x.shape[axis + 1 :]) for size in sizes]
    return [Value(shape, x.dtype, name) for shape, name in zip(shapes, names, strict=True)]


def _get_item(graph: Graph, operation: Any, x: Value, key: Any) -> Value:
    """Take slices, whole axes, new axes of one, and single places."""
    key = key if isinstance(key, tuple) else (key,)
    if any(not (part is None or part is Ellipsis or isinstance(part, slice | int)) for part in key):
        raise Unwritten("a choice of elements by an array")
    count = sum(part is not None and part is not Ellipsis for part in key)
    whole = (slice(None),) * (len(x.shape) - count)
    place = key.index(Ellipsis) if Ellipsis in key else len(key)
    key = (*key[:place], *whole, *key[place + 1 :])
    made, axis = x, 0
    for part in key:
        if part is None:
            made, axis = _expanded(graph, made, axis), axis + 1
        elif isinstance(part, int):
            taken = sliced(graph, made, axis, slice(part, part + 1 or None))
            places = integers(graph, axis)
            name = graph.node("Squeeze", [graph.channels_last(taken), places])
            made = Value((*made.shape[:axis], *made.shape[axis + 1 :]), x.dtype, name)
        else:
            made, axis = sliced(graph, made, axis, part), axis + 1
    return made


def sliced(graph: Graph, x: Value, axis: int, part: slice) -> Value:
    """Take a part of an axis, as Python's slices do with steps > 0."""
    step, side = part.step or 1, x.shape[axis]
    if part == slice(None):
        return x
    if step < 0:
        raise Unwritten("a slice that runs backwards")
    begin = part.start or 0
    end = _END if part.stop is None else part.stop
    names = [integers(graph, number) for number in (begin, end, axis, step)]
    length = None if side is None else len(range(side)[part])
    name = graph.node("Slice", [graph.channels_last(x), *names])
    return Value((*x.shape[:axis], length, *x.shape[axis + 1 :]), x.dtype, name)


def _repeat(graph: Graph, operation: Any, x: Value) -> Value:
    """Repeat each place of an axis: a new axis beside it, spread, and joined with it."""
    times, axis = operation.repeats, operation.axis
    if axis is None or not isinstance(times, int):
        raise Unwritten("a repetition of a different number for each place")
    axis, side = axis_of(axis, x), x.shape[axis_of(axis, x)]
    if side is None or None in x.shape[1:]:
        raise Unwritten("a repetition along a side that is not known")
    spread = _expanded(graph, x, axis + 1)
    tiles = [times if index == axis + 1 else 1 for index in range(len(spread.shape))]
    name = graph.node("Tile", [graph.channels_last(spread), integers(graph, *tiles)])
    shape = (*x.shape[:axis], side * times, *x.shape[axis + 1 :])
    return reshaped(graph, Value(spread.shape, x.dtype, name), shape)


def _pad(graph: Graph, operation: Any, x: Value, constant_values: Any = None) -> Value:
    mode = {"constant": "constant", "reflect": "reflect", "edge": "edge"}.get(operation.mode)
    if mode is None:
        raise Unwritten(f"margins of kind {operation.mode!r}")
    width = operation.pad_width
    width = [width] * len(x.shape) if isinstance(width, int) else list(width)
    sides = [(pair, pair) if isinstance(pair, int) else tuple(pair) for pair in width]
    sides = sides * len(x.shape) if len(sides) == 1 else sides
    pads = [*(before for before, _ in sides), *(after for _, after in sides)]
    names = [graph.channels_last(x), integers(graph, *pads)]
    if mode == "constant" and constant_values is not None:
        names.append(graph.constant(np.asarray(constant_values, x.dtype)))
    shape = [None if s is None else s + sum(p) for s, p in zip(x.shape, sides, strict=True)]
    return Value(tuple(shape), x.dtype, graph.node("Pad", names, mode=mode))


RULES: dict[str, Callable[..., Any]] = {
    "Reshape": _reshape,  "Transpose": _transpose,
    "Concatenate": _concatenate, "Stack": _stack, "ExpandDims": _expand_dims,
    "Squeeze": _squeeze, "Split": _split, "GetItem": _get_item, "Repeat": _repeat, "Pad": _pad,
}  # fmt: skip
