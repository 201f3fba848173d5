"""Keras' layers on PyTorch as plain PyTorch functions: the same weights, results, random states.

Keras' own are channels last, compute a margin of a transposed convolution and cut it off, and put
batch norm together out of single operations. These are PyTorch's functions for each, channels first
where there are convolutions.

Tensors have the shapes of Keras. Images are channels first in memory only: a permuted view has the
shape (B, H, W, C), and what goes element by element keeps the order in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import torch
from keras import layers
from torch.nn import functional

from ganzoo._backend.common import Tensor

Function = Callable[[Tensor, bool], Tensor]
_ACTIVATIONS = {
    keras.activations.linear: lambda x: x,
    keras.activations.relu: torch.relu,
    keras.activations.sigmoid: torch.sigmoid,
    keras.activations.tanh: torch.tanh,
}


def function(layer: Any) -> Function | None:
    """Return what runs a layer, (x, training) -> outputs; None for one that is not known."""
    make = next((_MAKERS[cls] for cls in type(layer).__mro__ if cls in _MAKERS), None)
    return make(layer) if make is not None and _is_plain(layer) else None


def _is_plain(layer: Any) -> bool:
    """Whether a layer does what its class says and no more, and no subclass changed that."""
    cls = type(layer)
    return (
        (cls in _MAKERS or "is_keras_twin" in vars(cls))
        and getattr(layer, "activity_regularizer", None) is None
        and getattr(layer, "quantization_mode", None) is None
        and not getattr(layer, "lora_enabled", False)
    )


def cast(layer: Any, x: Tensor) -> Tensor:
    dtype = _DTYPES.get(layer.compute_dtype)
    if dtype is None or dtype == x.dtype or not x.is_floating_point():
        return x
    return x.to(dtype)


_DTYPES = {name: getattr(torch, name) for name in ("float16", "bfloat16", "float32", "float64")}


def _weight(layer: Any, variable: Any) -> Tensor:
    return None if variable is None else cast(layer, variable.value)


def _activation(layer: Any) -> Callable[[Tensor], Tensor]:
    return _ACTIVATIONS.get(layer.activation, layer.activation)


def _dense(layer: Any) -> Function:
    activation = _activation(layer)

    def dense(x: Tensor, training: bool) -> Tensor:
        kernel, bias = _weight(layer, layer.kernel), _weight(layer, layer.bias)
        return activation(functional.linear(cast(layer, x), kernel.T, bias))

    return dense


def _leaky_relu(layer: Any) -> Function:
    return lambda x, training: functional.leaky_relu(cast(layer, x), float(layer.negative_slope))


def _only_activation(layer: Any) -> Function:
    activation = _activation(layer)
    return lambda x, training: activation(cast(layer, x))


def _flatten(layer: Any) -> Function | None:
    if layer.data_format != "channels_last":
        return None
    return lambda x, training: _KeptOrder.apply(cast(layer, x)).reshape(len(x), -1)


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
        x = cast(layer, x).reshape(len(x), *layer.target_shape)
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
        x = cast(layer, x)
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
    return lambda x, training: _normalised(layer, cast(layer, x), training)


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
        x = _first(cast(layer, x))
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
        x = _first(cast(layer, x))
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
