"""Images on PyTorch: their order in memory, flipping, and convolutions.

Keras pads an image of even size by one more behind than before, PyTorch's convolutions pad both
sides alike; a stride of 2 then leaves out what is too much *behind*. So Keras' convolution is
PyTorch's own flipped, with the kernel flipped too: without a margin to add or to cut
off, which took a seventh of a DCGAN's step. `networks.py` runs whole networks that way, and
turns images at the ends.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections.abc import Callable, Iterator
from typing import Any

import torch
from keras import layers
from torch.nn import functional

from ganzoo._backend import fourier as coefficients
from ganzoo._backend.common import Tensor

Convolve = Callable[[Tensor, Tensor, Tensor], Tensor]
_kept: contextvars.ContextVar[dict[Any, tuple[Tensor, Tensor]] | None] = contextvars.ContextVar(
    "kernels", default=None
)


def first(x: Tensor) -> Tensor:
    """(B, H, W, C) to a view (B, C, H, W): the same memory, which PyTorch calls channels last."""
    return x.permute(0, 3, 1, 2)


def last(x: Tensor) -> Tensor:
    """(B, C, H, W) to a view (B, H, W, C)."""
    return x.permute(0, 2, 3, 1)


def flip(x: Tensor) -> Tensor:
    """Images (B, H, W, C) flipped, both ways; anything else as it is."""
    return x.flip(1, 2) if x.ndim == 4 else x


def conv2d(layer: Any, flipped: bool) -> Convolve | None:
    """Return (images, kernel, bias) -> images of a `Conv2D`, or None for one that is not known."""
    if layer.data_format != "channels_last" or layer.padding not in ("same", "valid"):
        return None
    stride, dilation = tuple(layer.strides), tuple(layer.dilation_rate)

    same = layer.padding == "same"

    def convolve(x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
        x = first(x)
        axes = zip(x.shape[2:], kernel.shape, stride, dilation, strict=False)
        rows, columns = (_pads(axis, same, flipped) for axis in axes)
        if any(rows[1:]) or any(columns[1:]):
            x = functional.pad(x, (*columns[1:], *rows[1:]))
        weight, padding = _in_order(kernel, flipped), (rows[0], columns[0])
        return last(functional.conv2d(x, weight, bias, stride, padding, dilation, layer.groups))

    return convolve


def _pads(axis: tuple[int, ...], same: bool, flipped: bool) -> tuple[int, int, int]:
    """Zeros on both sides of an axis, and how many more before and behind; < 0 cuts off.

    Args:
        axis: Its size, the kernel's, stride and dilation.
        same: Whether the padding is "same", else "valid".
        flipped: Whether the axis runs the other way.
    """
    size, kernel, stride, dilation = axis
    span = (kernel - 1) * dilation + 1
    outputs = -(-size // stride) if same else (size - span) // stride + 1
    total = (outputs - 1) * stride + span - size
    if total <= 0:  # what Keras leaves out behind is before flipped
        return 0, total if flipped else 0, 0
    less, more = total // 2, total - total // 2
    before, behind = (more, less) if flipped else (less, more)
    if before >= behind and (size + 2 * before - span) // stride + 1 == outputs:
        return before, 0, 0  # what is too much behind is not reached
    return less, before - less, behind - less


def conv2d_transpose(layer: Any, flipped: bool) -> Convolve | None:
    """Return (images, kernel, bias) -> images of a `Conv2DTranspose`, or None if not known."""
    sizes = list(zip(layer.kernel_size, layer.strides, strict=True))
    usual = layer.data_format == "channels_last" and layer.padding == "same"
    usual = usual and all(kernel >= stride for kernel, stride in sizes)
    odd = [(kernel - stride) % 2 for kernel, stride in sizes]
    if not usual or layer.output_padding is not None or set(layer.dilation_rate) != {1}:
        return None
    if flipped and any(more >= stride for more, (_, stride) in zip(odd, sizes, strict=True)):
        return None
    stride = tuple(layer.strides)
    less = [(kernel - stride) // 2 for kernel, stride in sizes]

    def convolve(x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
        if _is_fourier(layer, x):
            made = _by_coefficients(x, kernel, flipped)
            return made if bias is None else made + bias
        x, weight = first(x), _in_order(kernel, flipped)
        if flipped:
            padding = [a + b for a, b in zip(less, odd, strict=True)]
            return last(functional.conv_transpose2d(x, weight, bias, stride, padding, odd))
        y = functional.conv_transpose2d(x, weight, bias, stride, less)
        if any(odd):  # a row or column too many at the end
            y = y[:, :, : y.shape[2] - odd[0], : y.shape[3] - odd[1]]
        return last(y)

    return convolve


def _is_fourier(layer: Any, x: Tensor) -> bool:
    """Whether a transposed convolution of x (B, H, W, in) goes by Fourier coefficients."""
    if not _may_be_fourier(layer) or x.dtype != torch.float32 or x.device.type != "cpu":
        return False
    batch, height, width, depth = x.shape
    kernel = tuple(layer.kernel_size)
    return coefficients.pays(batch, (depth, layer.filters), (height, width), kernel)


def _may_be_fourier(layer: Any) -> bool:
    return isinstance(layer, layers.Conv2DTranspose) and tuple(layer.strides) == (1, 1)


def _by_coefficients(x: Tensor, kernel: Tensor, flipped: bool) -> Tensor:
    """Transposed convolution of stride 1: see `fourier.py` and `ganzoo.layers.transposed`."""
    (_, height, width, depth), (rows, columns, out, _) = x.shape, kernel.shape
    image, of_kernel, back = _matrices((height, width), (rows, columns), flipped)
    count = len(image)
    pixels = x.reshape(-1, height * width, depth).transpose(0, 1).reshape(height * width, -1)
    seen = (image @ pixels).view(count, -1, depth)
    weight = (of_kernel @ kernel.reshape(rows * columns, -1)).view(count, out, depth)
    made = torch.bmm(seen, weight.transpose(1, 2)).view(count, -1)
    return (back @ made).view(height, width, -1, out).permute(2, 0, 1, 3)


@functools.lru_cache(maxsize=64)
def _matrices(size: tuple[int, int], taps: tuple[int, int], flipped: bool) -> list[Tensor]:
    before = [(k - 1) // 2 for k in taps]
    rows, columns = (
        tuple((b - d if flipped else d - b) for d in range(k))
        for k, b in zip(taps, before, strict=True)
    )
    return [torch.from_numpy(matrix) for matrix in coefficients.matrices(size, (rows, columns))]


def _in_order(kernel: Tensor, flipped: bool) -> Tensor:
    """(h, w, a, b), as Keras keeps it, to (b, a, h, w), channels last; once per `kernels_kept`."""
    kept, key = _kept.get(), (id(kernel), flipped, torch.is_grad_enabled())
    if kept is not None and key in kept:
        return kept[key][1]
    ordered = kernel.permute(3, 2, 0, 1)  # see `store_kernels`: nothing to copy while training
    ordered = ordered.flip(2, 3) if flipped else ordered
    # PyTorch's 3x3 convolution of one picture into one channel wants its gradient in this order.
    bare = len(ordered) == 1 and ordered.shape[2:] == (3, 3)
    order = torch.contiguous_format if bare else torch.channels_last
    ordered = ordered.contiguous(memory_format=order)
    if kept is not None:
        kept[key] = kernel, ordered  # the kernel too, so that no other gets its id
    return ordered


def store_kernels(model: Any) -> None:
    """Let the kernels of a model's convolutions lie in memory as PyTorch wants them, (b, h, w, a).

    Their shape stays that of Keras, (h, w, a, b), and so do their values and their identity. Else
    each step would bring them, and their gradients, from one order into the other. Kernels that may
    be for Fourier coefficients keep Keras' order.
    """
    for layer in model._flatten_layers():
        if not isinstance(layer, layers.Conv2D | layers.Conv2DTranspose) or _may_be_fourier(layer):
            continue
        for parameter in (variable.value for variable in layer.weights):
            if parameter.ndim == 4 and not parameter.permute(3, 0, 1, 2).is_contiguous():
                ordered = parameter.data.permute(3, 0, 1, 2).contiguous()
                parameter.data = ordered.permute(1, 2, 3, 0)


def restore_kernels(model: Any) -> None:
    """Let kernels lie in memory as Keras made them, for code that goes through memory itself.

    Such as `torch.nn.utils.parameters_to_vector`, L-BFGS and `torch.compile`.
    """
    for variable in model.weights:
        if not variable.value.data.is_contiguous():
            variable.value.data = variable.value.data.contiguous()


@contextlib.contextmanager
def kernels_kept() -> Iterator[None]:
    """While no weight changes: bring each kernel in order once, however often a network runs."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def gains_flipped(layer: Any, shape: tuple[Any, ...]) -> bool:
    """Whether a layer, given images of a shape (B, H, W, C), has no margin flipped alone."""
    if isinstance(layer, layers.Conv2DTranspose):
        return any((k - s) % 2 for k, s in zip(layer.kernel_size, layer.strides, strict=True))
    if not isinstance(layer, layers.Conv2D) or layer.padding != "same":
        return False
    axes = zip(shape[1:3], layer.kernel_size, layer.strides, layer.dilation_rate, strict=True)
    return any(
        any(_pads(axis, True, False)[1:]) and not any(_pads(axis, True, True)[1:])
        for axis in axes
        if axis[0] is not None
    )
