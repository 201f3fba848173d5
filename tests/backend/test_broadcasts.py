"""Gradients of what is broadcast, in low precision: sums over a batch that are not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import ganzoo
from ganzoo.layers.strided import Conv2D

MAPS: dict[str, Callable[[], Any]] = {
    "Conv2D": lambda: layers.Conv2D(3, 3, padding="same"),
    "our Conv2D": lambda: Conv2D(3, 3, padding="same"),
    "Conv2DTranspose": lambda: layers.Conv2DTranspose(3, 3, padding="same"),
    "Dense": lambda: layers.Dense(3),
}


def bias_after_a_step(make: Callable[[], Any], policy: str) -> np.ndarray:
    """Return the bias of a discriminator's first layer after a step, from 0."""
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(1)
    generator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(64 * 64 * 3), layers.Reshape((64, 64, 3))]
    )
    layer, head = make(), [layers.LeakyReLU(0.2), layers.GlobalAveragePooling2D(), layers.Dense(1)]
    gan = ganzoo.GAN(generator, keras.Sequential([keras.Input((64, 64, 3)), layer, *head]), seed=1)
    gan.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(1.0))
    pictures = np.random.default_rng(0).uniform(-0.5, 1.0, (32, 64, 64, 3)).astype("float32")
    gan.fit(pictures, batch_size=32, verbose=0)
    return np.array(keras.ops.convert_to_numpy(layer.bias))


@pytest.mark.parametrize("kind", MAPS)
def test_a_bias_moves_in_bfloat16_as_in_float32(kind):
    expected = bias_after_a_step(MAPS[kind], "float32")
    found = bias_after_a_step(MAPS[kind], "mixed_bfloat16")
    assert np.abs(expected).max() > 3e-3
    # Rounding of either half, of real and of generated pictures, is more than that of a sum.
    np.testing.assert_allclose(found, expected, atol=0.2 * np.abs(expected).max())
