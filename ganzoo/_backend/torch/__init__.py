"""The seam on PyTorch: autograd; variables are mutable, so the step needs no adapter."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import keras
import torch

from ganzoo._backend.common import LossFn, Tensor, Update, first_losses
from ganzoo._backend.common import values_given_back as values_given_back
from ganzoo._backend.heap import keep_freed_memory
from ganzoo._backend.keras_internals import get_device, in_stateless_scope
from ganzoo._backend.refusals import refuse_constant
from ganzoo._backend.torch import adam
from ganzoo._backend.torch import replicas as _torch_replicas
from ganzoo._backend.torch.images import kernels_kept, restore_kernels, store_kernels
from ganzoo._backend.torch.networks import apply as apply
from ganzoo._backend.torch.networks import apply_each as apply_each
from ganzoo._backend.torch.replicas import join_processes as join_processes
from ganzoo._backend.torch.replicas import largest as largest
from ganzoo._backend.torch.replicas import leave_processes as leave_processes
from ganzoo._backend.torch.replicas import mean_over_replicas as mean_over_replicas
from ganzoo._backend.torch.replicas import replica
from ganzoo._backend.torch.state import normal as normal
from ganzoo._backend.torch.state import uniform as uniform
from ganzoo._backend.torch.state import value
from ganzoo.environment import PLAIN

CONVOLUTIONS_IN_PHASES = False
ONE_FILTER_AS_TWO = True  # its 3x3 one of one picture has no gradient for Keras' kernels
FOURIER_BELOW = 0.5  # of the products: see `fourier.pays`
DRAWS_WHILE_TRAINING = True
_changing: ContextVar[bool] = ContextVar("ganzoo_changing", default=False)


@contextlib.contextmanager
def state_may_change(layers: Sequence[Any]) -> Iterator[None]:
    """While a step runs whose layers, if any, write to weights that an earlier pass still needs.

    PyTorch then keeps copies of what is written to, which takes time for each operation.
    """
    token = _changing.set(bool(layers))
    try:
        yield
    finally:
        _changing.reset(token)


def _copies() -> Any:
    if not _changing.get():
        return contextlib.nullcontext()
    return torch.autograd.graph.allow_mutation_on_saved_tensors()


def minimize_jointly(loss_fn: LossFn, updates: Sequence[Update]) -> tuple[Any, ...]:
    """Take one step per loss, all from one forward pass (see README.md).

    Args:
        loss_fn: Called once without arguments; returns one scalar loss per update, in their
            order, then tensors to hand through, or dicts and lists of them.
        updates: The variables and the optimizer of each loss.

    Returns:
        What `loss_fn` returned, detached. No update is made before every gradient is known.
    """
    alone = replica()[1] == 1
    differentiate: Any = torch.autograd.grad if alone else _torch_replicas.mean_gradients
    with torch.enable_grad(), _copies():
        with kernels_kept():
            results = first_losses(loss_fn(), updates)
        gradients: list[Any] = []
        for index, update in enumerate(updates):
            if not update.variables:  # a frozen network has none
                gradients.append([])
                continue
            scaled = update.optimizer.scale_loss(results[index])
            if not getattr(scaled, "requires_grad", False):
                refuse_constant(update)
            parameters = [value(variable) for variable in update.variables]
            last = index == len(updates) - 1
            gradients.append(
                differentiate(scaled, parameters, retain_graph=not last, allow_unused=True)
            )
            if all(gradient is None for gradient in gradients[-1]):
                refuse_constant(update)
    with torch.no_grad():
        for update, gradient in zip(updates, gradients, strict=True):
            if update.variables:
                adam.apply(update.optimizer, gradient, update.variables)
    return tuple(detached(result) for result in results)


def detached(value: Any) -> Any:
    """Return a tensor, or a dict, list or tuple of tensors, outside of the graph."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, dict):
        return {name: detached(part) for name, part in value.items()}
    return type(value)(map(detached, value)) if isinstance(value, list | tuple) else value


def without_gradient(fn: Callable[[], Tensor]) -> Tensor:
    """Return `fn()` as a constant; no graph is kept for it."""
    with torch.no_grad():
        return fn()


def input_gradient(fn: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return d sum(fn(x)) / dx, of the shape of `x`, differentiable once more."""
    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(fn(x).sum(), x, create_graph=True)
    return gradient


process = replica  # PyTorch has a process per device


def on_cpu() -> bool:
    """Whether the backend computes on a CPU, as far as is known before it does."""
    return get_device() == "cpu"


def batch_multiple() -> int:
    """Return what the number of examples in a batch must be a multiple of: of 1."""
    return 1


class Mean(keras.metrics.Mean):
    """Keras' mean of scalars, by PyTorch's own calls: Keras' take some hundred, in every step."""

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Add numbers up, and how many there are."""
        if PLAIN or sample_weight is not None or in_stateless_scope():
            super().update_state(values, sample_weight)
            return
        total, count = value(self.total), value(self.count)
        values = torch.as_tensor(values, device=total.device)
        with torch.no_grad():
            total.add_(values.sum())
            count.add_(values.numel())

    def result(self) -> Tensor:
        """Return the mean, 0 of nothing."""
        if PLAIN or in_stateless_scope():
            return super().result()
        return value(self.total) / value(self.count).clamp(min=1.0)


class BackendModel:
    """Nothing to adapt: PyTorch's trainer calls `train_step(self, data)` itself."""

    _fitting = False

    @functools.wraps(keras.Model.fit)  # its signature is read
    def fit(self, *args: Any, **kwargs: Any) -> Any:
        """Train; afterwards kernels lie in memory as they did before."""
        self._fitting = True
        try:
            return super().fit(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._fitting = False
            restore_kernels(self)

    def make_train_function(self, force: bool = False) -> None:
        """Prepare `fit`; of several processes, all begin with the state of the first."""
        keep_freed_memory()
        if force or self.train_function is None:  # type: ignore[attr-defined]
            _torch_replicas.share([*self.variables, *self.optimizer.variables])  # type: ignore[attr-defined]
        if (
            self._fitting and replica()[1] == 1 and not PLAIN
        ):  # processes exchange what lies in the usual order only
            store_kernels(self)
        super().make_train_function(force=force)  # type: ignore[misc]

    def sync_variables(self) -> None:
        """Do nothing: the variables have their values after every step."""
