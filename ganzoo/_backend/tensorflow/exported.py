"""What was exported in TensorFlow's own forms, run by TensorFlow."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

Runner = Callable[[Sequence[np.ndarray]], Sequence[np.ndarray]]


def saved_model(folder: Path, outputs: Sequence[str]) -> Runner:
    """Return a function from a list of inputs to the outputs of these names, of a SavedModel."""
    loaded = tf.saved_model.load(str(folder))

    def run(inputs: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        made = loaded.serve(*map(tf.convert_to_tensor, inputs))
        return [made[name].numpy() for name in outputs]

    return run


def lite(path: Path, inputs: Sequence[str]) -> Runner:
    """Return a function from a list of inputs, in the order of these names, of a .tflite file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow says that another package will have it
        interpreter = tf.lite.Interpreter(model_path=str(path))
    runner = interpreter.get_signature_runner()

    def run(arrays: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        made = runner(**dict(zip(inputs, arrays, strict=True)))
        return [made[name] for name in sorted(made)]

    return run
