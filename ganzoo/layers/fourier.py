"""A convolution by Fourier coefficients, on every backend: see `_backend/fourier.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras
from keras import ops

from ganzoo._backend import FOURIER_BELOW, on_cpu
from ganzoo._backend import fourier as coefficients

Tensor = Any
_plain: ContextVar[bool] = ContextVar("ganzoo_plain_convolutions", default=False)


@contextmanager
def plain_convolutions() -> Iterator[None]:
    """While convolutions are Keras' own, as an export wants them.

    The coefficients of a kernel are several times as large as itself, and another runtime has fast
    convolutions of its own.
    """
    token = _plain.set(True)
    try:
        yield
    finally:
        _plain.reset(token)


def are_plain() -> bool:
    """Whether convolutions are Keras' own here and now."""
    return _plain.get()


def is_faster(
    shape: Sequence[Any], dtype: Any, out: int, kernel: tuple[int, int], used: float = 1.0
) -> bool:
    """Whether a convolution with "same" padding is faster by coefficients.

    Not in half precision, to which coefficients would be rounded, and not on a GPU.

    Args:
        shape: Of the input, (B, H, W, in).
        dtype: Of the input.
        out: Output channels.
        kernel: Height and width of the kernel.
        used: The share of the kernel's taps that are not zeros put there for this.
    """
    if keras.backend.standardize_dtype(dtype) != "float32" or not on_cpu() or are_plain():
        return False
    batch, height, width, depth = shape
    if batch is not None and not isinstance(batch, int):  # of an export, for any number of rows
        return False
    channels, size = (depth, out), (height, width)
    return coefficients.pays(batch, channels, size, kernel, used=used, below=FOURIER_BELOW)


def by_coefficients(x: Tensor, kernel: Tensor, offsets: Sequence[Sequence[int]]) -> Tensor:
    """Convolution y[p] = sum_d x[p - d] kernel[d], zeros around x.

    Args:
        x: Shape (B, H, W, in), float32.
        kernel: Shape (k, k', in, out).
        offsets: Which d the k rows and the k' columns of the kernel are for.

    Returns:
        Shape (B, H, W, out).
    """
    height, width, depth = x.shape[1:]
    taps, out = kernel.shape[0] * kernel.shape[1], kernel.shape[3]
    rows, columns = map(tuple, offsets)
    image, of_kernel, back = coefficients.matrices((height, width), (rows, columns))
    x = ops.transpose(ops.reshape(x, (-1, height * width, depth)), (1, 0, 2))
    x = ops.matmul(image, ops.reshape(x, (height * width, -1)))
    kernel = ops.matmul(of_kernel, ops.reshape(kernel, (taps, depth * out)))
    count = len(image)
    y = ops.matmul(ops.reshape(x, (count, -1, depth)), ops.reshape(kernel, (count, depth, out)))
    y = ops.reshape(ops.matmul(back, ops.reshape(y, (count, -1))), (height, width, -1, out))
    return ops.transpose(y, (2, 0, 1, 3))
