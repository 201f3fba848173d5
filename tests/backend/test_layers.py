"""Networks run by the seam give what Keras gives: values, gradients, statistics, random states."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import ganzoo
from ganzoo import tasks, zoo
from ganzoo._backend import apply, common
from ganzoo.constructors import constructor_parameters
from ganzoo.layers import dropout
from ganzoo.layers.transposed import Conv2DTranspose
from ganzoo.zoo import registry

OWN = pytest.mark.skipif(
    apply is common.apply, reason="this backend runs networks as Keras does: nothing to compare"
)


def convolutions(stride: int, kernel: int, padding: str) -> keras.Model:
    """Every layer that a backend may run in its own way, in sizes that are not symmetric."""
    return keras.Sequential(
        [
            keras.Input((11, 8, 3)),
            layers.Conv2D(4, kernel, strides=stride, padding=padding),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            Conv2DTranspose(5, kernel, strides=stride, padding="same", activation="tanh"),
            layers.BatchNormalization(center=False, scale=False),
            layers.Flatten(),
            layers.Dense(24, use_bias=False),
            layers.Reshape((2, 3, 4)),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(6, activation="sigmoid"),
        ]
    )


def results(network: keras.Model, x: np.ndarray, training: bool, run: object) -> list[np.ndarray]:
    """Return the outputs and all weights afterwards."""
    made = run(network, ops.convert_to_tensor(x), training=training)
    return [ops.convert_to_numpy(value) for value in (made, *(w.value for w in network.weights))]


def plain(network: keras.Model, x: object, training: bool) -> object:
    return network(x, training=training)


@OWN
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    ("stride", "kernel", "padding"),
    [(1, 3, "same"), (2, 5, "same"), (2, 4, "same"), (2, 3, "valid"), (3, 5, "same")],
)
def test_apply_is_keras(stride, kernel, padding, training):
    network = convolutions(stride, kernel, padding)
    twin = keras.models.clone_model(network)
    twin.set_weights(network.get_weights())
    x = np.random.default_rng(0).normal(size=(6, 11, 8, 3)).astype("float32")
    pairs = zip(
        results(network, x, training, apply), results(twin, x, training, plain), strict=True
    )
    for left, right in pairs:
        np.testing.assert_allclose(left, right, atol=2e-6, rtol=2e-5)


@OWN
@pytest.mark.parametrize("part", ["generator", "discriminator"])
def test_a_network_in_the_mirror_drops_what_keras_drops(part):
    """The lecture's even sizes under kernels of 5, with dropout, values and gradients."""
    import torch

    made = []
    for run in (apply, plain):
        keras.utils.set_random_seed(2)
        gan = ganzoo.DCGAN(dropout=0.3, seed=1)
        network = getattr(gan, part)
        x = np.random.default_rng(0).normal(size=(3, *network.input_shape[1:]))
        x = keras.ops.convert_to_tensor(x, "float32").requires_grad_()
        y = run(network, x, training=True)
        parameters = [variable.value for variable in network.trainable_variables]
        made.append([y, *torch.autograd.grad(y.square().sum(), [x, *parameters])])
    for left, right in zip(*made, strict=True):
        scale = float(right.detach().abs().max())
        left, right = map(keras.ops.convert_to_numpy, (left, right))
        np.testing.assert_allclose(left, right, atol=2e-5 * scale)


@OWN
def test_what_a_convolution_leaves_out_it_leaves_out_in_the_mirror():
    network = keras.Sequential(
        [
            keras.Input((8, 10, 2)),
            layers.Conv2D(3, 1, strides=2, padding="same"),
            layers.Conv2D(3, 5, strides=2, padding="same", dilation_rate=1),
            layers.Conv2D(3, 2, strides=(1, 2)),
        ]
    )
    x = np.random.default_rng(0).normal(size=(2, 8, 10, 2)).astype("float32")
    made, expected = (results(network, x, False, run)[0] for run in (apply, plain))
    np.testing.assert_allclose(made, expected, atol=2e-6, rtol=2e-5)


@OWN
@pytest.mark.parametrize("family", list(zoo.FAMILIES))
def test_a_step_is_that_of_keras_layers(family, monkeypatch):
    """The same step with `apply` and with the networks called as Keras does."""
    from ganzoo.game import step

    logs = []
    for run in (apply, None):
        keras.utils.set_random_seed(3)
        entry = zoo.FAMILIES[family]
        cls = registry.model_class(family)
        options = {"dropout": 0.0} if "dropout" in constructor_parameters(cls) else {}
        gan = cls(**{**entry.tiny, **options}, seed=1)
        gan.compile(optimizers={player: keras.optimizers.SGD(0.02) for player in gan.players})
        if run is None:
            monkeypatch.setattr(step, "apply", common.apply)
        data = tasks.get(entry.task).tiny_data(gan, 16, 1)
        whole = isinstance(data[0], np.ndarray | dict)
        batch = data if whole else data[0][0]
        # A third step of CycleGAN multiplies what processors round otherwise.
        logs.append([gan.train_on_batch(*batch) for _ in range(2)])
    np.testing.assert_allclose(*logs, rtol=2e-4, atol=2e-5)


def test_dropout_drops_its_share_and_goes_on():
    network = keras.Sequential([keras.Input((4000,)), dropout(0.25)])
    assert network(keras.Input((4000,)), training=True).shape == (None, 4000)
    x = ops.ones((1, 4000))
    first, second = (ops.convert_to_numpy(apply(network, x, training=True)) for _ in range(2))
    assert 0.22 < (first == 0).mean() < 0.28
    assert np.allclose(first[first > 0], 1 / 0.75)
    assert (first != second).any()
    assert np.array_equal(
        ops.convert_to_numpy(apply(network, x, training=False)), np.ones_like(first)
    )


def test_dropout_draws_the_numbers_of_keras():
    x = np.random.default_rng(0).normal(size=(5, 7)).astype("float32")
    drawn = []
    for cls in (layers.Dropout, type(dropout(0.3))):
        network = keras.Sequential([keras.Input((7,)), cls(0.3, seed=4)])
        drawn.append(ops.convert_to_numpy(apply(network, ops.convert_to_tensor(x), training=True)))
    assert (drawn[0] == 0).any()
    np.testing.assert_array_equal(*drawn)


def test_frozen_batch_norm_and_layers_of_ones_own():
    class Doubled(layers.Dense):
        def call(self, inputs):
            return 2.0 * super().call(inputs)

    norm = layers.BatchNormalization()
    network = keras.Sequential([keras.Input((3,)), norm, Doubled(2)])
    norm.trainable = False
    x = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    before = network.get_weights()
    made = results(network, x, True, apply)
    np.testing.assert_allclose(made[0], results(network, x, True, plain)[0], atol=1e-6)
    for left, right in zip(before, made[1:], strict=True):
        assert np.array_equal(left, right)


def test_a_network_with_a_call_of_its_own_is_called():
    class Doubled(keras.Sequential):
        def call(self, *args, **kwargs):
            return 2.0 * super().call(*args, **kwargs)

    weights = keras.Sequential([keras.Input((3,)), layers.Dense(2)]).get_weights()
    networks = [cls([keras.Input((3,)), layers.Dense(2)]) for cls in (keras.Sequential, Doubled)]
    for network in networks:
        network.set_weights(weights)
    once, twice = (ops.convert_to_numpy(apply(n, ops.ones((1, 3)))) for n in networks)
    np.testing.assert_allclose(2.0 * once, twice, rtol=1e-6)


@OWN
def test_batch_norm_in_double_precision():
    network = keras.Sequential([keras.Input((4, 4, 2)), layers.BatchNormalization(dtype="float64")])
    x = np.random.default_rng(0).normal(3.0, 2.0, size=(5, 4, 4, 2))
    made = ops.convert_to_numpy(apply(network, ops.convert_to_tensor(x, "float64"), training=True))
    np.testing.assert_allclose(made.mean(axis=(0, 1, 2)), 0.0, atol=1e-12)


@OWN
def test_hooks_are_heard_and_may_go():
    network = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    heard = []
    apply(network, ops.ones((1, 3)))  # looked at before there is a hook
    hook = network.layers[0].register_forward_hook(lambda *x: heard.append(1))
    apply(network, ops.ones((1, 3)))
    assert heard == [1]
    hook.remove()
    apply(network, ops.ones((1, 3)))
    assert heard == [1]


def test_an_adam_of_ones_own_is_not_taken_for_keras_adam():
    class Adam(keras.optimizers.SGD):
        pass

    variable = keras.Variable(np.ones(2, "float32"))
    own, usual = Adam(0.5), keras.optimizers.Adam(0.5)
    for optimizer in (own, usual):
        optimizer.build([variable])
    assert not common.is_plain_adam(own, [variable], [variable])
    assert common.is_plain_adam(usual, [variable], [variable])
    clipped = keras.optimizers.Adam(0.5, clipnorm=1.0)
    clipped.build([variable])
    assert not common.is_plain_adam(clipped, [variable], [variable])


@pytest.mark.parametrize("kernel_size", [None, 5, 4])
def test_plain_adam_is_keras_adam(kernel_size, monkeypatch):
    """Ten updates by the frameworks' own kernels, and by Keras: dense layers, and convolutions."""
    from ganzoo import _backend

    weights = []
    for fused in (True, False):
        keras.utils.set_random_seed(5)
        family = "VanillaGAN" if kernel_size is None else "DCGAN"
        config = {**zoo.FAMILIES[family].tiny, "dropout": 0.0}
        config |= {} if kernel_size is None else {"kernel_size": kernel_size}
        gan = registry.model_class(family)(**config, seed=1)
        pair = [keras.optimizers.Adam(1e-2, beta_1=0.5, epsilon=1e-3) for _ in range(2)]
        gan.compile(*pair, simultaneous=True)
        if not fused:
            module = getattr(_backend._seam, "adam", _backend._seam)
            monkeypatch.setattr(module, "is_plain_adam", lambda *x: False, raising=False)
        x = np.random.default_rng(1).uniform(-1, 1, (16, *gan.data_shape)).astype("float32")
        for _ in range(10):
            gan.train_on_batch(x)
        weights.append(gan.get_weights())
        assert int(ops.convert_to_numpy(gan.optimizer.iterations)) == 10
    for left, right in zip(*weights, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-3, atol=2e-5)


@OWN
@pytest.mark.parametrize("seed", [7, 2**31 - 1])
def test_random_numbers_and_states_are_those_of_keras(seed):
    from ganzoo._backend import normal, uniform

    own, usual = keras.random.SeedGenerator(seed), keras.random.SeedGenerator(seed)
    for _ in range(3):
        for draw, expected in ((normal, keras.random.normal), (uniform, keras.random.uniform)):
            left, right = draw((3, 2), own, "float32"), expected((3, 2), seed=usual)
            np.testing.assert_array_equal(*map(ops.convert_to_numpy, (left, right)))
    np.testing.assert_array_equal(*(ops.convert_to_numpy(s.state.value) for s in (own, usual)))


@OWN
def test_kernels_and_their_moments_lie_alike_and_stay_themselves():
    gan = ganzoo.DCGAN(**zoo.FAMILIES["DCGAN"].tiny, seed=1)
    kernels = [w for w in gan.trainable_variables if len(w.shape) == 4]
    before = [(id(kernel.value), np.array(kernel)) for kernel in kernels]
    # Those of stride 1 may be for Fourier coefficients, in Keras' order.
    first = {
        tuple(layer.kernel.shape)
        for layer in gan.generator.layers
        if isinstance(layer, Conv2DTranspose) and tuple(layer.strides) == (1, 1)
    }
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            for kernel, (identity, values) in zip(kernels, before, strict=True):
                assert id(kernel.value) == identity
                np.testing.assert_array_equal(np.array(kernel), values)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            moments = [v for v in gan.optimizer.variables if len(v.shape) == 4]
            assert len(moments) == 2 * len(kernels) > 0
            for variable in (*kernels, *moments):
                tensor = variable.value
                is_first = tuple(tensor.shape) in first
                seen.append((tensor if is_first else tensor.permute(3, 0, 1, 2)).is_contiguous())

    gan.fit(np.zeros((4, *gan.data_shape), "float32"), verbose=0, callbacks=[Look()])
    assert seen
    assert all(seen)
    assert 0 < len(first) < len(kernels)


@OWN
@pytest.mark.parametrize(
    ("kernel_size", "flipped"),
    [(5, False), (4, False), ((3, 6), False), (5, True), ((3, 7), True)],
)
def test_coefficients_are_keras_own_in_the_mirror_too(kernel_size, flipped, monkeypatch):
    """Values and the gradients of images, kernel and bias, by autograd."""
    import torch

    from ganzoo._backend import fourier as coefficients
    from ganzoo._backend.torch import images as _torch_images
    from ganzoo._backend.torch import layers as _torch_layers

    if torch.cuda.is_available():
        pytest.skip("coefficients are for CPUs")
    layer = layers.Conv2DTranspose(3, kernel_size, padding="same", bias_initializer="normal")
    x = np.random.default_rng(1).normal(size=(2, 7, 6, 4)).astype("float32")
    layer.build(x.shape)
    turned = _torch_images.flip if flipped else lambda images: images
    monkeypatch.setattr(coefficients, "pays", lambda *args, **options: True)
    run = _torch_layers.function(layer, flipped=flipped)
    found = []
    for compute in (lambda images: turned(run(turned(images), True)), layer):
        images = torch.tensor(x, requires_grad=True)
        made = compute(images)
        gradients = torch.autograd.grad(
            made.square().sum(), [images, layer.kernel.value, layer.bias.value]
        )
        found.append([made, *gradients])
    for ours, own in zip(*found, strict=True):
        np.testing.assert_allclose(ours.detach(), own.detach(), atol=1e-4)


@pytest.mark.slow
def test_one_forward_pass_serves_both_losses():
    """A simultaneous step calls each network once on the fakes."""
    gan = ganzoo.DCGAN(**zoo.FAMILIES["DCGAN"].tiny, seed=1)
    gan.compile(simultaneous=True, run_eagerly=True)
    made = []
    inner = gan.generated
    gan.generated = lambda *x: made.append(1) or inner(*x)
    gan.train_on_batch(np.zeros((4, *gan.data_shape), "float32"))
    assert len(made) == 1
