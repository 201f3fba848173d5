"""The seam on JAX: stateless scopes around a step that is written as if variables were mutable.

Two facts rule this file. Scopes do not fall through: inside a nested `keras.StatelessScope` a
variable that the scope does not map has its eager value, not the outer scope's. And whatever is
written inside a differentiated function must leave it as an auxiliary output, or a tracer leaks.
So each differentiated function opens a scope over *all* variables, returns their new values, and
these are written to the scope outside. README.md beside this file explains them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import jax
import keras
from jax import numpy as jnp

from ganzoo._backend.broadcasts import mend, summed_in_float32
from ganzoo._backend.common import LossFn, Tensor, Update, first_losses
from ganzoo._backend.common import apply as apply
from ganzoo._backend.common import apply_each as apply_each
from ganzoo._backend.common import join_processes as join_processes
from ganzoo._backend.common import largest as largest
from ganzoo._backend.common import leave_processes as leave_processes
from ganzoo._backend.common import normal as normal
from ganzoo._backend.common import nothing_changes as state_may_change  # noqa: F401
from ganzoo._backend.common import uniform as uniform
from ganzoo._backend.common import without_gradient as without_gradient
from ganzoo._backend.frames import Frame, current_frame, is_open, opened, purified
from ganzoo._backend.heap import keep_freed_memory
from ganzoo._backend.refusals import refuse_strangers
from ganzoo._backend.unharmed import values_given_back as values_given_back
from ganzoo.environment import PLAIN


def _widely(name: str) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the operation of numbers that are float32 while it lasts."""

    def widely(x1: Tensor, x2: Tensor) -> Tensor:
        x1, x2 = (keras.ops.convert_to_tensor(x) for x in (x1, x2))
        wide = getattr(jnp, name)(x1.astype("float32"), x2.astype("float32"))
        return wide.astype(x1.dtype)

    return widely


mend(["add", "subtract", "multiply"], ["bfloat16", "float16"], _widely)

Mean = keras.metrics.Mean  # compiled with the step
# XLA's own strided ones, and their gradients, are slow on a CPU: see `ganzoo.layers.transposed` and
# `ganzoo.layers.strided` (python -m tests.benchmarks convolutions).
CONVOLUTIONS_IN_PHASES = True
ONE_FILTER_AS_TWO = False
FOURIER_BELOW = 0.6  # of the products: see `fourier.pays`
DRAWS_WHILE_TRAINING = False

# On a CPU a step takes its memory in blocks of this size, not as one: `heap.py` keeps such.
_IN_BLOCKS = {"xla_multiheap_size_constraint_per_heap": 48 * 2**20}


def minimize_jointly(loss_fn: LossFn, updates: Sequence[Update]) -> tuple[Any, ...]:
    """Take one step per loss, all from one forward pass (see README.md).

    Args:
        loss_fn: Called once; returns one scalar loss per update, in their order, then any tensors
            to hand through.
        updates: The variables and the optimizer of each loss.

    Returns:
        What `loss_fn` returned. No update is made before every gradient is known.
    """
    frame = current_frame()
    refuse_strangers(frame.variables, updates)
    # Each once, though two players may move it: a scope has one value of a variable.
    variables = list({id(v): v for update in updates for v in update.variables}.values())
    places = {id(variable): place for place, variable in enumerate(variables)}
    pure, others = purified(lambda: first_losses(loss_fn(), updates), variables)

    def scaled_losses(values: Sequence[Any]) -> tuple[Any, Any]:
        with summed_in_float32():
            results, state = pure(values)
        pairs = zip(updates, results, strict=False)  # the results hold more than the losses
        return [update.optimizer.scale_loss(loss) for update, loss in pairs], (results, state)

    losses, pull_back, (results, state) = jax.vjp(
        scaled_losses, frame.read(variables), has_aux=True
    )
    frame.write(others, state)
    for index, update in enumerate(updates):
        # Of this pass back, the compiler drops what belongs to the other updates' variables.
        chosen = [jnp.full_like(loss, float(i == index)) for i, loss in enumerate(losses)]
        if update.variables:  # a frozen network has none
            (gradients,) = pull_back(chosen)
            _apply(frame, update, [gradients[places[id(v)]] for v in update.variables])
    return results


def _apply(frame: Frame, update: Update, gradients: list[Any]) -> None:
    """Update variables and moments in a frame.

    `stateless_apply` rather than `apply`: inside a `cond`, as loss scaling has one, an assignment
    to a scope outside would leak a tracer.
    """
    variables, optimizer = list(update.variables), update.optimizer
    new_values, new_moments = optimizer.stateless_apply(
        frame.read(optimizer.variables), gradients, frame.read(variables)
    )
    frame.write(variables, new_values)
    frame.write(optimizer.variables, new_moments)


def input_gradient(fn: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return d sum(fn(x)) / dx, of the shape of `x`, differentiable once more."""
    frame = current_frame()

    def summed(x: Tensor) -> tuple[Tensor, list[Any]]:
        pure, _ = purified(lambda: fn(x), [])
        y, state = pure([])
        return y.sum(), state

    gradient, state = jax.grad(summed, has_aux=True)(x)
    frame.write(frame.variables, state)
    return gradient


def _variable_groups(model: Any, count: int) -> list[list[Any]]:
    """Return the variables in the order of the trainer's state: 4 groups to train, 3 to test."""
    groups = [list(model.trainable_variables), list(model.non_trainable_variables)]
    if count == 4:
        groups.append(list(model.optimizer.variables))
    groups.append(list(model.metrics_variables))
    return groups


def _stateless(step: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Let `step(self, data)` also be called as JAX's trainer does: `(state, data)`.

    With a state it returns `(logs, new state)`. Without one it runs in the scope that is open, as
    when a subclass calls `super().train_step(data)`, or else opens one and keeps the new values.
    """

    @functools.wraps(step)
    def adapted(self: Any, *arguments: Any) -> Any:
        if len(arguments) == 1:
            data = arguments[0]
            return step(self, data) if is_open() else _run_eagerly(self, step, data)
        state, data = arguments
        groups = _variable_groups(self, len(state))
        frame = Frame([v for group in groups for v in group], [v for part in state for v in part])
        with opened(frame):
            logs = step(self, data)
        return logs, tuple(frame.read(group) for group in groups)

    adapted.stateless = True  # type: ignore[attr-defined]
    return adapted


def _run_eagerly(model: Any, step: Callable[[Any, Any], Any], data: Any) -> Any:
    variables = [variable for group in _variable_groups(model, 4) for variable in group]
    frame = Frame(variables, [variable.value for variable in variables])
    with opened(frame):
        logs = step(model, data)
    for variable, value in zip(variables, frame.read(variables), strict=True):
        variable.assign(value)
    return logs


def replica() -> tuple[int, int]:
    """Return which replica this is, and how many there are: always one.

    Under `keras.distribution` the step is one program over the whole batch, which XLA divides.
    """
    return 0, 1


def on_cpu() -> bool:
    """Whether the backend computes on a CPU, as far as is known before it does."""
    return jax.default_backend() == "cpu"


def process() -> tuple[int, int]:
    """Return which of several processes this is, and how many there are: always one."""
    return 0, 1


def mean_over_replicas(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the tensors: they are those of the whole batch."""
    return list(tensors)


def batch_multiple() -> int:
    """Return what the number of examples in a batch must be a multiple of: of the devices."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    return mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)]


def _unharmed(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a method of Keras' trainer so that a model has its variables after an error.

    Keras takes their values away while steps run, and gives those of the last step back. It has
    none to give back where the first batch cannot be had.
    """

    @functools.wraps(method)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except BaseException:
            self.jax_state_sync()
            for variable, value in self.__dict__.get("_taken_away", ()):
                if variable._value is None:
                    variable.assign(value)
            raise
        finally:
            self.__dict__.pop("_taken_away", None)

    return wrapped


class BackendModel:
    """Adapts every `train_step(self, data)` and `test_step(self, data)` that a subclass defines."""

    train_function: Any

    fit = _unharmed(keras.Model.fit)
    evaluate = _unharmed(keras.Model.evaluate)
    predict = _unharmed(keras.Model.predict)

    def _purge_model_variables(self: Any, **kinds: bool) -> None:
        lists = {
            "trainable_variables": self.trainable_variables,
            "non_trainable_variables": self.non_trainable_variables,
            "metrics_variables": self.metrics_variables,
        }
        if kinds.get("optimizer_variables"):
            lists["optimizer_variables"] = self.optimizer.variables
        taken = [v for name, group in lists.items() if kinds.get(name) for v in group]
        self.__dict__["_taken_away"] = [(variable, variable.value) for variable in taken]
        super()._purge_model_variables(**kinds)  # type: ignore[misc]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("train_step", "test_step"):
            step = getattr(cls, name, None)  # the class's own, or one of a mixin
            if step is not None and not hasattr(step, "stateless"):
                setattr(cls, name, _stateless(step))

    def __setattr__(self, name: str, value: Any) -> None:
        # `fit` sets the state of the trainer at each step; Keras would look for layers in it.
        if name == "_jax_state":
            object.__setattr__(self, name, value)
            if value:  # it has newer values, and the older ones take no more memory
                self.__dict__.pop("_taken_away", None)
        else:
            super().__setattr__(name, value)

    def make_train_function(self, force: bool = False) -> None:
        """Prepare `fit`: as Keras does, but for memory in blocks on a CPU."""
        keep_freed_memory()
        if not self._can_be_in_blocks():
            super().make_train_function(force=force)  # type: ignore[misc]
        elif self.train_function is None or force:
            step = jax.jit(self.train_step, donate_argnums=0, compiler_options=_IN_BLOCKS)  # type: ignore[attr-defined]
            self.train_function = self._make_function(step)  # type: ignore[attr-defined]

    def _can_be_in_blocks(self: Any) -> bool:
        return (
            not PLAIN
            and self.jit_compile
            and not self.run_eagerly
            and on_cpu()
            and keras.distribution.distribution() is None
            and not getattr(keras.config, "is_nnx_enabled", bool)()
            and hasattr(self, "_make_function")
        )

    def sync_variables(self) -> None:
        """Give the variables their values after the last step, while `fit` is running."""
        self.jax_state_sync()  # type: ignore[attr-defined]
