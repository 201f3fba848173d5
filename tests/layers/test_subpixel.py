"""Sub-pixel layers: their values, any size, saved and loaded, and both derivatives."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import resampling
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import BicubicEnlargement, PixelShuffle


def images(height: int = 5, width: int = 7, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (2, height, width, channels)).astype("float32")


def made(layer, x) -> np.ndarray:
    return ops.convert_to_numpy(layer(x))


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_channels_become_pixels_as_depth_to_space_says(scale):
    x = images(channels=2 * scale**2)
    found = made(PixelShuffle(scale), x)
    for (b, i, j, k), value in np.ndenumerate(found):
        row, column = i % scale, j % scale
        assert value == x[b, i // scale, j // scale, (row * scale + column) * 2 + k]


@pytest.mark.parametrize("scale", resampling.SCALES)
@pytest.mark.parametrize("size", [(5, 7), (2, 2)])
def test_enlargement_is_the_one_of_arrays(scale, size):
    x = images(*size)
    found = made(BicubicEnlargement(scale), x)
    np.testing.assert_allclose(found, resampling.enlarged(x, scale), atol=1e-5)


def test_any_size_saved_and_loaded(tmp_path):
    inputs = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(12, 3, padding="same")(inputs)
    x = keras.layers.Add()([PixelShuffle(2)(x), BicubicEnlargement(2)(inputs)])
    network = keras.Model(inputs, x)
    assert network.output_shape == (None, None, None, 3)
    assert (
        keras.Model(inputs, PixelShuffle(2)(keras.layers.Conv2D(8, 1)(inputs))).output_shape[-1]
        == 2
    )
    network.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    for size in ((5, 7), (8, 4)):
        x = images(*size)
        assert network.predict(x, verbose=0).shape == (2, 2 * size[0], 2 * size[1], 3)
        np.testing.assert_allclose(
            again.predict(x, verbose=0), network.predict(x, verbose=0), atol=1e-6
        )


def test_wrong_scales_are_refused():
    with pytest.raises(InvalidArgumentError, match="scale must be 2, 3 or 4; got 5"):
        BicubicEnlargement(5)
    with pytest.raises(InvalidArgumentError, match="scale must be from 1"):
        PixelShuffle(0)
