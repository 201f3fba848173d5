"""A graph of ONNX: its nodes, its constants, and where channels lie."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.errors import InvalidArgumentError
from ganzoo.extras import require

OPSET = 18
IR_VERSION = 8  # onnxruntime 1.14 and later, and what follows the standard of 2023
HALVED_FROM = 256  # numbers: smaller constants stay float32, which costs nothing
MOST_BYTES = 2**31 - 2**20  # of a file of ONNX: a message of protocol buffers
_MOST_HALF = 65504.0  # the largest float16
_TO_FIRST, _TO_LAST = (0, 3, 1, 2), (0, 2, 3, 1)
Shape = tuple[int | None, ...]


@dataclass
class Value:
    """A tensor of the graph.

    Attributes:
        shape: Keras', channels last; None where a side is not known.
        dtype: Such as "float32".
        last: Its name as Keras has it; None until a node asks for it.
        first: The name of the same with channels first, (B, c, h, w), where a node has made it.
    """

    shape: Shape
    dtype: str
    last: str | None = None
    first: str | None = None


class Graph:
    """What will be a file of ONNX.

    Args:
        float16: Whether constants of many numbers are stored as float16, and cast as the file is
            read. All is computed in float32.

    Raises:
        MissingExtraError: The package onnx is not installed.
    """

    def __init__(self, float16: bool = False) -> None:
        self.onnx = require("onnx", "a file of ONNX")
        self.float16 = float16
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.scope = ""
        """What a constant is called after: the layer that is being written."""
        self._names: dict[str, int] = {}
        self._known: dict[Any, str] = {}

    # --- tensors -----------------------------------------------------------------------------

    def fresh(self, name: str) -> str:
        """Return a name that nothing has, beginning with this one."""
        count = self._names[name] = self._names.get(name, -1) + 1
        return f"{name}_{count}" if count else name

    def constant(self, array: Any) -> str:
        """Return the name of an array that the file holds; one that is there already is shared."""
        array = np.asarray(array, order="C")
        key = (array.dtype.str, array.shape, hashlib.sha256(array.tobytes()).digest())
        if key not in self._known:
            self._known[key] = self._stored(array, self.fresh(f"{self.scope}/constant"))
        return self._known[key]

    def _stored(self, array: np.ndarray, name: str) -> str:
        from_array = self.onnx.numpy_helper.from_array
        large = array.dtype == np.float32 and array.size >= HALVED_FROM
        if not (self.float16 and large and np.abs(array).max() <= _MOST_HALF):
            self.constants.append(from_array(array, name))
            return name
        half = self.fresh(f"{name}_float16")
        self.constants.append(from_array(array.astype(np.float16), half))
        cast = self.onnx.helper.make_node(
            "Cast", [half], [name], name=name, to=self.onnx.TensorProto.FLOAT
        )
        self.nodes.append(cast)
        return name

    def node(
        self, operation: str, inputs: Sequence[str], outputs: int = 1, **attributes: Any
    ) -> Any:
        """Add a node; return the name of its output, or a list of names of several."""
        made = [self.fresh(operation.lower()) for _ in range(outputs)]
        self.nodes.append(
            self.onnx.helper.make_node(operation, list(inputs), made, name=made[0], **attributes)
        )
        return made if outputs > 1 else made[0]

    # --- where channels lie ------------------------------------------------------------------

    def channels_last(self, value: Value) -> str:
        """Return the name of a value as Keras has it."""
        if value.last is None:
            value.last = self.node("Transpose", [str(value.first)], perm=_TO_LAST)
        return value.last

    def channels_first(self, value: Value) -> str:
        """Return the name of pictures (B, h, w, c) with channels first."""
        if value.first is None:
            value.first = self.node("Transpose", [str(value.last)], perm=_TO_FIRST)
        return value.first

    # --- the file ----------------------------------------------------------------------------

    def model(
        self,
        inputs: Mapping[str, Value],
        outputs: Mapping[str, Value],
        facts: Mapping[str, str],
        text: str,
    ) -> Any:
        """Return the `onnx.ModelProto`.

        Args:
            inputs, outputs: By name; the names of inputs are those of their values.
            facts: Metadata.
            text: What the model is.

        Raises:
            InvalidArgumentError: It is too large for one file.
        """
        for name, value in outputs.items():
            self.nodes.append(
                self.onnx.helper.make_node(
                    "Identity", [self.channels_last(value)], [name], name=name
                )
            )
        graph = self.onnx.helper.make_graph(
            self.nodes,
            "ganzoo",
            [self._stated(name, value) for name, value in inputs.items()],
            [self._stated(name, value) for name, value in outputs.items()],
            self.constants,
        )
        opset = [self.onnx.helper.make_opsetid("", OPSET)]
        made = self.onnx.helper.make_model(graph, opset_imports=opset, producer_name="ganzoo")
        made.ir_version, made.doc_string = IR_VERSION, text
        self.onnx.helper.set_model_props(made, dict(facts))
        if made.ByteSize() > MOST_BYTES:
            raise InvalidArgumentError(
                f"One file of ONNX holds at most 2 GiB; this network has "
                f"{made.ByteSize() / 2**30:.1f} GiB. Pass --float16 (float16=True)."
            )
        return made

    def _stated(self, name: str, value: Value) -> Any:
        sides = {0: "n", 1: "height", 2: "width"}
        shape = [
            sides.get(axis, f"side_{axis}") + ("" if axis == 0 else f"_of_{name}")
            if side is None
            else side
            for axis, side in enumerate(value.shape)
        ]
        return self.onnx.helper.make_tensor_value_info(name, self.type(value.dtype), shape)

    def type(self, dtype: str) -> int:
        """Return ONNX' number of a dtype's name."""
        return int(self.onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def size_of(shape: Shape) -> int | None:
    """Return how many numbers a row of such a shape has; None where a side is not known."""
    sides = shape[1:]
    return None if None in sides else math.prod(int(side or 0) for side in sides)
