"""Penalties in a training step, against closed forms: their values and one step down them."""

from __future__ import annotations

import json
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import penalties
from ganzoo._backend import BackendModel, minimize
from ganzoo.augmentation import Augmentation
from ganzoo.errors import InvalidArgumentError
from ganzoo.schedules import Schedule

WEIGHTS = np.array([0.6, -1.2, 0.4], np.float32)
RATE = 0.01


class Squares(keras.layers.Layer):
    """D(x) = sum_j w_j x_j^2, whose gradient is 2 w_j x_j."""

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight(shape=(input_shape[-1],), name="w")

    def call(self, inputs: Any) -> Any:
        return ops.sum(self.w * ops.square(inputs), axis=1, keepdims=True)


class Penalised(BackendModel, keras.Model):
    """A discriminator that penalties alone move. Data are (real, generated)."""

    def __init__(self, *terms: Any, images: Any = None) -> None:
        super().__init__()
        self.network = keras.Sequential([keras.Input((3,)), Squares()])
        self.network.set_weights([WEIGHTS])
        self.terms, self.images = terms, images
        self.seed = keras.random.SeedGenerator(4)
        self.compile(keras.optimizers.SGD(RATE))
        self.optimizer.build(self.network.trainable_variables)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.network(inputs)

    def train_step(self, data: Any) -> dict[str, Any]:
        real, fake, _ = keras.utils.unpack_x_y_sample_weight(data)

        def judge(x: Any, rows: slice = slice(None)) -> Any:
            return self.network(x, training=True)

        def loss() -> Any:
            images = None if self.images is None else ops.convert_to_tensor(self.images)
            return sum(term(judge, real, fake, self.seed, images) for term in self.terms)

        value = minimize(loss, self.network.trainable_variables, self.optimizer)
        return {"penalty": value}


def data(n: int = 8) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.random.default_rng(1).uniform(-1, 1, (2, n, 3)).astype(np.float32))


def stepped(*terms: Any, real: np.ndarray, fake: np.ndarray, images: Any = None) -> tuple:
    """Return the penalty and the weights after a step down it."""
    model = Penalised(*terms, images=images)
    history = model.fit(real, fake, batch_size=len(real), shuffle=False, verbose=0).history
    return history["penalty"][0], model.network.get_weights()[0]


def squared(weight: float, x: np.ndarray) -> tuple[float, np.ndarray]:
    """Return weight * mean |2 w x|^2 and its gradient in w."""
    return weight * (4 * WEIGHTS**2 * x**2).sum(1).mean(), weight * 8 * WEIGHTS * (x**2).mean(0)


def towards_one(weight: float, x: np.ndarray) -> tuple[float, np.ndarray]:
    """Return weight * mean (|2 w x| - 1)^2 and its gradient in w."""
    norm = np.sqrt((4 * WEIGHTS**2 * x**2).sum(1))
    slope = (2 * (norm - 1) / norm)[:, None] * 4 * WEIGHTS * x**2
    return weight * ((norm - 1) ** 2).mean(), weight * slope.mean(0)


def check(got: tuple, value: float, slope: np.ndarray) -> None:
    assert got[0] == pytest.approx(value, rel=1e-4)
    np.testing.assert_allclose(got[1], WEIGHTS - RATE * slope, rtol=1e-4)


@pytest.mark.parametrize("every", [1, 3])
def test_r1_on_real_and_r2_on_generated_data(every):
    real, fake = data()
    chosen = real[::every], fake[::every]
    check(stepped(penalties.R1(0.7, every), real=real, fake=fake), *squared(0.7 / 2, chosen[0]))
    check(stepped(penalties.R2(0.7, every), real=real, fake=fake), *squared(0.7 / 2, chosen[1]))


def test_several_add_up():
    real, fake = data()
    first, second = squared(0.35, real), squared(0.1, fake)
    got = stepped(penalties.R1(0.7), penalties.R2(0.2), real=real, fake=fake)
    check(got, first[0] + second[0], first[1] + second[1])


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize(
    ("penalty", "expected"),
    [(penalties.GradientPenalty, towards_one), (penalties.ZeroCentredPenalty, squared)],
)
def test_between_equal_examples_lies_the_example(penalty, expected, every):
    real, _ = data()
    check(stepped(penalty(0.7, every), real=real, fake=real), *expected(0.7, real[::every]))


def test_points_lie_on_the_lines():
    real, fake = np.zeros((64, 2, 2), np.float32), np.ones((64, 2, 2), np.float32)
    made = penalties.between(
        ops.convert_to_tensor(real), ops.convert_to_tensor(fake), keras.random.SeedGenerator(0)
    )
    made = ops.convert_to_numpy(made)
    assert np.ptp(made, axis=(1, 2)).max() == 0
    assert len(np.unique(made)) == 64
    assert 0 < made.min() < 0.2 < 0.8 < made.max() <= 1


def test_a_scheduled_weight():
    real, fake = data()
    schedule = Schedule(1.4, 0.2, over=100, shape="linear")
    for images, weight in ((0, 1.4), (50, 0.8), (1000, 0.2)):
        got = stepped(penalties.R1(schedule), real=real, fake=fake, images=images)
        check(got, *squared(weight / 2, real))
    with pytest.raises(InvalidArgumentError, match="number of images"):
        stepped(penalties.R1(schedule), real=real, fake=fake)


def test_the_judge_is_told_its_rows():
    seen = []

    class Heard(Penalised):
        def train_step(self, data: Any) -> dict[str, Any]:
            real, fake, _ = keras.utils.unpack_x_y_sample_weight(data)
            condition = ops.arange(8)

            def judge(x: Any, rows: slice) -> Any:
                seen.append((tuple(x.shape), tuple(condition[rows].shape), rows))
                return self.network(x, training=True)

            def loss() -> Any:
                return self.terms[0](judge, real, fake, self.seed)

            return {"penalty": minimize(loss, self.network.trainable_variables, self.optimizer)}

    real, fake = data()
    Heard(penalties.R1(1.0, every=3)).fit(real, fake, batch_size=8, verbose=0)
    assert seen[0] == ((3, 3), (3,), slice(None, None, 3))


@pytest.mark.parametrize("name", ["R1", "R2", "GradientPenalty", "ZeroCentredPenalty"])
@pytest.mark.parametrize("weight", [0.25, {"from": 5, "to": 0.5, "over": 1e6}])
def test_configuration(name, weight):
    penalty = getattr(penalties, name)(weight, every=4)
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(penalty)))
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(penalty)
    assert (again.weight, again.every) == (penalty.weight, 4)
    assert isinstance(again.weight, Schedule if isinstance(weight, dict) else float)


@pytest.mark.parametrize("weight", [-1.0, "1", None, {"from": 1, "to": -1, "over": 5}])
def test_refused_weights(weight):
    with pytest.raises(InvalidArgumentError, match="penalty's weight must be"):
        penalties.R1(weight)


def augmented(images: Any = None, **options: Any) -> np.ndarray:
    examples = ops.convert_to_tensor(np.ones((512, 8, 8, 1), np.float32))
    seed = keras.random.SeedGenerator(5)
    return ops.convert_to_numpy(Augmentation(**options)(examples, seed, images))


def test_augmentation_with_a_probability():
    always = augmented()
    half = augmented(probability=0.5)
    untouched = (half == 1).all(axis=(1, 2, 3))
    assert 0.4 < untouched.mean() < 0.6
    np.testing.assert_array_equal(half[~untouched], always[~untouched])
    assert (augmented(probability=0.0) == 1).all()


def test_augmentation_with_a_scheduled_probability():
    schedule = {"from": 0.0, "to": 1.0, "over": 100, "shape": "linear"}
    shares = [
        (augmented(images, probability=schedule) == 1).all(axis=(1, 2, 3)).mean()
        for images in (0, ops.convert_to_tensor(50), 100)
    ]
    assert shares[0] == 1
    assert 0.4 < shares[1] < 0.6
    assert shares[2] == 0
    augmentation = Augmentation(probability=schedule)
    assert Augmentation.from_config(augmentation.get_config()).probability == Schedule(
        0.0, 1.0, 100, "linear"
    )
    with pytest.raises(InvalidArgumentError, match="from 0 to 1"):
        Augmentation(probability=1.5)
