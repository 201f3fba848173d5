"""Dense layers of a direction and a length, and noise with a state of its own."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import WeightNormDense, gaussian_noise

X = np.random.default_rng(0).normal(size=(5, 7)).astype("float32")


def made(layer, x=X, **options):
    return ops.convert_to_numpy(layer(x, **options))


def test_the_length_of_the_kernel_changes_nothing():
    layer = WeightNormDense(3)
    before = made(layer)
    kernel = ops.convert_to_numpy(layer.kernel)
    assert before == pytest.approx(X @ (kernel / np.linalg.norm(kernel, axis=0)), abs=1e-5)
    layer.kernel.assign(kernel * np.array([0.5, 3.0, 7.0], "float32"))
    assert made(layer) == pytest.approx(before, abs=1e-5)
    layer.length.assign(np.array([1.0, -2.0, 0.0], "float32"))
    layer.bias.assign(np.array([0.0, 1.0, 4.0], "float32"))
    assert made(layer) == pytest.approx(before * [1, -2, 0] + [0, 1, 4], abs=1e-5)


def test_a_fixed_length_is_no_weight(tmp_path):
    inputs = keras.Input((7,))
    model = keras.Model(inputs, WeightNormDense(3, "relu", train_length=False)(inputs))
    assert model.count_params() == 7 * 3 + 3
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(made(again), made(model))
    assert made(model).min() == 0
    assert again.layers[-1].train_length is False


@pytest.mark.parametrize("train_length", [True, False])
def test_a_length_to_begin_with(train_length):
    layer = WeightNormDense(3, train_length=train_length, initial_length=1.5)
    found = made(layer)
    kernel = ops.convert_to_numpy(layer.kernel)
    assert found == pytest.approx(1.5 * X @ (kernel / np.linalg.norm(kernel, axis=0)), abs=1e-5)
    assert layer.get_config()["initial_length"] == 1.5


def test_a_width_that_cannot_be():
    with pytest.raises(InvalidArgumentError, match="units"):
        WeightNormDense(0)
    with pytest.raises(InvalidArgumentError, match="initial_length must be a finite number > 0"):
        WeightNormDense(3, initial_length=0.0)


def test_noise_only_while_training_and_settled_by_the_seed():
    drawn = []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        layer = gaussian_noise(0.5)
        assert np.array_equal(made(layer, training=False), X)
        drawn.append(made(layer, np.zeros((1000, 7), "float32"), training=True))
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.allclose(drawn[0], drawn[2])
    assert drawn[0].std() == pytest.approx(0.5, rel=0.03)
