"""Reflected margins: NumPy's, with a gradient."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import ReflectionPadding2D


@pytest.mark.parametrize("padding", [1, 3])
def test_margins_are_those_of_numpy(padding):
    images = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype("float32")
    sides = (padding, padding)
    wanted = np.pad(images, ((0, 0), sides, sides, (0, 0)), mode="reflect")
    layer = ReflectionPadding2D(padding)
    np.testing.assert_array_equal(np.asarray(layer(images)), wanted)
    assert layer.compute_output_shape((None, 5, 4, 3)) == (None, *wanted.shape[1:])
    again = ReflectionPadding2D.from_config(layer.get_config())
    np.testing.assert_array_equal(np.asarray(again(images)), wanted)


def test_what_is_before_the_margins_learns():
    images = keras.Input((6, 6, 1))
    x = ReflectionPadding2D(2)(keras.layers.Conv2D(2, 1)(images))
    network = keras.Model(images, keras.layers.Conv2D(1, 5)(x))
    before = network.get_weights()
    network.compile("sgd", "mse")
    data = np.random.default_rng(1).normal(size=(4, 6, 6, 1)).astype("float32")
    network.fit(data, data, verbose=0)
    assert all((a != b).any() for a, b in zip(before, network.get_weights(), strict=True))


def test_no_margin_is_refused():
    with pytest.raises(InvalidArgumentError, match="padding must be from 1"):
        ReflectionPadding2D(0)
