"""A toy GAN of the test's own: a Wasserstein GAN with gradient penalty on vectors.

It proves that a GAN with second-order gradients and five critic steps per generator step is one
class without a backend's name in it.
"""

from __future__ import annotations

from typing import Any

import keras

from ganzoo.zoo.forms import Entry, Family

TOY_FAMILY = Family(
    class_path="tests.backend.toy_model:ToyWGANGP",
    paper="a toy for the tests",
    tiny={"latent_dim": 3, "width": 8},
)
TOY_ENTRY = Entry(
    family="ToyWGANGP",
    summary="A toy",
    config={"latent_dim": 3, "width": 8},
    data="random numbers",
    credit="nobody",
    licence="CC0-1.0",
    parameters={"generator": 82, "discriminator": 33},
)


def mlp(inputs: int, width: int, outputs: int, name: str) -> Any:
    """Return a perceptron with one hidden layer."""
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            keras.layers.Dense(width, activation="leaky_relu"),
            keras.layers.BatchNormalization() if name == "generator" else keras.layers.Identity(),
            keras.layers.Dense(outputs),
        ],
        name=name,
    )
