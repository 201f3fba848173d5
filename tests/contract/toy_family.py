"""A family of a known kind: a Wasserstein GAN of two perceptrons, on vectors of 2."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from ganzoo import WassersteinGAN


@keras.saving.register_keras_serializable("tests")
class ToyWGANGP(WassersteinGAN):
    """Five critic steps with a gradient penalty per generator step: as any Wasserstein GAN here."""

    data_range = None

    def __init__(self, latent_dim: int = 3, width: int = 8, **kwargs: Any) -> None:
        super().__init__(mlp(latent_dim, width, 2), mlp(2, width, 1), **kwargs)
        self._architecture = {"latent_dim": latent_dim, "width": width}


def mlp(inputs: int, width: int, outputs: int) -> keras.Model:
    """Return a perceptron with one hidden layer."""
    hidden = layers.Dense(width, activation="leaky_relu")
    return keras.Sequential([keras.Input((inputs,)), hidden, layers.Dense(outputs)])
