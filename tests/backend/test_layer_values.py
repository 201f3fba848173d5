"""New layers against NumPy: attention, deviation over a batch, instance norm, blur."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import layers
from ganzoo.errors import InvalidArgumentError


def images(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def called(layer: Any, x: np.ndarray, **options: Any) -> np.ndarray:
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(x), **options))


def test_attention():
    layer = layers.SelfAttention(reduction=2)
    x = images(3, 4, 5, 6)
    np.testing.assert_array_equal(called(layer, x), x)  # gamma is 0 at first
    layer.gamma.assign(0.7)
    query, key, value, back = (
        ops.convert_to_numpy(part.kernel.value)
        for part in (layer.query, layer.key, layer.value, layer.output_projection)
    )
    flat = x.reshape(3, 20, 6)
    scores = np.einsum("bik,bjk->bij", flat @ query, flat @ key)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    expected = x + 0.7 * (weights @ (flat @ value) @ back).reshape(x.shape)
    np.testing.assert_allclose(called(layer, x), expected, atol=1e-5)


def test_attention_with_spectral_normalisation():
    layer = layers.SelfAttention(spectral=True)
    called(layer, images(2, 4, 4, 8), training=True)
    assert len(layer.trainable_weights) == 5
    assert len(layer.non_trainable_weights) == 4


def deviation(x: np.ndarray, size: int) -> np.ndarray:
    count = -(-len(x) // size)
    groups = [x[group::count] for group in range(count)]
    each = [np.sqrt(g.var(axis=0) + 1e-8).mean() for g in groups]
    return np.array([each[n % count] for n in range(len(x))], np.float32)


@pytest.mark.parametrize("batch", [1, 3, 4, 7, 8, 13])
@pytest.mark.parametrize("shape", [(5, 3, 2), (6,)])
def test_minibatch_standard_deviation(batch, shape):
    x = images(batch, *shape)
    made = called(layers.MinibatchStandardDeviation(4), x)
    np.testing.assert_array_equal(made[..., :-1], x)
    expected = np.broadcast_to(deviation(x, 4).reshape(-1, *(1 for _ in shape)), (*x.shape[:-1], 1))
    np.testing.assert_allclose(made[..., -1:], expected, rtol=1e-5)


def test_minibatch_standard_deviation_of_a_batch_of_unknown_size():
    network = keras.Sequential([keras.Input((4, 4, 2)), layers.MinibatchStandardDeviation(4)])
    assert network.output_shape == (None, 4, 4, 3)
    x = images(10, 4, 4, 2)
    expected = np.concatenate([deviation(x[:7], 4), deviation(x[7:], 4)])
    made = network.predict(x, batch_size=7, verbose=0)
    np.testing.assert_allclose(made[:, 0, 0, 2], expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(6, 5, 3), (9, 4)])
def test_instance_normalisation_is_group_normalisation_by_channel(shape):
    layer = layers.InstanceNormalization()
    theirs = keras.layers.GroupNormalization(groups=-1, epsilon=1e-5)
    for each in (layer, theirs):
        each.build((None, *shape))
        each.set_weights([images(shape[-1]), images(shape[-1], seed=1)])
    x = images(3, *shape) * 4 + 2
    np.testing.assert_allclose(called(layer, x), called(theirs, x), atol=2e-5)
    assert not layers.InstanceNormalization(center=False, scale=False).weights


def filtered(x: np.ndarray, axis: int) -> np.ndarray:
    index = np.arange(x.shape[axis])
    left, right = np.maximum(index - 1, 0), np.minimum(index + 1, index[-1])
    return (x.take(left, axis) + 2 * x + x.take(right, axis)) / 4


def test_blur():
    x = images(2, 6, 8, 3)
    blurred = filtered(filtered(x, 1), 2)
    np.testing.assert_allclose(called(layers.Blur(), x), blurred, atol=1e-6)
    halved = blurred.reshape(2, 3, 2, 4, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(called(layers.Blur(down=2), x), halved, atol=1e-6)
    doubled = filtered(filtered(x.repeat(2, 1).repeat(2, 2), 1), 2)
    np.testing.assert_allclose(called(layers.Blur(up=2), x), doubled, atol=1e-6)
    bilinear = ops.image.resize(ops.convert_to_tensor(x), (12, 16), "bilinear")
    np.testing.assert_allclose(doubled, ops.convert_to_numpy(bilinear), atol=1e-6)
    even = np.full((1, 4, 4, 1), 0.3, np.float32)
    for options in ({}, {"down": 2}, {"up": 2}):
        np.testing.assert_allclose(called(layers.Blur(**options), even), 0.3, rtol=1e-6)


@pytest.mark.parametrize("options", [{"down": 2, "up": 2}, {"down": 3}, {"up": 0}])
def test_blur_refuses_other_factors(options):
    with pytest.raises(InvalidArgumentError, match="by 2"):
        layers.Blur(**options)


def test_blur_halves_even_sides_only():
    with pytest.raises(InvalidArgumentError, match="even sides; got 5 x 4"):
        layers.Blur(down=2).build((None, 5, 4, 1))
    with pytest.raises(InvalidArgumentError, match="known sides; got None x 4"):
        layers.Blur(up=2).build((None, None, 4, 1))


@pytest.mark.parametrize("size", [(6, 8), (1, 3), (2, 300)])
def test_blur_of_any_size_is_the_one_of_a_known_size(size):
    x = images(2, *size, 3)
    layer = layers.Blur()
    layer.build((None, None, None, 3))
    np.testing.assert_allclose(called(layer, x), called(layers.Blur(), x), atol=1e-6)
