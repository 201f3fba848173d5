"""Keras' transposed convolution, the same weights and results, by an ordinary convolution.

A transposed convolution of stride s writes s x s interleaved pictures ("phases"), each an ordinary
convolution of the input with some of the kernel's taps. One convolution makes all of them as
channels, and depth-to-space interleaves them (Shi et al. 2016, Is the deconvolution layer the
same as a convolutional layer?, arXiv:1609.07009). Where a backend's own one has a slow gradient,
this is faster although some of its taps are zeros.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import PHASED_TRANSPOSED_CONVOLUTION

Tensor = Any


def taps(kernel_size: int, stride: int) -> tuple[int, int, int, int]:
    """Return how a kernel falls into phases along one axis, for "same" padding.

    Output s q + r is the sum over d of input q - d times tap s d + r + b, where b is the padding
    before the output, max(k - s, 0) // 2.

    Returns:
        The least and the greatest d, and the zero taps to put before and behind the kernel so that
        it has s taps for every d.
    """
    before = max(kernel_size - stride, 0) // 2
    least = -((stride - 1 + before) // stride)
    most = (kernel_size - 1 - before) // stride
    front = -(stride * least + before)
    return least, most, front, (most - least + 1) * stride - front - kernel_size


def phased(x: Tensor, kernel: Tensor, strides: tuple[int, int]) -> Tensor:
    """Transposed convolution with "same" padding, channels last, without a bias.

    Args:
        x: Shape (B, H, W, in).
        kernel: Shape (k, k', out, in), as Keras keeps it; no side shorter than its stride.
        strides: s and s'.

    Returns:
        Shape (B, s H, s' W, out).
    """
    (height, width), (out, depth) = kernel.shape[:2], kernel.shape[2:]
    s, t = strides
    rows, columns = taps(height, s), taps(width, t)
    n, m = (axis[1] - axis[0] + 1 for axis in (rows, columns))
    kernel = ops.pad(kernel, (rows[2:], columns[2:], (0, 0), (0, 0)))
    kernel = ops.flip(ops.reshape(kernel, (n, s, m, t, out, depth)), axis=(0, 2))
    kernel = ops.reshape(ops.transpose(kernel, (0, 2, 5, 1, 3, 4)), (n, m, depth, s * t * out))
    if rows[0] != -rows[1] or columns[0] != -columns[1]:
        edges = ((rows[1], -rows[0]), (columns[1], -columns[0]))
        x, padding = ops.pad(x, ((0, 0), *edges, (0, 0))), "valid"
        size = x.shape[1] - n + 1, x.shape[2] - m + 1
    else:
        padding, size = "same", x.shape[1:3]
    phases = ops.conv(x, kernel, 1, padding, data_format="channels_last")
    phases = ops.reshape(phases, (-1, *size, s, t, out))
    return ops.reshape(
        ops.transpose(phases, (0, 1, 3, 2, 4, 5)), (-1, size[0] * s, size[1] * t, out)
    )


@keras.saving.register_keras_serializable("ganzoo")
class Conv2DTranspose(layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, computed in phases where that is faster.

    Arguments, weights and results are Keras' own.
    """

    is_keras_twin = True  # whatever may stand in for Keras' layer may stand in for this one

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, H, W, in) to (B, s H, s' W, out)."""
        if not (PHASED_TRANSPOSED_CONVOLUTION and self._can_be_phased(inputs)):
            return super().call(inputs)
        outputs = phased(inputs, ops.convert_to_tensor(self.kernel), self.strides)
        if self.use_bias:
            outputs = outputs + ops.convert_to_tensor(self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def _can_be_phased(self, inputs: Tensor) -> bool:
        return (
            self.padding == "same"
            and self.data_format == "channels_last"
            and self.output_padding is None
            and tuple(self.dilation_rate) == (1, 1)
            and None not in inputs.shape[1:]
            and all(k >= s for k, s in zip(self.kernel_size, self.strides, strict=True))
        )
