"""Batches of arrays whose order can be taken up inside an epoch."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ganzoo._backend import process
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError

Examples = tuple[np.ndarray, ...]


class ShuffledBatches(keras.utils.PyDataset):
    """Whole batches of arrays, in an order that depends on the seed and the epoch alone.

    `GAN.fit` sets the epoch. So a training can go on at any step of any epoch with the batches
    that it would have had: see `ganzoo.callbacks.TrainingState`. Where several processes train
    together, as on PyTorch, each gets its part of every batch.

    Args:
        examples: Shape (n, ...), n >= batch_size; or such an array and its labels (n,).
        batch_size: Examples per batch, in all processes together; the n % batch_size that are left
            over sit an epoch out.
        seed: Seeds the order of every epoch.
        epoch: The epoch to begin with, from 0.
        step: The first batch of that epoch, from 0; those before it are left out.
    """

    def __init__(
        self,
        examples: np.ndarray | Examples,
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
    ) -> None:
        super().__init__()
        self.examples = examples if isinstance(examples, tuple) else (examples,)
        self.batch_size = check_count("batch_size", batch_size)
        self.seed = seed
        index, count = process()
        if batch_size % count:
            raise InvalidArgumentError(
                f"batch_size must be a multiple of the {count} processes; got {batch_size}."
            )
        size = batch_size // count
        self._own = slice(index * size, (index + 1) * size)
        self.steps_per_epoch = len(self.examples[0]) // batch_size
        self._sha256 = ""
        self.go_to(epoch, step)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        self.epoch, self.step = epoch, step
        # With 1 for the first epoch: the shipped weights were trained in this order.
        order = np.random.Generator(np.random.PCG64([self.seed, epoch + 1]))
        self.order = order.permutation(len(self.examples[0]))

    def __len__(self) -> int:
        return self.steps_per_epoch - self.step

    def __getitem__(self, index: int) -> Examples:
        first = (self.step + index) * self.batch_size
        chosen = self.order[first : first + self.batch_size][self._own]
        return tuple(array[chosen] for array in self.examples)

    def facts(self) -> dict[str, Any]:
        """Return what makes these batches the same ones: sizes, seed, SHA-256 of the examples."""
        if not self._sha256:
            digest = hashlib.sha256()
            for array in self.examples:
                digest.update(np.ascontiguousarray(array).data)
            self._sha256 = digest.hexdigest()
        return {
            "examples": [f"{array.dtype} {array.shape}" for array in self.examples],
            "batch_size": self.batch_size,
            "order_seed": self.seed,
            "sha256": self._sha256,
        }


class _Follow(keras.callbacks.Callback):
    """Sets the batches to the epoch that `fit` is at."""

    def __init__(self, batches: ShuffledBatches) -> None:
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.batches.epoch != epoch:
            self.batches.go_to(epoch)


def fit_in_order(
    fit: Callable[..., Any], batches: ShuffledBatches, *args: Any, **kwargs: Any
) -> Any:
    """Call Keras' `fit`; each epoch has its own order and a begun one is finished first.

    Keras asks for the number of batches once per `fit`, so the rest of a begun epoch is a `fit` of
    its own.

    Args:
        fit: `keras.Model.fit` of a model.
        batches: The data; they may begin inside an epoch.
        *args, **kwargs: The arguments of `fit` after the data.

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
    begun = fit(**{**given, "epochs": min(first + 1, epochs)})
    batches.go_to(first + 1)
    model = begun.model
    if model.stop_training or first + 1 >= epochs:
        return begun
    rest = fit(**{**given, "initial_epoch": first + 1})
    rest.epoch = [*begun.epoch, *rest.epoch]
    rest.history = {name: begun.history.get(name, []) + values
                    for name, values in rest.history.items()}  # fmt: skip
    return rest
