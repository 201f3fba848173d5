"""WGANGP on the backend of this process: vectors, images, a normalised generator."""

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.errors import DataError, InvalidArgumentError


def test_wgan_gp_on_vectors():
    events = np.random.default_rng(0).normal(5.0, 30.0, (32, 3)).astype(np.float32)
    options = {"generator_filters": (), "discriminator_filters": ()}
    gan = ganzoo.WGANGP((3,), 4, generator_units=(8,), discriminator_units=(8,), **options)
    gan.fit(events, batch_size=16, verbose=0)  # any range
    assert gan.sample(5, seed=0).shape == (5, 3)
    with pytest.raises(InvalidArgumentError, match="Filters are for images"):
        ganzoo.WGANGP((3,))
    with pytest.raises(InvalidArgumentError, match="multiple of 4"):
        ganzoo.WGANGP((30, 28, 1))
    with pytest.raises(InvalidArgumentError, match="data_shape must be"):
        ganzoo.WGANGP((3, 3))


def test_wgan_gp_normalises_the_generator_alone():
    options = {"generator_units": (6,), "generator_filters": (4, 3)}
    gan = ganzoo.WGANGP((8, 8, 1), 4, **options, batch_norm=True)
    kinds = [type(layer).__name__ for layer in gan.generator.layers]
    assert kinds.count("BatchNormalization") == 3  # of 6 units, of 4 and of 3 channels
    more = gan.generator.count_params()
    more -= ganzoo.WGANGP((8, 8, 1), 4, **options).generator.count_params()
    assert more == 4 * (6 + 4 + 3) - (16 + 3 + 1)  # what is normalised next has no biases
    kinds = [type(layer).__name__ for layer in gan.discriminator.layers]
    assert "BatchNormalization" not in kinds

    means = [v for v in gan.generator.non_trainable_variables if v.name == "moving_mean"]
    pictures = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype(np.float32)
    history = gan.fit(pictures, batch_size=8, verbose=0).history
    assert np.isfinite(history["g_loss"]).all()
    assert len(means) == 3
    assert all(np.abs(keras.ops.convert_to_numpy(mean)).max() > 0.0 for mean in means)


def test_wgan_gp_on_images_keeps_the_range():
    gan = ganzoo.WGANGP((8, 8, 1), 4, generator_filters=(4,), discriminator_filters=(4,))
    assert np.abs(gan.sample(3, seed=0)).max() <= 1.0
    with pytest.raises(DataError, match=r"must be in \[-1, 1\]"):
        gan.fit(np.full((4, 8, 8, 1), 200.0, np.float32))
