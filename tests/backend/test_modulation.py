"""Layers that a style scales, against the same by one example and one kernel at a time."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import zoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.layers.modulation import Basis, ModulatedConv2D, PixelNoise, SlowDense
from tests.contract.support import where_nothing_is_compiled


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("demodulate", [True, False])
def test_a_modulated_convolution_is_one_with_the_examples_own_kernel(demodulate):
    layer = ModulatedConv2D(5, 3, demodulate=demodulate)
    x, style = numbers(3, 6, 4, 2), numbers(3, 7, seed=1)
    made = ops.convert_to_numpy(layer([x, style]))
    kernel, dense, bias = (ops.convert_to_numpy(v) for v in layer.weights)
    for image, one, found in zip(x, style, made, strict=True):
        own = kernel * (one @ dense + bias)[None, None, :, None]
        if demodulate:
            own = own / np.sqrt((own**2).sum(axis=(0, 1, 2)) + 1e-8)
        wanted = ops.conv(image[None], own.astype("float32"), padding="same")
        np.testing.assert_allclose(found, ops.convert_to_numpy(wanted)[0], atol=2e-5)


def test_noise_is_a_pattern_outside_of_training():
    layer = PixelNoise(seed=3)
    x = numbers(2, 4, 4, 3)
    assert np.array_equal(ops.convert_to_numpy(layer(x)), x)  # its strength begins at zero
    layer.strength.assign(2.0)
    first, again, drawn = (
        ops.convert_to_numpy(layer(x, training=training)) - x for training in (False, False, True)
    )
    pattern = ops.convert_to_numpy(layer.pattern)
    np.testing.assert_allclose(first, np.broadcast_to(2 * pattern, first.shape), atol=1e-5)
    assert np.array_equal(first, again)
    assert np.abs(drawn - first).max() > 0.1
    assert np.abs(drawn[..., 0] - drawn[..., 1]).max() < 1e-5  # the same in all channels
    assert np.abs(drawn[0] - drawn[1]).max() > 0.1


def test_a_slow_layer_moves_slowly():
    layer, x = SlowDense(6, rate=0.01), numbers(200, 8)
    made = ops.convert_to_numpy(layer(x))
    kernel = ops.convert_to_numpy(layer.kernel)
    np.testing.assert_allclose(made, 0.01 * (2 / 8) ** 0.5 * x @ kernel, rtol=1e-4, atol=1e-4)
    layer.bias.assign(np.ones(6, "float32"))
    np.testing.assert_allclose(ops.convert_to_numpy(layer(x)) - made, 0.01, atol=1e-5)
    with pytest.raises(InvalidArgumentError, match="rate must be a finite number > 0; got 0"):
        SlowDense(6, rate=0.0)


def test_a_basis_is_scaled_by_channel():
    layer, x = Basis(2, 3), numbers(4, 5)
    made = ops.convert_to_numpy(layer(x))
    basis = ops.convert_to_numpy(layer.basis)
    np.testing.assert_allclose(made, x[:, None, None] * basis, rtol=1e-6)
    assert made.shape == (4, 2, 3, 5)


@pytest.fixture(scope="module")
def stylegan():
    keras.utils.set_random_seed(1)
    gan = ganzoo.StyleGAN2(**{**zoo.FAMILIES["StyleGAN2"].tiny, "filters": (6, 5, 4)}, seed=1)
    for variable in gan.generator.trainable_variables:  # biases and noise, which begin at zero, too
        variable.assign_add(0.3 * numbers(*variable.shape, seed=2))
    return gan


def test_styles_and_their_pictures(stylegan):
    latents = numbers(4, 4)
    styles = stylegan.styles(latents)
    np.testing.assert_allclose(stylegan.synthesize(styles), stylegan.generate(latents), atol=1e-5)
    np.testing.assert_allclose(stylegan.sample(4, seed=2), stylegan.sample(4, seed=2, truncation=1))
    middle = stylegan.sample(3, seed=2, truncation=0.0)
    np.testing.assert_allclose(middle, np.broadcast_to(middle[:1], middle.shape), atol=1e-6)
    half = stylegan.styles(latents, truncation=0.5)
    mean = stylegan.styles(latents, truncation=0.0)
    np.testing.assert_allclose(half, (styles + mean) / 2, atol=1e-5)
    with pytest.raises(DataError, match=r"Styles are \(n, 4\) or \(n, 3, 4\) with n >= 1"):
        stylegan.synthesize(styles[:, :2])


def test_mixed_styles(stylegan):
    rows, columns = stylegan.styles(numbers(2, 4)), stylegan.styles(numbers(3, 4, seed=5))
    alone = stylegan.synthesize(rows), stylegan.synthesize(columns)
    np.testing.assert_allclose(
        stylegan.mix(rows, columns, 3),
        np.broadcast_to(alone[0][:, None], (2, 3, 8, 8, 3)),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        stylegan.mix(rows, columns, 0), np.broadcast_to(alone[1][None], (2, 3, 8, 8, 3)), atol=1e-5
    )
    mixed = stylegan.mix(rows, columns, 1)
    assert np.abs(mixed - alone[0][:, None]).max() > 1e-3
    assert np.abs(mixed - alone[1][None]).max() > 1e-3


@where_nothing_is_compiled
def test_path_lengths_are_evened(tmp_path):
    keras.utils.set_random_seed(1)
    tiny = {**zoo.FAMILIES["StyleGAN2"].tiny, "filters": (6, 5, 4), "mixing": 0.0}
    gan = ganzoo.StyleGAN2(**tiny, path_length=2.0, seed=1)
    gan.compile("sgd", "sgd", penalty=None, simultaneous=True)
    images = np.tanh(numbers(8, 8, 8, 3))
    # J^T y of fixed latents and directions by differences; fresh noise has no strength.
    drawn = {2: numbers(8, 4, seed=3), 4: numbers(4, 8, 8, 3, seed=4)}
    lengths = [path(gan, *pair) for pair in zip(drawn[2][:4], drawn[4], strict=True)]
    without = ganzoo.StyleGAN2(**tiny, seed=1)
    for name, network in gan.networks.items():
        without.networks[name].set_weights(network.get_weights())
    without.compile("sgd", "sgd", penalty=None, simultaneous=True)
    losses = []
    for model in (gan, without):
        model.draw_normal = lambda *shape: ops.convert_to_tensor(drawn[len(shape)])[: shape[0]]
        losses += model.fit(images, batch_size=8, verbose=0).history["g_loss"]
    mean = float(ops.convert_to_numpy(gan.path_mean.value))
    assert mean == pytest.approx(np.mean(lengths), rel=1e-2)
    assert losses[0] - losses[1] == pytest.approx(2.0 * np.var(lengths), rel=0.05)
    del gan.draw_normal
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.path_length == 2.0
    assert float(ops.convert_to_numpy(again.path_mean.value)) == mean
    with pytest.raises(InvalidArgumentError, match="path_length must be >= 0"):
        ganzoo.StyleGAN2(**tiny, path_length=-1.0)


def path(gan, latent, direction):
    """Return the length of the image's change along a direction, for a step of one style."""
    styles = np.repeat(gan.styles(latent[None])[:, None], 3, axis=1)
    steps = 2e-3 * np.eye(12, dtype=np.float32).reshape(12, 3, 4)
    synthesis = gan.generator.get_layer("synthesis")  # while it learns, nothing is clipped
    made = [
        synthesis(ops.convert_to_tensor(styles + way * steps), training=True) for way in (1, -1)
    ]
    change = np.subtract(*(ops.convert_to_numpy(pictures) for pictures in made))
    slopes = (change * direction / 8.0).sum(axis=(1, 2, 3)).reshape(3, 4) / 4e-3
    return np.sqrt((slopes**2).sum(axis=1).mean())
