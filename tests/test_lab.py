"""Lightness and colours: scikit-image's, there and back, and exact lightness out of any colours."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import rgb2lab

from ganzoo import lab
from ganzoo.errors import DataError


def pictures(shape=(3, 9, 7, 3)) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, shape)


def test_they_are_those_of_scikit_image():
    images = pictures()
    np.testing.assert_allclose(lab.from_rgb(images), rgb2lab((images + 1) / 2), atol=0.01)


def test_all_of_srgb_is_between_the_bounds_and_comes_back():
    grid = np.linspace(-1, 1, 17)
    images = np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(1, 17, -1, 3)
    light, colours = lab.split(images)
    assert light.dtype == colours.dtype == np.float32
    assert np.abs(colours).max() < 1.0  # nothing is clipped
    np.testing.assert_allclose(lab.join(light, colours), images, atol=2e-4)


def test_lightness_stays_whatever_the_colours_are():
    light = pictures((2, 30, 40, 1))
    colours = pictures((2, 30, 40, 2))  # most of them sRGB has not
    made = lab.join(light, colours)
    assert np.abs(made).max() <= 1.0
    np.testing.assert_allclose(lab.from_rgb(made)[..., :1], (light + 1) * 50, atol=0.02)
    hue = np.arctan2(*np.moveaxis(lab.from_rgb(made)[..., 1:], -1, 0))
    wanted = np.arctan2(*np.moveaxis(colours, -1, 0))
    strong = np.hypot(*np.moveaxis(lab.from_rgb(made)[..., 1:], -1, 0)) > 5
    assert np.abs(np.angle(np.exp(1j * (hue - wanted))))[strong].max() < 0.01


def test_grey_has_no_colours():
    light, colours = lab.split(pictures((1, 4, 4, 1)))
    assert light.shape == (1, 4, 4, 1)
    assert np.abs(colours).max() < 1e-3


def test_other_shapes_are_refused():
    with pytest.raises(DataError, match="3 colours, or 1"):
        lab.split(np.zeros((1, 4, 4, 4)))
    with pytest.raises(DataError, match="joined"):
        lab.join(np.zeros((1, 4, 4, 1)), np.zeros((1, 4, 5, 2)))
