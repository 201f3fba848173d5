"""Training loops as one would write them by hand in TensorFlow, JAX and PyTorch, without Keras.

The networks, sizes and algorithms are those of the zoo's entries; each module is complete in
itself, in the habits of its framework (channels first on PyTorch, a pure step on JAX). They are
what `fit` is measured against, and nothing else: see `tests/benchmarks/step.py`.

Each module offers `loop(config, weights, rate)`: the entry's configuration with its `family`, and
NumPy arrays to begin with as Keras keeps them (kernels (in, out) and (h, w, in, out); transposed
ones (h, w, out, in)). It returns an object with

- `run(batches)`: one training step per batch, an iterable of float32 arrays; returns both losses
  of the last step as floats, so that nothing is left unfinished;
- `generate(latents)`: the generator as in inference, NumPy in and out.

Those of pictures into pictures are in `translators/`.
"""

from __future__ import annotations

import importlib
from typing import Any

from tests.benchmarks.handwritten import translators

# What `GAN.compile` and the recipe of the electrons say, as plain numbers.
ADAM = {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999, "epsilon": 1e-7}
EVENT_ADAM = {"learning_rate": 1e-3, "beta_1": 0.0, "beta_2": 0.9, "epsilon": 1e-7}
CRITIC_STEPS, PENALTY, PENALTY_EVERY = 2, 0.1, 4
BATCH_NORM = {"momentum": 0.99, "epsilon": 1e-3}


def loop(backend: str, gan: Any) -> Any:
    """Return the hand-written loop of a framework for the networks and weights of a GAN."""
    if type(gan).__name__ in translators.FAMILIES:
        return translators.loop(backend, gan)
    module = importlib.import_module(f"tests.benchmarks.handwritten.with_{backend}")
    family = type(gan).__name__
    weights = [network.get_weights() for network in (gan.generator, gan.discriminator)]
    return module.loop(family, gan.get_config(), *weights)
