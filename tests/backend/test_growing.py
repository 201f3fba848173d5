"""Growing networks: what is shown, judged and trained at each growth, and a resumed fade."""

from __future__ import annotations

import dataclasses
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import zoo
from ganzoo.batches import ShuffledBatches
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import FadeIn
from ganzoo.training import TrainingState
from ganzoo.training.build import compile_for
from tests.contract.support import (
    largest_difference,
    moved,
    values,
    where_nothing_is_compiled,
)

SIZES: dict[str, Any] = {"image_shape": (16, 16, 1), "latent_dim": 3, "filters": (6, 5, 4)}
FADE = {"from": 0.0, "to": 2.0, "over": 64, "shape": "linear"}


def images(n: int = 16) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (n, 16, 16, 1)).astype("float32")


def blocks(x: np.ndarray, size: int) -> np.ndarray:
    """Return the means of squares of `size` pixels, each as large as it was."""
    means = x.reshape(len(x), 16 // size, size, 16 // size, size, 1).mean(axis=(2, 4))
    return means.repeat(size, axis=1).repeat(size, axis=2)


def test_a_share_of_each():
    layer = FadeIn(level=2)
    old, new = np.full((1, 2), 3.0, "float32"), np.full((1, 2), 7.0, "float32")
    for growth, wanted in ((0, 3.0), (1, 3.0), (1.25, 4.0), (2, 7.0), (9, 7.0)):
        layer.follow(growth)
        assert np.allclose(ops.convert_to_numpy(layer([old, new])), wanted)


@pytest.mark.slow
@pytest.mark.parametrize(("growth", "size"), [(0.0, 4), (1.0, 2), (2.0, 1)])
def test_pictures_have_the_detail_of_the_level(growth, size):
    gan = ganzoo.ProGAN(**SIZES, growth=growth, seed=1)
    assert gan.growth == growth
    made, x = gan.sample(3, seed=2), images(3)
    assert np.allclose(blocks(made, size), made, atol=1e-6)
    if size < 4:
        assert np.abs(blocks(made, 2 * size) - made).max() > 1e-3
    shown = ops.convert_to_numpy(gan.with_detail(ops.convert_to_tensor(x)))
    assert np.allclose(shown, blocks(x, size), atol=1e-6)
    # Detail that has not grown yet changes no score.
    scores = [ops.convert_to_numpy(gan.discriminator(y)) for y in (x, shown)]
    assert np.allclose(*scores, atol=1e-4)


def test_half_a_fade_is_the_mean_of_two_levels():
    gan = ganzoo.ProGAN(**SIZES, growth=1.5)
    x = images(2)
    shown = ops.convert_to_numpy(gan.with_detail(ops.convert_to_tensor(x)))
    assert np.allclose(shown, 0.5 * (blocks(x, 2) + x), atol=1e-6)


def test_only_what_has_grown_is_trained():
    gan = ganzoo.ProGAN(**SIZES, seed=1)
    gan.compile(growth=0)
    before = values(gan.trainable_variables)
    history = gan.fit(images(8), batch_size=8, verbose=0).history
    assert history["growth"] == [0.0]
    assert gan.growth == 0.0
    still = [v for v, change in zip(gan.trainable_variables, moved(before, gan.trainable_variables),
                                    strict=True) if not change]  # fmt: skip
    kernels = sorted(v.shape[-1] for v in still if len(v.shape) == 4)
    # Two levels of each network: convolutions, and the colours of all larger pictures.
    assert kernels == sorted([5, 5, 1, 4, 4, 1, 4, 4, 5, 5, 5, 6])


def test_weights_are_scaled_while_they_are_used():
    gan = ganzoo.ProGAN((32, 32, 3), 64, (64, 64, 64, 64))
    for network in gan.networks.values():
        for variable in network.trainable_variables:
            if len(variable.shape) > 1 and variable.shape[-1] > 16:
                assert 0.9 < np.std(ops.convert_to_numpy(variable)) < 1.1
    made = gan.sample(16, seed=1)
    assert 0.1 < made.std() < 1.0  # neither gone nor all at the ends


def test_the_drift_keeps_scores_near_zero():
    gan = ganzoo.ProGAN(**SIZES)
    real, fake = (ops.convert_to_tensor(np.full((4, 1), x, "float32")) for x in (10.0, 2.0))
    assert float(ops.convert_to_numpy(gan.discriminator_loss(real, fake))) == pytest.approx(
        2.0 - 10.0 + 0.001 * 100.0
    )


@where_nothing_is_compiled
def test_a_fade_is_saved_and_gone_on_with(tmp_path):
    gan = ganzoo.ProGAN(**SIZES, ema_momentum=0.9, seed=3)
    gan.compile(growth=FADE)
    history = gan.fit(images(), batch_size=8, epochs=2, verbose=0, shuffle=False).history
    assert history["growth"] == [pytest.approx(0.125), pytest.approx(0.625)]
    assert gan.growth == pytest.approx(0.75)
    shares = [layer.alpha for layer in gan.averaged_generator.layers if isinstance(layer, FadeIn)]
    assert sum(map(float, values(shares))) == pytest.approx(0.75)  # no average lags behind
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.growth == gan.growth
    assert again.get_compile_config() == gan.get_compile_config()
    for one in (gan, again):
        one.fit(images(), batch_size=8, verbose=0, shuffle=False)
    assert largest_difference(gan.variables, again.variables) == 0.0
    assert again.growth == pytest.approx(1.25)


@where_nothing_is_compiled
def test_a_training_resumes_in_the_middle_of_a_fade(tmp_path):
    def run(folder: Any, *lengths: int) -> Any:
        for epochs in lengths:
            keras.utils.set_random_seed(5)
            gan = ganzoo.ProGAN(**SIZES, ema_momentum=0.9, seed=5)
            gan.compile(growth=FADE)
            batches = ShuffledBatches(images(), 8, seed=1)
            with TrainingState(folder, batches=batches) as state:
                begin = state.restore(gan)
                gan.fit(batches, initial_epoch=begin.epoch, epochs=epochs, verbose=0,
                        callbacks=[state])  # fmt: skip
        return gan

    whole, resumed = run(tmp_path / "whole", 3), run(tmp_path / "parts", 1, 3)
    assert resumed.growth == pytest.approx(1.25)
    assert largest_difference(whole.variables, resumed.variables) == 0.0


def test_the_recipe_grows_level_by_level():
    entry = zoo.ENTRIES["progan_cartoons"]
    assert entry.recipe is not None
    seen, epochs = [], 0
    gan = ganzoo.ProGAN((32, 32, 3), 4, (4, 4, 4, 4, 4))
    for stage in entry.recipe.stages:
        compile_for(gan, dataclasses.replace(stage), steps_per_epoch=10, batch_size=32)
        for epoch in range(epochs, epochs + stage.epochs + 1):
            seen.append(gan.grows(320 * epoch) if callable(gan.grows) else gan.grows)
        epochs += stage.epochs
    assert epochs == entry.recipe.epochs
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 4.0)
    assert {0.0, 1.0, 2.0, 3.0, 4.0} <= {*seen}


@pytest.mark.parametrize("growth", [-0.5, 2.5, "all", {"from": 0.0, "to": 3.0, "over": 10}])
def test_growth_that_cannot_be(growth):
    with pytest.raises(InvalidArgumentError, match="growth must be") as caught:
        ganzoo.ProGAN(**SIZES).compile(growth=growth)
    assert "\n" not in str(caught.value)
