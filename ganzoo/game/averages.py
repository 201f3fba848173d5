"""Exponential moving averages of networks: Karras et al. 2017, arXiv:1710.10196.

An average holds all weights of a network, batch-norm statistics too. Its momentum grows as
(1 + t) / (10 + t) from the first step t since `compile` on, so that the start is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo.checks import check_momentum
from ganzoo.schedules import Schedule, read, value_at


def checked(momentum: Any) -> Any:
    """Return a momentum in (0, 1), a `Schedule` of it, or None for no average."""
    if isinstance(momentum, Schedule | Mapping):
        return read("ema_momentum", momentum, least=0.0, most=1.0)
    check_momentum(momentum)
    return momentum


def average_of(network: keras.Model) -> keras.Model:
    """Return a copy of a network, equal in all weights, that no optimizer moves."""
    average = keras.models.clone_model(network)
    average.trainable = False
    average.set_weights(network.get_weights())
    return average


def update(average: Any, network: Any, momentum: Any, iterations: Any, images: Any = None) -> None:
    """Move an average towards its network by one step.

    Args:
        average: What `average_of` returned for `network`.
        network: The network, after the step.
        momentum: In (0, 1), or a `Schedule` of it.
        iterations: Updates of the network so far.
        images: Images seen so far, for a schedule.
    """
    step = ops.cast(iterations, network.variable_dtype)
    momentum = ops.minimum(value_at(momentum, images), (1.0 + step) / (10.0 + step))
    for kept, weight in zip(average.weights, network.weights, strict=True):
        kept.assign(weight.value + momentum * (kept.value - weight.value))
