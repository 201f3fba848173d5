"""The strided convolution by coefficients is Keras' own: values, weights, gradients, dtype."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import zoo
from ganzoo.layers import fourier, strided
from tests.contract.support import LONG

SHAPES = [(5, 2), (4, 2), (3, 2), (5, 3), (2, 2), (1, 2), ((5, 3), (2, 1)), (3, 1)]


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Take the way by phases and coefficients on every backend and in every size."""
    monkeypatch.setattr(strided, "CONVOLUTIONS_IN_PHASES", True)
    monkeypatch.setattr(fourier, "FOURIER_BELOW", 1e9)


@pytest.mark.parametrize(("kernel_size", "strides"), SHAPES)
def test_coefficients_are_keras_own(kernel_size, strides):
    options = {"strides": strides, "padding": "same", "activation": "tanh"}
    keras.utils.set_random_seed(0)
    own = keras.layers.Conv2D(3, kernel_size, bias_initializer="normal", **options)
    x = ops.convert_to_tensor(np.random.default_rng(1).normal(size=(2, 12, 6, 4)), "float32")
    expected = own(x)
    ours = strided.Conv2D(3, kernel_size, **options)
    ours.build(x.shape)
    ours.set_weights(own.get_weights())
    assert [w.path.split("/")[-1] for w in ours.weights] == [
        w.path.split("/")[-1] for w in own.weights
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours(x)), ops.convert_to_numpy(expected), atol=1e-5
    )


@pytest.mark.parametrize(
    ("size", "options"),
    [(7, {"padding": "same"}), (8, {"padding": "valid"}), (8, {"padding": "same", "groups": 2})],
)
def test_what_has_no_phases_is_left_to_keras(size, options, monkeypatch):
    monkeypatch.setattr(strided, "by_coefficients", None)  # whoever calls it fails
    x = np.random.default_rng(0).normal(size=(2, size, size, 2)).astype("float32")
    ours, own = (cls(4, 3, strides=2, **options) for cls in (strided.Conv2D, keras.layers.Conv2D))
    own.build(x.shape)
    ours.build(x.shape)
    ours.set_weights(own.get_weights())
    np.testing.assert_allclose(*(ops.convert_to_numpy(layer(x)) for layer in (ours, own)))


def test_one_picture_and_one_filter_have_gradients():
    """PyTorch has none for a 3x3 kernel in Keras' order."""
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 3)).astype("float32")
    ours, own = (cls(1, 3, padding="same") for cls in (strided.Conv2D, keras.layers.Conv2D))
    own.build(x.shape)
    ours.build(x.shape)
    ours.set_weights(own.get_weights())
    np.testing.assert_allclose(
        *(ops.convert_to_numpy(layer(x)) for layer in (ours, own)), atol=1e-5
    )


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="the fault was PyTorch's")
@pytest.mark.parametrize(("name", "sizes"), [("FastGAN", {"skip": 2}), ("SAGAN", {})])
def test_grey_pictures_one_by_one(name, sizes):
    labelled = name == "SAGAN"
    sizes = {**sizes, **({"classes": ("a", "b")} if labelled else {})}
    gan = getattr(ganzoo, name)(
        image_shape=(28, 28, 1), latent_dim=4, filters=(8, 6, 4), seed=1, **sizes
    )
    images = np.random.default_rng(1).uniform(-1, 1, (1, 28, 28, 1)).astype("float32")
    labels = [np.zeros(1, "int32")] if labelled else []
    assert np.isfinite(gan.fit(images, *labels, verbose=0).history["d_loss"]).all()


def test_half_precision_is_left_to_keras(monkeypatch):
    monkeypatch.setattr(strided, "by_coefficients", None)
    layer = strided.Conv2D(3, 5, strides=2, padding="same", dtype="mixed_bfloat16")
    made = layer(np.ones((1, 4, 4, 2), "float32"))
    assert keras.backend.standardize_dtype(made.dtype) == "bfloat16"


@pytest.mark.slow
@pytest.mark.parametrize("family", ["DCGAN", pytest.param("WGANGP", marks=LONG)])
def test_a_training_goes_as_with_keras_own_convolutions(family, monkeypatch):
    """Gradients too, those of a gradient's penalty included."""
    losses = []
    for below in (0.0, 1e9):
        monkeypatch.setattr(fourier, "FOURIER_BELOW", below)
        keras.utils.set_random_seed(2)
        gan = getattr(ganzoo, family)(**zoo.FAMILIES[family].tiny, seed=1)
        sizes = (8, *gan.data_shape)
        images = np.random.default_rng(1).uniform(-1, 1, sizes).astype("float32")
        history = gan.fit(images, batch_size=4, epochs=2, shuffle=False, verbose=0).history
        losses.append([history["d_loss"], history["g_loss"]])
    np.testing.assert_allclose(*losses, atol=1e-3)
