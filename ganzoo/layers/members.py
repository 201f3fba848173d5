"""Layers of several small networks that are computed at once, each with weights of its own.

Tensors are (B, members, ...): every member sees every row, and no member's weights touch another's.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo.checks import check_count

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class DenseOfMembers(layers.Layer):
    """A dense layer for each member: (B, members, inputs) to (B, members, units).

    The weights begin as those of Keras' `Dense`: uniform by Glorot and Bengio 2010, biases zero.

    Args:
        units: Outputs of each member.
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = check_count("units", units, most=65_536)

    def build(self, shape: tuple[Any, ...]) -> None:
        """Make a kernel (members, inputs, units) and a bias (members, units)."""
        members, inputs = shape[1:]
        limit = math.sqrt(6.0 / (inputs + self.units))
        self.kernel = self.add_weight(
            name="kernel",
            shape=(members, inputs, self.units),
            initializer=keras.initializers.RandomUniform(-limit, limit),
        )
        self.bias = self.add_weight(name="bias", shape=(members, self.units), initializer="zeros")

    def call(self, x: Tensor) -> Tensor:
        """Map (B, members, inputs) to (B, members, units)."""
        return ops.einsum("bmi,mio->bmo", x, self.kernel) + self.bias

    def compute_output_shape(self, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return (B, members, units)."""
        return (*shape[:2], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("ganzoo")
class ChosenMember(layers.Layer):
    """The outputs of one member for each row, which a standard normal number chooses.

    Its range is cut where the normal distribution has its quantiles, so that every member is
    chosen as often as any other. Numbers are compared with constants, and so choose alike on all
    backends.

    Args:
        members: How many.
    """

    is_pure = True  # no variables, no state: see `_backend/torch/networks.py`

    def __init__(self, members: int, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})
        self.members = check_count("members", members, most=1024)
        shares = [index / members for index in range(1, members)]
        cuts = [-np.inf, *map(NormalDist().inv_cdf, shares), np.inf]
        self._cuts = np.asarray(cuts, np.float32)

    def call(self, outputs: Tensor, number: Tensor) -> Tensor:
        """Map (B, members, n) and numbers (B, 1) to (B, n)."""
        low, high = (ops.convert_to_tensor(cuts) for cuts in (self._cuts[:-1], self._cuts[1:]))
        reached, left = (ops.cast(number >= cuts, "float32") for cuts in (low, high))
        return ops.sum(outputs * (reached - left)[..., None], axis=1)  # of (B, members, n)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {**super().get_config(), "members": self.members}


def number_of(member: int, members: int) -> float:
    """Return the standard normal number that chooses a member, in the middle of its range."""
    return NormalDist().inv_cdf((member + 0.5) / members)
