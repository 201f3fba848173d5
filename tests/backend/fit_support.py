"""Games whose losses and gradients are known in closed form, for the tests of `fit`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo import GAN

BACKEND = keras.backend.backend()
X = np.random.default_rng(0).uniform(-1, 1, (8, 3)).astype("float32")
START = np.array([[0.6], [-1.2], [0.4]], "float32")
MEAN = X.mean(axis=0)[:, None]
MOVED = START - 0.1 * MEAN  # by a step of `Slope`


class Still(GAN):
    """Losses of 0, so that all that is minimised is what the networks add."""

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return 0.0 * (ops.mean(real_logits) + ops.mean(fake_logits))

    def generator_loss(self, fake_logits: Any) -> Any:
        return 0.0 * ops.mean(fake_logits)


class Slope(GAN):
    """The discriminator's gradient is the mean of the examples."""

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return ops.mean(real_logits) + 0.0 * ops.mean(fake_logits)


class Adds(layers.Layer):
    """Adds a number to the loss in each pass, and changes nothing."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def call(self, x: Any) -> Any:
        self.add_loss(self.number * ops.mean(ops.ones_like(x)))
        return x


def networks(judge: list[Any], draw: list[Any] | None = None) -> tuple[Any, Any]:
    """A generator that always draws zeros, and a linear discriminator with known weights."""
    flat = layers.Dense(3, kernel_initializer="zeros", name="flat")
    generator = keras.Sequential([keras.Input((2,)), flat, *(draw or [])])
    discriminator = keras.Sequential([keras.Input((3,)), *judge])
    return generator, discriminator


def linear(**options: Any) -> Any:
    start = keras.initializers.Constant(START)
    return layers.Dense(1, use_bias=False, kernel_initializer=start, **options)


def trained(gan: Any, optimizer: Any = None, **fit: Any) -> dict[str, list[float]]:
    """Compile where an optimizer is given, take one batch; return the history."""
    if optimizer is not None:
        gan.compile(optimizer, keras.optimizers.SGD(0.1))
    options = {"batch_size": len(X), "shuffle": False, "verbose": 0, **fit}
    return gan.fit(options.pop("x", X), **options).history


def kernel(gan: Any) -> np.ndarray:
    return gan.discriminator.layers[-1].get_weights()[0]


def sgd(rate: float = 0.1, **options: Any) -> Any:
    return keras.optimizers.SGD(rate, **options)
