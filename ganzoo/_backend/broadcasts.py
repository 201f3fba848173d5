"""Sums over a batch in low precision, which TensorFlow and JAX add up in that precision on a CPU.

The gradient of what is broadcast, such as a bias, is a sum over all pixels of a batch. Added up one
after the other in bfloat16, a sum stays where it is beyond 256 times an element: six times too
small for 32 pictures of 64x64, or 0. Within `summed_in_float32` Keras' operations that broadcast
have the same values, and gradients that are summed up in float32.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras

from ganzoo._backend.keras_internals import backend_numpy

Tensor = Any
Operation = Callable[[Tensor, Tensor], Tensor]

_summed: ContextVar[bool] = ContextVar("ganzoo_summed_in_float32", default=False)


@contextmanager
def summed_in_float32() -> Iterator[None]:
    """Sum up the gradients of what is broadcast in this block, and in this thread, in float32."""
    token = _summed.set(True)
    try:
        yield
    finally:
        _summed.reset(token)


def mend(names: Sequence[str], kinds: Sequence[str], by: Callable[[str], Operation]) -> None:
    """Let operations of Keras' backend go another way in such blocks, where shapes differ.

    Args:
        names: Of the operations, those of two tensors: "add".
        kinds: The types that are concerned: "bfloat16".
        by: Returns the other way of an operation.
    """
    for name in names:
        setattr(backend_numpy, name, _mended(getattr(backend_numpy, name), by(name), tuple(kinds)))


def _mended(operation: Operation, other: Operation, kinds: tuple[str, ...]) -> Operation:
    @functools.wraps(operation)
    def mended(x1: Tensor, x2: Tensor) -> Tensor:
        broadcast = _summed.get() and _kind(x1) == _kind(x2) in kinds and x1.shape != x2.shape
        return (other if broadcast else operation)(x1, x2)

    return mended


def _kind(x: Any) -> str:
    dtype = getattr(x, "dtype", None)
    return "" if dtype is None else str(keras.backend.standardize_dtype(dtype))
