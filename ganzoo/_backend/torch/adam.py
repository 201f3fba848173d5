"""Kingma's and Ba's Adam on PyTorch by its own kernel, with the variables of Keras' optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import torch

from ganzoo._backend.common import Tensor, is_plain_adam, moments
from ganzoo._backend.torch.state import add, numbers, value
from ganzoo.environment import PLAIN

_FUSED = hasattr(torch, "_fused_adam_") and not PLAIN
_DEVICES = ("cpu", "cuda")


def apply(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
    """Update variables and moments; a plain Adam in one pass, any other optimizer as Keras does.

    Args:
        optimizer: Built on exactly these variables.
        gradients: One per variable, or None.
        variables: Trainable `keras.Variable`s.
    """
    parameters = [value(variable) for variable in variables]
    plain = _FUSED and is_plain_adam(optimizer, gradients, variables)
    if not (plain and _is_known(gradients) and all(map(_is_dense, parameters))):
        optimizer.apply(list(gradients), list(variables))
        return
    done = value(optimizer.iterations)
    step = numbers(done) + 1
    pairs = [[value(moment) for moment in pair] for pair in moments(optimizer, variables)]
    alike = map(_as_they_lie, parameters, gradients, pairs)
    in_memory, gradients, first, second = (list(tensors) for tensors in zip(*alike, strict=True))
    time = torch.full((), float(step), device=parameters[0].device)  # the kernel only reads it
    torch._fused_adam_(
        in_memory,
        gradients,
        first,
        second,
        [],
        [time] * len(parameters),
        lr=_learning_rate(optimizer),
        beta1=optimizer.beta_1,
        beta2=optimizer.beta_2,
        weight_decay=0.0,
        # Keras adds epsilon to the root of v, PyTorch to that of v / (1 - beta_2^t).
        eps=optimizer.epsilon / (1.0 - optimizer.beta_2**step) ** 0.5,
        amsgrad=False,
        maximize=False,
    )
    add(done, 1, step)


def _is_known(gradients: Sequence[Tensor]) -> bool:
    devices = {gradient.device for gradient in gradients}
    return len(devices) == 1 and devices.pop().type in _DEVICES


def _learning_rate(optimizer: Any) -> float:
    rate = optimizer._learning_rate  # a variable, or a schedule
    return (
        numbers(value(rate)) if isinstance(rate, keras.Variable) else float(optimizer.learning_rate)
    )


def _is_dense(parameter: Tensor) -> bool:
    return parameter.is_contiguous() or parameter.permute(_order(parameter)).is_contiguous()


def _order(parameter: Tensor) -> list[int]:
    """Return the axes as they lie in memory, the one with the largest steps first."""
    strides = parameter.stride()
    return sorted(range(parameter.ndim), key=lambda axis: -strides[axis])


def _as_they_lie(parameter: Tensor, gradient: Tensor, pair: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Return contiguous views of a parameter and its moments, and a gradient in the same order.

    PyTorch's kernel goes through all of them as they lie in memory, and checks nothing.
    """
    for moment in pair:
        if moment.stride() != parameter.stride():  # from now on as the parameter
            moment.data = torch.empty_like(parameter).copy_(moment)
    if parameter.is_contiguous():
        return parameter, gradient.float().contiguous(), *pair
    order = _order(parameter)
    views = [tensor.permute(order) for tensor in (parameter, gradient, *pair)]
    views[1] = views[1].float().contiguous()
    return tuple(views)
