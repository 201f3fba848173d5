"""Loops by hand for models that turn pictures into pictures: `Pix2Pix` and `CycleGAN`.

As in the package above, with more networks and two pictures in a batch. Each module offers
`loop(family, config, weights)`, where `weights` has for each network its trainable arrays and its
running statistics, as Keras keeps and orders them. It returns an object with

- `run(batches)`: one training step per batch, {"source", "target"} or {"a", "b"} of float32 arrays
  (B, h, w, c); returns the losses of the discriminators and of the generators of the last step;
- `translate(name, images)`: what a generator makes in inference, NumPy in and out.
"""

from __future__ import annotations

import importlib
from typing import Any

FAMILIES = ("Pix2Pix", "CycleGAN")
INSTANCE_NORM = {"epsilon": 1e-5}
SLOPE = 0.2  # of every LeakyReLU
POOL = 0.5  # how often a picture is exchanged for an earlier one


def loop(backend: str, model: Any) -> Any:
    """Return the hand-written loop of a framework for the networks and weights of a translator."""
    module = importlib.import_module(f"{__name__}.with_{backend}")
    weights = {}
    for name, network in model.networks.items():
        arrays = zip(network.get_weights(), network.weights, strict=True)
        parts: tuple[list[Any], list[Any]] = ([], [])
        for array, variable in arrays:
            parts[not variable.trainable].append(array)
        weights[name] = parts
    return module.loop(type(model).__name__, model.get_config(), weights)
