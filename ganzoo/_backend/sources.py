"""Sources of batches that belong to a framework, whatever backend runs: `tf.data`, DataLoader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import keras
import numpy as np

from ganzoo._backend.keras_internals import PyDatasetAdapter, TorchDataLoaderAdapter
from ganzoo._backend.keras_internals import is_grain_dataset as is_grain_dataset
from ganzoo._backend.keras_internals import is_tf_dataset as is_tf_dataset
from ganzoo._backend.keras_internals import is_torch_dataloader as is_torch_dataloader

Over = Callable[[Iterable[Any]], Iterator[Any]]


class _Loader:
    """Stands for a DataLoader: a new iteration of it, with every batch looked at."""

    def __init__(self, loader: Any, over: Over) -> None:
        self._loader, self._over = loader, over

    def __iter__(self) -> Iterator[Any]:
        return self._over(self._loader)


class _LoaderAdapter(TorchDataLoaderAdapter):
    """Keras' adapter of a DataLoader, for batches of any form."""

    def __init__(self, loader: Any, over: Over) -> None:
        super().__init__(loader)
        self._dataloader = _Loader(loader, over)

    def get_numpy_iterator(self) -> Iterator[Any]:
        """Yield batches of NumPy arrays, which may share a tensor's memory."""
        for batch in self._dataloader:
            yield keras.tree.map_structure(_on_host, batch, none_is_leaf=False)


def _on_host(value: Any) -> np.ndarray:
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def loader_adapter(loader: Any, over: Over) -> Any:
    """Return a Keras data adapter of a DataLoader, or of a subclass.

    Args:
        loader: Of PyTorch.
        over: From batches of any form to batches that are tuples.
    """
    return _LoaderAdapter(loader, over)


class _DatasetAdapter(PyDatasetAdapter):
    """Keras' adapter of a PyDataset, with every batch looked at in the process that trains."""

    def __init__(self, dataset: Any, over: Over, shuffle: bool) -> None:
        super().__init__(dataset, shuffle=shuffle)
        self._over = over

    def _get_iterator(self) -> Iterator[Any]:
        return self._over(super()._get_iterator())


def dataset_adapter(dataset: Any, over: Over, shuffle: bool) -> Any:
    """Return a Keras data adapter of a PyDataset whose batches come from other processes.

    Args:
        dataset: With `use_multiprocessing`.
        over: From batches of any form to batches that are tuples.
        shuffle: Whether the batches come in another order each epoch.
    """
    return _DatasetAdapter(dataset, over, shuffle)


def length_of_dataset(dataset: Any) -> int | None:
    """Return the number of batches of a `tf.data.Dataset`; None if endless or not known."""
    length = dataset.cardinality
    length = int(length() if callable(length) else length)
    return None if length < 0 else length


def watched_dataset(
    dataset: Any,
    watch: Any,
    parts: Sequence[Any],
    named: Callable[[Any, Sequence[str]], dict[str, Any]],
) -> Any:
    """Return a `tf.data.Dataset` of the same batches, each looked at by the pipeline itself.

    Python is called for the first batch of an iteration, and for one with numbers out of bounds;
    nothing is read ahead, as a second iteration would have another order.

    Args:
        dataset: A data set of batches; a distributed one is returned as it is.
        watch: Has `batch(data, index)` and `every`.
        parts: What the model is trained with; each has `name` and `bounds`.
        named: From a batch and names to its parts by name.
    """
    if not hasattr(dataset, "enumerate"):
        return dataset
    import tensorflow as tf

    spec = dataset.element_spec

    def look(index: Any, *leaves: Any) -> bool:
        watch.batch(tf.nest.pack_sequence_as(spec, leaves), int(index))
        return True

    def passed(index: Any, data: Any) -> Any:
        due = tf.logical_or(tf.equal(index, 0), out_of_bounds(data))
        leaves = [index, *tf.nest.flatten(data)]
        looked = tf.cond(
            due, lambda: tf.py_function(look, leaves, tf.bool), lambda: tf.constant(True)
        )
        with tf.control_dependencies([looked]):
            made = watch.as_tuple(data)
            made = made if isinstance(data, tuple) else made[0]
            return tf.nest.map_structure(lambda x: None if x is None else tf.identity(x), made)

    def out_of_bounds(data: Any) -> Any:
        found = named(watch.as_tuple(data), [part.name for part in parts])
        beyond = tf.constant(False)
        for part in parts:
            values = found[part.name]
            if (watch.every or part.cheap) and _is_numbers(tf, values):
                low, high = part.bounds
                values = tf.cast(values, tf.float32)
                within = tf.reduce_all((values >= low) & (values <= high))
                beyond = tf.logical_or(beyond, tf.logical_not(within))
        return beyond

    return dataset.enumerate().map(tf.autograph.experimental.do_not_convert(passed))


def _is_numbers(tf: Any, values: Any) -> bool:
    return isinstance(values, tf.Tensor) and (values.dtype.is_floating or values.dtype.is_integer)
