"""The training step of a DCGAN with Keras' convolutions beside ganzoo's, of the same results."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest import mock

import numpy as np

from tests.benchmarks.timing import interleaved, machine, summary


def convolutions(name: str, batch_size: int, rounds: int) -> dict[str, Any]:
    """Return seconds per training step of an entry's networks, and ganzoo's / Keras'."""
    import keras

    from ganzoo import zoo
    from ganzoo.zoo import registry

    entry = zoo.ENTRIES[name]
    jobs: dict[str, Callable[[], None]] = {}
    for which in ("Keras'", "ganzoo's"):
        keras.utils.set_random_seed(0)
        gan = registry.model_class(entry.family)(**entry.config)
        gan.compile(simultaneous=True)
        shape = (batch_size, *gan.data_shape)
        images = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
        jobs[which] = _step(gan, images, which == "Keras'")
    seconds = interleaved(jobs, rounds)
    found = {which: summary(values) for which, values in seconds.items()}
    ratio = found["ganzoo's"]["median"] / found["Keras'"]["median"]
    return {"machine": machine(), "name": name, "seconds": found, "ratio": ratio}


def _step(gan: Any, images: np.ndarray, as_keras: bool) -> Callable[[], None]:
    from ganzoo._backend import fourier as coefficients
    from ganzoo.layers import strided, transposed

    def step() -> None:
        # The choice is made when the step is traced, or on PyTorch whenever it runs.
        with ExitStack() as changed:
            if as_keras:
                for module in (strided, transposed):
                    changed.enter_context(
                        mock.patch.object(module, "CONVOLUTIONS_IN_PHASES", False)
                    )
                changed.enter_context(mock.patch.object(coefficients, "pays", return_value=False))
            gan.train_on_batch(images)

    return step
