"""A distance of features in a recipe: which network, and that the generator learns by it."""

from __future__ import annotations

import numpy as np
import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.presets import feature_networks
from ganzoo.training.build import compile_for
from ganzoo.zoo.forms import Stage

SCALE = zoo.FAMILIES["SRGAN"].tiny["scale"]
SIDE = 36 // SCALE * SCALE


def pictures(n: int, side: int) -> np.ndarray:
    return np.random.default_rng(n).uniform(-1, 1, (n, side, side, 3)).astype("float32")


def compiled(**options: object) -> ganzoo.SRGAN:
    model = ganzoo.SRGAN(**{**zoo.FAMILIES["SRGAN"].tiny, "distance_weight": 0.0}, seed=1)
    steps = {"steps": {"discriminator": 0}}
    stage = Stage(1, {"generator": {"learning_rate": 1e-2}}, {**steps, **options})
    compile_for(model, stage, steps_per_epoch=5, batch_size=2)
    return model


def test_a_recipe_names_the_network_whose_features_are_compared():
    model = compiled(content="photo_features", content_weight=1.0)
    before = model.generator.get_weights()
    batch = {"source": pictures(2, SIDE // SCALE), "target": pictures(2, SIDE)}
    history = model.fit(batch, batch_size=2, epochs=5, verbose=0).history
    # The pixels count for nothing here, so what falls is the distance of the features.
    assert 0 < history["content"][-1] < history["content"][0]
    changed = [
        np.abs(a - b).max() for a, b in zip(before, model.generator.get_weights(), strict=True)
    ]
    assert max(changed) > 1e-3


def test_maps_are_those_of_the_shipped_network():
    from keras import ops

    maps = feature_networks.maps("photo_features")(ops.convert_to_tensor(pictures(2, 64)))
    network = feature_networks.load("photo_features")
    deepest = ops.convert_to_numpy(maps[-1]).mean(axis=(1, 2))
    kernel, bias = network.model.get_layer("features").get_weights()
    expected = np.maximum(deepest @ kernel + bias, 0.0) / network.scale
    np.testing.assert_allclose(expected, network.features(pictures(2, 64)), atol=1e-4)


@pytest.mark.parametrize("name", ["digit_features", "photo_feature", 3])
def test_other_networks_are_refused(name):
    with pytest.raises(InvalidArgumentError, match="are those of photo_features; got"):
        compiled(content=name)
