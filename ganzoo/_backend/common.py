"""What the backends share: the types of the seam, and `minimize` out of `minimize_jointly`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import keras

from ganzoo.errors import InvalidArgumentError

Tensor = Any  # the backend's own tensor: tf.Tensor, jax.Array or torch.Tensor
LossFn = Callable[[], Any]
MinimizeJointly = Callable[[LossFn, Sequence["Update"]], tuple[Any, ...]]


class Update(NamedTuple):
    """Which variables follow which loss: one per loss that is minimised."""

    variables: Sequence[Any]
    optimizer: Any


def minimize_with(minimize_jointly: MinimizeJointly) -> Callable[..., Any]:
    """Return the one-loss `minimize` of a backend's `minimize_jointly`."""

    def minimize(loss_fn: LossFn, variables: Sequence[Any], optimizer: Any) -> Any:
        """Take one optimizer step down the gradient of a loss.

        Args:
            loss_fn: Called without arguments, once. Returns a scalar loss, or a tuple of which the
                first item is the loss and the rest are tensors to hand through.
            variables: Trainable `keras.Variable`s to differentiate and to update; the optimizer
                was built on exactly these.
            optimizer: A built `keras.optimizers.Optimizer`. Its loss scaling, if any, is applied.

        Returns:
            What `loss_fn` returned, with values from before the update.
        """

        def as_tuple() -> tuple[Any, ...]:
            result = loss_fn()
            return result if isinstance(result, tuple) else (result,)

        results = minimize_jointly(as_tuple, [Update(variables, optimizer)])
        return results[0] if len(results) == 1 else results

    return minimize


def join_processes() -> None:
    """Refuse to be one of several processes.

    Raises:
        InvalidArgumentError: torchrun has begun several.
    """
    count = os.environ.get("WORLD_SIZE", "1")
    if count != "1" and "TORCHELASTIC_RUN_ID" in os.environ:
        raise InvalidArgumentError(
            f"torchrun has begun {count} processes, and only PyTorch trains in several: set "
            f"KERAS_BACKEND=torch; it is {keras.backend.backend()}."
        )


def leave_processes() -> None:
    """Do nothing: there is one process."""


def largest(number: int) -> int:
    """Return the number: there is one process."""
    return number


def normal(shape: Sequence[Any], seed: Any, dtype: str) -> Tensor:
    """Draw standard normal numbers of a shape from a `keras.random.SeedGenerator`."""
    return keras.random.normal(shape, seed=seed, dtype=dtype)


def uniform(shape: Sequence[Any], seed: Any, dtype: str) -> Tensor:
    """Draw uniform numbers in [0, 1) of a shape from a `keras.random.SeedGenerator`."""
    return keras.random.uniform(shape, seed=seed, dtype=dtype)


def own_rows_with(replica: Callable[[], tuple[Any, int]]) -> Callable[..., Tensor]:
    """Return `own_rows` of a backend's `replica`."""

    def own_rows(draw: Callable[[tuple[Any, ...]], Tensor], shape: Sequence[Any]) -> Tensor:
        """Draw random numbers for the whole batch and return the rows of this replica.

        So no two replicas use the same numbers, all together use those of one device, and the
        random states stay in step, as each replica draws the same.

        Args:
            draw: From a shape to random numbers of that shape.
            shape: Shape of this replica's rows (B, ...); every replica has as many.
        """
        index, count = replica()
        if count == 1:
            return draw(tuple(shape))
        rows = shape[0]
        return draw((rows * count, *shape[1:]))[index * rows : (index + 1) * rows]

    return own_rows


def first_losses(results: Any, updates: Sequence[Update]) -> tuple[Any, ...]:
    """Check that a loss function returned at least one loss per update; return it as a tuple."""
    results = tuple(results)
    if len(results) < len(updates):
        raise ValueError(
            f"The loss function must return at least {len(updates)} losses, one per update; "
            f"received {len(results)}."
        )
    return results


_noted: ContextVar[list[tuple[Any, Tensor]] | None] = ContextVar("ganzoo_losses", default=None)


@contextmanager
def noting_losses(on: bool = True) -> Iterator[list[tuple[Any, Tensor]]]:
    """Collect what layers add to the loss while `apply` runs them: pairs of layer and loss.

    That is what `add_loss` is called with, and activity regularizers; `on=False` collects nothing.
    """
    found: list[tuple[Any, Tensor]] = []
    token = _noted.set(found if on else None)
    try:
        yield found
    finally:
        _noted.reset(token)


def note_losses(network: Any) -> None:
    """Note what a network, or a layer, and all in it added to the loss since it was called."""
    found = _noted.get()
    if found is not None:
        for layer in network._flatten_layers():
            found += [(layer, loss) for loss in layer._get_own_losses()]


def apply(network: Any, *inputs: Tensor, training: bool = False) -> Tensor:
    """Return `network(inputs, training=training)`; several inputs are given as a list."""
    outputs = network(inputs[0] if len(inputs) == 1 else list(inputs), training=training)
    note_losses(network)
    return outputs


def apply_each(network: Any, batches: Sequence[Tensor], training: bool = False) -> list[Tensor]:
    """Return a network's outputs for each of several batches; no layer may mix examples."""
    return [apply(network, batch, training=training) for batch in batches]


def is_plain_adam(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> bool:
    """Whether an update is Kingma's and Ba's and nothing else, so that one kernel can do it.

    No clipping, weight decay, averaging, accumulation, loss scaling or constraints.
    """
    extras = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor",
              "gradient_accumulation_steps", "use_ema", "amsgrad")  # fmt: skip
    return (
        # Keras has a class of its own per backend; a subclass of the user's may do anything.
        type(optimizer).__name__ == "Adam"
        and type(optimizer).__module__.startswith("keras.")
        and optimizer.built
        and not any(getattr(optimizer, extra, None) for extra in extras)
        and all(gradient is not None for gradient in gradients)
        and all(v.constraint is None and v.dtype == "float32" for v in variables)
        and not any(getattr(v, "overwrite_with_gradient", False) for v in variables)
    )


def moments(optimizer: Any, variables: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return the first and the second moment of each variable, as `keras.Variable`s."""
    indices = [optimizer._get_variable_index(variable) for variable in variables]
    return [(optimizer._momentums[i], optimizer._velocities[i]) for i in indices]


def without_gradient(fn: Callable[[], Any]) -> Any:
    """Return `fn()`, a tensor or a structure of some, as a constant: no gradient flows into it."""
    return keras.tree.map_structure(keras.ops.stop_gradient, fn())


@contextmanager
def nothing_changes(layers: Sequence[Any]) -> Iterator[None]:
    """While a step runs whose layers write to weights in each pass: nothing to be done for it."""
    del layers
    yield


def values_given_back(model: Any) -> Any:
    """Guard a method of Keras' trainer: variables keep their values here whatever ends it."""
    return contextlib.nullcontext()
