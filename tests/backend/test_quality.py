"""Quality during `fit`, and the feature network, on each backend."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import data, metrics
from ganzoo.callbacks import Measure
from ganzoo.callbacks.timing import is_due
from ganzoo.presets import feature_networks as networks


def test_quality_is_logged_and_keeps_the_best(tmp_path):
    gan = ganzoo.VanillaGAN((8, 8, 1), latent_dim=4, generator_units=(8,), discriminator_units=(8,))
    real = np.random.default_rng(0).uniform(-1, 1, (256, 8, 8, 1)).astype(np.float32)
    calls = []

    def brightness(x, y):
        calls.append(len(y))
        return abs(x.mean() - y.mean())

    path = tmp_path / "best.weights.h5"
    history = gan.fit(
        real,
        epochs=4,
        batch_size=64,
        verbose=0,
        callbacks=[
            Measure(real, {"frechet": metrics.frechet_distance, "brightness": brightness},
                    n=100, every=2),
            keras.callbacks.ModelCheckpoint(
                path, monitor="val_frechet", mode="min", save_best_only=True,
                save_weights_only=True,
            ),
        ],
    ).history  # fmt: skip
    assert calls == [100, 100, 100]  # at once, and after epochs 2 and 4
    logged = history["val_frechet"]
    assert len(logged) == 4
    assert logged[0] != logged[1]
    assert logged[1] == logged[2]
    assert logged[2] != logged[3]
    assert all(error > 0 for error in history["val_frechet_error"])
    assert len(history["val_brightness"]) == 4
    assert path.exists()


def test_every_means_the_same_everywhere():
    assert [epoch for epoch in range(7) if is_due(epoch, 3)] == [2, 5]  # after the third, the sixth
    assert all(is_due(epoch, 1) for epoch in range(3))


def test_feature_network_knows_digits(data_folder):
    images, labels = data.mnist("test", labels=True)
    network = networks.load("digit_features")
    assert network.accuracy >= 0.994
    probabilities = network.probabilities(images[:1500])
    assert (probabilities.argmax(axis=1) == labels[:1500]).mean() > 0.985
    assert probabilities.shape == (1500, 10)
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    features = network.features(images[:7])
    assert features.shape == (7, 64)
    assert np.allclose(features, network.features(images[:1500])[:7], atol=1e-4)
    with pytest.raises(ganzoo.errors.DataError, match=r"takes pictures \(28, 28, 1\)"):
        network.features(np.zeros((2, 8, 8, 1)))
