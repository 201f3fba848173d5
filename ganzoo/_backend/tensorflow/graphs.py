"""The training step on TensorFlow, called without what Keras and `tf.function` do before a graph.

For each batch Keras' trainer packs and unpacks results, and `tf.function` compares its arguments
with those of every graph that it knows: half a millisecond together, as long as a fortieth of a
step of `fatgan_electrons`. Batches of arrays have one or two shapes, and a graph each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

_ITERATORS = tf.data.Iterator | tf.distribute.DistributedIterator
_MOST = 2  # graphs: of whole batches, and of the last one; a third shape may be one of many


def by_graph(model: Any, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wrap a trainer's training function so that it calls the graph of a batch's shapes.

    Args:
        model: Of one replica and one step per execution, else `function` is returned as it is.
        function: From an iterator to logs; it takes what tf.data gives, and batches of shapes
            beyond the first two.
    """
    strategy = model.distribute_strategy
    if model.run_eagerly or model.steps_per_execution != 1 or strategy.num_replicas_in_sync != 1:
        return function
    graphs: dict[Any, Callable[..., Any]] = {}

    def trained(iterator: Iterator[Any]) -> Any:
        if isinstance(iterator, _ITERATORS):
            return function(iterator)
        data = next(iterator)
        key = _key(data)
        if key is not None and key not in graphs and len(graphs) < _MOST:
            graphs[key] = _graph(model, data)
        if key not in graphs:
            return function(iter([data]))
        return graphs[key](*(part for part in _parts(data) if part is not None))

    return trained


def _parts(data: Any) -> tuple[Any, ...]:
    return data if type(data) is tuple else (data,)


def _key(data: Any) -> Any:
    """Return types and shapes of a tensor, or of a tuple of some and None; else None."""
    if not all(x is None or tf.is_tensor(x) for x in _parts(data)):
        return None
    key = [None if x is None else (x.dtype, tuple(x.shape)) for x in _parts(data)]
    return type(data) is tuple, *key


def _graph(model: Any, data: Any) -> Callable[..., Any]:
    """Return the step on the tensors of such data, traced for their shapes."""

    is_tuple, parts = type(data) is tuple, _parts(data)
    given = [part is not None for part in parts]

    def step(*tensors: Any) -> Any:
        left = iter(tensors)
        whole = tuple(next(left) if is_given else None for is_given in given)
        args = (whole if is_tuple else whole[0],)
        return model.distribute_strategy.run(model.train_step, args=args)

    compiled = tf.function(step, autograph=False, jit_compile=model.jit_compile)
    specs = [tf.TensorSpec(x.shape, x.dtype) for x in parts if x is not None]
    return compiled.get_concrete_function(*specs)
