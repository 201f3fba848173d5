"""Batches of a `tf.data.Dataset` are looked at before TensorFlow's trainer has them.

The trainer hands an iterator to a graph, where no NumPy sees a batch. So the first batch is taken
out of it, looked at, and handed over in an iterator of its own, of the same types: no new trace. Of
later batches the pipeline itself asserts what is cheap.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

MARK = "ganzoo"  # begins what an assertion says


def watched(dataset: Any, watch: Any) -> Any:
    """Return a data set without text that is not used, which asserts what the watch looks at."""
    watch.is_lazy = True
    asserted = [part for part in watch.parts if watch.every or part.cheap]
    has_text = any(
        getattr(leaf, "dtype", None) == tf.string for leaf in tf.nest.flatten(dataset.element_spec)
    )
    if not asserted and not (has_text and watch.parts):
        return dataset

    def passed(index: Any, data: Any) -> Any:
        found = watch.named(data)
        checks = [_within(index, part, found[part.name]) for part in asserted]
        with tf.control_dependencies([check for check in checks if check is not None]):
            made = watch.as_tuple(data, bare=True)
            return tf.nest.map_structure(lambda x: None if x is None else tf.identity(x), made)

    return dataset.enumerate().map(tf.autograph.experimental.do_not_convert(passed))


def _within(index: Any, part: Any, values: Any) -> Any:
    """Return an assertion that numbers are in bounds, but for the first batch, seen before."""
    number = isinstance(values, tf.Tensor) and (values.dtype.is_floating or values.dtype.is_integer)
    if not number:
        return None
    numbers = tf.cast(values, tf.float32)
    low, high = part.bounds
    right = tf.reduce_all((numbers >= low) & (numbers <= high))
    rows = tf.reshape(numbers, (tf.shape(numbers)[0], -1))
    bad = tf.reduce_any(~tf.math.is_finite(rows), axis=1)
    row = tf.where(tf.reduce_any(bad), tf.argmax(tf.cast(bad, tf.int32)), -1)
    facts = [MARK, index, part.name, row, tf.reduce_min(numbers), tf.reduce_max(numbers)]
    return tf.debugging.Assert(right | tf.equal(index, 0), facts)


def looking(function: Callable[[Any], Any], model: Any, which: str) -> Callable[[Any], Any]:
    """Wrap the trainer's function of an iterator so that the first batch is looked at."""

    @functools.wraps(function)
    def wrapped(iterator: Any) -> Any:
        watch = getattr(model, "watches", {}).get(which)
        if watch is not None and watch.is_lazy and not watch.seen:
            iterator = _looked(iterator, watch, model.steps_per_execution)
        return function(iterator)

    wrapped.looks = True  # type: ignore[attr-defined]
    return wrapped


def _looked(iterator: Any, watch: Any, steps: int) -> Any:
    """Return an iterator over the next batches of another one, of which the first is looked at."""
    batches = []
    for _ in range(steps):
        try:
            batches.append(next(iterator))
        except (StopIteration, tf.errors.OutOfRangeError):
            break
    if not batches:
        return iterator
    watch.look(keras.tree.map_structure(_whole, batches[0], none_is_leaf=False), 0)
    if not isinstance(iterator, tf.data.Iterator):  # of several replicas
        return iter(batches)
    spec = iterator.element_spec
    parts = [tf.data.Dataset.from_tensors(batch) for batch in batches]
    if all(isinstance(leaf, tf.TensorSpec) for leaf in tf.nest.flatten(spec)):
        parts = [part.map(functools.partial(_as_specified, spec)) for part in parts]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.concatenate(part)
    return iter(whole)


def _as_specified(spec: Any, *data: Any) -> Any:
    """Return tensors whose shapes are known as little as their specification says."""
    made = data if isinstance(spec, tuple) else data[0]
    return tf.nest.map_structure(
        lambda leaf, tensor: tf.raw_ops.PlaceholderWithDefault(input=tensor, shape=leaf.shape),
        spec,
        made,
    )


def _whole(value: Any) -> Any:
    """Return a tensor, that of all replicas together."""
    parts = tf.distribute.get_strategy().experimental_local_results(value)
    parts = getattr(value, "values", parts) if type(value).__name__ == "PerReplica" else parts
    return parts[0] if len(parts) == 1 else tf.concat(parts, axis=0)
