"""What Keras' `fit` adds to its own loss, and weighs, is added to the losses of a game."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import ganzoo
from ganzoo import GAN, penalties
from ganzoo.batches import ShuffledBatches
from tests.backend.fit_support import (
    START,
    Adds,
    Still,
    X,
    kernel,
    linear,
    networks,
    sgd,
    trained,
)

# --- regularizers, add_loss -----------------------------------------------------------------------


@pytest.mark.parametrize("simultaneous", [False, True])
def test_kernel_regularizers_belong_to_the_loss_of_their_player(simultaneous):
    gan = Still(*networks([linear(kernel_regularizer=keras.regularizers.L2(0.5))]))
    gan.compile(sgd(), sgd(), simultaneous=simultaneous)
    logs = trained(gan)
    assert logs["d_loss"] == pytest.approx([0.5 * (START**2).sum()], rel=1e-5)
    assert logs["g_loss"] == pytest.approx([0.0], abs=1e-7)
    np.testing.assert_allclose(kernel(gan), START * (1 - 0.1 * 2 * 0.5), rtol=1e-5)
    said = gan.evaluate(X, verbose=0, return_dict=True)
    assert said["d_loss"] == pytest.approx(0.5 * (kernel(gan) ** 2).sum(), rel=1e-5)


@pytest.mark.parametrize("simultaneous", [False, True])
def test_add_loss_counts_once_per_pass_of_data(simultaneous):
    gan = Still(*networks([Adds(0.25), linear()], [Adds(2.0)]))
    gan.compile(sgd(), sgd(), simultaneous=simultaneous, penalty=penalties.R1(0.0))
    logs = trained(gan)
    assert logs["d_loss"] == pytest.approx([2 * 0.25], rel=1e-5)  # real and generated
    assert logs["g_loss"] == pytest.approx([2.0], rel=1e-5)
    said = gan.evaluate(X, verbose=0, return_dict=True)
    assert (said["d_loss"], said["g_loss"]) == pytest.approx((0.5, 2.0), rel=1e-5)


def test_activity_regularizers_reach_the_weights():
    judge = linear(activity_regularizer=keras.regularizers.L1(1.0))
    gan = Still(*networks([judge]))
    outputs = X @ START
    logs = trained(gan, sgd())
    assert logs["d_loss"] == pytest.approx([np.abs(outputs).mean()], rel=1e-5)  # D(0) = 0
    slope = (np.sign(outputs) * X).mean(axis=0)[:, None]
    np.testing.assert_allclose(kernel(gan), START - 0.1 * slope, rtol=1e-4)


# --- weights of examples --------------------------------------------------------------------------

COUNTS = np.array([1, 3, 0, 2, 0, 1, 0, 1], "float32")  # 8 in all, as many as rows
AGAIN = np.repeat(X, COUNTS.astype(int), axis=0)
LABELS = np.array([0, 1, 0, 1, 1, 0, 0, 1])


class Relativistic(GAN):
    relativistic = True
    discriminator_loss = staticmethod(ganzoo.losses.relativistic_discriminator_loss)
    generator_loss = staticmethod(ganzoo.losses.relativistic_generator_loss)


@pytest.mark.parametrize("family", [GAN, ganzoo.WassersteinGAN, Relativistic])
def test_a_weight_of_three_is_three_examples(family):
    results = []
    for x, weights in ((X, 5 * COUNTS), (AGAIN, None)):
        gan = family(*networks([linear()]))
        gan.compile(sgd(), sgd(), penalty=[penalties.R1(0.3), penalties.R2(0.2)])
        logs = trained(gan, x=x, sample_weight=weights)
        results.append([*(logs[name][0] for name in sorted(logs)), *kernel(gan)[:, 0]])
    assert not np.allclose(kernel(gan), START)
    np.testing.assert_allclose(results[0], results[1], rtol=1e-5)


def test_weights_reach_every_way_in():
    gan = GAN(*networks([linear()]))
    gan.compile(sgd(0.0), sgd(0.0))
    wanted = gan.evaluate(AGAIN, batch_size=8, verbose=0)
    assert gan.evaluate(X, sample_weight=COUNTS, batch_size=8, verbose=0) == pytest.approx(wanted)
    data = ShuffledBatches((X, LABELS, COUNTS), 8, seed=0)  # labels are not used
    assert gan.evaluate(data, verbose=0) == pytest.approx(wanted)
    for held_out in ((X, None, COUNTS), (X, LABELS, COUNTS)):
        logs = trained(gan, validation_data=held_out, validation_batch_size=8)
        values = [logs[f"val_{name}"][0] for name in gan.metrics_names]
        assert values == pytest.approx(wanted)


def conditional() -> Any:
    """Its generator draws what the label says, whatever the latents."""
    latents, images, wanted = keras.Input((2,)), keras.Input((3,)), keras.Input((2,))
    start = keras.initializers.RandomNormal(seed=3)
    none = layers.Dense(3, kernel_initializer="zeros", trainable=False)(latents)
    drawn = layers.Add()([none, layers.Dense(3, kernel_initializer=start)(wanted)])
    seen = layers.Concatenate()([images, wanted])
    judged = layers.Dense(1, kernel_initializer=keras.initializers.RandomNormal(seed=4))(seen)
    gan = ganzoo.ConditionalGAN(
        keras.Model([latents, wanted], drawn), keras.Model([images, wanted], judged), ["a", "b"]
    )
    gan.compile(sgd(), sgd(), penalty=[penalties.R1(0.3), penalties.R2(0.2)])
    return gan


def test_labels_that_are_asked_for_weigh_as_the_real_ones():
    options = {"batch_size": 8, "shuffle": False, "verbose": 0}
    labels = np.repeat(LABELS, COUNTS.astype(int))
    weighted, repeated, by_class = conditional(), conditional(), conditional()
    first = weighted.fit(X, LABELS, sample_weight=COUNTS, **options).history
    second = repeated.fit(AGAIN, labels, **options).history
    for name in first:
        np.testing.assert_allclose(first[name], second[name], rtol=1e-5)
    for a, b in zip(weighted.get_weights(), repeated.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    by_class.fit(X, LABELS, class_weight={0: 1.0, 1: 3.0}, **options)
    other = conditional()
    other.fit(X, LABELS, sample_weight=1.0 + 2.0 * LABELS, **options)
    for a, b in zip(by_class.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_a_pair_has_one_weight():
    images = np.random.default_rng(1).uniform(-1, 1, (2, 8, 4, 4, 1)).astype("float32")
    results = []
    for repeat in (False, True):
        rows = np.repeat(np.arange(8), COUNTS.astype(int)) if repeat else np.arange(8)
        keras.utils.set_random_seed(1)
        source, target = keras.Input((4, 4, 1)), keras.Input((4, 4, 1))
        made = layers.Conv2D(1, 3, padding="same", activation="tanh")(source)
        judged = layers.Conv2D(1, 3)(layers.Concatenate()([source, target]))
        model = ganzoo.Translator(keras.Model(source, made), keras.Model([source, target], judged))
        model.compile({"discriminator": sgd(), "generator": sgd()}, penalty=penalties.R1(0.3))
        weights = None if repeat else COUNTS
        logs = model.fit(
            images[0][rows], images[1][rows], batch_size=8, sample_weight=weights, verbose=0
        ).history
        results.append([logs["d_loss"][0], logs["g_loss"][0], *model.get_weights()[0].ravel()])
    np.testing.assert_allclose(results[0], results[1], rtol=1e-4)
