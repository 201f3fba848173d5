"""New layers: gradients of penalties through them, configuration, spectral normalisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import layers, penalties
from ganzoo._backend import BackendModel, apply, minimize
from ganzoo.errors import InvalidArgumentError
from ganzoo.layers.strided import Conv2D
from ganzoo.layers.transposed import Conv2DTranspose


def images(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def called(layer: Any, x: np.ndarray, **options: Any) -> np.ndarray:
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(x), **options))


class Judged(BackendModel, keras.Model):
    """A discriminator that is applied to real and generated data, and penalised, in one step."""

    def __init__(self, network: Any, terms: Any = (), rate: float = 0.1) -> None:
        super().__init__()
        self.network, self.terms = network, tuple(terms)
        self.seed = keras.random.SeedGenerator(4)
        self.compile(keras.optimizers.SGD(rate))
        self.optimizer.build(network.trainable_variables)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.network(inputs)

    def train_step(self, data: Any) -> dict[str, Any]:
        real, fake, _ = keras.utils.unpack_x_y_sample_weight(data)

        def judge(x: Any, rows: slice = slice(None)) -> Any:
            return apply(self.network, x, training=True)

        def loss() -> Any:
            total = ops.mean(judge(fake)) - ops.mean(judge(real))
            return total + sum(term(judge, real, fake, self.seed) for term in self.terms)

        return {"d_loss": minimize(loss, self.network.trainable_variables, self.optimizer)}


LAYERS: dict[str, Callable[[], list[Any]]] = {
    "spectral": lambda: [
        layers.SpectralNormalization(Conv2D(4, 3, strides=2, padding="same"), 25),
        keras.layers.Activation("tanh"),  # without a kink, where a penalty's slope would jump
        keras.layers.Flatten(),
        layers.SpectralNormalization(keras.layers.Dense(5, activation="tanh"), 25),
    ],
    "attention": lambda: [
        Conv2D(4, 3, padding="same"),
        layers.SelfAttention(2, name="attention"),
        keras.layers.Activation("tanh"),
        keras.layers.Flatten(),
    ],
    "minibatch": lambda: [
        Conv2D(4, 3, padding="same", activation="tanh"),
        layers.MinibatchStandardDeviation(3),
        Conv2D(4, 3, padding="same", activation="tanh"),
        keras.layers.Flatten(),
    ],
    "instance": lambda: [
        Conv2D(4, 3, padding="same"),
        layers.InstanceNormalization(epsilon=0.1),
        keras.layers.Activation("tanh"),
        keras.layers.Flatten(),
    ],
    "blur": lambda: [
        Conv2D(4, 3, padding="same", activation="tanh"),
        layers.Blur(down=2),
        Conv2D(4, 3, padding="same", activation="tanh"),
        layers.Blur(up=2),
        Conv2D(4, 3, padding="same", activation="tanh"),
        layers.Blur(),
        keras.layers.Flatten(),
    ],
}


@pytest.mark.parametrize("name", LAYERS)
def test_penalties_reach_every_weight(name):
    """The step that is taken is the slope of the loss, by differences along a random direction."""
    network = keras.Sequential(
        [keras.Input((6, 6, 2)), *LAYERS[name](), keras.layers.Dense(1)], name="judge"
    )
    for variable in network.trainable_variables:  # also what starts at 0
        variable.assign(images(*variable.shape, seed=len(variable.shape)) * 0.5)
    weights = network.get_weights()
    model = Judged(network, [penalties.R1(2.0), penalties.R2(1.0, every=2)], rate=1.0)
    random_state = ops.convert_to_numpy(model.seed.state.value)

    def loss_at(values: list[np.ndarray]) -> float:
        network.set_weights(values)
        model.seed.state.assign(random_state)
        real, fake = images(4, 6, 6, 2, seed=1), images(4, 6, 6, 2, seed=2)
        return model.fit(real, fake, batch_size=4, shuffle=False, verbose=0).history["d_loss"][0]

    loss_at(weights)
    trained = {id(variable) for variable in network.trainable_variables}
    moved = [id(variable) in trained for variable in network.weights]
    after = network.get_weights()
    slopes = [(b - a) * m for b, a, m in zip(weights, after, moved, strict=True)]
    kernels = [s for s, w in zip(slopes, network.weights, strict=True) if w.name == "kernel"]
    assert len(kernels) >= 2
    assert all(np.abs(kernel).max() > 1e-5 for kernel in kernels)
    random = np.random.default_rng(7)
    way = [random.choice([-1.0, 1.0], w.shape).astype(np.float32) * m
           for w, m in zip(weights, moved, strict=True)]  # fmt: skip
    step = 2e-3
    ends = [loss_at([w + sign * step * d for w, d in zip(weights, way, strict=True)])
            for sign in (1, -1)]  # fmt: skip
    slope = sum(float((s * d).sum()) for s, d in zip(slopes, way, strict=True))
    assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slope, rel=0.03, abs=0.01)


@pytest.mark.parametrize("name", LAYERS)
def test_saved_and_loaded(name, tmp_path):
    network = keras.Sequential([keras.Input((6, 6, 2)), *LAYERS[name](), keras.layers.Dense(1)])
    x = images(4, 6, 6, 2)
    network(ops.convert_to_tensor(x), training=True)
    network.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(called(network, x), called(again, x))


@pytest.mark.parametrize(
    "layer",
    [
        layers.SpectralNormalization(Conv2D(4, 3), power_iterations=2),
        layers.SelfAttention(4, spectral=True),
        layers.MinibatchStandardDeviation(6),
        layers.InstanceNormalization(1e-3, center=False),
        layers.Blur(up=2),
        layers.ImagePool(7, seed=3),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_configuration(layer):
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("name", LAYERS)
def test_half_precision(name):
    keras.config.set_dtype_policy("mixed_float16")
    network = keras.Sequential([keras.Input((6, 6, 2)), *LAYERS[name]()])
    made = network(ops.convert_to_tensor(images(4, 6, 6, 2)), training=True)
    assert keras.backend.standardize_dtype(made.dtype) == "float16"
    assert np.isfinite(ops.convert_to_numpy(made)).all()
    assert all(w.dtype == "float32" for w in network.weights)


def matrix(kernel: np.ndarray, axis: int) -> np.ndarray:
    return np.moveaxis(kernel, axis, 0).reshape(kernel.shape[axis], -1)


@pytest.mark.parametrize(
    ("make", "axis"),
    [
        (lambda: keras.layers.Dense(5), -1),
        (lambda: Conv2D(5, 3, strides=2, padding="same"), -1),
        (lambda: Conv2DTranspose(5, 3, strides=2, padding="same"), -2),
    ],
    ids=["dense", "strided", "transposed"],
)
def test_a_spectrally_normalised_kernel_has_norm_1(make, axis):
    inner = make()
    layer = layers.SpectralNormalization(inner, power_iterations=100)
    x = images(3, 6, 6, 4)
    made = called(layer, x)
    inner.bias.assign(images(5))
    kernel, bias = (ops.convert_to_numpy(w.value) for w in (inner.kernel, inner.bias))
    norm = np.linalg.svd(matrix(kernel, axis), compute_uv=False)[0]
    assert ops.convert_to_numpy(layer.norm()).item() == pytest.approx(norm, rel=1e-4)
    plain = make()
    plain.build(x.shape)
    plain.set_weights([kernel / norm, bias])
    np.testing.assert_allclose(called(layer, x), called(plain, x), atol=1e-5)
    np.testing.assert_allclose(made, called(layer, x) - bias, atol=1e-5)


def test_power_iteration_goes_on_with_each_training_pass_only():
    layer = layers.SpectralNormalization(keras.layers.Dense(4))
    layer.build((None, 6))
    kernel, u = (ops.convert_to_numpy(w.value) for w in (layer.layer.kernel, layer.u))
    for _ in range(3):
        called(layer, images(2, 6), training=True)
        u = kernel.T @ (kernel @ u)
        u /= np.linalg.norm(u)
        np.testing.assert_allclose(ops.convert_to_numpy(layer.u.value), u, rtol=1e-4, atol=1e-6)
    called(layer, images(2, 6), training=False)
    np.testing.assert_allclose(ops.convert_to_numpy(layer.u.value), u, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer.layer.kernel.value), kernel)


@pytest.mark.parametrize("terms", [[], [penalties.GradientPenalty(1.0)]])
def test_a_spectrally_normalised_discriminator_trains(terms):
    """It is applied to real and to generated data before the gradient, and u moves both times."""
    network = keras.Sequential(
        [keras.Input((6, 6, 2)), *LAYERS["spectral"](), keras.layers.Dense(1)]
    )
    model = Judged(network, terms, rate=0.05)
    real, fake = images(16, 6, 6, 2), images(16, 6, 6, 2, seed=1)
    before = [ops.convert_to_numpy(w.value) for w in network.non_trainable_weights]
    losses = model.fit(real, fake, batch_size=4, epochs=8, verbose=0).history["d_loss"]
    assert np.isfinite(losses).all()
    assert terms or losses[-1] < losses[0]
    after = [ops.convert_to_numpy(w.value) for w in network.non_trainable_weights]
    assert all((a != b).any() for a, b in zip(before, after, strict=True))


def test_a_kernel_of_zeros_gives_zeros():
    layer = layers.SpectralNormalization(keras.layers.Dense(4, kernel_initializer="zeros"))
    np.testing.assert_array_equal(called(layer, images(2, 6), training=True), np.zeros((2, 4)))


def test_spectral_normalisation_wants_a_kernel():
    with pytest.raises(InvalidArgumentError, match="for dense layers"):
        layers.SpectralNormalization(keras.layers.Flatten()).build((None, 3, 3, 1))
