"""Nodes of ONNX for pictures: convolutions and pools, channels first, and larger pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ganzoo.export.graph import Graph, Shape, Value
from ganzoo.export.operands import constant_of
from ganzoo.export.refusing import Unwritten


def _pair(numbers: Any) -> list[int]:
    return [numbers, numbers] if isinstance(numbers, int) else [int(number) for number in numbers]


def _check(operation: Any, x: Value) -> None:
    if len(x.shape) != 4:
        raise Unwritten(f"pictures (B, h, w, c); it has a shape of {len(x.shape)} axes")
    if operation.data_format not in (None, "channels_last"):
        raise Unwritten("channels that come first")


def _windows(
    operation: Any, x: Value, size: Sequence[int], strides: list[int], dilation: list[int]
) -> tuple[list[int | None], dict[str, Any]]:
    """Return (height, width) of the outputs, and the margins as attributes."""
    seen = [(k - 1) * d + 1 for k, d in zip(size, dilation, strict=True)]
    given = list(zip(x.shape[1:3], seen, strides, strict=True))
    if operation.padding != "same":
        sides = [None if n is None else (n - k) // s + 1 for n, k, s in given]
        return sides, {"pads": [0, 0, 0, 0]}
    sides = [None if n is None else -(-n // s) for n, _, s in given]
    if any(n is None and s > 1 for n, _, s in given):
        return sides, {"auto_pad": "SAME_UPPER"}
    around = [max(k - s if n is None else (-(-n // s) - 1) * s + k - n, 0) for n, k, s in given]
    before = [number // 2 for number in around]
    return sides, {"pads": [*before, *(a - b for a, b in zip(around, before, strict=True))]}


def _conv(graph: Graph, operation: Any, x: Value, kernel: Any) -> Value:
    weights = constant_of(kernel)  # (k, k', in / groups, out)
    groups = int(x.shape[3] or 1) // weights.shape[2]
    return _convolved(graph, operation, x, weights.transpose(3, 2, 0, 1), groups)


def _depthwise(graph: Graph, operation: Any, x: Value, kernel: Any) -> Value:
    weights = constant_of(kernel)  # (k, k', in, of each)
    height, width, depth, each = weights.shape
    weights = weights.transpose(2, 3, 0, 1).reshape(depth * each, 1, height, width)
    return _convolved(graph, operation, x, weights, depth)


def _convolved(graph: Graph, operation: Any, x: Value, weights: np.ndarray, groups: int) -> Value:
    """Add a convolution with a kernel (out, in / groups, k, k')."""
    _check(operation, x)
    strides, dilation = _pair(operation.strides), _pair(operation.dilation_rate)
    sides, margins = _windows(operation, x, weights.shape[2:], strides, dilation)
    names = [graph.channels_first(x), graph.constant(weights.astype(np.float32))]
    more = {"strides": strides, "dilations": dilation, "group": groups, **margins}
    shape = (x.shape[0], *sides, weights.shape[0])
    return Value(shape, x.dtype, None, graph.node("Conv", names, **more))


def _conv_transpose(
    graph: Graph, operation: Any, x: Value, kernel: Any, output_shape: Any = None, **_: Any
) -> Value:
    """Add a transposed convolution; a kernel of Keras is (k, k', out, in)."""
    _check(operation, x)
    weights = constant_of(kernel).transpose(3, 2, 0, 1).astype(np.float32)
    strides, size = _pair(operation.strides), weights.shape[2:]
    if operation.output_padding is not None or _pair(operation.dilation_rate) != [1, 1]:
        raise Unwritten("a transposed convolution with output_padding or dilation_rate")
    same = operation.padding == "same"
    around = [max(k - s, 0) if same else 0 for k, s in zip(size, strides, strict=True)]
    before = [number // 2 for number in around]
    missing = [max(s - k, 0) for k, s in zip(size, strides, strict=True)]
    made = graph.node(
        "ConvTranspose",
        [graph.channels_first(x), graph.constant(weights)],
        strides=strides,
        pads=[*before, *(a - b for a, b in zip(around, before, strict=True))],
        output_padding=missing,
    )
    more = [0 if same else max(k - s, 0) for k, s in zip(size, strides, strict=True)]
    sides = [
        None if n is None else n * s + m
        for n, s, m in zip(x.shape[1:3], strides, more, strict=True)
    ]
    return Value((x.shape[0], *sides, weights.shape[1]), x.dtype, None, made)


def _pooled(name: str, **more: Any) -> Callable[..., Value]:
    def rule(graph: Graph, operation: Any, x: Value) -> Value:
        _check(operation, x)
        size = _pair(operation.pool_size)
        strides = size if operation.strides is None else _pair(operation.strides)
        sides, margins = _windows(operation, x, size, strides, [1, 1])
        made = graph.node(
            name, [graph.channels_first(x)], kernel_shape=size, strides=strides, **margins, **more
        )
        return Value((x.shape[0], *sides, x.shape[3]), x.dtype, None, made)

    return rule


RULES: dict[str, Callable[..., Any]] = {
    "Conv": _conv, "DepthwiseConv": _depthwise, "ConvTranspose": _conv_transpose,
    "AveragePool": _pooled("AveragePool", count_include_pad=0), "MaxPool": _pooled("MaxPool"),
}  # fmt: skip


# --- layers that ask for the sides of a picture, which may be any in a file ----------------------


def _grown(x: Value, scale: int, channels: int) -> Shape:
    sides = (None if side is None else side * scale for side in x.shape[1:3])
    return (x.shape[0], *sides, channels)


def pixel_shuffle(graph: Graph, layer: Any, x: Value) -> Value:
    """Write `ganzoo.layers.PixelShuffle`: depth to space."""
    made = graph.node("DepthToSpace", [graph.channels_first(x)], blocksize=layer.scale, mode="DCR")
    shape = _grown(x, layer.scale, int(x.shape[3] or 0) // layer.scale**2)
    return Value(shape, x.dtype, None, made)


def bicubic(graph: Graph, layer: Any, phases: Sequence[Sequence[float]], x: Value) -> Value:
    """Write `ganzoo.layers.BicubicEnlargement`: a convolution per channel, then depth to space.

    Args:
        graph: To add to.
        layer: It has a `scale`.
        phases: Weights of five pixels for each of `scale` new ones, along one axis.
        x: Pictures (B, h, w, c).
    """
    channels = int(x.shape[3] or 0)
    weights = np.asarray(phases, np.float64)
    kernel = np.einsum("ik,jl->ijkl", weights, weights).reshape(-1, 1, 5, 5)
    name = graph.channels_first(x)
    for axis in (2, 3):  # beyond the edge lies the mirror image
        bounds = [(1, 2), (0, 1), None, (-1, np.iinfo(np.int64).max), (-2, -1)]
        parts = [name if each is None else _part(graph, name, axis, *each) for each in bounds]
        name = graph.node("Concat", parts, axis=axis)
    tiled = graph.constant(np.tile(kernel, (channels, 1, 1, 1)).astype(np.float32))
    name = graph.node("Conv", [name, tiled], group=channels)
    made = graph.node("DepthToSpace", [name], blocksize=layer.scale, mode="CRD")
    return Value(_grown(x, layer.scale, channels), x.dtype, None, made)


def _part(graph: Graph, name: str, axis: int, begin: int, end: int) -> str:
    numbers = [graph.constant(np.asarray([number], np.int64)) for number in (begin, end, axis)]
    return str(graph.node("Slice", [name, *numbers]))
