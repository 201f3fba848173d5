"""Modes of stacked digits: known counts, and real pictures by our classifier."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganzoo import data, metrics
from ganzoo.errors import DataError
from ganzoo.presets import feature_networks as networks


def test_every_combination_once_is_all_modes():
    labels = np.indices((4, 4, 4)).reshape(3, -1).T
    found = metrics.modes(labels, 4)
    assert found["modes"].value == 64
    assert found["kl"].value == pytest.approx(0.0, abs=1e-12)


def test_a_collapse_has_few_modes():
    labels = np.tile([[1, 2, 3], [4, 5, 6]], (50, 1))
    found = metrics.modes(labels, 10)
    assert found["modes"].value == 2
    assert found["kl"].value == pytest.approx(math.log(500))


def test_random_labels_have_the_kl_of_their_number():
    labels = np.random.default_rng(0).integers(10, size=(26_000, 3))
    found = metrics.modes(labels, 10)
    assert found["modes"].value == 1000
    assert found["kl"].value == pytest.approx(1000 / 52_000, rel=0.2)


def test_what_is_no_classes():
    with pytest.raises(DataError, match="from 0 to 9; got 0 to 10"):
        metrics.modes(np.full((60, 3), 10) * (np.arange(60) > 3)[:, None], 10)
    with pytest.raises(DataError, match="integers"):
        metrics.modes(np.zeros((60, 3)), 10)


def test_stacked_digits_are_read_channel_by_channel(data_folder):
    images, digits = data.stacked_mnist("test", labels=True)
    assert images.shape == (30_000, 28, 28, 3)
    assert np.array_equal(images[:50], data.stacked_mnist("test")[:50])
    network = networks.load("digit_features")
    for channel in range(3):
        read = network.judgements(images[:500, ..., channel : channel + 1]).argmax(axis=1)
        assert (read == digits[:500, channel]).mean() > 0.97
    assert metrics.modes(digits[:26_000], 10)["modes"].value == 1000
