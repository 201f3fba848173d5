"""`model.export`: Keras' own, told what goes in, which Keras learns of a called model alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import keras

from ganzoo._backend import WRITES_SAVED_MODELS
from ganzoo.environment import require_backend
from ganzoo.errors import InvalidArgumentError, MissingExtraError, OutputError
from ganzoo.layers.fourier import plain_convolutions


class Exports:
    """The part of a model that writes it as a program for another runtime."""

    probe_inputs: Callable[..., dict[str, Any]]
    export_names: tuple[str, ...] | None = None
    """Which of `probe_inputs` go into `call`; None for all."""

    def export(
        self,
        filepath: Any,
        format: str = "tf_saved_model",
        verbose: bool | None = None,
        input_signature: Any = None,
        **kwargs: Any,
    ) -> None:
        """Write what draws, or translates, as `keras.Model.export` does: for inference.

        Of a GAN that is the map from latents (n, latent_dim) to data (n, ...), of a conditional one
        from [latents, condition], of a translator from pictures to pictures, with the averaged
        networks where there are some.

        Args:
            filepath: Where to: a folder, or a file ending in `.onnx` and so on.
            format: "tf_saved_model" (on TensorFlow and JAX) or another one of Keras'.
            verbose: Whether Keras says what it does.
            input_signature: Of the inputs, instead of any number of float32 rows.
            **kwargs: Of the format.

        Raises:
            InvalidArgumentError: Keras cannot write this format on this backend; or it is "onnx",
                which `ganzoo.export.onnx` writes from every backend.
            MissingExtraError: The format needs a package that is not installed.
        """
        if format == "onnx":
            raise InvalidArgumentError(
                f"ganzoo.export.onnx(model, {str(filepath)!r}) writes ONNX from every backend, in "
                "one file that is compared with the model; so does `ganzoo export` of a preset."
            )
        if format == "tf_saved_model" and not WRITES_SAVED_MODELS:
            raise InvalidArgumentError(
                "Keras writes no SavedModel on PyTorch. Export on another backend "
                "(KERAS_BACKEND=tensorflow and ganzoo.load), with format='torch', or as ONNX: "
                f"ganzoo.export.onnx(model, {str(filepath) + '.onnx'!r})."
            )
        given = input_signature if input_signature is not None else self._signature()
        with _one_line(format, require_backend()), plain_convolutions():
            super().export(  # type: ignore[misc]
                filepath, format=format, verbose=verbose, input_signature=given, **kwargs
            )

    def _signature(self) -> list[Any]:
        inputs = self.probe_inputs(n=1)
        names = self.export_names or tuple(inputs)
        specs = [
            keras.InputSpec(shape=(None, *inputs[name].shape[1:]), dtype="float32", name=name)
            for name in names
        ]
        return specs if len(specs) == 1 else [specs]


@contextlib.contextmanager
def _one_line(format: str, backend: str) -> Iterator[None]:
    """Say in one line what Keras and the libraries behind it say in many."""
    try:
        yield
    except ImportError as error:
        said = str(error).splitlines()[0]
        raise MissingExtraError(
            f"format={format!r} on {backend} needs a package that is not installed: {said}"
        ) from error
    except OSError as error:
        raise OutputError(f"Cannot export: {error.strerror or error}.") from error
    except Exception as error:
        if isinstance(error, InvalidArgumentError):
            raise
        said = (str(error).splitlines() or [""])[0][:200]
        raise InvalidArgumentError(
            f"Keras cannot export this model as {format!r} on {backend}: "
            f"{type(error).__name__}: {said}"
        ) from error
