"""A kind that is new, with its verb, and a family of it: two networks that guess each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo import AdversarialModel, Objective, Player
from ganzoo.game.run import run


class Guesser(AdversarialModel):
    """The kind: `guess(numbers)`. A teller names a number; a guesser follows, the teller flees."""

    players = {  # noqa: RUF012
        "teller": Player(("told",), "told_loss"),
        "guesser": Player(("guessed",), "guess_loss"),
    }
    averaged = ("guessed",)

    def batch(self, data: Any) -> dict[str, Any]:
        return {"x": self.tensor(keras.utils.unpack_x_y_sample_weight(data)[0])}

    def guess(self, numbers: np.ndarray) -> np.ndarray:
        return run(self.inference_network("guessed"), numbers)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.apply(self.inference_network("guessed"), x, training=training)

    def probe_inputs(self, n: int = 8, seed: int = 0) -> dict[str, np.ndarray]:
        random = np.random.default_rng(seed)
        return {"numbers": random.normal(size=(n, 2)).astype(np.float32)}

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"guessed": self.guess(inputs["numbers"])}


@keras.saving.register_keras_serializable("tests")
class ToyGuesser(Guesser):
    """The family: what the two minimise."""

    def __init__(self, width: int = 8, **kwargs: Any) -> None:
        super().__init__({"told": mlp(width), "guessed": mlp(width)}, **kwargs)
        self._architecture = {"width": width}

    def teller_objective(self, batch: Mapping[str, Any]) -> Objective:
        told = ops.tanh(self.apply(self.told, batch["x"]))
        guessed = ops.stop_gradient(self.apply(self.guessed, batch["x"]))
        return Objective(-ops.mean(ops.square(told - guessed)), {}, {"told": told})

    def guesser_objective(self, batch: Mapping[str, Any]) -> Objective:
        guessed = self.apply(self.guessed, batch["x"])
        return Objective(ops.mean(ops.square(ops.stop_gradient(batch["told"]) - guessed)))


def mlp(width: int) -> keras.Model:
    """Return a perceptron with one hidden layer."""
    hidden = layers.Dense(width, activation="leaky_relu")
    return keras.Sequential([keras.Input((2,)), hidden, layers.Dense(1)])
