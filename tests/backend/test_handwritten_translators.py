"""Loops by hand of pictures into pictures: equal outputs, and the same step in equal updates."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from ganzoo.zoo import registry
from tests.benchmarks import portable
from tests.benchmarks.handwritten import loop
from tests.contract.support import where_nothing_is_compiled

# Without dropout, whose units are drawn: the rest is the same numbers.
CONFIGS: dict[str, dict[str, Any]] = {
    "Pix2Pix": {
        "source_shape": (16, 24, 1),
        "channels": 3,
        "generator_filters": (6, 8, 8),
        "discriminator_filters": (4, 6),
        "dropout": 0.0,
    },
    "CycleGAN": {
        "image_shape": (16, 24, 3),
        "filters": 4,
        "blocks": 2,
        "discriminator_filters": (4, 6),
    },
}


def built(family: str) -> Any:
    """Return a model whose biases, gains and running statistics are not 0 and 1."""
    keras.utils.set_random_seed(5)
    model = registry.model_class(family)(**CONFIGS[family])
    random = np.random.default_rng(7)
    for network in model.networks.values():
        for variable in network.weights:
            if len(variable.shape) == 1:
                variable.assign(random.uniform(0.5, 1.5, variable.shape).astype("float32"))
    model.compile(simultaneous=family == "Pix2Pix")
    return model


def batches(family: str, count: int) -> list[dict[str, np.ndarray]]:
    random = np.random.default_rng(9)
    return [portable.pairs(CONFIGS[family], 4, random) for _ in range(count)]


def translated(model: Any, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what each generator of a model makes."""
    return model.probe({k: v for k, v in batch.items() if k != "target"})


def by_hand(hand: Any, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    if "source" in batch:
        return {"generator": hand.translate("generator", batch["source"])}
    return {f"generator_{d}": hand.translate(f"generator_{d}", batch[d[0]]) for d in ("ab", "ba")}


def farthest(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> float:
    assert one.keys() == other.keys()
    return max(float(np.abs(one[name] - other[name]).max()) for name in one)


@pytest.mark.parametrize("family", CONFIGS)
def test_by_hand_is_the_same_network(family):
    model = built(family)
    hand = loop(keras.backend.backend(), model)
    (batch,) = batches(family, 1)
    assert farthest(by_hand(hand, batch), translated(model, batch)) < 1e-5


STEPPED = [
    name
    if name != "CycleGAN" or keras.backend.backend() == "torch"
    else pytest.param(name, marks=pytest.mark.slow)
    for name in CONFIGS
]


@pytest.mark.parametrize("family", STEPPED)
def test_by_hand_takes_the_same_steps(family):
    model = built(family)
    hand = loop(keras.backend.backend(), model)
    bare = portable.BareStep(model)
    probe, *data = batches(family, 4)
    before = translated(model, probe)
    for batch in data:
        model.reset_metrics()
        assert np.allclose(bare.run([batch]), hand.run([batch]), rtol=1e-3)
    after = translated(model, probe)
    # Adam's first steps are of one size for every weight, however small its gradient is.
    assert farthest(by_hand(hand, probe), after) < 0.1 * farthest(before, after)


@where_nothing_is_compiled
def test_the_pool_exchanges_pictures():
    """A pool of two: from the second batch on a discriminator sees earlier pictures too."""
    keras.utils.set_random_seed(5)
    model = registry.model_class("CycleGAN")(**CONFIGS["CycleGAN"], pool_size=2)
    hand = loop(keras.backend.backend(), model)
    data = batches("CycleGAN", 6)
    assert np.isfinite(hand.run(data)).all()
