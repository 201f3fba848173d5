"""Keras' strided convolution, the same weights and results, by a convolution of stride 1.

A convolution of stride s is one of stride 1 of the image's s x s interleaved phases, taken as
channels (space-to-depth), with some zero taps. That one may be faster by Fourier coefficients, see
`fourier.py`, where a backend's own strided one is slow.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import CONVOLUTIONS_IN_PHASES, ONE_FILTER_AS_TWO
from ganzoo.layers.fourier import by_coefficients, is_faster

Tensor = Any


def taps(size: int, kernel_size: int, stride: int) -> tuple[int, int, int]:
    """Return how a kernel falls into phases along one axis, for "same" padding.

    Output i is the sum over t of input s i + t - b times tap t, where b is the padding before the
    image. With t - b = s e + p, this is phase p of the image at i + e.

    Args:
        size: A multiple of the stride.
        kernel_size: k.
        stride: s.

    Returns:
        The least e, how many e there are, and the zero taps to put before the kernel.
    """
    before = max(kernel_size - stride, 0) // 2
    least = -(-before // stride)
    front = stride * least - before
    return -least, -(-(front + kernel_size) // stride), front


@keras.saving.register_keras_serializable("ganzoo")
class Conv2D(layers.Conv2D):
    """`keras.layers.Conv2D`, computed by coefficients where that is faster.

    Arguments, weights and results are Keras' own.
    """

    is_keras_twin = True  # whatever may stand in for Keras' layer may stand in for this one

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, H, W, in) to (B, H', W', out)."""
        if not (CONVOLUTIONS_IN_PHASES and self._has_phases(inputs)):
            return super().call(inputs)
        axes = zip(inputs.shape[1:3], self.kernel_size, self.strides, strict=True)
        rows, columns = (taps(*axis) for axis in axes)
        (s, t), depth, kernel = self.strides, inputs.shape[3], (rows[1], columns[1])
        used = (self.kernel_size[0] * self.kernel_size[1]) / (s * t * kernel[0] * kernel[1])
        height, width = inputs.shape[1] // s, inputs.shape[2] // t
        shape = (inputs.shape[0], height, width, s * t * depth)
        if not is_faster(shape, inputs.dtype, self.filters, kernel, used):
            return super().call(inputs)
        x = ops.reshape(inputs, (-1, height, s, width, t, depth))
        x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, *shape[1:]))
        offsets = [[-(least + e) for e in range(count)] for least, count, _ in (rows, columns)]
        outputs = by_coefficients(x, self._in_phases(rows, columns), offsets)
        if self.use_bias:
            outputs = outputs + ops.convert_to_tensor(self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """Apply the kernel; a single filter beside one of zeros where a backend needs it."""
        if not ONE_FILTER_AS_TWO or self.filters > 1 or self.data_format != "channels_last":
            return super().convolution_op(inputs, kernel)
        kernel = ops.convert_to_tensor(kernel)
        pair = ops.concatenate([kernel, ops.zeros_like(kernel)], axis=-1)
        return super().convolution_op(inputs, pair)[..., :1]

    def _in_phases(self, rows: tuple[int, int, int], columns: tuple[int, int, int]) -> Tensor:
        """Return the kernel with its zero taps: (e rows, e columns, s t in, out)."""
        kernel, (s, t) = ops.convert_to_tensor(self.kernel), self.strides
        _, n, front = rows
        _, m, left = columns
        depth, out = kernel.shape[2:]
        edges = (
            (front, s * n - front - kernel.shape[0]),
            (left, t * m - left - kernel.shape[1]),
        )
        kernel = ops.pad(kernel, (*edges, (0, 0), (0, 0)))
        kernel = ops.transpose(ops.reshape(kernel, (n, s, m, t, depth, out)), (0, 2, 1, 3, 4, 5))
        return ops.reshape(kernel, (n, m, s * t * depth, out))

    def _has_phases(self, inputs: Tensor) -> bool:
        sizes = inputs.shape[1:3]
        return (
            self.padding == "same"
            and self.data_format == "channels_last"
            and self.groups == 1
            and tuple(self.dilation_rate) == (1, 1)
            and not getattr(self, "lora_enabled", False)
            and getattr(self, "quantization_mode", None) is None
            and None not in inputs.shape[1:]
            and all(n % s == 0 for n, s in zip(sizes, self.strides, strict=True))
        )
