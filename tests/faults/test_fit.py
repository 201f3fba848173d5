"""What `fit` and `compile` of Keras accept and a game cannot honour is refused in one line."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from harness import one_line
from keras import layers, ops

import ganzoo
from ganzoo import GAN, Objective
from ganzoo.batches import UnpairedBatches
from ganzoo.errors import DataError, GanzooError, InvalidArgumentError

pytestmark = pytest.mark.fault
X = np.random.default_rng(0).uniform(-1, 1, (8, 3)).astype("float32")


def networks() -> tuple[Any, Any]:
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
    return generator, keras.Sequential([keras.Input((3,)), layers.Dense(1)])


@pytest.fixture(scope="module")
def gan() -> Any:
    return GAN(*networks(), seed=1)


def refused(call: Any, *parts: str, error: type = GanzooError) -> None:
    """Assert that a call raises an error of one line with these parts."""
    with pytest.raises(error) as caught:
        call()
    one_line(caught.value, *parts)


@pytest.mark.parametrize(
    "option",
    ["loss", "loss_weights", "metrics", "weighted_metrics", "auto_scale_loss", "optimizer"],
)
def test_options_of_compile(gan, option):
    refused(lambda: gan.compile(**{option: "mse"}), f"no argument {option!r}", "accepted: optim")


@pytest.mark.parametrize(
    ("callback", "name"),
    [
        (lambda: keras.callbacks.EarlyStopping(), "val_g_loss"),
        (lambda: keras.callbacks.EarlyStopping("loss"), "d_loss, g_loss"),
        (lambda: keras.callbacks.ReduceLROnPlateau(), "val_d_loss"),
        (lambda: keras.callbacks.ModelCheckpoint("x.keras", save_best_only=True), "val_g_loss"),
    ],
)
def test_callbacks_that_watch_a_log_called_loss(gan, callback, name):
    one = callback()
    refused(lambda: gan.fit(X, verbose=0, callbacks=[one]), type(one).__name__, "monitor=", name)
    as_list = keras.callbacks.CallbackList([one], model=gan, epochs=1, steps=1, verbose=0)
    refused(lambda: gan.fit(X, verbose=0, callbacks=as_list), type(one).__name__)


def test_callbacks_that_watch_the_loss_of_a_player(gan, tmp_path):
    path = tmp_path / "best.keras"
    callbacks = [
        keras.callbacks.EarlyStopping("val_g_loss", mode="min", patience=5),
        keras.callbacks.ReduceLROnPlateau("g_loss", mode="min"),
        keras.callbacks.ModelCheckpoint(path, "val_d_loss", mode="min", save_best_only=True),
        keras.callbacks.ModelCheckpoint(tmp_path / "each.keras"),
    ]
    logs = gan.fit(X, verbose=0, validation_data=(X,), callbacks=callbacks).history
    assert path.exists()
    assert "learning_rate" in logs


@pytest.mark.parametrize(
    ("weights", "part"),
    [
        (np.ones(7), "one number per example, 8; got 7"),
        (np.ones((8, 2)), "shape (n,)"),
        (np.full(8, -1.0), "got -1 to -1"),
        (np.full(8, np.nan), "finite"),
        (np.zeros(8), "not all of them 0"),
        (np.array(["a"] * 8), "must be numbers"),
    ],
)
def test_weights_that_cannot_be_right(gan, weights, part):
    refused(lambda: gan.fit(X, sample_weight=weights, verbose=0), part, error=DataError)
    refused(lambda: gan.evaluate(X, sample_weight=weights, verbose=0), part, error=DataError)
    held_out = (X, None, weights)
    refused(lambda: gan.fit(X, validation_data=held_out, verbose=0), part, error=DataError)


class OwnLoss(GAN):
    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return ops.mean(real_logits) - ops.mean(fake_logits)


class OwnObjective(GAN):
    def generator_objective(self, batch: Any) -> Objective:
        return super().generator_objective(batch)


class OwnWeighted(OwnObjective):
    weighted = True


def own_penalty(judge: Any, real: Any, fake: Any, seed: Any, images: Any = None) -> Any:
    return 0.0 * ops.mean(judge(real, slice(None)))


def test_games_of_ones_own_that_do_not_use_weights():
    ones = np.ones(8)
    own = OwnLoss(*networks())
    refused(lambda: own.fit(X, sample_weight=ones, verbose=0), "discriminator_loss takes no arg")
    own = OwnObjective(*networks())
    refused(lambda: own.fit(X, sample_weight=ones, verbose=0), "its generator_objective does not")
    own = GAN(*networks())
    own.compile(penalty=own_penalty)
    refused(lambda: own.fit(X, sample_weight=ones, verbose=0), "own_penalty takes no argument")
    history = OwnWeighted(*networks()).fit(X, sample_weight=ones, verbose=0).history
    assert np.isfinite(history["g_loss"]).all()


class ThreeParts(UnpairedBatches):
    def __getitem__(self, index: int) -> Any:
        return (*super().__getitem__(index), np.ones(4, "float32"))


def test_two_sets_without_pairs_have_no_weights():
    model = ganzoo.CycleGAN((8, 8, 1), filters=2, blocks=1, discriminator_filters=(2,), pool_size=0)
    images = np.zeros((4, 8, 8, 1), "float32")
    batches = ThreeParts(images, images, 4)
    refused(lambda: model.fit(batches, verbose=0), "CycleGAN takes no sample_weight")


def test_weights_of_classes(gan):
    refused(lambda: gan.fit(X, class_weight={0: 2.0}, verbose=0), "no classes to weigh")
    latents, images, wanted = keras.Input((2,)), keras.Input((3,)), keras.Input((2,))
    drawn = layers.Dense(3)(layers.Concatenate()([latents, wanted]))
    judged = layers.Dense(1)(layers.Concatenate()([images, wanted]))
    networks = keras.Model([latents, wanted], drawn), keras.Model([images, wanted], judged)
    model = ganzoo.ConditionalGAN(*networks, ["a", "b"])
    labels = np.zeros(8, int)
    for weights, part in (
        ({2: 1.0}, "the label 2; accepted: 0 to 1"),
        ({"a": 1.0}, "integers 0 to 1"),
        ({0: -1.0}, "finite numbers >= 0"),
    ):
        refused(lambda w=weights: model.fit(X, labels, class_weight=w, verbose=0), part)
    with pytest.raises(ValueError, match="`class_weight` and `sample_weight`"):
        model.fit(X, labels, class_weight={0: 1.0}, sample_weight=np.ones(8), verbose=0)


def test_a_player_stands_for_a_third_optimizer():
    with pytest.raises(InvalidArgumentError, match="no player 'encoder'"):
        GAN(*networks()).compile(optimizers={"encoder": keras.optimizers.SGD()})
