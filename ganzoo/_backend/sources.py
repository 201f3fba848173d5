"""Sources of batches that belong to a framework, whatever backend runs: `tf.data`, DataLoader."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras
import numpy as np

from ganzoo._backend.keras_internals import (
    PyDatasetAdapter,
    TFDatasetAdapter,
    TorchDataLoaderAdapter,
)
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


class _TFDataAdapter(TFDatasetAdapter):
    """Keras' adapter of a `tf.data.Dataset` for JAX and PyTorch, with every batch looked at."""

    def __init__(self, dataset: Any, over: Over, class_weight: Any) -> None:
        distribution = keras.distribution.distribution()
        super().__init__(dataset, class_weight=class_weight, distribution=distribution)
        self._over = over

    def get_numpy_iterator(self) -> Iterator[Any]:
        """Yield batches of NumPy arrays."""
        return self._over(super().get_numpy_iterator())

    def get_jax_iterator(self) -> Iterator[Any]:
        """Yield batches of NumPy arrays."""
        return self.get_numpy_iterator()

    def get_torch_dataloader(self) -> Iterator[Any]:
        """Yield batches of tensors."""
        for batch in self.get_numpy_iterator():
            yield keras.tree.map_structure(keras.ops.convert_to_tensor, batch, none_is_leaf=False)


def watched_dataset(dataset: Any, watch: Any, class_weight: Any = None) -> Any:
    """Return a `tf.data.Dataset`, or a Keras data adapter of one, whose batches are looked at.

    Python never runs inside the pipeline: its threads would wait for the interpreter, which waits
    for them where a pipeline is given up. And nothing is read twice, as a second iteration would
    have another order.

    Args:
        dataset: A data set of batches; a distributed one is returned as it is.
        watch: A `ganzoo.feeding.watch.Watch`.
        class_weight: As of `fit`.
    """
    if not hasattr(dataset, "enumerate"):
        return dataset
    if keras.backend.backend() == "tensorflow":
        return importlib.import_module("ganzoo._backend.tensorflow.look").watched(dataset, watch)
    return _TFDataAdapter(dataset, functools.partial(watch.over, bare=True), class_weight)
