"""`onnx`: a network as one file, held to the network before it is at its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import InvalidArgumentError
from ganzoo.export.comparing import TOLERANCE, TOLERANCE_HALF, Runner
from ganzoo.export.graph import Graph, Value
from ganzoo.export.subject import Exported, check_path, exported, subject
from ganzoo.export.writing import write
from ganzoo.extras import require
from ganzoo.files.writing import written


def onnx(
    model: Any,
    path: Any,
    *,
    network: str | None = None,
    float16: bool = False,
    overwrite: bool = False,
) -> Exported:
    """Write a network as one file of ONNX, from any backend; a training is no part of it.

    The network that is used outside of training is written, its average where there is one, with
    any number of rows. The file is opened by onnxruntime and compared with the network, on the
    inputs of the preset's probe and others, before it is at its place.

    Args:
        model: A model of ganzoo, a pretrained name, a preset, a run, or a `.keras` file.
        path: A file that ends in `.onnx`.
        network: Name of the network; by default that which draws or translates.
        float16: Store large constants as float16, half the bytes; all is computed in float32.
        overwrite: Whether a file may be there already.

    Returns:
        What was written.

    Raises:
        InvalidArgumentError: Another ending, no such network, or a layer that cannot be written.
        MissingExtraError: onnx or onnxruntime is not installed.
        ExportError: The file differs from the network by more than 1e-4, or 1e-2 with `float16`,
            of the largest output where that is above 1.
        OutputError: Something is there already, or the disk refuses.
    """
    path = check_path(path, ".onnx", overwrite)
    for package in ("onnx", "onnxruntime"):
        require(package, "an ONNX file")
    given = subject(model, network)
    graph = Graph(float16)
    inputs, outputs = given.shapes
    values = {name: Value(shape, "float32", graph.fresh(name)) for name, shape in inputs.items()}
    for name in outputs:
        graph.fresh(name)
    made = write(graph, given.network, list(values.values()))
    ends = dict(zip(outputs, made, strict=True))
    facts = {**given.facts, "weights": "float16" if float16 else "float32"}
    text = f"{given.name} of {facts['name']} ({facts['family']}), written by ganzoo"
    content = graph.model(values, ends, facts, text).SerializeToString()
    with written(path) as temporary:
        temporary.write_bytes(content)
        runner = onnx_runner(temporary)
        compared = given.compared(runner, TOLERANCE_HALF if float16 else TOLERANCE)
    return exported(path, given, compared, "onnxruntime")


def onnx_runner(path: Path) -> Runner:
    """Return a function that runs a file of ONNX on a CPU, from its inputs to its outputs.

    Raises:
        InvalidArgumentError: onnxruntime refuses the file.
    """
    runtime = require("onnxruntime", "an ONNX file")
    options = runtime.SessionOptions()
    options.log_severity_level = 3  # errors alone
    # Threads that wait in a loop would take the cores of what else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise InvalidArgumentError(f"onnxruntime refuses the file: {_first_line(error)}") from error
    names = [each.name for each in session.get_inputs()]

    def runner(inputs: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        try:
            return session.run(None, dict(zip(names, inputs, strict=True)))
        except Exception as error:
            raise InvalidArgumentError(
                f"onnxruntime cannot run the file: {_first_line(error)}"
            ) from error

    return runner


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
