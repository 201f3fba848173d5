"""Keras' layers on PyTorch as plain PyTorch functions: the same weights, results and random states.

Keras runs a layer on PyTorch through some fifty Python calls, with channels last, a transposed
convolution that computes a margin and cuts it off, and batch norm out of single operations. For
small networks this costs more than the arithmetic. `apply` looks at a network once, and then calls
PyTorch's own functions for the layers that it knows, channels first where there are convolutions;
every other layer it calls as Keras does.

Inside, tensors have the shapes of Keras. Images are channels first in memory only: a permuted view
has the shape (B, H, W, C), and what goes element by element keeps the order in memory.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import keras
import torch
from keras import layers
from keras.src.backend.common.stateless_scope import in_stateless_scope
from torch.nn import functional

from ganzoo._backend._torch_replicas import replica
from ganzoo._backend.common import Tensor

Function = Callable[[Tensor, bool], Tensor]
_ACTIVATIONS = {
    keras.activations.linear: lambda x: x,
    keras.activations.relu: torch.relu,
    keras.activations.sigmoid: torch.sigmoid,
    keras.activations.tanh: torch.tanh,
}
_MASKING = (layers.Embedding, layers.Masking)
_programs: weakref.WeakKeyDictionary[Any, Callable | None] = weakref.WeakKeyDictionary()


def apply(network: Any, *inputs: Tensor, training: bool = False) -> Tensor:
    """Return `network(inputs, training=training)`.

    Args:
        network: A built Sequential or Functional model; any other is called as it is.
        *inputs: Its inputs; several are given to it as a list.
        training: Whether batch norm and dropout train.
    """
    program = _program(network) if _is_eager(inputs) else None
    if program is None:
        return network(inputs[0] if len(inputs) == 1 else list(inputs), training=training)
    return program(inputs, training)


def _is_eager(inputs: Any) -> bool:
    """Whether this is an ordinary run: no symbols, no stand-ins for variables, no replicas."""
    return (
        all(isinstance(x, torch.Tensor) and x.device.type != "meta" for x in inputs)
        and not in_stateless_scope()
        and replica()[1] == 1
    )


def _program(network: Any) -> Callable | None:
    graph = getattr(network, "_functional", network)
    if not hasattr(graph, "_nodes_by_depth"):
        return None
    if graph not in _programs:
        masked = any(isinstance(layer, _MASKING) for layer in network._flatten_layers())
        fits = len(graph.outputs) == 1 and not masked
        _programs[graph] = _Program(graph) if fits else None
    return _programs[graph]


class _Program:
    """The operations of a Functional model in order, each with where its arguments are."""

    def __init__(self, graph: Any) -> None:
        self.inputs = [id(tensor) for tensor in graph.inputs]
        self.output = id(graph.outputs[0])
        self.steps: list[tuple[Callable, Any]] = []
        for depth in sorted(graph._nodes_by_depth, reverse=True):
            for node in graph._nodes_by_depth[depth]:
                if not node.is_input:
                    self.steps.append((_function(node), node))
        self.places = [self._place(node) for _, node in self.steps]

    @staticmethod
    def _place(node: Any) -> tuple[int | None, list[int]]:
        """The tensor that is the only argument, if so, and the tensors that come out."""
        only = len(node.input_tensors) == 1 and len(node.arguments.args) == 1
        only = only and node.arguments.args[0] is node.input_tensors[0]
        others = {k: v for k, v in node.arguments.kwargs.items() if k != "training"}
        alone = only and not any(value is not None for value in others.values())
        return (id(node.input_tensors[0]) if alone else None), [id(x) for x in node.outputs]

    def __call__(self, inputs: Any, training: bool) -> Tensor:
        known = dict(zip(self.inputs, inputs, strict=True))
        for (function, node), (alone, outputs) in zip(self.steps, self.places, strict=True):
            if alone is not None:
                made = function(known[alone], training)
            else:
                made = _called(node, known, training)
            if len(outputs) == 1:
                known[outputs[0]] = made
                continue
            for place, tensor in zip(outputs, keras.tree.flatten(made), strict=True):
                known[place] = tensor
        return known[self.output]


def _called(node: Any, known: dict[int, Tensor], training: bool) -> Any:
    """Run a node with several arguments, or with some that are no tensors."""
    operation = node.operation
    args, kwargs = node.arguments.fill_in(known)
    if not isinstance(operation, layers.Layer):
        return operation.call(*args, **kwargs)
    if getattr(operation, "is_pure", False):
        return operation.call(*(_cast(operation, x) for x in args), **kwargs)
    if operation._call_has_training_arg:
        kwargs["training"] = training
    return operation(*args, **kwargs)


def _function(node: Any) -> Function:
    """Return what runs a node that has one argument."""
    operation = node.operation
    if not isinstance(operation, layers.Layer):
        return lambda x, training: operation.call(x)
    if isinstance(operation, keras.Model):
        return lambda x, training: apply(operation, x, training=training)
    if getattr(operation, "is_pure", False):
        return lambda x, training: operation.call(_cast(operation, x))
    make = next((_MAKERS[cls] for cls in type(operation).__mro__ if cls in _MAKERS), None)
    function = None if make is None or not _is_plain(operation) else make(operation)
    return _as_keras(operation) if function is None else function


def _as_keras(layer: Any) -> Function:
    if layer._call_has_training_arg:
        return lambda x, training: layer(x, training=training)
    return lambda x, training: layer(x)


def _is_plain(layer: Any) -> bool:
    """Whether a layer does what its class says and no more, and no subclass changed that."""
    cls = type(layer)
    hooks = layer._forward_hooks or layer._forward_pre_hooks
    return (
        (cls in _MAKERS or "is_keras_twin" in vars(cls))
        and not hooks
        and getattr(layer, "activity_regularizer", None) is None
        and getattr(layer, "quantization_mode", None) is None
        and not getattr(layer, "lora_enabled", False)
    )


def _cast(layer: Any, x: Tensor) -> Tensor:
    dtype = _DTYPES.get(layer.compute_dtype)
    if dtype is None or dtype == x.dtype or not x.is_floating_point():
        return x
    return x.to(dtype)


_DTYPES = {name: getattr(torch, name) for name in ("float16", "bfloat16", "float32", "float64")}


def _weight(layer: Any, variable: Any) -> Tensor:
    return None if variable is None else _cast(layer, variable.value)


def _activation(layer: Any) -> Callable[[Tensor], Tensor]:
    return _ACTIVATIONS.get(layer.activation, layer.activation)


def _dense(layer: Any) -> Function:
    activation = _activation(layer)

    def dense(x: Tensor, training: bool) -> Tensor:
        kernel, bias = _weight(layer, layer.kernel), _weight(layer, layer.bias)
        return activation(functional.linear(_cast(layer, x), kernel.T, bias))

    return dense


def _leaky_relu(layer: Any) -> Function:
    return lambda x, training: functional.leaky_relu(_cast(layer, x), float(layer.negative_slope))


def _only_activation(layer: Any) -> Function:
    activation = _activation(layer)
    return lambda x, training: activation(_cast(layer, x))


def _flatten(layer: Any) -> Function | None:
    if layer.data_format != "channels_last":
        return None
    return lambda x, training: _KeptOrder.apply(_cast(layer, x)).reshape(len(x), -1)


class _KeptOrder(torch.autograd.Function):
    """The same tensor; its gradient gets the tensor's own order in memory.

    Else the gradients of all layers below would have another order than their activations, and each
    operation on both would be slow.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.images = x.ndim == 4
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _last(_first(gradient)) if ctx.images else gradient


def _reshape(layer: Any) -> Function:
    def reshape(x: Tensor, training: bool) -> Tensor:
        x = _cast(layer, x).reshape(len(x), *layer.target_shape)
        return _last(_first(x)) if x.ndim == 4 else x

    return reshape


def _first(x: Tensor) -> Tensor:
    """(B, H, W, C) to (B, C, H, W), on a CPU in that order in memory too."""
    x = x.permute(0, 3, 1, 2)
    return x.contiguous() if x.device.type == "cpu" else x


def _last(x: Tensor) -> Tensor:
    """(B, C, H, W) to a view (B, H, W, C)."""
    return x.permute(0, 2, 3, 1)


def _dropout(layer: Any) -> Function | None:
    if layer.noise_shape is not None:
        return None

    def dropout(x: Tensor, training: bool) -> Tensor:
        x = _cast(layer, x)
        if not training or not layer.rate:
            return x
        keep = 1.0 - layer.rate
        random = torch.Generator(x.device)
        random.manual_seed(int(layer.seed_generator.next().sum()) & 0xFFFFFFFF)  # as Keras does
        mask = torch.bernoulli(torch.full(x.shape, keep, device=x.device), generator=random)
        mask = mask.div_(keep).to(x.dtype)
        return x * (_last(_first(mask)) if x.ndim == 4 else mask)

    return dropout


def _batch_norm(layer: Any) -> Function | None:
    rank = layer.input_spec.ndim
    if rank not in (2, 4) or layer.axis not in (-1, rank - 1):
        return None
    if layer.synchronized or getattr(layer, "renorm", False):
        return None
    return lambda x, training: _normalised(layer, _cast(layer, x), training)


def _normalised(layer: Any, x: Tensor, training: bool) -> Tensor:
    """Batch norm over all axes but the last; the running variance is biased, as in Keras."""
    images = x.ndim == 4
    seen = _first(x) if images else x
    seen = seen.float()
    gain, shift = (None if v is None else v.value for v in (layer.gamma, layer.beta))
    if training and layer.trainable:
        seen, mean, inverse = torch.native_batch_norm(
            seen, gain, shift, None, None, True, 0.0, layer.epsilon
        )
        with torch.no_grad():
            variance = inverse.pow(-2) - layer.epsilon
            for running, value in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
                running.value.lerp_(value, 1.0 - layer.momentum)
    else:
        running = layer.moving_mean.value, layer.moving_variance.value
        seen = functional.batch_norm(seen, *running, gain, shift, False, 0.0, layer.epsilon)
    seen = seen.to(x.dtype)
    return _last(seen) if images else seen


def _conv2d(layer: Any) -> Function | None:
    if layer.data_format != "channels_last" or layer.padding not in ("same", "valid"):
        return None
    activation = _activation(layer)
    stride, dilation = tuple(layer.strides), tuple(layer.dilation_rate)
    same = layer.padding == "same"

    def conv2d(x: Tensor, training: bool) -> Tensor:
        x = _first(_cast(layer, x))
        kernel, bias = _kernel(layer), _weight(layer, layer.bias)
        padding: tuple[int, int] = (0, 0)
        if same:
            pads = [
                _same(size, k, s, d)
                for size, k, s, d in zip(
                    x.shape[2:], kernel.shape[2:], stride, dilation, strict=True
                )
            ]
            # PyTorch pads both sides alike: what one side has more is put there before.
            padding = (min(pads[0]), min(pads[1]))
            extra = [side - least for least, pad in zip(padding, pads, strict=True) for side in pad]
            if any(extra):
                x = functional.pad(x, (*extra[2:], *extra[:2]))
        y = functional.conv2d(x, kernel, bias, stride, padding, dilation, layer.groups)
        return activation(_last(y))

    return conv2d


def _same(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Zeros before and behind one axis for Keras' "same"."""
    out = -(-size // stride)
    total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def _kernel(layer: Any) -> Tensor:
    """(h, w, a, b), as Keras keeps it, to (b, a, h, w) in memory."""
    return _weight(layer, layer.kernel).permute(3, 2, 0, 1).contiguous()


def _conv2d_transpose(layer: Any) -> Function | None:
    fits = all(k >= s for k, s in zip(layer.kernel_size, layer.strides, strict=True))
    usual = layer.data_format == "channels_last" and layer.padding == "same" and fits
    if not usual or layer.output_padding is not None or set(layer.dilation_rate) != {1}:
        return None
    activation, stride = _activation(layer), tuple(layer.strides)
    sizes = zip(layer.kernel_size, stride, strict=True)
    padding = tuple((k - s) // 2 for k, s in sizes)
    odd = tuple((k - s) % 2 for k, s in zip(layer.kernel_size, stride, strict=True))

    def conv2d_transpose(x: Tensor, training: bool) -> Tensor:
        x = _first(_cast(layer, x))
        bias = _weight(layer, layer.bias)
        y = functional.conv_transpose2d(x, _kernel(layer), bias, stride, padding)
        if any(odd):  # a row or column too many at the end
            y = y[:, :, : y.shape[2] - odd[0], : y.shape[3] - odd[1]]
        return activation(_last(y))

    return conv2d_transpose


_MAKERS: dict[type, Callable[[Any], Function | None]] = {
    layers.Dense: _dense,
    layers.LeakyReLU: _leaky_relu,
    layers.Activation: _only_activation,
    layers.Flatten: _flatten,
    layers.Reshape: _reshape,
    layers.Dropout: _dropout,
    layers.BatchNormalization: _batch_norm,
    layers.Conv2D: _conv2d,
    layers.Conv2DTranspose: _conv2d_transpose,
}
