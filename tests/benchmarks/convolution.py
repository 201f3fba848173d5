"""The training step of a DCGAN with Keras' transposed convolution beside the one in phases."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.timing import interleaved, machine, summary


def transposed(batch_size: int, rounds: int) -> dict[str, Any]:
    """Return seconds per training step of `dcgan_mnist`'s network, and phases / Keras."""
    import keras

    import ganzoo
    from ganzoo import transposed, zoo

    images = np.random.default_rng(0).uniform(-1, 1, (batch_size, 28, 28, 1)).astype("float32")
    usual = transposed.CONVOLUTIONS_IN_PHASES
    jobs = {}
    for name, phased in (("keras", False), ("phases", True)):
        keras.utils.set_random_seed(0)
        gan = ganzoo.DCGAN(**zoo.ENTRIES["dcgan_mnist"].config)
        gan.compile(simultaneous=True)
        # The choice is made when the step is traced, or on PyTorch whenever it runs.
        jobs[name] = _step(gan, images, phased)
    try:
        seconds = interleaved(jobs, rounds)
    finally:
        transposed.CONVOLUTIONS_IN_PHASES = usual
    found = {which: summary(values) for which, values in seconds.items()}
    ratio = found["phases"]["median"] / found["keras"]["median"]
    return {"machine": machine(), "used": usual, "seconds": found, "ratio": ratio}


def _step(gan: Any, images: np.ndarray, phased: bool) -> Any:
    from ganzoo import transposed

    def step() -> None:
        transposed.CONVOLUTIONS_IN_PHASES = phased
        gan.train_on_batch(images)

    return step
