"""Each operation of Keras that has a rule gives in onnxruntime what it gives in Keras."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo.errors import InvalidArgumentError
from ganzoo.export.graph import Graph, Value
from ganzoo.export.operations import RULES
from ganzoo.export.writing import write

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
SHAPE = (6, 4, 3)
NUMBERS = np.random.Generator(np.random.PCG64(0)).standard_normal((5, *SHAPE)).astype(np.float32)
ROW = np.linspace(0.5, 2.0, 3, dtype=np.float32)
KERNEL = NUMBERS[:3, :3, :2].copy()  # (3, 3, 2, 3)
FORTH = KERNEL.transpose(0, 1, 3, 2).copy()  # (3, 3, 3, 2)
MATRIX = FORTH[0, 0]  # (3, 2)

CASES: dict[str, list[Callable[[Any], Any]]] = {
    "Exp": [ops.exp], "Log": [lambda x: ops.log(ops.abs(x) + 0.1)],
    "Sqrt": [lambda x: ops.sqrt(ops.abs(x))], "Cos": [ops.cos], "Sin": [ops.sin],
    "Tan": [ops.tan], "Tanh": [ops.tanh], "Sigmoid": [ops.sigmoid], "Sign": [ops.sign],
    "Floor": [ops.floor], "Ceil": [ops.ceil], "Softplus": [ops.softplus], "Erf": [ops.erf],
    "Absolute": [ops.absolute], "Abs": [ops.abs], "Negative": [ops.negative],
    "Reciprocal": [lambda x: ops.reciprocal(2.0 + ops.abs(x))], "Relu": [ops.relu],
    "Arctan": [ops.arctan],
    "ReLU": [lambda x: layers.ReLU(0.5, 0.1)(x), lambda x: layers.ReLU()(x)],
    "Add": [lambda x: x + ROW, lambda x: x + 1.0, lambda x: x + x[:, :, :, :1]],
    "Subtract": [lambda x: 1.0 - x], "Multiply": [lambda x: x * x[:, :1]],
    "TrueDivide": [lambda x: x / ROW], "Divide": [lambda x: ops.divide(1.0, ops.abs(x) + 1.0)],
    "Maximum": [lambda x: ops.maximum(x, 0.1)], "Minimum": [lambda x: ops.minimum(x, x[:, 1:2])],
    "Power": [lambda x: ops.power(ops.abs(x) + 0.1, 1.5)],
    "Arctan2": [lambda x: ops.arctan2(x, ops.flip(ROW, 0) - 1.0),
                lambda x: ops.arctan2(x - x, ops.where(x > 0.0, x - x, -ops.abs(x)))],
    "Greater": [lambda x: ops.where(x > 0.2, x, 0.0)],
    "Less": [lambda x: ops.where(x < 0.2, 1.0, x)],
    "GreaterEqual": [lambda x: ops.where(x >= ROW, x, -1.0)],
    "LessEqual": [lambda x: ops.where(x <= ROW, x, -1.0)],
    "Equal": [lambda x: ops.where(ops.equal(ops.floor(x), 0.0), x, 3.0)],
    "Where": [lambda x: ops.where(x[..., :1] > 0.0, x, ROW)],
    "Mean": [lambda x: ops.mean(x, axis=(1, 2), keepdims=True), lambda x: ops.mean(x, axis=-1)],
    "Sum": [lambda x: ops.sum(x, axis=(1, 2))], "Max": [lambda x: ops.max(x, axis=1)],
    "Min": [lambda x: ops.min(x, axis=(2, 3))],
    "LeakyRelu": [lambda x: ops.leaky_relu(x, 0.3)], "Elu": [lambda x: ops.elu(x, 0.7)],
    "Silu": [ops.silu], "Square": [ops.square], "Rsqrt": [lambda x: ops.rsqrt(ops.abs(x) + 1.0)],
    "Clip": [lambda x: ops.clip(x, -0.5, 0.25)],
    "Cast": [lambda x: ops.cast(ops.cast(x, "int32"), "float32")],
    "OnesLike": [lambda x: x + ops.ones_like(x)], "ZerosLike": [lambda x: x + ops.zeros_like(x)],
    "Softmax": [lambda x: ops.softmax(x, axis=-1), lambda x: ops.softmax(x, axis=1)],
    "Matmul": [lambda x: ops.matmul(x, MATRIX),
               lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2)))],
    "Einsum": [lambda x: ops.einsum("bhwc,cd->bwd", x, MATRIX)],
    "Moments": [lambda x: ops.moments(x, (1, 2), keepdims=True)[1],
                lambda x: ops.stack(list(ops.moments(x, (1, 2))), axis=1)],
    "Normalize": [ops.normalize],
    "BatchNorm": [lambda x: ops.batch_normalization(x, ROW, ROW + 0.5, -1, ROW, ROW - 1.0, 0.01),
                  lambda x: ops.batch_normalization(x, ROW, ROW, 3)],
    "Reshape": [lambda x: ops.reshape(x, (-1, 12, 6)), lambda x: layers.Flatten()(x)],
    "Transpose": [lambda x: ops.transpose(x, (0, 2, 3, 1))],
    "Concatenate": [lambda x: ops.concatenate([x, x[:, :2]], axis=1)],
    "Stack": [lambda x: ops.stack([x, -x], axis=2)],
    "ExpandDims": [lambda x: ops.expand_dims(x, 2)],
    "Squeeze": [lambda x: ops.squeeze(x[:, 1:2], axis=1)],
    "Split": [lambda x: ops.split(x, 3, axis=-1)[1], lambda x: ops.split(x, [1, 3], axis=1)[2]],
    "GetItem": [lambda x: x[:, 1:-1, ::2], lambda x: x[..., 0], lambda x: x[:, -1, None, 1:],
                lambda x: x[:, -3:]],
    "Repeat": [lambda x: ops.repeat(x, 2, axis=1)],
    "Pad": [lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0)), mode="reflect"),
            lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0)), constant_values=0.5),
            lambda x: ops.pad(x, ((0, 0), (0, 0), (2, 1), (0, 0)))],
    "Conv": [lambda x: ops.conv(x, FORTH, 1, "same"), lambda x: ops.conv(x, FORTH, 2, "same"),
             lambda x: ops.conv(x, FORTH, 2, "valid"),
             lambda x: ops.conv(x, FORTH, 1, "same", dilation_rate=2)],
    "DepthwiseConv": [lambda x: ops.depthwise_conv(x, FORTH, padding="same"),
                      lambda x: ops.depthwise_conv(x, FORTH, 2)],
    "ConvTranspose": [lambda x: layers.Conv2DTranspose(2, 3, 2, "same")(x),
                      lambda x: layers.Conv2DTranspose(2, 4, (2, 1), "same")(x),
                      lambda x: layers.Conv2DTranspose(2, 3, 2, "valid")(x),
                      lambda x: layers.Conv2DTranspose(2, (2, 5), 3, "same")(x),
                      lambda x: layers.Conv2DTranspose(2, 2, 3, "valid")(x)],
    "AveragePool": [lambda x: layers.AveragePooling2D(2)(x),
                    lambda x: layers.AveragePooling2D(3, 2, "same")(x)],
    "MaxPool": [lambda x: layers.MaxPooling2D(3, 2, "same")(x)],
}  # fmt: skip


def in_onnxruntime(model: keras.Model, *inputs: np.ndarray) -> list[np.ndarray]:
    """Return the outputs of a model of Keras that was written as ONNX."""
    graph = Graph()
    given = {
        f"in_{i}": Value(tuple(t.shape), t.dtype, f"in_{i}") for i, t in enumerate(model.inputs)
    }
    made = write(graph, model, list(given.values()))
    assert [value.shape for value in made] == [tuple(t.shape) for t in model.outputs]
    content = graph.model(given, {f"out_{i}": value for i, value in enumerate(made)}, {}, "")
    session = onnxruntime.InferenceSession(
        content.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, dict(zip(given, inputs, strict=True)))


def test_every_rule_is_tried() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("first", [False, True], ids=["channels last", "channels first"])
def test_rules(first: bool) -> None:
    """All of them in one file, on pictures as Keras has them, and after a convolution."""
    keras.utils.set_random_seed(1)  # of a kernel's numbers some would be near a step of `floor`
    x = keras.Input(SHAPE)
    given = layers.Conv2D(3, 1)(x) if first else x
    names, made = zip(*((n, case(given)) for n in CASES for case in CASES[n]), strict=True)
    model = keras.Model(x, list(made))
    wanted = [ops.convert_to_numpy(each) for each in model(NUMBERS)]
    for some in (5, 1):
        found = in_onnxruntime(model, NUMBERS[:some])
        for name, one, other in zip(names, found, wanted, strict=True):
            np.testing.assert_allclose(one, other[:some], rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: ops.cumsum(x, axis=1), "the operation Cumsum, which has no rule"),
        (lambda x: ops.normalize(x, order=1), "a norm of order 1"),
        (lambda x: x[:, ::-1], "backwards"),
        (lambda x: layers.ReLU(threshold=0.5)(x), "threshold 0.5"),
        (lambda x: layers.Conv2D(3, 1, groups=3)(x), "more than symbols"),
        (lambda x: ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric"), "symmetric"),
        (lambda x: ops.conv_transpose(x, KERNEL, 2, "same", output_padding=1), "output_padding"),
    ],
)
def test_what_has_no_rule_is_one_line(function: Any, said: str) -> None:
    x = keras.Input(SHAPE)
    with pytest.raises(InvalidArgumentError, match=said) as caught:
        in_onnxruntime(keras.Model(x, function(x)), NUMBERS)
    assert len(str(caught.value).splitlines()) == 1


def test_constants_of_many_numbers_are_halved_and_those_of_few_are_not() -> None:
    graph = Graph(float16=True)
    x = keras.Input((300,))
    model = keras.Model(x, layers.Dense(4)(x))
    (made,) = write(graph, model, [Value((None, 300), "float32", "x")])
    types = {tuple(each.dims): each.data_type for each in graph.constants}
    proto = graph.onnx.TensorProto
    assert types[(300, 4)] == proto.FLOAT16
    assert types[(4,)] == proto.FLOAT
    assert made.dtype == "float32"
    large = np.full((300, 4), 1e6, np.float32)  # no float16 is so large
    model.layers[-1].set_weights([large, np.zeros(4, np.float32)])
    again = Graph(float16=True)
    write(again, model, [Value((None, 300), "float32", "x")])
    assert {each.data_type for each in again.constants} == {proto.FLOAT}
