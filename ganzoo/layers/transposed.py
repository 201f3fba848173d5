"""Keras' transposed convolution, the same weights and results, by an ordinary convolution.

A transposed convolution of stride s writes s x s interleaved pictures ("phases"), each an ordinary
convolution of the input with some of the kernel's taps. One convolution makes all of them as
channels, and depth-to-space interleaves them (Shi et al. 2016, Is the deconvolution layer the
same as a convolutional layer?, arXiv:1609.07009). Where a backend's own one has a slow gradient,
this is faster although some of its taps are zeros. Where images are small and the kernel large, the
ordinary convolution is done by Fourier coefficients, see `fourier.py`.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from ganzoo._backend import CONVOLUTIONS_IN_PHASES
from ganzoo.layers.fourier import are_plain, by_coefficients, is_faster

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
    if any(rows[2:]) or any(columns[2:]):
        kernel = ops.pad(kernel, (rows[2:], columns[2:], (0, 0), (0, 0)))
    kernel = ops.transpose(ops.reshape(kernel, (n, s, m, t, out, depth)), (0, 2, 5, 1, 3, 4))
    kernel = ops.reshape(kernel, (n, m, depth, s * t * out))
    if is_faster(x.shape, x.dtype, s * t * out, (n, m)):
        offsets = tuple(tuple(range(axis[0], axis[1] + 1)) for axis in (rows, columns))
        phases, size = by_coefficients(x, kernel, offsets), x.shape[1:3]
    else:
        phases, size = _convolved(x, ops.flip(kernel, axis=(0, 1)), rows, columns)
    if (s, t) == (1, 1):
        return phases
    phases = ops.reshape(phases, (-1, *size, s, t, out))
    return ops.reshape(
        ops.transpose(phases, (0, 1, 3, 2, 4, 5)), (-1, size[0] * s, size[1] * t, out)
    )


def _convolved(x: Tensor, kernel: Tensor, rows: Any, columns: Any) -> tuple[Tensor, Any]:
    """Return an ordinary convolution by the taps of `phased`, and the height and width of it."""
    if rows[0] == -rows[1] and columns[0] == -columns[1]:
        return ops.conv(x, kernel, 1, "same", data_format="channels_last"), x.shape[1:3]
    x = ops.pad(x, ((0, 0), (rows[1], -rows[0]), (columns[1], -columns[0]), (0, 0)))
    size = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
    return ops.conv(x, kernel, 1, "valid", data_format="channels_last"), size


@keras.saving.register_keras_serializable("ganzoo")
class Conv2DTranspose(layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, computed in phases or by coefficients where that is faster.

    Arguments, weights and results are Keras' own.
    """

    is_keras_twin = True  # whatever may stand in for Keras' layer may stand in for this one

    def call(self, inputs: Tensor) -> Tensor:
        """Map (B, H, W, in) to (B, s H, s' W, out)."""
        if not (self._can_be_phased(inputs) and self._gains_by_phases(inputs)):
            return super().call(inputs)
        outputs = phased(inputs, ops.convert_to_tensor(self.kernel), self.strides)
        if self.use_bias:
            outputs = outputs + ops.convert_to_tensor(self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def _can_be_phased(self, inputs: Tensor) -> bool:
        return (
            not are_plain()
            and self.padding == "same"
            and self.data_format == "channels_last"
            and self.output_padding is None
            and tuple(self.dilation_rate) == (1, 1)
            and None not in inputs.shape[1:]
            and all(k >= s for k, s in zip(self.kernel_size, self.strides, strict=True))
        )

    def _gains_by_phases(self, inputs: Tensor) -> bool:
        if CONVOLUTIONS_IN_PHASES:
            return True
        if tuple(self.strides) != (1, 1):
            return False
        return is_faster(inputs.shape, inputs.dtype, self.filters, tuple(self.kernel_size))
