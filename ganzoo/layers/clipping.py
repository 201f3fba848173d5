"""Kernels that stay between two bounds, by which Arjovsky et al. 2017 keep a critic Lipschitz.

Wasserstein GAN, arXiv:1701.07875, algorithm 1: the weights are clipped after every step.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo.checks import check_positive

Tensor = Any


@keras.saving.register_keras_serializable("ganzoo")
class Clip(keras.constraints.Constraint):
    """Clip to [-bound, bound] after every update.

    Args:
        bound: > 0.
    """

    def __init__(self, bound: float) -> None:
        self.bound = check_positive("bound", bound)

    def __call__(self, w: Tensor) -> Tensor:
        """Return the clipped weights."""
        return ops.clip(w, -self.bound, self.bound)

    def get_config(self) -> dict[str, float]:
        """Return the constructor argument."""
        return {"bound": self.bound}


def clipped(network: keras.Model, bound: float) -> keras.Model:
    """Return a network whose kernels the optimizer keeps in [-bound, bound]; now, too.

    Biases and the gain of a normalisation stay as they are: they do not steepen what is normalised.
    """
    for layer in network.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            layer.kernel_constraint = kernel.constraint = Clip(bound)
            kernel.assign(kernel.constraint(kernel.value))
    return network
