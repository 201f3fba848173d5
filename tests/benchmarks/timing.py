"""Time several things in turn, so that whatever else the machine does falls on all of them."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

# What a second is. Those of the processor, of all threads of this process, are not longer where
# other processes run beside it, but they do not see how well threads share the work.
CLOCKS: dict[str, Callable[[], float]] = {
    "wall": time.perf_counter,
    "processor": time.process_time,
}


def interleaved(
    jobs: Mapping[str, Callable[[], Any]], rounds: int, clock: str = "wall"
) -> dict[str, list[float]]:
    """Return the seconds of each job in each round; one round more is run first and not counted."""
    now = CLOCKS[clock]
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(rounds):
        for name, job in jobs.items():
            begun = now()
            job()
            seconds[name].append(now() - begun)
    return seconds


def summary(seconds: list[float]) -> dict[str, float]:
    """Return the median, and the quartiles as the spread."""
    low, middle, high = statistics.quantiles(seconds, n=4)
    return {"median": middle, "low": low, "high": high, "rounds": len(seconds)}


def machine() -> dict[str, Any]:
    """Return what the figures depend on: cores, versions, backend."""
    import keras
    import numpy

    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "device": _device(keras.backend.backend()),
        "python": platform.python_version(),
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "backend": keras.backend.backend(),
        "dtype": keras.config.dtype_policy().name,
    }


def _device(backend: str) -> str:
    """Return the accelerator that a backend uses, or "cpu"."""
    if backend == "torch":
        import torch

        return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    if backend == "jax":
        import jax

        return jax.devices()[0].device_kind
    import tensorflow as tf

    devices = tf.config.list_physical_devices("GPU")
    return (
        tf.config.experimental.get_device_details(devices[0])["device_name"] if devices else "cpu"
    )
