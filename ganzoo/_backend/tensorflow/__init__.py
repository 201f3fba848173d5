"""The seam on TensorFlow: gradient tapes; variables are mutable, so the step needs no adapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from ganzoo._backend.broadcasts import mend, summed_in_float32
from ganzoo._backend.common import (
    LossFn,
    Tensor,
    Update,
    first_losses,
    is_plain_adam,
    moments,
)
from ganzoo._backend.common import apply as apply
from ganzoo._backend.common import apply_each as apply_each
from ganzoo._backend.common import join_processes as join_processes
from ganzoo._backend.common import largest as largest
from ganzoo._backend.common import leave_processes as leave_processes
from ganzoo._backend.common import normal as normal
from ganzoo._backend.common import nothing_changes as state_may_change  # noqa: F401
from ganzoo._backend.common import uniform as uniform
from ganzoo._backend.common import values_given_back as values_given_back
from ganzoo._backend.common import without_gradient as without_gradient
from ganzoo._backend.refusals import refuse_constant
from ganzoo._backend.tensorflow.feed import Untuned, fed_directly
from ganzoo._backend.tensorflow.look import looking
from ganzoo.environment import PLAIN

# A graph has an edge from each read of a variable to its update. TensorFlow's dependency optimizer
# drops it where another path leads through the IdentityN that Keras' optimizers put there, and then
# splits that IdentityN: the update may come before the read, and a linear loss or the gradient of
# another layer is computed with the new weights. Whether it is, the threads decide.
tf.config.optimizer.set_experimental_options({"dependency_optimization": False})


def _plainly(name: str) -> Callable[[Tensor, Tensor], Tensor]:
    """The gradient of a plain addition is a sum in float32, that of Keras' BiasAdd is not."""
    operation = getattr(tf, name)
    return lambda x1, x2: operation(tf.cast(x1, tf.bfloat16), tf.cast(x2, tf.bfloat16))


mend(["add"], ["bfloat16"], _plainly)

Mean = keras.metrics.Mean  # compiled with the step
CONVOLUTIONS_IN_PHASES = False
ONE_FILTER_AS_TWO = False
FOURIER_BELOW = 0.5  # of the products: see `fourier.pays`
DRAWS_WHILE_TRAINING = True


def minimize_jointly(loss_fn: LossFn, updates: Sequence[Update]) -> tuple[Any, ...]:
    """Take one step per loss, all from one forward pass (see README.md).

    Args:
        loss_fn: Called once without arguments; returns one scalar loss per update, in their
            order, then any tensors to hand through.
        updates: The variables and the optimizer of each loss.

    Returns:
        What `loss_fn` returned. No update is made before every gradient is known.
    """
    with tf.GradientTape(persistent=len(updates) > 1) as tape, summed_in_float32():
        results = first_losses(loss_fn(), updates)
        losses = results[: len(updates)]
        if (replicas := replica()[1]) > 1:  # Keras' optimizers add the replicas' gradients up
            losses = tuple(loss / replicas for loss in losses)
        scaled = [u.optimizer.scale_loss(loss) for u, loss in zip(updates, losses, strict=True)]
    gradients = [
        tape.gradient(loss, [variable.value for variable in update.variables])
        for update, loss in zip(updates, scaled, strict=True)
    ]
    del tape
    for update, gradient in zip(updates, gradients, strict=True):
        if update.variables:  # a frozen network has none
            if all(part is None for part in gradient):
                refuse_constant(update)
            _apply(update.optimizer, gradient, update.variables)
    return results


def _apply(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> None:
    """Update variables and moments; a plain Adam by TensorFlow's own kernel, in one pass."""
    as_keras = PLAIN or tf.distribute.has_strategy()
    if as_keras or not is_plain_adam(optimizer, gradients, variables):
        optimizer.apply(gradients, variables)
        return
    step = tf.cast(optimizer.iterations.value + 1, tf.float32)
    powers = {"beta1_power": optimizer.beta_1**step, "beta2_power": optimizer.beta_2**step}
    numbers = {"beta1": optimizer.beta_1, "beta2": optimizer.beta_2, "epsilon": optimizer.epsilon}
    rate = tf.cast(optimizer.learning_rate, tf.float32)
    parts = zip(variables, moments(optimizer, variables), gradients, strict=True)
    for variable, (first, second), gradient in parts:
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=first.value.handle,
            v=second.value.handle,
            lr=rate,
            grad=tf.cast(gradient, tf.float32),
            **powers,
            **numbers,
        )
    optimizer.iterations.assign_add(1)


def input_gradient(fn: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return d sum(fn(x)) / dx, of the shape of `x`, differentiable once more."""
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = fn(x)
    return tape.gradient(y, x)


def replica() -> tuple[Any, int]:
    """Return which replica of a `tf.distribute` strategy this is, from 0, and how many there are.

    The index may be a tensor. Outside of `strategy.run` there is one.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return 0, 1
    return context.replica_id_in_sync_group, context.num_replicas_in_sync


def on_cpu() -> bool:
    """Whether the backend computes on a CPU, as far as is known before it does."""
    return not tf.config.list_physical_devices("GPU")


def process() -> tuple[int, int]:
    """Return which of several processes this is, and how many there are: always one."""
    return 0, 1


def mean_over_replicas(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return the mean over the replicas of each tensor, element by element; differentiable."""
    if replica()[1] == 1:
        return list(tensors)
    context = tf.distribute.get_replica_context()
    return list(context.all_reduce(tf.distribute.ReduceOp.MEAN, list(tensors)))


def batch_multiple() -> int:
    """Return what the number of examples in a batch must be a multiple of: of 1."""
    return 1


class BackendModel:
    """TensorFlow's trainer calls `train_step(self, data)` itself; its feeding is adapted."""

    feeds_arrays = False
    train_function: Any
    test_function: Any

    fit = fed_directly(keras.Model.fit)
    evaluate = fed_directly(keras.Model.evaluate)
    predict = fed_directly(keras.Model.predict)

    def make_train_function(self, force: bool = False) -> None:
        """Prepare `fit`; its first batch is looked at, see `look.py`."""
        super().make_train_function(force=force)  # type: ignore[misc]
        if not hasattr(self.train_function, "looks"):
            self.train_function = looking(self.train_function, self, "train")

    def make_test_function(self, force: bool = False) -> None:
        """Prepare `evaluate`; its first batch is looked at."""
        super().make_test_function(force=force)  # type: ignore[misc]
        if not hasattr(self.test_function, "looks"):
            self.test_function = looking(self.test_function, self, "test")

    @property
    def distribute_strategy(self) -> Any:
        """The strategy that Keras' trainer runs and feeds the step by."""
        strategy = super().distribute_strategy  # type: ignore[misc]
        alone = strategy.num_replicas_in_sync == 1
        return Untuned(strategy) if self.feeds_arrays and alone else strategy

    def sync_variables(self) -> None:
        """Do nothing: the variables have their values after every step."""
