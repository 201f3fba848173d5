"""What `fit` does beside the steps: it honours or refuses the arguments of Keras' `fit`.

FIT.md beside this file lists all of them.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from ganzoo._backend import STEPS_COMPILE
from ganzoo.errors import InvalidArgumentError
from ganzoo.game import policies, weights

_FIT = inspect.signature(keras.Model.fit)
_EVALUATE = inspect.signature(keras.Model.evaluate)
_WATCHING = (
    keras.callbacks.EarlyStopping,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.ReduceLROnPlateau,
)


class StopsOnNaN(keras.callbacks.Callback):
    """What `keras.callbacks.TerminateOnNaN` does for a log called "loss", for all of a game's.

    Args:
        raise_error: Raise `RuntimeError` instead of stopping.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop where a loss or another figure of the step is not finite."""
        bad = [name for name, value in (logs or {}).items() if not np.isfinite(value)]
        if not bad:
            return
        message = f"Batch {batch}: {bad[0]} is not finite, terminating training."
        if self.raise_error:
            raise RuntimeError(message)
        warnings.warn(message, stacklevel=2)
        self.model.stop_training = True


def prepared(model: Any, x: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return the arguments of `fit` after the data, by name; refuse what cannot be honoured.

    Raises:
        InvalidArgumentError: See FIT.md.
        DataError: Weights of examples cannot be right.
    """
    given = dict(_FIT.bind(model, x, *args, **kwargs).arguments)
    del given["self"], given["x"]
    refuse_compiled(model)
    policies.check_trainable(model)
    refuse_thawed(model)
    given.update(weighed(x, given.get("y"), given.get("sample_weight")))
    held_out = given.get("validation_data")
    if isinstance(held_out, tuple | list) and len(held_out) == 3:
        held_out = weighed(*held_out) or dict(
            zip(("y", "sample_weight"), held_out[1:], strict=True)
        )
        given["validation_data"] = (given["validation_data"][0], *held_out.values())
    if given.get("class_weight") is not None:
        model.check_class_weight(given["class_weight"])
    callbacks = given.get("callbacks")
    if callbacks:
        given["callbacks"] = _watched(model, callbacks)
    return given


def evaluated(model: Any, x: Any, args: Any, kwargs: Any) -> dict[str, Any]:
    """Return the arguments of `evaluate` after the data, by name; as `prepared`."""
    refuse_compiled(model)
    private = {name: kwargs[name] for name in kwargs if name.startswith("_")}  # Keras' own
    known = {name: kwargs[name] for name in kwargs if name not in private}
    given = dict(_EVALUATE.bind(model, x, *args, **known).arguments)
    given.update(given.pop("kwargs", {}))
    del given["self"], given["x"]
    return {**given, **weighed(x, given.get("y"), given.get("sample_weight")), **private}


def weighed(x: Any, y: Any, sample_weight: Any) -> dict[str, Any]:
    """Return `y` and `sample_weight` for Keras, checked; nothing without weights.

    Keras forgets weights where there is no `y`, so that such data get one of zeros.
    """
    if sample_weight is None:
        return {}
    weights.check_weights(sample_weight, len(x) if isinstance(x, np.ndarray) else None)
    from_arrays = keras.tree.is_nested(x) or hasattr(x, "shape")
    if y is None and from_arrays:
        y = np.zeros(len(sample_weight), "float32")
    return {"y": y, "sample_weight": sample_weight}


def refuse_compiled(model: Any) -> None:
    """Refuse `jit_compile=True` where a step is not compiled."""
    if model.jit_asked and not STEPS_COMPILE:
        raise InvalidArgumentError(
            "compile(jit_compile=True) cannot be honoured on PyTorch: torch.compile does not take "
            'gradients inside a step; compile(jit_compile="auto") or without it.'
        )


def refuse_thawed(model: Any) -> None:
    """Refuse a game whose trainable weights are others than those it was compiled with."""
    for player in model.players:
        now = [id(variable) for variable in model.variables_of(player)]
        if now != [id(variable) for variable in model.optimizer.trained_by(player)]:
            raise InvalidArgumentError(
                f"The trainable weights of the {player} changed after compile() (trainable, LoRA or"
                " new layers), and its optimizer does not know them; call compile() "
                "again."
            )


def _watched(model: Any, callbacks: Any) -> Any:
    """Return callbacks with what Keras' need to see a game's losses."""
    from_list = isinstance(callbacks, keras.callbacks.CallbackList)
    found = callbacks.callbacks if from_list else keras.tree.flatten(callbacks)
    own_step = type(model).train_step is not type(model).usual_train_step
    for callback in found:
        if isinstance(callback, _WATCHING) and not own_step:
            _refuse_loss(model, callback)
    more = [
        StopsOnNaN(getattr(callback, "raise_error", False))
        for callback in found
        if type(callback) is keras.callbacks.TerminateOnNaN
    ]
    if from_list:
        for callback in more:
            callback.set_model(model)
            callbacks.append(callback)
        return callbacks
    return [*found, *more]


def _refuse_loss(model: Any, callback: Any) -> None:
    """Refuse to watch a log called "loss", of which Keras would say in each epoch that it lacks."""
    monitor = getattr(callback, "monitor", None)
    used = getattr(callback, "save_best_only", True)
    if used and monitor in ("loss", "val_loss") and "loss" not in model.trackers:
        before = "val_" if monitor == "val_loss" else ""
        there = ", ".join(f"{before}{name}" for name in model.trackers)
        raise InvalidArgumentError(
            f"{type(callback).__name__} watches {monitor!r}, but each player of "
            f"{type(model).__name__} has a loss of its own; monitor= one of {there}, or a figure "
            "of ganzoo.callbacks.Measure."
        )


def check_class_weight(class_weight: Mapping[Any, Any], count: int) -> None:
    """Refuse weights of classes that are not there, or not finite numbers >= 0."""
    for label, weight in class_weight.items():
        if isinstance(label, bool) or not isinstance(label, int | np.integer):
            raise InvalidArgumentError(
                f"class_weight must be {{label: weight}} with integers 0 to {count - 1}; "
                f"got {label!r}."
            )
        if not 0 <= label < count:
            raise InvalidArgumentError(
                f"class_weight has the label {label}; accepted: 0 to {count - 1}."
            )
        if not np.isfinite(weight) or weight < 0:
            raise InvalidArgumentError(
                f"class_weight must be finite numbers >= 0; got {weight!r} for label {label}."
            )
