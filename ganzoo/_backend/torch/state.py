"""Keras' variables on PyTorch, without the calls and the waiting that Keras spends on them.

A variable's `value` asks for scopes and devices each time, and a draw of random numbers takes Keras
some twenty operations, after which a GPU must have finished all its work. What follows gives the
same tensors, numbers and random states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import torch

from ganzoo._backend.common import Tensor
from ganzoo._backend.keras_internals import (
    get_device,
    in_stateless_scope,
    to_torch_dtype,
    torch_seed_generator,
)
from ganzoo.environment import PLAIN

_NEXT = torch.tensor([0, 1])  # what a draw adds to a random state: (seed, number of draws)


def value(variable: Any) -> Tensor:
    """Return a variable's tensor; outside of Keras' scopes, where nothing stands in for it."""
    return variable.value if variable._value is None else variable._value


def numbers(tensor: Tensor) -> Any:
    """Return the numbers of a small tensor that Keras or we alone write to.

    A GPU would have to finish its work first; so what is known of its tensors is kept, until
    PyTorch's count of writes says that somebody else wrote.
    """
    if tensor.device.type == "cpu" or tensor.is_inference():
        return tensor.tolist()
    key = id(tensor), tensor._version  # a copy takes our attribute along, but has another id
    known = getattr(tensor, "_known", None)
    if known is None or known[0] != key:
        known = tensor._known = key, tensor.tolist()
    return known[1]


def add(tensor: Tensor, step: Any, result: Any) -> None:
    """Add to a small tensor whose numbers then are `result`."""
    with torch.no_grad():
        tensor.add_(step)
    if tensor.device.type != "cpu" and not tensor.is_inference():
        tensor._known = (id(tensor), tensor._version), result


def generator(seed: Any) -> torch.Generator | None:
    """Return what Keras' `torch_seed_generator` does, and leave the same state behind.

    Args:
        seed: A `keras.random.SeedGenerator`, or what else Keras takes for a seed.

    Returns:
        A generator at the start of this draw's numbers; None where Keras asks for shapes alone.
    """
    usual = type(seed) is keras.random.SeedGenerator and not (PLAIN or in_stateless_scope())
    device = get_device()
    if not usual or device == "meta" or torch.compiler.is_compiling():
        return torch_seed_generator(seed)
    state = value(seed.state)
    first, second = numbers(state)
    add(state, _next(state), [first, second + 1])
    return torch.Generator(device).manual_seed((first + second) & 0xFFFFFFFF)


def _next(state: Tensor) -> Tensor:
    global _NEXT
    if (_NEXT.device, _NEXT.dtype) != (state.device, state.dtype):
        _NEXT = _NEXT.to(state)
    return _NEXT


def normal(shape: Sequence[Any], seed: Any, dtype: str) -> Tensor:
    """Draw standard normal numbers, those of `keras.random.normal`."""
    source = generator(seed)
    if source is None:
        return keras.random.normal(shape, seed=seed, dtype=dtype)
    options = {"dtype": to_torch_dtype(dtype), "device": source.device}
    return torch.normal(0.0, 1.0, size=tuple(shape), generator=source, **options)


def uniform(shape: Sequence[Any], seed: Any, dtype: str) -> Tensor:
    """Draw uniform numbers in [0, 1), those of `keras.random.uniform`."""
    source = generator(seed)
    if source is None:
        return keras.random.uniform(shape, seed=seed, dtype=dtype)
    options = {"dtype": to_torch_dtype(dtype), "device": source.device}
    return torch.rand(tuple(shape), generator=source, **options)
