"""Data that come in batches: `tf.data`, PyTorch's DataLoader, Keras' PyDataset, generators."""

from __future__ import annotations

import itertools
import types
from collections.abc import Iterator
from typing import Any

import keras

from ganzoo._backend import sources
from ganzoo.errors import DataError
from ganzoo.feeding.watch import Watch

TF_DATA, LOADER, PY_DATASET, GENERATOR = "tf.data.Dataset", "DataLoader", "PyDataset", "generator"
GRAIN = "grain data set"


def kind_of(source: Any) -> str | None:
    """Return what kind of source of batches this is; None for anything else."""
    if sources.is_tf_dataset(source):
        return TF_DATA
    if isinstance(source, keras.utils.PyDataset):
        return PY_DATASET
    if sources.is_torch_dataloader(source):
        return LOADER
    if sources.is_grain_dataset(source):
        return GRAIN
    if isinstance(source, types.GeneratorType | Iterator):
        return GENERATOR
    return None


def watched(
    source: Any, kind: str, watch: Watch, shuffle: bool = False, class_weight: Any = None
) -> Any:
    """Return a source whose batches are looked at, in a form that Keras takes on every backend.

    Args:
        source: Of batches.
        kind: What `kind_of` says of it.
        watch: Looks.
        shuffle: Whether a PyDataset's batches come in another order each epoch.
        class_weight: As of `fit`, for `tf.data`.

    Raises:
        DataError: It has no batch.
    """
    made: Any = source
    if kind == TF_DATA:
        made = sources.watched_dataset(source, watch, class_weight)
    elif kind == PY_DATASET and source.use_multiprocessing:
        made = sources.dataset_adapter(source, watch.over, shuffle)
    elif kind == PY_DATASET:
        made = WatchedDataset(source, watch)
    elif kind == LOADER:
        made = sources.loader_adapter(source, watch.over)
    elif kind == GENERATOR:
        made = _begun(watch.over(source), watch)
    if _length(source, kind) == 0:
        raise no_batch(watch.source)
    return made


def _begun(batches: Iterator[Any], watch: Watch) -> Iterator[Any]:
    """Return a generator of the same batches, of which there is one at least."""
    first = list(itertools.islice(batches, 1))  # Keras reads the first two ahead anyway
    if not first:
        raise no_batch(watch.source)
    return (batch for batch in itertools.chain(first, batches))


def no_batch(source: str) -> DataError:
    """Return the error of a source without a batch."""
    return DataError(
        f"There is no batch in {source}: it is empty, or has fewer examples than a batch and drops "
        "what is left over (drop_last, drop_remainder)."
    )


def _length(source: Any, kind: str) -> int | None:
    """Return the number of batches, None where it is not known."""
    if kind == PY_DATASET:
        return source.num_batches
    if kind == TF_DATA:
        return sources.length_of_dataset(source)
    if kind == LOADER and hasattr(source.dataset, "__len__"):
        return len(source)
    return None


class WatchedDataset(keras.utils.PyDataset):
    """A PyDataset whose batches are looked at.

    Args:
        source: The user's; its workers are those of this one.
        watch: Looks.
    """

    def __init__(self, source: Any, watch: Watch) -> None:
        super().__init__(
            workers=source.workers,
            use_multiprocessing=source.use_multiprocessing,
            max_queue_size=source.max_queue_size,
        )
        self.source, self.watch = source, watch
        self._calls = itertools.count()  # which threads may share

    @property
    def num_batches(self) -> int | None:
        """The number of batches, None of an endless one."""
        return self.source.num_batches

    def __getitem__(self, index: int) -> Any:
        data = self.source[index]
        made = self.watch.batch(data, next(self._calls))
        return made[0] if isinstance(data, dict) else made

    def on_epoch_begin(self) -> None:
        """Tell the user's."""
        self.source.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """Tell the user's."""
        self.source.on_epoch_end()
