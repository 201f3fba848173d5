"""Tiny models, their data, and how variables are compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from ganzoo import tasks, zoo
from ganzoo.game.wasserstein import WassersteinGAN
from ganzoo.zoo import registry

BATCH = 8
# On backends that compile the usual run has a family of each kind of step, so that its minutes do
# not grow with the zoo. PyTorch compiles nothing and has them all.
EVERYWHERE = ("ConditionalDCGAN", "FATGAN", "Pix2Pix")  # labels, events, pairs
COMPILED = {
    "jax": ("ClusteringAAE", "CycleGAN", "SGAN", "ToyGuesser"),
    "tensorflow": ("ACGAN", "DualGAN", "StyleGAN2", "WGAN"),
}
# Marks of a parameter that is long where programs are compiled.
LONG = () if keras.backend.backend() == "torch" else (pytest.mark.slow,)
_NORMALISING = (layers.BatchNormalization, layers.GroupNormalization)


def where_nothing_is_compiled(test: Any) -> Any:
    """Mark a test that is the same on each backend, and long where programs are compiled."""
    return pytest.mark.slow(test) if LONG else test


def spread(families: Sequence[str]) -> list[Any]:
    """Return parameters, slow on this backend where the usual run has another of their kind."""
    own = keras.backend.backend()
    usual = {*EVERYWHERE, *COMPILED[own]} if own in COMPILED else {*families}
    return [
        pytest.param(name, marks=() if name in usual else pytest.mark.slow)
        for name in sorted(families)
    ]


def by_turns(names: Sequence[str]) -> list[Any]:
    """Return parameters, every second one slow on JAX and the others on TensorFlow."""
    own = list(COMPILED).index(keras.backend.backend()) if LONG else None
    return [
        pytest.param(name, marks=pytest.mark.slow if own not in (None, number % 2) else ())
        for number, name in enumerate(names)
    ]


def build(family: str, **options: Any) -> Any:
    """Return the tiny model of a family; with two steps of a player that has more."""
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny, **options)
    wake(model)
    if max(model.steps.values()) > 2:
        steps = {player: min(2, count) for player, count in model.steps.items()}
        model.compile(steps=steps, penalty=model.penalties)
    return model


def wake(model: Any) -> None:
    """Give kernels and factors that begin at zero a value, as they stop the first gradients.

    Residual blocks and attention that begin as the identity have some; biases at zero stop nothing.
    """
    for network in model.networks.values():
        for variable in network.trainable_variables:
            if len(variable.shape) != 1 and not np.any(values([variable])[0]):
                random = np.random.Generator(np.random.PCG64(len(variable.shape)))
                drawn = 0.1 + 0.1 * random.standard_normal(variable.shape)
                variable.assign(np.asarray(drawn, "float32"))


def data_for(model: Any, n: int = BATCH, seed: int = 3) -> tuple[Any, ...]:
    """Return the arguments of `fit`: random data of the model's kind."""
    return tasks.get(zoo.FAMILIES[type(model).__name__].task).tiny_data(model, n, seed)


def fit(model: Any, data: tuple[Any, ...], **options: Any) -> Any:
    """Train in batches of 8."""
    known = {} if isinstance(data[0], keras.utils.PyDataset) else {"batch_size": BATCH}
    return model.fit(*data, verbose=0, **known, **options)


def values(variables: Any) -> list[np.ndarray]:
    """Return copies of the variables' values."""
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def moved(before: list[np.ndarray], variables: Any) -> list[bool]:
    """Return for each variable whether its value has changed."""
    return [bool((old != new).any()) for old, new in zip(before, values(variables), strict=True)]


def largest_difference(a: Any, b: Any) -> float:
    """Return the largest absolute difference between two lists of variables."""
    pairs = zip(values(a), values(b), strict=True)
    # np.max, unlike max, does not lose a NaN.
    return float(np.max([np.abs(x.astype(float) - y.astype(float)).max() for x, y in pairs]))


def copy_variables(source: Any, target: Any) -> None:
    """Copy by value: on JAX two models must not share an array, since a step donates it."""
    for variable, value in zip(target.variables, values(source.variables), strict=True):
        variable.assign(value)


def without_effect(model: Any) -> set[int]:
    """Return the ids of the trainable variables whose gradient is 0, or rounding alone.

    Two kinds: a bias that a normalisation takes away again, and the last bias of a Wasserstein
    critic, which cancels out in the difference of two means.
    """
    found = set()
    for network in model.networks.values():
        for layer in network._flatten_layers():
            is_last = isinstance(model, WassersteinGAN) and layer is _last(model.discriminator)
            if getattr(layer, "bias", None) is not None and (is_last or _is_normalised(layer)):
                found.add(id(layer.bias))
    return found


def _last(network: Any) -> Any:
    layer = network.layers[-1]
    return _last(layer) if isinstance(layer, keras.Model) else layer


def _is_normalised(layer: Any) -> bool:
    """Whether the output of a layer goes into a normalisation and nowhere else."""
    nodes = list(layer._outbound_nodes)
    return bool(nodes) and all(isinstance(node.operation, _NORMALISING) for node in nodes)


def set_numbered(model: Any) -> None:
    """Give all weights values that are the same on every backend: seeded, of the usual size."""
    for index, variable in enumerate(w for n in model.networks.values() for w in n.weights):
        random = np.random.Generator(np.random.PCG64([7, index]))
        size = int(np.prod(variable.shape[:-1])) or 1
        drawn = random.standard_normal(variable.shape) / np.sqrt(size)
        is_variance = variable.name == "moving_variance"
        variable.assign((np.abs(drawn) + 1.0 if is_variance else drawn).astype("float32"))
