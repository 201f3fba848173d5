"""Which outputs of a network of convolutions depend on its input alone, and not on where that ends.

A layer that looks beyond the edge of its input sees a margin, of zeros or reflections, where a
larger picture has pixels. `inside` follows these margins through the network: what they touch is
what a cut changes, and the rest is what the network makes of any picture around. It is as wide as
half the receptive field on each side. Layers that see all of a picture are refused by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import keras
import numpy as np
from keras import layers

from ganzoo._backend.keras_internals import Functional
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import (
    BicubicEnlargement,
    Blur,
    InstanceNormalization,
    PixelShuffle,
    ReflectionPadding2D,
    SpectralNormalization,
)


@dataclass(frozen=True)
class Axis:
    """One axis of a tensor (B, h, w, c).

    Attributes:
        inside: Which positions depend on no margin, bool (size,).
        step: Input pixels from one position to the next.
        align: All strides so far divide it: input that is moved by so many pixels gives the same,
            moved.
    """

    inside: np.ndarray
    step: Fraction = Fraction(1)
    align: int = 1

    def seen(self, first: np.ndarray, last: np.ndarray, step: Fraction | None = None) -> Axis:
        """Return the axis of a layer whose output i sees the positions first[i] to last[i].

        Positions that there are not are its margin. Where last[i] < first[i], it sees none.
        """
        step = self.step if step is None else step
        touched = np.concatenate([[0], np.cumsum(~self.inside)])
        size = len(self.inside)
        outside = (first < 0) | (last >= size)
        begin, end = np.clip(first, 0, size), np.clip(last + 1, 0, size)
        inside = ~outside & (touched[end] == touched[begin]) | (last < first)
        return Axis(inside, step, math.lcm(self.align, step.numerator))


Field = tuple[Axis, Axis]  # of rows and of columns


def inside(network: Any, sizes: tuple[int, int] | None = None) -> Field:
    """Return what the outputs of a network (B, h, w, c) -> (B, h', w', c') depend on, in inference.

    Args:
        network: A `keras.Model`.
        sizes: (h, w) of one that takes any.

    Raises:
        InvalidArgumentError: A layer sees all of a picture, or it is not known what it sees. The
            reason is the end of a sentence.
    """
    graph = isinstance(network, Functional | keras.Sequential)
    if not graph or len(network.inputs) != 1 or len(network.outputs) != 1:
        raise InvalidArgumentError(f"{network.name} is no graph of layers from picture to picture")
    stated = network.inputs[0].shape[1:-1]
    sizes = stated if sizes is None else sizes
    if len(stated) != 2 or None in sizes:
        raise InvalidArgumentError(f"{network.name} takes no pictures of one size")
    rows, columns = (Axis(np.ones(size, bool)) for size in sizes)
    return _of_network(network, (rows, columns))


def _of_network(network: Any, given: Field) -> Field:
    known: dict[int, Field] = {id(tensor): given for tensor in network.inputs}

    def of(tensor: Any) -> Field:
        if id(tensor) not in known:
            layer, index, _ = tensor._keras_history
            parents = layer._inbound_nodes[index].input_tensors
            known[id(tensor)] = _of_layer(layer, [of(parent) for parent in parents])
        return known[id(tensor)]

    return of(network.outputs[0])


def _of_layer(layer: Any, given: Sequence[Field]) -> Field:
    if isinstance(layer, SpectralNormalization):
        layer = layer.layer
    if isinstance(layer, Functional | keras.Sequential) and len(given) == len(layer.inputs) == 1:
        return _of_network(layer, given[0])
    if isinstance(layer, _STATISTICS):
        raise InvalidArgumentError(f"its layer {layer.name} takes statistics of the whole picture")
    kind = next((cls for cls in type(layer).__mro__ if cls in _RULES), None)
    own = kind is type(layer) or getattr(type(layer), "is_keras_twin", False)
    if kind is None or not own or getattr(layer, "data_format", "channels_last") != "channels_last":
        raise InvalidArgumentError(
            f"its layer {layer.name} ({type(layer).__name__}) may see the whole picture"
        )
    rows, columns = (_joined(layer, [field[axis] for field in given]) for axis in (0, 1))
    return _RULES[kind](layer, 0, rows), _RULES[kind](layer, 1, columns)


def _joined(layer: Any, axes: Sequence[Axis]) -> Axis:
    """Return the axis of what is joined pixel by pixel."""
    if len({(axis.step, len(axis.inside)) for axis in axes}) > 1:
        raise _unknown(layer, "joins pictures of several scales")
    all_inside = np.logical_and.reduce([axis.inside for axis in axes])
    return Axis(all_inside, axes[0].step, math.lcm(*(axis.align for axis in axes)))


def _unknown(layer: Any, what: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"it is not known what its layer {layer.name} sees: {what}")


# --- what a layer's outputs see, along one axis: (layer, which axis, axis before) -> axis ---------


def _itself(layer: Any, index: int, axis: Axis) -> Axis:
    return axis


def _channels(layer: Any, index: int, axis: Axis) -> Axis:
    if layer.axis not in (-1, 3):
        raise _unknown(layer, f"axis {layer.axis}")
    return axis


def _convolved(layer: Any, index: int, axis: Axis) -> Axis:
    width = (layer.kernel_size[index] - 1) * layer.dilation_rate[index] + 1
    return _windows(layer, axis, width, layer.strides[index])


def _pooled(layer: Any, index: int, axis: Axis) -> Axis:
    return _windows(layer, axis, layer.pool_size[index], layer.strides[index])


def _windows(layer: Any, axis: Axis, width: int, stride: int) -> Axis:
    size = len(axis.inside)
    if layer.padding == "same":
        count = -(-size // stride)
        before = max((count - 1) * stride + width - size, 0) // 2
    else:
        count, before = (size - width) // stride + 1, 0
    first = np.arange(count) * stride - before
    return axis.seen(first, first + width - 1, axis.step * stride)


def _transposed(layer: Any, index: int, axis: Axis) -> Axis:
    """Return the axis of outputs s q + r, which see the inputs q - d by the taps s d + r + b."""
    width, stride = layer.kernel_size[index], layer.strides[index]
    plain = layer.output_padding is None and layer.dilation_rate[index] == 1
    if layer.padding != "same" or not plain:
        raise _unknown(layer, "a transposed convolution that is not of padding 'same'")
    before = max(width - stride, 0) // 2
    q, r = np.divmod(np.arange(len(axis.inside) * stride), stride)
    least, most = -((r + before) // stride), (width - 1 - r - before) // stride
    return axis.seen(q - most, q - least, axis.step / stride)


def _enlarged(layer: Any, index: int, axis: Axis) -> Axis:
    factor = layer.size[index]
    more = {"nearest": 0, "bilinear": 1}.get(layer.interpolation)
    if more is None:
        raise _unknown(layer, f"interpolation {layer.interpolation!r}")
    q = np.arange(len(axis.inside) * factor) // factor
    return axis.seen(q - more, q + more, axis.step / factor)


def _shuffled(layer: Any, index: int, axis: Axis) -> Axis:
    q = np.arange(len(axis.inside) * layer.scale) // layer.scale
    return axis.seen(q, q, axis.step / layer.scale)


def _bicubic(layer: Any, index: int, axis: Axis) -> Axis:
    q = np.arange(len(axis.inside) * layer.scale) // layer.scale
    return axis.seen(q - 2, q + 2, axis.step / layer.scale)


def _blurred(layer: Any, index: int, axis: Axis) -> Axis:
    if (layer.down, layer.up) != (1, 1):
        raise _unknown(layer, "a blur that changes the size")
    q = np.arange(len(axis.inside))
    return axis.seen(q - 1, q + 1)


def _shared(layer: Any, index: int, axis: Axis) -> Axis:
    if index + 1 not in (layer.shared_axes or ()):
        raise _unknown(layer, "slopes of their own at each pixel")
    return axis


def _margined(layer: Any, index: int, axis: Axis) -> Axis:
    padding = layer.padding
    before, after = (padding, padding) if isinstance(padding, int) else padding[index]
    place = np.arange(-before, len(axis.inside) + after)
    return axis.seen(place, place)


_STATISTICS = (
    InstanceNormalization, layers.GroupNormalization, layers.LayerNormalization,
    layers.GlobalAveragePooling2D, layers.GlobalMaxPooling2D,
)  # fmt: skip
_RULES: dict[type, Callable[[Any, int, Axis], Axis]] = {
    **dict.fromkeys(
        (layers.Activation, layers.ReLU, layers.LeakyReLU, layers.ELU, layers.Dropout,
         layers.SpatialDropout2D, layers.GaussianNoise, layers.Rescaling, layers.Identity,
         layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum,
         layers.Minimum), _itself),
    **dict.fromkeys((layers.BatchNormalization, layers.Concatenate), _channels),
    **dict.fromkeys((layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D), _convolved),
    **dict.fromkeys((layers.MaxPooling2D, layers.AveragePooling2D), _pooled),
    **dict.fromkeys((layers.ZeroPadding2D, ReflectionPadding2D), _margined),
    layers.Conv2DTranspose: _transposed,
    layers.UpSampling2D: _enlarged,
    layers.PReLU: _shared,
    PixelShuffle: _shuffled,
    BicubicEnlargement: _bicubic,
    Blur: _blurred,
}  # fmt: skip
