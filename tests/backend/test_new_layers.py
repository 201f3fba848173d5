"""Layers against NumPy, their configuration, and the gradient of penalties through them."""

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
        layers.SpectralNormalization(Conv2D(4, 3, strides=2, padding="same"), 60),
        keras.layers.Activation("tanh"),  # without a kink, where a penalty's slope would jump
        keras.layers.Flatten(),
        layers.SpectralNormalization(keras.layers.Dense(5, activation="tanh"), 60),
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
    with pytest.raises(InvalidArgumentError, match="layers with a kernel"):
        layers.SpectralNormalization(keras.layers.Flatten()).build((None, 3, 3, 1))


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
