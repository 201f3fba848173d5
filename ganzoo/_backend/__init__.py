"""The only room that knows a backend. README.md beside this file explains it to a newcomer.

`minimize`, `minimize_jointly` and `input_gradient` let a training step be written once, as if
variables were mutable; `BackendModel` makes Keras' trainer call that step on every backend.
`replica`, `process`, `own_rows` and `mean_over_replicas` are for more than one device.
"""

from __future__ import annotations

import importlib
from typing import Any

from ganzoo._backend.common import minimize_with, noting_losses, own_rows_with
from ganzoo.environment import require_backend, say_stand_in

_BACKEND = require_backend()
say_stand_in()

_seam = importlib.import_module(f"ganzoo._backend.{_BACKEND}")
BackendModel: Any = _seam.BackendModel
Mean = _seam.Mean
apply = _seam.apply
apply_each = _seam.apply_each
normal = _seam.normal
on_cpu = _seam.on_cpu
uniform = _seam.uniform
without_gradient = _seam.without_gradient
input_gradient = _seam.input_gradient
minimize_jointly = _seam.minimize_jointly
minimize = minimize_with(minimize_jointly)
batch_multiple = _seam.batch_multiple
process = _seam.process
join_processes = _seam.join_processes
leave_processes = _seam.leave_processes
largest = _seam.largest
replica = _seam.replica
mean_over_replicas = _seam.mean_over_replicas
own_rows = own_rows_with(replica)
values_given_back: Any = _seam.values_given_back
CONVOLUTIONS_IN_PHASES: bool = _seam.CONVOLUTIONS_IN_PHASES
ONE_FILTER_AS_TWO: bool = _seam.ONE_FILTER_AS_TWO
FOURIER_BELOW: float = _seam.FOURIER_BELOW
WRITES_SAVED_MODELS: bool = _BACKEND != "torch"  # whether Keras exports to TensorFlow's form
STEPS_COMPILE: bool = _BACKEND != "torch"  # whether `jit_compile=True` can be honoured
state_may_change = _seam.state_may_change
DRAWS_WHILE_TRAINING: bool = _seam.DRAWS_WHILE_TRAINING

__all__ = [
    "CONVOLUTIONS_IN_PHASES",
    "DRAWS_WHILE_TRAINING",
    "FOURIER_BELOW",
    "ONE_FILTER_AS_TWO",
    "STEPS_COMPILE",
    "WRITES_SAVED_MODELS",
    "BackendModel",
    "Mean",
    "apply",
    "apply_each",
    "batch_multiple",
    "input_gradient",
    "join_processes",
    "largest",
    "leave_processes",
    "mean_over_replicas",
    "minimize",
    "minimize_jointly",
    "normal",
    "noting_losses",
    "on_cpu",
    "own_rows",
    "process",
    "replica",
    "state_may_change",
    "uniform",
    "values_given_back",
    "without_gradient",
]
