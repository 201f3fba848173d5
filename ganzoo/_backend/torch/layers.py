"""Keras' layers on PyTorch as plain PyTorch functions: the same weights, results, random states.

Keras' own compute a margin of a transposed convolution and cut it off, and put batch norm together
out of single operations. These are PyTorch's functions for each. Tensors have the shapes of Keras;
convolutions and batch norm get views of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import torch
from keras import layers
from torch.nn import functional

from ganzoo._backend.common import Tensor
from ganzoo._backend.torch import images
from ganzoo._backend.torch.state import value

Function = Callable[[Tensor, bool], Tensor]
_ACTIVATIONS = {
    keras.activations.linear: lambda x: x,
    keras.activations.relu: torch.relu,
    keras.activations.sigmoid: torch.sigmoid,
    keras.activations.tanh: torch.tanh,
}


def function(layer: Any, flipped: bool = False) -> Function | None:
    """Return what runs a layer, (x, training) -> outputs; None for one that is not known.

    Args:
        layer: A layer of Keras'.
        flipped: Images are flipped, see `images.py`; vectors are not.
    """
    make = next((_MAKERS[cls] for cls in type(layer).__mro__ if cls in _MAKERS), None)
    if make is None or not _is_plain(layer):
        return None
    return make(layer, flipped=True) if flipped and make in _TURNING else make(layer)


def _is_plain(layer: Any) -> bool:
    """Whether a layer does what its class says and no more, and no subclass changed that."""
    cls = type(layer)
    return (
        (cls in _MAKERS or "is_keras_twin" in vars(cls))
        and getattr(layer, "activity_regularizer", None) is None
        and not has_other_kernel(layer)
    )


def has_other_kernel(layer: Any) -> bool:
    """Whether a layer computes with more, or with less, than its kernel as it was made."""
    return bool(getattr(layer, "lora_enabled", False) or getattr(layer, "quantization_mode", None))


def cast(layer: Any, x: Tensor) -> Tensor:
    return _as(_DTYPES.get(layer.compute_dtype), x)


def _as(dtype: torch.dtype | None, x: Any) -> Any:
    if x is None or dtype is None or dtype == x.dtype or not x.is_floating_point():
        return x
    return x.to(dtype)


_DTYPES = {name: getattr(torch, name) for name in ("float16", "bfloat16", "float32", "float64")}


def _operands(layer: Any, x: Tensor, *variables: Any) -> list[Any]:
    """Return inputs and weights, of which some may be None, as the layer computes."""
    dtype = _DTYPES.get(layer.compute_dtype)
    weights = [None if variable is None else value(variable) for variable in variables]
    return [_as(dtype, tensor) for tensor in (x, *weights)]


def _activation(layer: Any) -> Callable[[Tensor], Tensor]:
    return _ACTIVATIONS.get(layer.activation, layer.activation)


def _dense(layer: Any) -> Function:
    activation, variables = _activation(layer), (layer.kernel, layer.bias)

    def dense(x: Tensor, training: bool) -> Tensor:
        x, kernel, bias = _operands(layer, x, *variables)
        return activation(functional.linear(x, kernel.T, bias))

    return dense


def _leaky_relu(layer: Any) -> Function:
    return lambda x, training: functional.leaky_relu(cast(layer, x), float(layer.negative_slope))


def _only_activation(layer: Any) -> Function:
    activation = _activation(layer)
    return lambda x, training: activation(cast(layer, x))


def _flatten(layer: Any, flipped: bool = False) -> Function | None:
    if layer.data_format != "channels_last":
        return None

    def flatten(x: Tensor, training: bool) -> Tensor:
        x = cast(layer, x)
        return (images.flip(x) if flipped else x).reshape(len(x), -1)

    return flatten


def _reshape(layer: Any, flipped: bool = False) -> Function:
    turned = images.flip if flipped else lambda x: x

    def reshape(x: Tensor, training: bool) -> Tensor:
        return turned(turned(cast(layer, x)).reshape(len(x), *layer.target_shape))

    return reshape


def _dropout(layer: Any, flipped: bool = False) -> Function | None:
    if layer.noise_shape is not None:
        return None

    def by_keras(shape: tuple[int, ...]) -> Tensor:
        return keras.random.dropout(keras.ops.ones(shape), layer.rate, seed=layer.seed_generator)

    draw = getattr(layer, "kept", by_keras)

    def dropout(x: Tensor, training: bool) -> Tensor:
        x = cast(layer, x)
        if not training or not layer.rate:
            return x
        mask = draw(x.shape).to(x.dtype)
        return x * (images.flip(mask) if flipped else mask)

    return dropout


def _batch_norm(layer: Any) -> Function | None:
    rank = layer.input_spec.ndim
    if rank not in (2, 4) or layer.axis not in (-1, rank - 1):
        return None
    if layer.synchronized or getattr(layer, "renorm", False):
        return None
    return lambda x, training: _normalised(layer, cast(layer, x), training)


def _normalised(layer: Any, x: Tensor, training: bool) -> Tensor:
    """Batch norm over all axes but the last; the running variance is biased, as in Keras."""
    seen = images.first(x) if x.ndim == 4 else x
    running = value(layer.moving_mean), value(layer.moving_variance)
    seen = seen.to(running[0].dtype)  # float32 under mixed precision
    gain, shift = (None if v is None else value(v) for v in (layer.gamma, layer.beta))
    if training and layer.trainable:
        seen, mean, inverse = torch.native_batch_norm(
            seen, gain, shift, None, None, True, 0.0, layer.epsilon
        )
        with torch.no_grad():
            variance = inverse.pow(-2) - layer.epsilon
            for average, now in zip(running, (mean, variance), strict=True):
                average.lerp_(now, 1.0 - layer.momentum)
    else:
        seen = functional.batch_norm(seen, *running, gain, shift, False, 0.0, layer.epsilon)
    seen = seen.to(x.dtype)
    return images.last(seen) if x.ndim == 4 else seen


def _convolution(make: Callable[..., Callable | None]) -> Callable[..., Function | None]:
    """Return a maker of a layer's function out of one of `images.py`."""

    def maker(layer: Any, flipped: bool = False) -> Function | None:
        convolve, activation = make(layer, flipped), _activation(layer)
        if convolve is None:
            return None
        variables = layer.kernel, layer.bias

        def convolution(x: Tensor, training: bool) -> Tensor:
            return activation(convolve(*_operands(layer, x, *variables)))

        return convolution

    return maker


_MAKERS: dict[type, Callable[..., Function | None]] = {
    layers.Dense: _dense,
    layers.LeakyReLU: _leaky_relu,
    layers.Activation: _only_activation,
    layers.Flatten: _flatten,
    layers.Reshape: _reshape,
    layers.Dropout: _dropout,
    layers.BatchNormalization: _batch_norm,
    layers.Conv2D: _convolution(images.conv2d),
    layers.Conv2DTranspose: _convolution(images.conv2d_transpose),
}
_TURNING = (_flatten, _reshape, _dropout, _MAKERS[layers.Conv2D], _MAKERS[layers.Conv2DTranspose])
