"""What a way of training costs in quality: the same digits, seeds and epochs, one variant each.

Fréchet distances between features of 10,000 generated digits and of the training digits (see
`ganzoo.metrics`), smaller being better; test digits give the floor. Needs the real data.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from ganzoo import data, metrics
from ganzoo.presets import feature_networks as networks
from tests.benchmarks import portable
from tests.benchmarks.step import NETWORKS, PASSES, POLICIES
from tests.benchmarks.timing import machine

WAYS = {"passes": PASSES, "precision": POLICIES}
SAMPLES = 10_000


def quality(
    name: str, way: str, epochs: int, seeds: int, say: Callable[[str], None], images: int = 60_000
) -> dict[str, Any]:
    """Return for each variant the distance of each seed, their mean and its standard error."""
    real = data.mnist()[:images]
    network = networks.load("digit_features")
    truth = network.features(real)
    floor = metrics.frechet_distance(truth, network.features(data.mnist("test")))
    found: dict[str, list[dict[str, float]]] = {variant: [] for variant in WAYS[way]}
    for seed in range(seeds):
        for variant, options in WAYS[way].items():
            gan, seconds = _trained(name, seed, options, real, epochs)
            features = network.features(gan.sample(SAMPLES, seed=1))
            distance = metrics.frechet_distance(truth, features)
            found[variant].append(
                {"seed": seed, "distance": distance.value, "error": distance.error,
                 "seconds": seconds}
            )  # fmt: skip
            say(f"{name}, seed {seed}, {variant:15} {distance}   {seconds:.0f} s")
    first, *others = found
    return {
        "machine": machine(),
        "name": name,
        "epochs": epochs,
        "samples": SAMPLES,
        "floor": {"mean": floor.value, "error": floor.error, "n": floor.n},
        "runs": found,
        "distance": {variant: _mean(_column(runs)) for variant, runs in found.items()},
        "difference": {
            f"{other} - {first}, by seed": _mean(_column(found[other]) - _column(found[first]))
            for other in others
        },
    }


def _trained(
    name: str, seed: int, options: dict[str, Any], real: np.ndarray, epochs: int
) -> tuple[Any, float]:
    """Return a GAN after so many epochs, and the seconds they took."""
    before = keras.config.dtype_policy()
    options = dict(options)
    keras.config.set_dtype_policy(options.pop("policy", before))
    try:
        gan = portable.model(name, seed, **options)
    finally:
        keras.config.set_dtype_policy(before)
    begun = time.perf_counter()
    gan.fit(real, batch_size=NETWORKS[name], epochs=epochs, verbose=0)
    return gan, time.perf_counter() - begun


def _column(runs: list[dict[str, float]]) -> np.ndarray:
    return np.array([run["distance"] for run in runs])


def _mean(values: np.ndarray) -> dict[str, float]:
    """Return the mean over the seeds and its standard error; of one seed it is not known."""
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return {"mean": float(values.mean()), "error": error}
