"""Networks of Keras on PyTorch, run as a list of plain functions.

Keras runs a layer on PyTorch through some fifty Python calls. For small networks this costs more
than the arithmetic. `apply` looks at a network once, and then calls what `layers.py` has for
the layers that it knows; every other layer it calls as Keras does.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import keras
import torch
from keras import layers

from ganzoo._backend import common
from ganzoo._backend.common import Tensor
from ganzoo._backend.keras_internals import Functional, in_stateless_scope
from ganzoo._backend.torch import images
from ganzoo._backend.torch import layers as layer_functions
from ganzoo._backend.torch.layers import Function
from ganzoo._backend.torch.replicas import replica
from ganzoo.environment import PLAIN

_MASKING = (layers.Embedding, layers.Masking)
_programs: weakref.WeakKeyDictionary[Any, _Program | None] = weakref.WeakKeyDictionary()


def apply(network: Any, *inputs: Tensor, training: bool = False) -> Tensor:
    """Return `network(inputs, training=training)`.

    Args:
        network: A built Sequential or Functional model; any other is called as it is.
        *inputs: Its inputs; several are given to it as a list.
        training: Whether batch norm and dropout train.
    """
    program = _program(network) if _is_eager(inputs) else None
    if program is None:
        return common.apply(network, *inputs, training=training)
    return program(inputs, training)


def apply_each(network: Any, batches: Sequence[Tensor], training: bool = False) -> list[Tensor]:
    """Return a network's outputs for each of several batches; no layer may mix examples.

    They pass as one batch: on a CPU small networks spend much of their time between operations.
    Not so where a layer draws numbers: each batch has its own, on several devices as on one.
    """
    program = _program(network)
    if program is None or program.draws:
        return [apply(network, batch, training=training) for batch in batches]
    outputs = apply(network, torch.cat(list(batches)), training=training)
    return list(outputs.split([len(batch) for batch in batches]))


def _is_eager(inputs: Any) -> bool:
    """Whether this is an ordinary run: no symbols, no stand-ins for variables, no replicas."""
    return (
        all(isinstance(x, torch.Tensor) and x.device.type != "meta" for x in inputs)
        and not in_stateless_scope()
        and replica()[1] == 1
    )


def _program(network: Any) -> _Program | None:
    if (
        PLAIN
        or type(network).call not in (keras.Sequential.call, Functional.call)
        or _is_hooked(network)
    ):
        return None  # a class of one's own may do more than its layers
    graph = getattr(network, "_functional", network)
    if not isinstance(graph, Functional):
        return None
    if graph not in _programs:
        masked = any(isinstance(layer, _MASKING) for layer in network._flatten_layers())
        fits = len(graph.outputs) == 1 and not masked
        _programs[graph] = _Program(graph) if fits else None
    return _programs[graph]


class _Program:
    """The operations of a Functional model in order, each with where its arguments are.

    A step is (function, place of its only argument, places of its outputs). Where there are more
    arguments the place is None, and the function gets all tensors that are known.
    """

    def __init__(self, graph: Any) -> None:
        self.draws = any(hasattr(layer, "seed_generator") for layer in graph._flatten_layers())
        self.inputs = [id(tensor) for tensor in graph.inputs]
        self.output = id(graph.outputs[0])
        nodes = [
            node
            for depth in sorted(graph._nodes_by_depth, reverse=True)
            for node in graph._nodes_by_depth[depth]
            if not node.is_input
        ]
        self.operations = [node.operation for node in nodes]
        places = [self._place(node) for node in nodes]
        self.steps = [
            ((_of_several if place[0] is None else _function)(node), *place)
            for node, place in zip(nodes, places, strict=True)
        ]
        self.flipped = self._flipped_steps(nodes, places)

    def _flipped_steps(self, nodes: list[Any], places: list[Any]) -> list[Any]:
        """The same with images flipped; empty where that gains nothing or cannot be."""
        if any(alone is None or len(outputs) != 1 for alone, outputs in places):
            return []
        shapes = [tuple(node.input_tensors[0].shape) for node in nodes]
        if not any(map(images.gains_flipped, self.operations, shapes)):
            return []
        functions = [
            layer_functions.function(o, flipped=True) if isinstance(o, layers.Layer) else None
            for o in self.operations
        ]
        if None in functions:
            return []
        return [(function, *place) for function, place in zip(functions, places, strict=True)]

    @staticmethod
    def _place(node: Any) -> tuple[int | None, list[int]]:
        """The tensor that is the only argument, if so, and the tensors that come out."""
        only = len(node.input_tensors) == 1 and len(node.arguments.args) == 1
        only = only and node.arguments.args[0] is node.input_tensors[0]
        others = {k: v for k, v in node.arguments.kwargs.items() if k != "training"}
        alone = only and not any(value is not None for value in others.values())
        return (id(node.input_tensors[0]) if alone else None), [id(x) for x in node.outputs]

    def __call__(self, inputs: Any, training: bool) -> Tensor:
        if self._may_flip(inputs):
            made = self._run(self.flipped, [images.flip(x) for x in inputs], training)
            return images.flip(made)
        return self._run(self.steps, inputs, training)

    def _may_flip(self, inputs: Any) -> bool:
        """Whether flipping helps, on a CPU, and no hook would see images in it."""
        return (
            bool(self.flipped)
            and inputs[0].device.type == "cpu"
            and not any(map(_is_changed, self.operations))
        )

    def _run(self, steps: list[Any], inputs: Any, training: bool) -> Tensor:
        known = dict(zip(self.inputs, inputs, strict=True))
        for function, alone, outputs in steps:
            made = function(known if alone is None else known[alone], training)
            if len(outputs) == 1:
                known[outputs[0]] = made
                continue
            for place, tensor in zip(outputs, keras.tree.flatten(made), strict=True):
                known[place] = tensor
        return known[self.output]


def _of_several(node: Any) -> Callable[[dict[int, Tensor], bool], Any]:
    """Return what runs a node with several arguments, or with some that are no tensors."""
    operation, filled = node.operation, _filler(node.arguments)
    plain = not isinstance(operation, layers.Layer)
    pure = getattr(operation, "is_pure", False)

    def called(known: dict[int, Tensor], training: bool) -> Any:
        args, kwargs = filled(known)
        if plain:
            return operation.call(*args, **kwargs)
        if pure:
            return operation.call(*(layer_functions.cast(operation, x) for x in args), **kwargs)
        if operation._call_has_training_arg:
            kwargs["training"] = training
        made = operation(*args, **kwargs)
        common.note_losses(operation)
        return made

    return called


def _filler(arguments: Any) -> Callable[[dict[int, Tensor]], tuple[Sequence[Any], dict[str, Any]]]:
    """Return what puts tensors into a node's arguments.

    Keras' own takes the arguments apart each time, for which they may hold lists of tensors.
    """
    places = [id(x) if isinstance(x, keras.KerasTensor) else None for x in arguments.args]
    if len(places) - places.count(None) != len(arguments.keras_tensors):
        return arguments.fill_in
    pairs = list(zip(places, arguments.args, strict=True))
    return lambda known: (
        [value if place is None else known[place] for place, value in pairs],
        dict(arguments.kwargs),
    )


def _function(node: Any) -> Function:
    """Return what runs a node that has one argument."""
    operation = node.operation
    if not isinstance(operation, layers.Layer):
        return lambda x, training: operation.call(x)
    if isinstance(operation, keras.Model):
        return lambda x, training: apply(operation, x, training=training)
    if getattr(operation, "is_pure", False):
        return lambda x, training: operation.call(layer_functions.cast(operation, x))
    plain, whole = layer_functions.function(operation), _as_keras(operation)
    if plain is None:
        return whole
    is_changed = _is_changed if hasattr(operation, "lora_enabled") else _is_hooked
    return lambda x, training: (whole if is_changed(operation) else plain)(x, training)


def _as_keras(layer: Any) -> Function:
    def called(x: Tensor, training: bool) -> Tensor:
        made = layer(x, **({"training": training} if layer._call_has_training_arg else {}))
        common.note_losses(layer)
        return made

    return called


def _is_changed(layer: Any) -> bool:
    """Whether a layer is no longer what it was: hooks may come and go, and kernels may be added."""
    return _is_hooked(layer) or layer_functions.has_other_kernel(layer)


def _is_hooked(module: Any) -> bool:
    return bool(module._forward_hooks or module._forward_pre_hooks or module._backward_hooks)
