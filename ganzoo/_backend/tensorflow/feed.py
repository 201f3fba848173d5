"""Batches for TensorFlow without tf.data, whose threads and calls cost a small step more."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from ganzoo._backend.keras_internals import get_data_adapter
from ganzoo.environment import PLAIN

# What says how arrays become batches, by the names of `fit`; `evaluate` and `predict` have fewer.
_FEEDING = ("y", "sample_weight", "class_weight", "batch_size", "shuffle")
_DATASETS = tf.data.Dataset | tf.distribute.DistributedDataset


class _Batches:
    """Stands where Keras' trainer expects a tf.data.Dataset: a new iteration is a new epoch."""

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __iter__(self) -> Iterator[Any]:
        for batch in self._adapter.get_numpy_iterator():
            yield keras.tree.map_structure(tf.convert_to_tensor, batch, none_is_leaf=False)


def _is_fed_directly(model: Any, given: dict[str, Any]) -> bool:
    """Whether data are an array, or a PyDataset of known length, for one device, step by step."""
    data = given["x"]
    is_known = isinstance(data, keras.utils.PyDataset) and data.num_batches is not None
    return (
        (is_known or isinstance(data, np.ndarray))
        and not given.get("validation_split")
        and model.steps_per_execution == 1
        and model.distribute_strategy.num_replicas_in_sync == 1
    )


def _adapter(given: dict[str, Any]) -> Any:
    """Return what Keras makes of data given to one of its methods, but feeding NumPy's batches."""
    options = {name: given[name] for name in _FEEDING if name in given}
    steps = given.get("steps_per_epoch", given.get("steps"))
    adapter = get_data_adapter(given["x"], steps_per_epoch=steps, **options)
    adapter.get_tf_dataset = functools.partial(_Batches, adapter)
    return adapter


def fed_directly(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `fit`, `evaluate` or `predict` of Keras so that it takes its batches from NumPy.

    A tf.data pipeline costs a millisecond per batch and 50 at the start, and now and then its
    autotuner, a thread beside the step's own, held the step to one of two cores: half the speed
    (`python -m tests.benchmarks fit` and `sample`). Batches of arrays are a copy of some rows, and
    Keras shuffles them as it does on JAX, by `np.random`. A `tf.data.Dataset` of the user's goes as
    it is; so does everything where there are several devices or `steps_per_execution` > 1.
    """
    if PLAIN:
        return method
    signature = inspect.signature(method)

    @functools.wraps(method)  # its signature is read
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        given, before = bound.arguments, self.feeds_arrays
        self.feeds_arrays = not isinstance(given["x"], _DATASETS)
        if _is_fed_directly(self, given):
            given["x"] = _adapter(given)
        try:
            return method(*bound.args, **bound.kwargs)
        finally:
            self.feeds_arrays = before

    return wrapped


class Untuned:
    """A strategy of one device that feeds what was arrays without tf.data's autotuning."""

    def __init__(self, strategy: Any) -> None:
        self._strategy = strategy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._strategy, name)

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Return what the trainer iterates over."""
        if isinstance(dataset, _Batches):
            return dataset
        untuned = tf.data.Options()
        untuned.autotune.enabled = False
        dataset = dataset.with_options(untuned)
        return self._strategy.experimental_distribute_dataset(dataset, options)
