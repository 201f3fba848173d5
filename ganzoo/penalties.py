"""Gradient penalties on a discriminator; written once for all backends.

A penalty is called inside the discriminator's loss, as `penalty(judge, real, fake, seed, images)`,
and returns a scalar that is added to it; so are several. Its constructor arguments are its
configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from ganzoo._backend import input_gradient, own_rows, uniform
from ganzoo.checks import check_count
from ganzoo.losses import mean
from ganzoo.schedules import plain, read, value_at

Tensor = Any
Judge = Callable[[Tensor, slice], Tensor]


class Penalty:
    """Base of the penalties.

    Args:
        weight: Factor of the penalty in the discriminator's loss, >= 0: a number, a
            `ganzoo.schedules.Schedule` or plain data of one.
        every: Every how many examples of a batch one is penalised, >= 1. The mean stays unbiased
            and costs that much less time.
    """

    def __init__(self, weight: Any, every: int = 1) -> None:
        self.weight = read("A penalty's weight", weight, least=0.0)
        self.every = check_count("every", every)

    def __call__(
        self,
        judge: Judge,
        real: Tensor,
        fake: Tensor,
        seed: Any,
        images: Any = None,
        real_weights: Tensor = None,
        fake_weights: Tensor = None,
    ) -> Tensor:
        """Return the weighted penalty, a scalar float32.

        Args:
            judge: Maps data (n, ...), and which rows of the batch they are, to logits (n, 1): the
                discriminator while it trains.
            real: Real data, shape (B, ...).
            fake: Generated data of the same shape; they get no gradient.
            seed: A `keras.random.SeedGenerator` for whatever the penalty draws.
            images: Images seen so far, for a scheduled weight; None where it is a number.
            real_weights, fake_weights: Of the examples, (B,), of mean 1; None for equal ones.

        Raises:
            InvalidArgumentError: The weight is scheduled and `images` is None.
        """
        rows = slice(None, None, self.every)
        points = self.points(real[rows], ops.stop_gradient(fake)[rows], seed)
        gradient = input_gradient(lambda x: judge(x, rows), points)
        axes = tuple(range(1, len(gradient.shape)))
        squared_norm = ops.sum(ops.square(ops.cast(gradient, "float32")), axis=axes)  # (n,)
        weights = self.of_points(real_weights, fake_weights)
        weights = None if weights is None else weights[rows]
        return value_at(self.weight, images) * mean(self.measure(squared_norm), weights)

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return where the gradient is taken, (n, ...): at the real data unless overridden."""
        del fake, seed
        return real

    def of_points(self, real_weights: Tensor, fake_weights: Tensor) -> Tensor:
        """Return the weights of the points: of the real examples unless overridden."""
        del fake_weights
        return real_weights

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return the penalty of each example from its squared gradient norm, shape (n,)."""
        return squared_norm

    def get_config(self) -> dict[str, Any]:
        """Return the constructor arguments."""
        return {"weight": plain(self.weight), "every": self.every}

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

    def __init__(self, weight: Any = 1.0, every: int = 1) -> None:
        super().__init__(weight, every)

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return half the squared norm."""
        return 0.5 * squared_norm


@keras.saving.register_keras_serializable("ganzoo")
class R2(R1):
    """weight / 2 * E[|grad D(x)|^2] on generated data.

    Mescheder et al. 2018 (arXiv:1801.04406), eq. 10; R3GAN (Huang et al. 2025, arXiv:2501.05441)
    takes it together with R1.
    """

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return the generated data."""
        del seed
        return ops.cast(fake, real.dtype)

    def of_points(self, real_weights: Tensor, fake_weights: Tensor) -> Tensor:
        """Return those of the generated examples."""
        del real_weights
        return fake_weights


@keras.saving.register_keras_serializable("ganzoo")
class GradientPenalty(Penalty):
    """weight * E[(|grad D(x)| - 1)^2] between real and generated data (WGAN-GP).

    Gulrajani et al. 2017 (arXiv:1704.00028), eq. 3; x = t * real + (1 - t) * fake with one t,
    uniform in [0, 1), per example.
    """

    def __init__(self, weight: Any = 10.0, every: int = 1) -> None:
        super().__init__(weight, every)

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return random points on the lines between real and generated examples."""
        return between(real, fake, seed)

    def measure(self, squared_norm: Tensor) -> Tensor:
        """Return the squared distance of the gradient's norm from 1."""
        return ops.square(ops.sqrt(squared_norm + 1e-12) - 1.0)


@keras.saving.register_keras_serializable("ganzoo")
class ZeroCentredPenalty(Penalty):
    """weight * E[|grad D(x)|^2] between real and generated data.

    Thanh-Tung et al. 2019, Improving Generalization and Stability of GANs (arXiv:1902.03984): as
    the norm's target is 0 instead of WGAN-GP's 1, the discriminator may be flat where both kinds of
    data are equally likely. The points are those of `GradientPenalty`.
    """

    def __init__(self, weight: Any = 10.0, every: int = 1) -> None:
        super().__init__(weight, every)

    def points(self, real: Tensor, fake: Tensor, seed: Any) -> Tensor:
        """Return random points on the lines between real and generated examples."""
        return between(real, fake, seed)


def between(real: Tensor, fake: Tensor, seed: Any) -> Tensor:
    """Return t * real + (1 - t) * fake with one t, uniform in [0, 1), per example.

    Args:
        real: Shape (n, ...).
        fake: The same shape.
        seed: A `keras.random.SeedGenerator`.
    """
    shape = (ops.shape(real)[0], *(1 for _ in real.shape[1:]))
    share = own_rows(lambda rows: uniform(rows, seed, real.dtype), shape)
    # In mixed precision, images come from the generator in float32.
    return share * real + (1 - share) * ops.cast(fake, real.dtype)
