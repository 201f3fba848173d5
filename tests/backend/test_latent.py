"""The way back through the generator, and the directions that matter, on the backend at hand."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import latent, zoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.zoo import registry
from tests.contract.support import where_nothing_is_compiled

SHAPE = (4, 4, 1)


def linear_gan(matrix: np.ndarray) -> ganzoo.GAN:
    """Return a GAN whose generator is `tanh(latent @ matrix)` as a 4x4 picture."""
    inputs = keras.Input((len(matrix),))
    flat = keras.layers.Dense(16, use_bias=False, activation="tanh")(inputs)
    generator = keras.Model(inputs, keras.layers.Reshape(SHAPE)(flat))
    generator.set_weights([matrix.astype(np.float32)])
    judge = keras.Sequential([keras.Input(SHAPE), keras.layers.Flatten(), keras.layers.Dense(1)])
    return ganzoo.GAN(generator, judge)


def test_the_latent_of_a_picture_is_found_again():
    gan = linear_gan(np.random.default_rng(1).standard_normal((5, 16)) / 3)
    wanted = latent.draw(3, 5, seed=7)
    images = gan.generate(wanted)
    weights = [np.array(weight) for weight in gan.get_weights()]
    found = latent.invert(gan, images, steps=200, starts=2, candidates=8, prior=0.0)
    assert np.allclose(found.latents, wanted, atol=0.03)
    assert found.errors.max() < 0.01
    assert np.allclose(gan.generate(found.latents), found.images, atol=1e-6)
    assert all((a == b).all() for a, b in zip(weights, gan.get_weights(), strict=True))
    held = latent.invert(gan, images, steps=200, starts=1, candidates=8, prior=1.0)
    assert np.linalg.norm(held.latents) < 0.7 * np.linalg.norm(wanted)
    gan.fit(images, batch_size=3, verbose=0)  # the model can still be trained


def test_inversion_asks_for_the_label():
    gan: Any = registry.model_class("ConditionalDCGAN")(**zoo.FAMILIES["ConditionalDCGAN"].tiny)
    labels = ["one", "three"]
    images = gan.sample(2, seed=3, label=labels)
    found = latent.invert(gan, images, label=labels, steps=3, starts=2, candidates=16)
    assert np.allclose(gan.generate(found.latents, label=labels), found.images, atol=1e-6)
    exact = latent.invert(gan, images, label=labels, steps=1, starts=1, candidates=2, seed=3,
                          learning_rate=1e-6)  # fmt: skip
    assert exact.errors.max() < 1e-4  # the candidates hold the very latents


def test_directions_of_a_known_map():
    axes = np.linalg.qr(np.random.default_rng(2).standard_normal((16, 16)))[0][:4]
    gan = linear_gan(np.diag([0.1, 3.0, 1.0, 0.3]) @ axes / 30)  # small, where tanh is straight
    found = latent.directions(gan, 3, latents=np.zeros((2, 4)), step=0.5)
    assert np.allclose(found.vectors, np.eye(4)[[1, 2, 3]], atol=1e-3)
    assert np.allclose(found.gains, np.array([3.0, 1.0, 0.3]) / 30, rtol=5e-3)
    assert found.total == pytest.approx(np.sqrt(10.1) / 30, rel=5e-3)
    with pytest.raises(InvalidArgumentError, match="count must be from 1 to 4"):
        latent.directions(gan, 5)


@where_nothing_is_compiled
def test_the_styles_of_a_picture_are_found_again():
    gan: Any = registry.model_class("StyleGAN2")(**zoo.FAMILIES["StyleGAN2"].tiny, seed=1)
    images = gan.sample(2, seed=3)
    exact = latent.invert_styles(gan, images, steps=1, starts=1, candidates=2, seed=3,
                                 learning_rate=1e-6)  # fmt: skip
    assert exact.errors.max() < 1e-4  # the candidates hold the very styles
    assert exact.styles.shape == (2, gan.levels, gan.style_dim)
    begun = latent.invert_styles(gan, images, steps=1, starts=4, candidates=16, learning_rate=1e-6)
    found = latent.invert_styles(gan, images, steps=60, starts=4, candidates=16, prior=0.0)
    each = latent.invert_styles(
        gan, images, each_level=True, steps=60, starts=4, candidates=16, prior=0.0
    )
    assert found.errors.mean() < 0.7 * begun.errors.mean()
    assert np.ptp(found.styles, axis=1).max() == 0.0  # one style for all levels
    assert np.ptp(each.styles, axis=1).max() > 0.0
    assert np.allclose(gan.synthesize(each.styles), each.images, atol=1e-6)


def test_a_model_without_styles_has_none_to_find():
    gan = linear_gan(np.eye(5, 16))
    with pytest.raises(InvalidArgumentError, match=r"has no styles; ganzoo\.latent\.invert"):
        latent.invert_styles(gan, np.zeros((1, *SHAPE), np.float32))
