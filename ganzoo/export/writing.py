"""A network of Keras as a graph of ONNX, from every backend alike.

Keras' own exports go through the backend, each in another way. Here a network's layers are opened:
each is called once with symbolic tensors, in inference, which says of which operations of
`keras.ops` it consists, and these have rules (`operations.py`). So a layer of one's own needs no
rule if it is written in `keras.ops`. A layer that stands in for one of Keras' by a trick of speed
(`is_keras_twin`) is opened as Keras' own, so that no trick is in the file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import layers, tree

from ganzoo.errors import GanzooError, InvalidArgumentError
from ganzoo.export import pictures
from ganzoo.export.arithmetic import binary
from ganzoo.export.graph import Graph, Value
from ganzoo.export.operations import RULES
from ganzoo.export.refusing import Unwritten
from ganzoo.layers import BicubicEnlargement, MinibatchStandardDeviation, PixelShuffle
from ganzoo.resampling import phases


def write(graph: Graph, network: Any, inputs: Sequence[Value]) -> list[Value]:
    """Add a network to a graph.

    Args:
        graph: To add to.
        network: A built Sequential or Functional `keras.Model` in float32.
        inputs: A value for each of its inputs.

    Returns:
        A value for each of its outputs.

    Raises:
        InvalidArgumentError: A layer cannot be written; it is named, with the reason.
    """
    functional = getattr(network, "_functional", None) or network
    if not hasattr(functional, "_nodes_by_depth"):
        raise InvalidArgumentError(
            f"Cannot export the {network.name}: it is no Sequential or Functional model, whose "
            "layers can be read."
        )
    try:
        return _through(graph, functional, inputs)
    except Unwritten as error:  # of an operation beside the layers
        raise InvalidArgumentError(
            f"Cannot export the {network.name}: it needs {error}."
        ) from error


def _through(graph: Graph, function: Any, inputs: Sequence[Value]) -> list[Value]:
    """Write the nodes of a function of Keras in their order."""
    known: dict[int, Any] = {
        id(tensor): value for tensor, value in zip(function.inputs, inputs, strict=True)
    }
    for depth in sorted(function._nodes_by_depth, reverse=True):
        for node in function._nodes_by_depth[depth]:
            if node.is_input or any(id(tensor) not in known for tensor in node.input_tensors):
                continue
            args, kwargs = node.arguments.fill_in(known)
            made = tree.flatten(_written(graph, node.operation, args, kwargs))
            known.update((id(t), value) for t, value in zip(node.outputs, made, strict=True))
    return [known[id(tensor)] for tensor in function.outputs]


def _written(graph: Graph, operation: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Write what one node of Keras is: a network in the network, a layer, or an operation."""
    if isinstance(operation, keras.Model):
        return write(graph, operation, tree.flatten(args))
    if not isinstance(operation, layers.Layer):
        return _by_rule(graph, operation, args, kwargs)
    before, graph.scope = graph.scope, operation.name
    try:
        own = _LAYERS.get(type(operation))
        if own is not None:
            return own(graph, operation, *args)
        return _opened(graph, operation, args, kwargs)
    except Unwritten as error:
        raise InvalidArgumentError(
            f"Cannot export the layer {operation.name} ({type(operation).__name__}): it needs "
            f"{error}."
        ) from error
    finally:
        graph.scope = before


def _by_rule(graph: Graph, operation: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    name = type(operation).__name__
    rule = RULES.get(name) if type(operation).__module__.startswith("keras.") else None
    if rule is None:
        raise Unwritten(f"the operation {name}, which has no rule here")
    if not any(isinstance(each, Value) for each in tree.flatten((args, kwargs))):
        raise Unwritten(f"the operation {name} of no tensor")
    try:
        return rule(graph, operation, *args, **kwargs)
    except (Unwritten, GanzooError):
        raise
    except Exception as error:  # arguments that the rule does not know
        raise Unwritten(f"the operation {name} in a form that has no rule ({error})") from error


def _opened(graph: Graph, layer: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Write the operations that a layer consists of in inference."""
    values = [each for each in tree.flatten((args, kwargs)) if isinstance(each, Value)]
    given = list({id(value): value for value in values}.values())  # each once
    symbols = [keras.KerasTensor(value.shape, value.dtype) for value in given]
    symbol_of = {id(value): symbol for value, symbol in zip(given, symbols, strict=True)}
    args, kwargs = tree.map_structure(lambda each: symbol_of.get(id(each), each), (args, kwargs))
    call = _call_of(layer)
    if "training" in inspect.signature(call).parameters:
        kwargs["training"] = False
    function = None
    try:
        with _leaving_no_nodes(layer), _drawing_nothing(layer):
            outputs = tree.flatten(call(*args, **kwargs))
            straight = {id(symbol): value for symbol, value in zip(symbols, given, strict=True)}
            if not all(id(each) in straight for each in outputs):
                function = keras.Function(symbols, outputs)
    except Unwritten:
        raise
    except Exception as error:
        said = (str(error).splitlines() or [""])[0][:160]
        raise Unwritten(f"more than symbols to say what it does ({said})") from error
    if function is None:
        return [straight[id(each)] for each in outputs]
    return _through(graph, function, given)


def _call_of(layer: Any) -> Callable[..., Any]:
    """Return `layer.call`; of a twin of a layer of Keras' that layer's."""
    if not getattr(type(layer), "is_keras_twin", False):
        return layer.call
    parents: tuple[Any, ...] = type(layer).__mro__
    plain = next(cls for cls in parents if cls.__module__.startswith("keras."))
    return lambda *args, **kwargs: plain.call(layer, *args, **kwargs)


@contextmanager
def _drawing_nothing(layer: Any) -> Iterator[None]:
    """Refuse random numbers, and leave the random states of a layer as they were."""
    states = [
        generator.state for part in layer._flatten_layers() for generator in part._seed_generators
    ]
    before = [np.array(keras.ops.convert_to_numpy(state)) for state in states]
    try:
        yield
    finally:
        drawn = False
        for state, value in zip(states, before, strict=True):
            if (np.asarray(keras.ops.convert_to_numpy(state)) != value).any():
                state.assign(value)
                drawn = True
        if drawn:
            raise Unwritten("random numbers, which it draws in inference too")


@contextmanager
def _leaving_no_nodes(layer: Any) -> Iterator[None]:
    """Take back what Keras notes in the layers inside of one that is called with symbols."""
    parts = [(part, len(part._inbound_nodes)) for part in layer._flatten_layers()]
    try:
        yield
    finally:
        for part, count in parts:
            del part._inbound_nodes[count:]


# --- layers with a rule of their own -----------------------------------------------------------


def _rescaled(graph: Graph, layer: Any, x: Value) -> Value:
    return binary(graph, "Add", binary(graph, "Mul", x, layer.scale), layer.offset)


def _bicubic(graph: Graph, layer: Any, x: Value) -> Value:
    return pictures.bicubic(graph, layer, phases(layer.scale).tolist(), x)


def _of_a_batch(graph: Graph, layer: Any, *_: Any) -> Value:
    raise Unwritten("the whole batch: its outputs for an example depend on the others")


_LAYERS: dict[type, Callable[..., Any]] = {
    layers.Rescaling: _rescaled,
    PixelShuffle: pictures.pixel_shuffle,
    BicubicEnlargement: _bicubic,
    MinibatchStandardDeviation: _of_a_batch,
}
