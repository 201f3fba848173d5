"""The transposed convolution in phases is Keras' own: values, weights, dtype."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.layers import fourier, transposed

SHAPES = [(5, 2), (5, 1), (4, 2), (3, 2), (4, 1), (3, 3), (2, 2), ((5, 3), (2, 1)), (7, 3)]


@pytest.mark.parametrize(("kernel_size", "strides"), SHAPES)
@pytest.mark.parametrize("below", [0.0, 1e9])
def test_phases_are_keras_own(kernel_size, strides, below, monkeypatch):
    monkeypatch.setattr(fourier, "FOURIER_BELOW", below)  # never and always by coefficients
    monkeypatch.setattr(transposed, "CONVOLUTIONS_IN_PHASES", True)
    options = {"strides": strides, "padding": "same", "use_bias": True}
    keras.utils.set_random_seed(0)
    own = keras.layers.Conv2DTranspose(3, kernel_size, bias_initializer="normal", **options)
    x = ops.convert_to_tensor(np.random.default_rng(1).normal(size=(2, 6, 5, 4)), "float32")
    expected = own(x)
    ours = transposed.Conv2DTranspose(3, kernel_size, **options)
    ours.build(x.shape)
    ours.set_weights(own.get_weights())
    assert [w.path.split("/")[-1] for w in ours.weights] == [
        w.path.split("/")[-1] for w in own.weights
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours(x)), ops.convert_to_numpy(expected), atol=1e-5
    )


def test_what_has_no_phases_is_left_to_keras(monkeypatch):
    monkeypatch.setattr(transposed, "CONVOLUTIONS_IN_PHASES", True)
    layer = transposed.Conv2DTranspose(3, 3, strides=2, padding="valid")
    assert tuple(layer(np.ones((1, 4, 4, 2), "float32")).shape) == (1, 9, 9, 3)


def test_half_precision_stays_half(monkeypatch):
    monkeypatch.setattr(transposed, "CONVOLUTIONS_IN_PHASES", True)
    layer = transposed.Conv2DTranspose(3, 5, strides=2, padding="same", dtype="mixed_bfloat16")
    made = layer(np.ones((1, 4, 4, 2), "float32"))
    assert keras.backend.standardize_dtype(made.dtype) == "bfloat16"
