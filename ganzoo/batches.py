"""Batches of arrays whose order can be taken up inside an epoch."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import keras
import numpy as np

from ganzoo._backend import process
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError
from ganzoo.plots import from_uint8

Examples = tuple[np.ndarray, ...]
PICTURES = 4  # dimensions of an array of them


class Batches(keras.utils.PyDataset):
    """Whole batches in an order that depends on the seed and the epoch alone.

    `fit` sets the epoch. So a training can go on at any step of any epoch with the batches that it
    would have had: see `ganzoo.training.TrainingState`. Where several processes train together,
    as on PyTorch, each gets its part of every batch.

    Args:
        parts: The arrays that are read, for their digest.
        batch_size: Examples per batch, in all processes together.
        steps_per_epoch: Batches of an epoch.
        seed: Seeds the order of every epoch.
        epoch: The epoch to begin with, from 0.
        step: The first batch of that epoch, from 0; those before it are left out.
        mirrored: Whether half of the rows, a seeded choice, have their pictures (..., height,
            width, channels) flipped left to right; the pictures of one row all or none.
    """

    names: list[str] | None = None

    def __init__(
        self,
        parts: Sequence[np.ndarray],
        batch_size: int,
        steps_per_epoch: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
        mirrored: bool = False,
    ) -> None:
        super().__init__()
        self._parts, self.mirrored = list(parts), mirrored
        if mirrored and not any(array.ndim == PICTURES for array in self._parts):
            raise InvalidArgumentError(
                "Pictures (n, height, width, channels) are mirrored; got arrays of shapes "
                f"{[array.shape for array in self._parts]}."
            )
        self.batch_size = check_count("batch_size", batch_size)
        self.seed, self.steps_per_epoch = seed, steps_per_epoch
        index, count = process()
        if batch_size % count:
            raise InvalidArgumentError(
                f"batch_size must be a multiple of the {count} processes; got {batch_size}."
            )
        size = batch_size // count
        self._own = slice(index * size, (index + 1) * size)
        self._sha256 = ""
        self.go_to(epoch, step)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        self.epoch, self.step = epoch, step

    def named_parts(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the arrays that are read by their own names, else by these, in order."""
        own = self.names or names
        return dict(zip(own, self._parts, strict=False))

    def __len__(self) -> int:
        return self.steps_per_epoch - self.step

    def rows(self, order: np.ndarray, index: int) -> np.ndarray:
        """Return which examples the `index`th batch from now takes, for this process."""
        first = (self.step + index) * self.batch_size
        return order[first : first + self.batch_size][self._own]

    def flipped(self, parts: Examples, index: int, which: int = 0) -> Examples:
        """Return the `index`th batch from now, half of its rows flipped where they are to be.

        Args:
            parts: Arrays whose rows belong together, of this process.
            index: As in `rows`.
            which: Number of the set, where there are several without pairs.
        """
        if not self.mirrored:
            return parts
        key = [self.seed, self.epoch + 1, self.step + index, which, 1]
        chosen = np.random.Generator(np.random.PCG64(key)).random(self.batch_size)[self._own] < 0.5
        turn = chosen[:, None, None, None]
        return tuple(
            np.where(turn, part[:, :, ::-1], part) if part.ndim == PICTURES else part
            for part in parts
        )

    def facts(self) -> dict[str, Any]:
        """Return what makes these batches the same ones: sizes, seed, SHA-256 of the examples."""
        if not self._sha256:
            digest = hashlib.sha256()
            for array in self._parts:
                digest.update(np.ascontiguousarray(array).data)
            self._sha256 = digest.hexdigest()
        return {
            "examples": [f"{array.dtype} {array.shape}" for array in self._parts],
            "batch_size": self.batch_size,
            "order_seed": self.seed,
            "sha256": self._sha256,
            **({"mirrored": True} if self.mirrored else {}),
        }


class ShuffledBatches(Batches):
    """Batches of arrays whose rows belong together: examples, pairs, examples with labels.

    Args:
        examples: Shape (n, ...), n >= batch_size; or a tuple of such arrays, as examples and
            labels; or a mapping of them by name.
        batch_size: Examples per batch, in all processes together; the n % batch_size that are left
            over are left out of this epoch.
        seed: Seeds the order of every epoch.
        epoch, step, mirrored: See `Batches`.
    """

    def __init__(
        self,
        examples: np.ndarray | Examples | Mapping[str, np.ndarray],
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
        mirrored: bool = False,
    ) -> None:
        self.names = list(examples) if isinstance(examples, Mapping) else None
        if isinstance(examples, Mapping):
            examples = tuple(examples.values())
        self.examples = examples if isinstance(examples, tuple) else (examples,)
        lengths = [len(array) for array in self.examples]
        if len(set(lengths)) != 1:
            raise InvalidArgumentError(
                f"Arrays whose rows belong together must be of one length; got {lengths}. Two sets "
                "without pairs are UnpairedBatches(a, b, ...)."
            )
        steps = lengths[0] // check_count("batch_size", batch_size)
        super().__init__(self.examples, batch_size, steps, seed, epoch, step, mirrored)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        # With 1 for the first epoch: the shipped weights were trained in this order.
        order = np.random.Generator(np.random.PCG64([self.seed, epoch + 1]))
        self.order = order.permutation(len(self.examples[0]))

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        chosen = self.rows(self.order, index)
        made = self.flipped(tuple(array[chosen] for array in self.examples), index)
        return made if self.names is None else (dict(zip(self.names, made, strict=True)),)


class StyledBatches(ShuffledBatches):
    """Batches of pairs that share their sources, with labels: the same pictures in many styles.

    All pictures stay uint8, and each source is there once; a batch is made of them when it is asked
    for: {"source": (B, ...), "target": (B, ...), "label": (B,)}, pictures float32 in [-1, 1].

    Args:
        sources: uint8, shape (m, ...).
        targets: uint8, shape (n, ...).
        source_of: Integers (n,): which source belongs to each target.
        labels: Integers (n,), the style of each target.
        batch_size, seed, epoch, step: As of `ShuffledBatches`.
    """

    def __init__(
        self,
        sources: np.ndarray,
        targets: np.ndarray,
        source_of: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
        seed: int,
        epoch: int = 0,
        step: int = 0,
    ) -> None:
        for what, pictures in (("sources", sources), ("targets", targets)):
            if pictures.dtype != np.uint8:
                raise InvalidArgumentError(f"The {what} must be uint8; got {pictures.dtype}.")
        if len(source_of) and not 0 <= source_of.min() <= source_of.max() < len(sources):
            raise InvalidArgumentError(
                f"source_of must be from 0 to {len(sources) - 1}, as there are {len(sources)} "
                f"sources; got {source_of.min()} to {source_of.max()}."
            )
        self.sources = sources
        super().__init__((targets, source_of, labels), batch_size, seed, epoch, step)
        self._parts.append(sources)

    def named_parts(self, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return a pair of each style; the others are right in the same way, as they are uint8."""
        return self._made(np.unique(self.examples[2], return_index=True)[1])

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        return (self._made(self.rows(self.order, index)),)

    def _made(self, chosen: np.ndarray) -> dict[str, np.ndarray]:
        targets, source_of, labels = (array[chosen] for array in self.examples)
        pictures = {"source": self.sources[source_of], "target": targets}
        return {**{name: from_uint8(part) for name, part in pictures.items()}, "label": labels}


class UnpairedBatches(Batches):
    """Batches of two sets without pairs, of any lengths, each in a seeded order of its own.

    An epoch goes once through the longer set; the shorter one begins anew, in another order, as
    often as that takes.

    Args:
        a, b: Examples, shapes (n, ...) and (m, ...), at least batch_size of each.
        batch_size: Examples of each set per batch, in all processes together; what is left over
            of the longer set is left out of this epoch.
        seed: Seeds both orders of every epoch.
        epoch, step, mirrored: See `Batches`.
    """

    def __init__(
        self,
        a: np.ndarray,
        b: np.ndarray,
        batch_size: int,
        seed: int = 0,
        epoch: int = 0,
        step: int = 0,
        mirrored: bool = False,
    ) -> None:
        self.sets = (np.asarray(a), np.asarray(b))
        check_count("batch_size", batch_size)
        lengths = [len(examples) for examples in self.sets]
        if min(lengths) < batch_size:
            raise InvalidArgumentError(
                f"Each set needs at least batch_size = {batch_size} examples; got {lengths}."
            )
        steps = max(lengths) // batch_size
        super().__init__(self.sets, batch_size, steps, seed, epoch, step, mirrored)

    def go_to(self, epoch: int, step: int = 0) -> None:
        """Begin with batch `step` of an epoch; both count from 0."""
        super().go_to(epoch, step)
        self.orders = [
            self._order(which, len(examples)) for which, examples in enumerate(self.sets)
        ]

    def _order(self, which: int, n: int) -> np.ndarray:
        """Return which examples of a set an epoch shows, one after the other."""
        random = np.random.Generator(np.random.PCG64([self.seed, self.epoch + 1, which]))
        rounds = -(-self.steps_per_epoch * self.batch_size // n)
        return np.concatenate([random.permutation(n) for _ in range(rounds)])

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        (a,), (b,) = (
            self.flipped((examples[self.rows(order, index)],), index, which)
            for which, (examples, order) in enumerate(zip(self.sets, self.orders, strict=True))
        )
        return a, b


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
