"""`saved_model` and `tflite`: TensorFlow's own forms, by Keras, where TensorFlow is the backend."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import keras

from ganzoo.environment import require_backend
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.export.comparing import TOLERANCE
from ganzoo.export.subject import Exported, Subject, check_path, exported, subject
from ganzoo.extras import at
from ganzoo.files.writing import written
from ganzoo.layers.fourier import plain_convolutions

_RUNNERS = "ganzoo._backend.tensorflow.exported"


def saved_model(
    model: Any, path: Any, *, network: str | None = None, overwrite: bool = False
) -> Exported:
    """Write a network as a SavedModel, a folder whose function `serve` has named ins and outs.

    Args:
        model, network, overwrite: As of `onnx`.
        path: The folder. What is replaced must be a SavedModel.

    Raises:
        InvalidArgumentError: Another backend than TensorFlow, no such network, or Keras cannot.
        ExportError, OutputError: As of `onnx`.
    """
    check_backend("A SavedModel")
    path = check_path(path, "", overwrite)
    if path.exists() and not (path / "saved_model.pb").is_file():
        raise OutputError(f"Cannot replace {path}: it is no SavedModel.")
    given = subject(model, network)
    with _folder(path) as temporary:
        with _by_keras("a SavedModel"):
            archive = keras.export.ExportArchive()
            archive.add_endpoint("serve", _serving(given), input_signature=_signature(given))
            archive.write_out(str(temporary), verbose=False)
        runner = at(f"{_RUNNERS}:saved_model")(temporary, tuple(given.outputs))
        compared = given.compared(runner, TOLERANCE)
    return exported(path, given, compared, "TensorFlow's SavedModel")


def tflite(
    model: Any, path: Any, *, network: str | None = None, overwrite: bool = False
) -> Exported:
    """Write a network as a file of TensorFlow Lite (LiteRT), whose signature has named inputs.

    Args:
        model, network, overwrite: As of `onnx`.
        path: A file that ends in `.tflite`.

    Raises:
        InvalidArgumentError: Another backend than TensorFlow, no such network, or Keras cannot.
        ExportError, OutputError: As of `onnx`.
    """
    check_backend("A .tflite file")
    path = check_path(path, ".tflite", overwrite)
    given = subject(model, network)
    with written(path, suffix=".tflite") as temporary:
        signature = _signature(given)
        signature = signature if len(signature) == 1 else [signature]
        with _by_keras("a .tflite file"):
            given.network.export(
                str(temporary), format="litert", verbose=False, input_signature=signature
            )
        runner = at(f"{_RUNNERS}:lite")(temporary, tuple(given.inputs))
        compared = given.compared(runner, TOLERANCE)
    return exported(path, given, compared, "TensorFlow Lite")


def check_backend(what: str) -> None:
    """Refuse another backend than TensorFlow.

    Raises:
        InvalidArgumentError: It says what is accepted.
    """
    backend = require_backend()
    if backend != "tensorflow":
        raise InvalidArgumentError(
            f"{what} is written on TensorFlow alone, and the backend is {backend}: set "
            "KERAS_BACKEND=tensorflow, or write an .onnx file."
        )


def _signature(given: Subject) -> list[Any]:
    shapes, _ = given.shapes
    return [keras.InputSpec(shape=s, dtype="float32", name=n) for n, s in shapes.items()]


def _serving(given: Subject) -> Callable[..., Any]:
    network, names = given.network, given.outputs

    def serve(*inputs: Any) -> dict[str, Any]:
        made = network(list(inputs) if len(inputs) > 1 else inputs[0], training=False)
        return dict(zip(names, made if isinstance(made, list | tuple) else [made], strict=True))

    return serve


@contextmanager
def _by_keras(what: str) -> Iterator[None]:
    """While Keras writes plain convolutions; what it says of an error becomes one line."""
    try:
        with plain_convolutions(), contextlib.redirect_stdout(io.StringIO()):
            yield
    except OSError:
        raise
    except Exception as error:
        said = (str(error).splitlines() or [""])[0][:200]
        raise InvalidArgumentError(
            f"Keras cannot write this network as {what}: {type(error).__name__}: {said}"
        ) from error


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside a path, which becomes that path when the block succeeds."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    old = path.with_name(f".{path.name}.{uuid4().hex[:8]}.old")
    try:
        yield temporary
        if path.exists():
            path.rename(old)
        temporary.rename(path)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        for left in (temporary, old):
            shutil.rmtree(left, ignore_errors=True)
