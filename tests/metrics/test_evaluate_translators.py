"""`ganzoo evaluate` of a translator: which features its pictures are compared by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import ganzoo
from ganzoo import data
from ganzoo.evaluation import evaluate as evaluation
from ganzoo.presets import feature_networks as networks


@pytest.fixture(scope="module")
def preset(data_folder, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("colours") / "preset"
    filters = {"generator_filters": (4, 6), "discriminator_filters": (4,)}
    ganzoo.Colorizer((64, 64), **filters, seed=1).save_to_preset(folder)
    return folder


def test_photographs_are_compared_by_their_network(preset):
    pytest.importorskip("sklearn")
    table = evaluation.evaluate(preset, reference="flower_colours", samples=300)
    assert table.facts["features_of"] == "photo_features"
    assert table.facts["features"] == networks.NETWORKS["photo_features"].features
    grey = table.beside["the input itself"]["frechet"]
    floor = table.rows["frechet"].floor
    assert grey.value - floor.value > 5 * np.hypot(grey.error, floor.error)


@pytest.mark.slow
def test_few_photographs_are_compared_by_gradients(preset):
    pytest.importorskip("sklearn")
    table = evaluation.evaluate(preset, reference="flower_colours", samples=200)
    assert table.facts["features_of"] == "oriented gradients and colours"


def test_the_network_knows_flowers_and_clothes(data_folder):
    network = networks.load("photo_features")
    flowers, kinds = data.flowers("test", labels=True)
    clothes, others = data.clothing("test", labels=True)
    answers = network.judgements(np.concatenate([flowers, clothes])).argmax(axis=1)
    right = answers == np.concatenate([kinds, 5 + others])
    assert len(right) == network.tested
    assert right.mean() == pytest.approx(network.accuracy, abs=0.003)  # the backend's rounding
    assert ((answers < 5) == (np.arange(len(right)) < len(kinds))).mean() > 0.97
