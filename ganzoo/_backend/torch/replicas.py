"""Several processes on PyTorch, one per device: what `torch.distributed` is asked for.

`DistributedDataParallel` averages gradients while the backward pass runs. It knows one loss per
forward pass of one module; a GAN has two networks, each with a loss and an optimizer of its own,
and penalties that differentiate the discriminator inside. So each list of variables that is updated
together gets a wrapper of its own, and what passes through it is the loss alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

Tensor = torch.Tensor


def replica() -> tuple[int, int]:
    """Return this process' rank and the number of processes; (0, 1) without a process group."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


def join_processes() -> None:
    """Join the group of processes that torchrun has begun, if it has and the script has not."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        cuda = torch.cuda.is_available()
        if cuda:
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        distributed.init_process_group("nccl" if cuda else "gloo")


def leave_processes() -> None:
    """Leave the group, where there is one."""
    if replica()[1] > 1:
        distributed.destroy_process_group()


def largest(number: int) -> int:
    """Return the largest number that a process has; all must call it, and wait for each other."""
    if replica()[1] == 1:
        return number
    device = "cuda" if distributed.get_backend() == "nccl" else "cpu"
    found = torch.tensor(number, device=device)
    distributed.all_reduce(found, distributed.ReduceOp.MAX)
    return int(found.item())


class _Loss(torch.nn.Module):
    """Owns the parameters of an update and hands its loss through."""

    def __init__(self, parameters: Sequence[Any]) -> None:
        super().__init__()
        self.parameters_of_update = torch.nn.ParameterList(parameters)

    def forward(self, loss: Tensor) -> Tensor:
        """Return the loss."""
        return loss


# By the identities of the parameters, which each entry keeps alive. Few: one per network.
_wrappers: dict[tuple[int, ...], DistributedDataParallel] = {}


def _wrapper(loss: Tensor, parameters: Sequence[Any]) -> DistributedDataParallel:
    key = tuple(id(parameter) for parameter in parameters)
    if key not in _wrappers:
        # Looking for unused ones costs a walk through the graph in every step, so only if need be.
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        _wrappers[key] = DistributedDataParallel(
            _Loss(parameters),
            find_unused_parameters=any(gradient is None for gradient in gradients),
            init_sync=False,  # `share` did it; writing now would spoil the graph
        )
    return _wrappers[key]


def mean_gradients(
    loss: Tensor, parameters: Sequence[Any], retain_graph: bool, allow_unused: bool
) -> list[Any]:
    """Return the mean over the processes of the gradients; arguments of `torch.autograd.grad`."""
    del allow_unused  # they may always be
    loss = _wrapper(loss, parameters)(loss)
    torch.autograd.backward(loss, retain_graph=retain_graph, inputs=list(parameters))
    gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    return gradients


def mean_over_replicas(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the mean over the processes of each tensor, element by element; differentiable.

    Args:
        tensors: Of one dtype, and of the same shapes in all processes. One message for all.
    """
    count = replica()[1]
    if count == 1:
        return list(tensors)
    flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
    flat = _Sum.apply(flat) / count
    parts = torch.split(flat, [tensor.numel() for tensor in tensors])
    return [part.reshape(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]


class _Sum(torch.autograd.Function):
    """The sum over all processes; so is its gradient."""

    @staticmethod
    def forward(context: Any, x: Tensor) -> Tensor:
        """Return the sum of every process' x."""
        x = x.clone()
        distributed.all_reduce(x)
        return x

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Any:
        """Return the sum of every process' gradient, differentiable once more."""
        return _Sum.apply(gradient)


def share(variables: Sequence[Any]) -> None:
    """Give the variables of all processes the values that the first has."""
    if replica()[1] == 1:
        return
    for variable in variables:
        values = variable.value.data.contiguous()  # a kernel may lie otherwise: `store_kernels`
        distributed.broadcast(values, src=0)
        variable.value.data.copy_(values)
