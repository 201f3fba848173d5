"""Operations of Keras as nodes of ONNX, by the names of their classes in `keras.ops`.

`RULES[name](graph, operation, *arguments)` gets values of the graph where Keras has symbolic
tensors, and arrays or numbers where it has weights and constants; `operation` holds what is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from ganzoo.export import pictures, shapes
from ganzoo.export.arithmetic import binary, reduced, unary
from ganzoo.export.graph import Graph, Value
from ganzoo.export.operands import arranged, axis_of, constant_of, dtype_of, joined, shape_of
from ganzoo.export.refusing import Unwritten

Rule = Callable[..., Any]


def _leaky(graph: Graph, operation: Any, x: Value) -> Value:
    return unary(graph, "LeakyRelu", x, alpha=float(operation.negative_slope))


def _relu(graph: Graph, operation: Any, x: Value) -> Value:
    """Write Keras' activation, which may leak and end."""
    if operation.threshold:
        raise Unwritten(f"a ReLU of threshold {operation.threshold}")
    leaks = bool(operation.negative_slope)
    made = _leaky(graph, operation, x) if leaks else unary(graph, "Relu", x)
    ends = operation.max_value is not None
    return binary(graph, "Min", made, operation.max_value) if ends else made


def _elu(graph: Graph, operation: Any, x: Value) -> Value:
    return unary(graph, "Elu", x, alpha=float(operation.alpha))


def _square(graph: Graph, operation: Any, x: Value) -> Value:
    return binary(graph, "Mul", x, x)


def _rsqrt(graph: Graph, operation: Any, x: Value) -> Value:
    return unary(graph, "Reciprocal", unary(graph, "Sqrt", x))


def _silu(graph: Graph, operation: Any, x: Value) -> Value:
    return binary(graph, "Mul", x, unary(graph, "Sigmoid", x))


def _clip(graph: Graph, operation: Any, x: Value) -> Value:
    above = binary(graph, "Max", x, operation.x_min)
    return binary(graph, "Min", above, operation.x_max)


def _arctan2(graph: Graph, operation: Any, y: Value, x: Value) -> Value:
    """Return the angle of (x, y) in (-pi, pi], of which ONNX has only atan."""
    angle = unary(graph, "Atan", binary(graph, "Div", y, x))
    turn = _where(graph, None, _compared(graph, "Less", y, 0.0), -np.pi, np.pi)
    left = _where(graph, None, _compared(graph, "Less", x, 0.0), turn, 0.0)
    found = binary(graph, "Add", angle, left)
    upright = binary(graph, "Mul", unary(graph, "Sign", y), 0.5 * np.pi)
    return _where(graph, None, _compared(graph, "Equal", x, 0.0), upright, found)


def _compared(graph: Graph, name: str, x: Any, y: Any) -> Value:
    return binary(graph, name, x, y, dtype="bool")


def _where(graph: Graph, operation: Any, condition: Value, x: Any, y: Any) -> Value:
    dtype = dtype_of(x, y)
    names = [graph.channels_last(condition), *(arranged(graph, each, dtype) for each in (x, y))]
    shape = joined(*map(shape_of, (condition, x, y)))
    return Value(shape, dtype, graph.node("Where", names))


def _full_like(number: float) -> Rule:
    def rule(graph: Graph, operation: Any, x: Value) -> Value:
        dtype = operation.dtype or x.dtype
        shape = graph.node("Shape", [graph.channels_last(x)])
        one = graph.onnx.numpy_helper.from_array(np.asarray([number], dtype))
        return Value(x.shape, dtype, graph.node("ConstantOfShape", [shape], value=one))

    return rule


def _cast(graph: Graph, operation: Any, x: Value) -> Value:
    if operation.dtype == x.dtype:
        return x
    made = unary(graph, "Cast", x, to=graph.type(operation.dtype))
    made.dtype = operation.dtype
    return made


def _softmax(graph: Graph, operation: Any, x: Value) -> Value:
    name = graph.node("Softmax", [graph.channels_last(x)], axis=axis_of(operation.axis, x))
    return Value(x.shape, x.dtype, name)


def _matmul(graph: Graph, operation: Any, x: Any, y: Any) -> Value:
    dtype = dtype_of(x, y)
    a, b = shape_of(x), shape_of(y)
    if len(a) < 2 or len(b) < 2:
        raise Unwritten(f"a product of shapes {a} and {b}")
    names = [arranged(graph, each, dtype) for each in (x, y)]
    shape = (*joined(a[:-2], b[:-2]), a[-2], b[-1])
    return Value(shape, dtype, graph.node("MatMul", names))


def _einsum(graph: Graph, operation: Any, *operands: Any) -> Value:
    dtype = dtype_of(*operands)
    names = [arranged(graph, each, dtype) for each in operands]
    equation = operation.subscripts.replace(" ", "")
    terms, _, made = equation.partition("->")
    if "." in equation or not made:
        raise Unwritten(f"an einsum {equation!r}")
    sides = {
        letter: side
        for term, each in zip(terms.split(","), operands, strict=True)
        for letter, side in zip(term, each.shape, strict=True)
    }
    shape = tuple(sides[letter] for letter in made)
    return Value(shape, dtype, graph.node("Einsum", names, equation=equation))


def _moments(graph: Graph, operation: Any, x: Value) -> list[Value]:
    mean = reduced(graph, "ReduceMean", x, operation.axes, keepdims=True)
    centred = binary(graph, "Sub", x, mean)
    squares = binary(graph, "Mul", centred, centred)
    variance = reduced(graph, "ReduceMean", squares, operation.axes, operation.keepdims)
    if not operation.keepdims:
        mean = reduced(graph, "ReduceMean", x, operation.axes, keepdims=False)
    return [mean, variance]


def _normalize(graph: Graph, operation: Any, x: Value) -> Value:
    """Divide by the length along an axis, as `keras.ops.normalize` does for order 2."""
    if operation.order != 2:
        raise Unwritten(f"a norm of order {operation.order}")
    squares = binary(graph, "Mul", x, x)
    energy = reduced(graph, "ReduceSum", squares, operation.axis, keepdims=True)
    least = keras.config.epsilon() if operation.epsilon is None else float(operation.epsilon)
    length = unary(graph, "Sqrt", binary(graph, "Max", energy, least**2))
    return binary(graph, "Div", x, length)


def _batch_norm(
    graph: Graph,
    operation: Any,
    x: Value,
    mean: Any,
    variance: Any,
    offset: Any = None,
    scale: Any = None,
) -> Value:
    """Scale and shift the channels: the averages of the training are constants."""
    if axis_of(operation.axis, x) != len(x.shape) - 1:
        raise Unwritten("a batch normalisation of another axis than the last")
    gain = 1.0 / np.sqrt(constant_of(variance).astype(np.float64) + operation.epsilon)
    gain = gain if scale is None else gain * constant_of(scale)
    shift = -gain * constant_of(mean)
    shift = shift if offset is None else shift + constant_of(offset)
    scaled = binary(graph, "Mul", x, gain.astype(np.float32))
    return binary(graph, "Add", scaled, shift.astype(np.float32))


def _of_one(name: str) -> Rule:
    return lambda graph, operation, x: unary(graph, name, x)


def _of_two(name: str) -> Rule:
    return lambda graph, operation, x, y: binary(graph, name, x, y)


def _comparison(name: str) -> Rule:
    return lambda graph, operation, x, y: _compared(graph, name, x, y)


def _reduction(name: str) -> Rule:
    def rule(graph: Graph, operation: Any, x: Value) -> Value:
        return reduced(graph, name, x, operation.axis, operation.keepdims)

    return rule


def _same(names: Sequence[str], make: Callable[[str], Rule]) -> dict[str, Rule]:
    return {name: make(name) for name in names}


RULES: dict[str, Rule] = {
    **_same(("Exp", "Log", "Sqrt", "Cos", "Sin", "Tan", "Tanh", "Sigmoid", "Sign", "Floor", "Ceil",
             "Softplus", "Erf"), _of_one),
    "Abs": _of_one("Abs"), "Absolute": _of_one("Abs"), "Negative": _of_one("Neg"),
    "Reciprocal": _of_one("Reciprocal"), "ReLU": _relu, "Relu": _of_one("Relu"),
    "Arctan": _of_one("Atan"),
    "Add": _of_two("Add"), "Subtract": _of_two("Sub"), "Multiply": _of_two("Mul"),
    "TrueDivide": _of_two("Div"), "Divide": _of_two("Div"), "Maximum": _of_two("Max"),
    "Minimum": _of_two("Min"), "Power": _of_two("Pow"), "Arctan2": _arctan2,
    "Greater": _comparison("Greater"), "Less": _comparison("Less"),
    "GreaterEqual": _comparison("GreaterOrEqual"), "LessEqual": _comparison("LessOrEqual"),
    "Equal": _comparison("Equal"), "Where": _where,
    "Mean": _reduction("ReduceMean"), "Sum": _reduction("ReduceSum"),
    "Max": _reduction("ReduceMax"), "Min": _reduction("ReduceMin"),
    "LeakyRelu": _leaky, "Elu": _elu, "Silu": _silu, "Square": _square,
    "Rsqrt": _rsqrt, "Clip": _clip, "Cast": _cast, "OnesLike": _full_like(1.0),
    "ZerosLike": _full_like(0.0), "Softmax": _softmax, "Matmul": _matmul, "Einsum": _einsum,
    "Moments": _moments, "Normalize": _normalize, "BatchNorm": _batch_norm,
    **shapes.RULES,
    **pictures.RULES,
}  # fmt: skip
