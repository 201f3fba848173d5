"""`fit` whose batches begin inside an epoch, and follow the epoch that it is at."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras

from ganzoo.batches.base import Batches


class _Follow(keras.callbacks.Callback):
    """Sets the batches to the epoch that `fit` is at."""

    def __init__(self, batches: Batches) -> None:
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.batches.epoch != epoch:
            self.batches.go_to(epoch)


def fit_in_order(
    fit: Callable[..., Any],
    batches: Batches,
    *args: Any,
    unfinished: Callable[[], AbstractContextManager] = nullcontext,
    **kwargs: Any,
) -> Any:
    """Call Keras' `fit`; each epoch has its own order and a begun one is finished first.

    Keras asks for the number of batches once per `fit`, so the rest of a begun epoch is a `fit` of
    its own.

    Args:
        fit: `keras.Model.fit` of a model.
        batches: The data; they may begin inside an epoch.
        *args, **kwargs: The arguments of `fit` after the data.
        unfinished: A context for the `fit` of the rest of an epoch after which there are others.

    Returns:
        The history of all epochs.
    """
    given = inspect.signature(fit).bind(batches, *args, **kwargs).arguments
    first, epochs = given.get("initial_epoch", 0), given.get("epochs", 1)
    given["shuffle"] = False  # Keras would shuffle the batches again, by a generator of its own
    given["callbacks"] = [_Follow(batches), *(given.get("callbacks") or [])]
    if batches.epoch != first:
        batches.go_to(first)
    if not batches.step:
        return fit(**given)
    with unfinished() if first + 1 < epochs else nullcontext():
        begun = fit(**{**given, "epochs": min(first + 1, epochs)})
    batches.go_to(first + 1)
    model = begun.model
    if model.stop_training or first + 1 >= epochs:
        if first + 1 < epochs:  # nothing continues it after all
            model.optimizer.finalize_variable_values(model.trainable_weights)
        return begun
    rest = fit(**{**given, "initial_epoch": first + 1})
    rest.epoch = [*begun.epoch, *rest.epoch]
    rest.history = {name: begun.history.get(name, []) + values
                    for name, values in rest.history.items()}  # fmt: skip
    return rest
