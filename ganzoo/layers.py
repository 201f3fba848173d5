"""Layers that Keras lacks or that need a habit of ours."""

from __future__ import annotations

import random

from keras import layers


def dropout(rate: float) -> layers.Dropout:
    """Return a dropout layer with a random state of its own.

    Keras on PyTorch draws an unseeded dropout from the global generator, which a saved model
    cannot hold. The seed comes from Python's `random`, so that `keras.utils.set_random_seed`
    settles it.

    Args:
        rate: Share of the inputs set to 0 while training, in [0, 1).
    """
    return layers.Dropout(rate, seed=random.randint(1, 2**31 - 1))
