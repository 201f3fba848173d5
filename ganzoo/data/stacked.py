"""Three digits as the channels of a picture: a thousand modes, for counting those a GAN forgets.

Metz et al. 2016, arXiv:1611.02163, section 3.3.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.data.mnist import mnist
from ganzoo.random import random_generator

COUNTS = {"train": 60_000, "test": 30_000}
CHANNELS = 3


def stacked_mnist(split: str = "train", labels: bool = False) -> Any:
    """Return pictures of three random digits of MNIST each, one a channel; a seeded choice.

    Args:
        split: "train" (60,000 of the training digits) or "test" (30,000 of the test digits).
        labels: Return the digits too.

    Returns:
        float32 (n, 28, 28, 3) in [-1, 1]; with `labels`, a tuple of these and of int64 (n, 3).

    Raises:
        DataError: As of `ganzoo.data.mnist`.
    """
    images, digits = mnist(split, labels=True)
    random = random_generator(list(COUNTS).index(split))
    chosen = random.integers(len(images), size=(COUNTS[split], CHANNELS))
    stacked = np.concatenate([images[chosen[:, i]] for i in range(CHANNELS)], axis=-1)
    return (stacked, digits[chosen]) if labels else stacked
