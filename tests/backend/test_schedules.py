"""Schedules: their values, in optimizers, in a compiled step, saved and loaded."""

from __future__ import annotations

import json
import math

import keras
import numpy as np
import pytest

from ganzoo.errors import InvalidArgumentError
from ganzoo.schedules import LearningRate, Schedule, ScheduledAdam, adam, read, value_at


def number(x) -> float:
    return keras.ops.convert_to_numpy(x).item()


@pytest.mark.parametrize("shape", ["cosine", "linear"])
def test_values_of_numbers_and_tensors(shape):
    schedule = Schedule(2.0, 0.5, over=1000, shape=shape, after=200)
    for images in (0, 200, 450, 700, 1200, 5000):
        share = min(max((images - 200) / 1000, 0), 1)
        if shape == "cosine":
            share = (1 - math.cos(math.pi * share)) / 2
        assert schedule(images) == pytest.approx(2.0 - 1.5 * share)
        for dtype in ("int32", "float32"):
            value = schedule(keras.ops.cast(images, dtype))
            assert keras.backend.standardize_dtype(value.dtype) == "float32"
            assert number(value) == pytest.approx(2.0 - 1.5 * share, abs=1e-6)
    assert (schedule(0), schedule(10**9)) == (2.0, 0.5)
    assert isinstance(schedule(np.int64(3)), float)


def test_plain_data_and_configuration():
    plain = {"from": 1, "to": 0.1, "over": 1e5}
    schedule = Schedule.from_plain(plain)
    assert schedule == Schedule(1, 0.1, 1e5, "cosine", 0)
    assert Schedule.from_plain(json.loads(json.dumps(schedule.to_plain()))) == schedule
    config = keras.saving.serialize_keras_object(schedule)
    assert keras.saving.deserialize_keras_object(json.loads(json.dumps(config))) == schedule
    assert value_at(0.3, None) == 0.3
    assert value_at(schedule, 0) == 1


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"from": 1, "to": 2}, "without 'over'"),
        ({"from": 1, "to": 2, "ove": 3}, "no 'ove'.*Did you mean 'over'"),
        ({"from": 1, "to": 2, "over": 0}, "over > 0"),
        ({"from": 1, "to": "2", "over": 5}, "finite number; got '2'"),
        ({"from": 1, "to": 2, "over": 5, "shape": "cosin"}, "Did you mean 'cosine'"),
        ({"from": 1, "to": -2, "over": 5}, "must be >= 0"),
        ("much", "must be a number or a schedule"),
    ],
)
def test_refused(plain, message):
    with pytest.raises(InvalidArgumentError, match=message):
        read("weight", plain, least=0.0)


def test_a_schedule_needs_images():
    with pytest.raises(InvalidArgumentError, match="number of images"):
        value_at(Schedule(1, 2, 3), None)


def line(optimizer) -> keras.Model:
    """Return y = w x, w = 1 at first."""
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )
    model.compile(optimizer, loss="mse")
    return model


def by_hand(steps: int, batch: int, rate, beta_1: float, beta_2, epsilon: float = 1e-7) -> float:
    """Return w after Adam's steps down the gradient 2 (w x - y) x at x = 1, y = 0."""
    w, m, v = 1.0, 0.0, 0.0
    for step in range(steps):
        gradient, images = 2 * w, step * batch
        b, lr = value_at(beta_2, images), value_at(rate, images)
        m += (gradient - m) * (1 - beta_1)
        v += (gradient**2 - v) * (1 - b)
        alpha = lr * math.sqrt(1 - b ** (step + 1)) / (1 - beta_1 ** (step + 1))
        w -= alpha * m / (math.sqrt(v) + epsilon)
    return w


RATE = Schedule(0.1, 0.01, over=24)
BETA = Schedule(0.5, 0.9, over=24, shape="linear")
EAGER = pytest.mark.parametrize("eager", [False, True])


def trained(optimizer, steps: int, eager: bool = False) -> keras.Model:
    model = line(optimizer)
    model.run_eagerly = eager
    x = np.ones((4 * steps, 1), np.float32)
    model.fit(x, 0 * x, batch_size=4, verbose=0)
    return model


@EAGER
def test_learning_rate_in_a_step(eager):
    model = trained(adam(4, RATE, beta_2=0.9), 8, eager)
    assert type(model.optimizer).__name__ == "Adam"
    expected = by_hand(8, 4, RATE, 0.9, 0.9)
    assert number(model.weights[0].value) == pytest.approx(expected, rel=1e-4)
    assert number(model.optimizer.learning_rate) == pytest.approx(RATE(32), rel=1e-5)


@EAGER
def test_beta_2_in_a_step(eager):
    model = trained(ScheduledAdam(0.05, beta_1=0.0, beta_2=BETA, batch_size=4), 8, eager)
    expected = by_hand(8, 4, 0.05, 0.0, BETA)
    assert number(model.weights[0].value) == pytest.approx(expected, rel=1e-4)
    assert number(model.optimizer.beta_2) == pytest.approx(0.9)


def test_a_constant_beta_2_is_the_adam_of_keras():
    ours = trained(ScheduledAdam(0.05, beta_2=0.9, batch_size=4), 5)
    theirs = trained(keras.optimizers.Adam(0.05, beta_2=0.9), 5)
    assert number(ours.weights[0].value) == pytest.approx(number(theirs.weights[0].value), rel=1e-6)


def test_both_saved_and_loaded_go_on_as_if_nothing_had_been(tmp_path):
    def fresh() -> ScheduledAdam:
        return adam(4, RATE.to_plain(), BETA.to_plain(), beta_1=0.5)

    straight = trained(fresh(), 6)
    first = trained(fresh(), 3)
    first.save(tmp_path / "line.keras")
    again = keras.models.load_model(tmp_path / "line.keras")
    assert again.optimizer.get_config() == first.optimizer.get_config()
    x = np.ones((12, 1), np.float32)
    again.fit(x, 0 * x, batch_size=4, verbose=0)
    assert number(again.weights[0].value) == number(straight.weights[0].value)
    expected = by_hand(6, 4, RATE, 0.5, BETA)
    assert number(again.weights[0].value) == pytest.approx(expected, rel=1e-4)


def test_stateless_apply():
    optimizer = ScheduledAdam(RATE, beta_2=BETA, batch_size=4)
    variable = keras.Variable(np.ones(1, np.float32))
    optimizer.build([variable])
    if keras.backend.backend() != "jax":
        pytest.skip("stateless_apply is JAX's way of training")
    values, state = [variable.value], [v.value for v in optimizer.variables]
    for _ in range(3):
        values, state = optimizer.stateless_apply(state, [2 * values[0]], values)
    assert number(values[0][0]) == pytest.approx(by_hand(3, 4, RATE, 0.9, BETA), rel=1e-4)
    assert number(optimizer.iterations.value) == 0


@pytest.mark.parametrize("batch_size", [0, -1, None, True])
def test_a_batch_size_is_a_number_of_images(batch_size):
    with pytest.raises(InvalidArgumentError, match="batch_size must be a number > 0"):
        LearningRate(RATE, batch_size)


def test_beta_2_stays_below_1():
    with pytest.raises(InvalidArgumentError, match="beta_2 must be"):
        ScheduledAdam(beta_2=Schedule(0.9, 1.0, 10), batch_size=4)
