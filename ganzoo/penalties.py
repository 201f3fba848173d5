"""Gradient penalties on a discriminator; written once for all backends.

A penalty is called inside the discriminator's loss, as `penalty(discriminator, real, fake, seed)`,
and returns a scalar that is added to it. Its constructor arguments are its configuration.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from ganzoo._backend import input_gradient, own_rows, uniform
from ganzoo.checks import check_count

Tensor = Any


class Penalty:
    """Base of the penalties.

    Args:
        weight: Factor of the penalty in the discriminator's loss, >= 0.
        every: Every how many examples of a batch one is penalised, >= 1; `GAN` hands over these
            alone. The mean stays unbiased and costs that much less time.
    """

    def __init__(self, weight: float, every: int = 1) -> None:
        self.weight = float(weight)
        self.every = check_count("every", every)

    def __call__(self, discriminator: Any, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return the weighted penalty, a scalar float32.

        Args:
            discriminator: Maps data of shape (B, ...) to logits of shape (B, 1).
            real: Real data, shape (B, ...).
            fake: Generated data of the same shape.
            seed: A `keras.random.SeedGenerator` for whatever the penalty draws.
        """
        points = self.points(real, fake, seed)
        gradient = input_gradient(lambda x: discriminator(x, training=True), points)
        axes = tuple(range(1, len(gradient.shape)))
        squared_norm = ops.sum(ops.square(ops.cast(gradient, "float32")), axis=axes)  # (B,)
        return self.weight * ops.mean(self.measure(squared_norm))

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return where the gradient is taken: the real data, unless a subclass says otherwise."""
        del fake, seed
        return real

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return the penalty of each example from its squared gradient norm, shape (B,)."""
        return squared_norm

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {"weight": self.weight, "every": self.every}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Penalty:
        """Build the penalty of `get_config()`."""
        return cls(**config)


@keras.saving.register_keras_serializable("ganzoo")
class R1(Penalty):
    """weight / 2 * E[|grad D(x)|^2] on real data.

    Mescheder et al. 2018 (arXiv:1801.04406), eq. 9; their gamma is our `weight`. It keeps the
    discriminator smooth where the data are, so that training converges instead of circling.
    """

    def __init__(self, weight: float = 1.0, every: int = 1) -> None:
        super().__init__(weight, every)

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return half the squared norm."""
        return 0.5 * squared_norm


@keras.saving.register_keras_serializable("ganzoo")
class GradientPenalty(Penalty):
    """weight * E[(|grad D(x)| - 1)^2] between real and generated data (WGAN-GP).

    Gulrajani et al. 2017 (arXiv:1704.00028), eq. 3; x = t * real + (1 - t) * fake with one t,
    uniform in [0, 1), per example.
    """

    def __init__(self, weight: float = 10.0, every: int = 1) -> None:
        super().__init__(weight, every)

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return random points on the lines between real and generated examples."""
        shape = (ops.shape(real)[0], *(1 for _ in real.shape[1:]))
        share = own_rows(lambda rows: uniform(rows, seed, real.dtype), shape)
        # In mixed precision, images come from the generator in float32.
        return share * real + (1 - share) * ops.cast(fake, real.dtype)

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return the squared distance of the gradient's norm from 1."""
        return ops.square(ops.sqrt(squared_norm + 1e-12) - 1.0)
