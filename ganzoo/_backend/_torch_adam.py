"""Kingma's and Ba's Adam on PyTorch by its own kernel, with the variables of Keras' optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import torch

from ganzoo._backend._torch_state import add, numbers, value
from ganzoo._backend.common import Tensor, is_plain_adam, moments

_FUSED = hasattr(torch, "_fused_adam_")
_DEVICES = ("cpu", "cuda")


def apply(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
    """Update variables and moments; a plain Adam in one pass, any other optimizer as Keras does.

    Args:
        optimizer: Built on exactly these variables.
        gradients: One per variable, or None.
        variables: Trainable `keras.Variable`s.
    """
    if not (_FUSED and is_plain_adam(optimizer, gradients, variables) and _is_known(gradients)):
        optimizer.apply(list(gradients), list(variables))
        return
    done = value(optimizer.iterations)
    step = numbers(done) + 1
    parameters = [value(variable) for variable in variables]
    pairs = [[value(moment) for moment in pair] for pair in moments(optimizer, variables)]
    time = torch.full((), float(step), device=parameters[0].device)  # the kernel only reads it
    torch._fused_adam_(
        parameters,
        [_laid_out_as(p, g) for p, g in zip(parameters, gradients, strict=True)],
        [_stored_as(p, first) for p, (first, _) in zip(parameters, pairs, strict=True)],
        [_stored_as(p, second) for p, (_, second) in zip(parameters, pairs, strict=True)],
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


def _laid_out_as(parameter: Tensor, gradient: Tensor) -> Tensor:
    """Return a gradient in float32 and in its parameter's order in memory.

    PyTorch's kernel goes through all arrays as they lie in memory, and checks nothing; the gradient
    of a convolution's kernel lies in the order of PyTorch's own kernels.
    """
    if gradient.dtype == torch.float32 and gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter, dtype=torch.float32).copy_(gradient)


def _stored_as(parameter: Tensor, moment: Tensor) -> Tensor:
    """Return a moment, from now on in its parameter's order in memory."""
    if moment.stride() != parameter.stride():
        moment.data = torch.empty_like(parameter).copy_(moment)
    return moment
