"""Networks and steps that a backend is strict about."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

import ganzoo
from ganzoo import GAN, penalties
from ganzoo.errors import InvalidArgumentError
from tests.backend.fit_support import (
    BACKEND,
    MEAN,
    MOVED,
    START,
    Slope,
    Still,
    X,
    kernel,
    linear,
    networks,
    sgd,
    trained,
)

# --- networks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("simultaneous", [False, True])
def test_spectral_normalisation_of_keras(simultaneous):
    layer = layers.SpectralNormalization(linear())
    gan = Still(*networks([layer]))
    gan.compile(sgd(0.0), sgd(0.0), simultaneous=simultaneous, penalty=penalties.R1(1.0))
    logs = trained(gan, epochs=3)
    assert logs["d_loss"] == pytest.approx([0.5] * 3, rel=1e-5)  # the gradient has length 1
    np.testing.assert_allclose(
        layer.kernel.numpy() if BACKEND == "tensorflow" else ops.convert_to_numpy(layer.kernel),
        START / np.linalg.norm(START), rtol=1e-5,
    )  # fmt: skip
    moving = Slope(*networks([layers.SpectralNormalization(linear())]))
    moving.compile(sgd(), sgd(), simultaneous=simultaneous)
    trained(moving)
    start = START / np.linalg.norm(START)
    end = start - 0.1 * MEAN
    if not simultaneous:  # the generator's turn normalises what the discriminator's moved
        end = end / np.linalg.norm(end)
    np.testing.assert_allclose(kernel(moving), end, rtol=1e-4)


class Divided(layers.Layer):
    """Divides by a number that each pass makes larger by 1, and uses it in the gradient."""

    def build(self, shape: Any) -> None:
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        self.passes = self.add_weight(shape=(), initializer="ones", trainable=False)

    def call(self, x: Any, training: bool = False) -> Any:
        made = x * self.scale * ops.convert_to_tensor(self.passes)
        if training:
            self.passes.assign(self.passes + 1.0)
        return made


def test_a_layer_may_write_to_its_state_in_each_pass():
    gan = Slope(*networks([Divided(), linear()]))
    logs = trained(gan, sgd())
    assert logs["d_loss"] == pytest.approx([(X @ START).mean()], rel=1e-4)
    np.testing.assert_allclose(kernel(gan), MOVED, rtol=1e-4)
    passes = float(ops.convert_to_numpy(gan.discriminator.layers[0].passes))
    assert passes == 4.0  # real, generated, and the generator's


def test_masks_are_passed_on_inside_a_network():
    steps = np.array([[1.0, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]], "float32")[..., None]
    judge = [layers.Masking(0.0), layers.GlobalAveragePooling1D(),
             layers.Dense(1, kernel_initializer="ones")]  # fmt: skip
    discriminator = keras.Sequential([keras.Input((4, 1)), *judge])
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(4), layers.Reshape((4, 1))])
    gan = Slope(generator, discriminator)
    gan.compile(sgd(), sgd())
    logs = gan.fit(steps, verbose=0).history
    assert logs["d_loss"] == pytest.approx([(0.75 + 1.0) / 2], rel=1e-5)


def change(gan: Any, how: str) -> None:
    layer = gan.discriminator.layers[-1]
    if how == "frozen":
        gan.discriminator.trainable = False
    else:
        layer.enable_lora(1)


@pytest.mark.parametrize("how", ["frozen", "lora"])
def test_other_trainable_weights_need_another_compile(how):
    gan = Slope(*networks([linear()]))
    gan.compile(sgd(), sgd())
    change(gan, how)
    with pytest.raises(InvalidArgumentError, match=r"weights of the discriminator changed after"):
        trained(gan)
    before = [w.copy() for w in gan.discriminator.get_weights()]
    generator = gan.generator.get_weights()[1]
    gan.compile(sgd(), sgd())
    trained(gan)
    same = [np.array_equal(a, b) for a, b in zip(before, gan.discriminator.get_weights(),
                                                 strict=True)]  # fmt: skip
    assert all(same) == (how != "lora")
    assert (gan.generator.get_weights()[1] != generator).any()
    if how == "frozen":
        gan.discriminator.trainable = True
        with pytest.raises(InvalidArgumentError, match="call compile"):
            trained(gan)


def test_a_player_without_weights_and_a_loss_without_gradient():
    gan = Slope(*networks([layers.Dense(1, use_bias=False, trainable=False)]))
    trained(gan, sgd())

    class Constant(GAN):
        def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
            return ops.ones(())

    gan = Constant(*networks([linear()]))
    if BACKEND != "jax":  # where a gradient of zero is nothing special
        with pytest.raises(InvalidArgumentError, match="depends on none of the 1 variables"):
            trained(gan, sgd())


@pytest.mark.skipif(BACKEND != "torch", reason="of PyTorch's order in memory")
def test_kernels_lie_in_memory_as_before_when_fit_is_over():
    import torch

    gan = ganzoo.DCGAN(
        (8, 8, 1), latent_dim=4, generator_filters=(4, 4), generator_strides=(2, 2),
        discriminator_filters=(4, 4), seed=3,
    )  # fmt: skip
    x = np.zeros((4, 8, 8, 1), "float32")
    for _ in range(2):
        gan.fit(x, verbose=0)
        for network in (gan.generator, gan.discriminator):
            parameters = list(network.parameters())
            vector = torch.nn.utils.parameters_to_vector(parameters)
            assert len(vector) == sum(parameter.numel() for parameter in parameters)
            assert all(parameter.is_contiguous() for parameter in parameters)
    judge = torch.optim.LBFGS([v.value for v in gan.discriminator.trainable_variables], max_iter=2)
    x = torch.zeros((4, 8, 8, 1), device=next(gan.discriminator.parameters()).device)

    def closure() -> Any:
        judge.zero_grad()
        loss = gan.discriminator(x).square().mean()
        loss.backward()
        return loss

    assert float(judge.step(closure)) >= 0


class Third(GAN):
    """A step with an optimizer that belongs to nobody who plays."""

    def train_step(self, data: Any) -> dict[str, Any]:
        weights = self.generator.trainable_variables
        ganzoo.minimize(lambda: ops.sum(ops.square(weights[0])), weights, self.third)
        return super().train_step(data)


@pytest.mark.skipif(BACKEND != "jax", reason="elsewhere an optimizer carries itself")
def test_an_optimizer_that_the_trainer_does_not_carry_is_refused():
    gan = Third(*networks([linear()]))
    gan.compile(sgd(), sgd())
    gan.third = keras.optimizers.SGD(0.1, name="third")
    gan.third.build(gan.generator.trainable_variables)
    with pytest.raises(InvalidArgumentError, match="'third' is none of them"):
        trained(gan)
    with pytest.raises(InvalidArgumentError, match="takes variables of the model"):
        trained(Stranger(*networks([linear()])))


class Stranger(GAN):
    """A step that moves a variable outside of the model."""

    def train_step(self, data: Any) -> dict[str, Any]:
        ganzoo.minimize(lambda: ops.square(STRANGE), [STRANGE], self.optimizer["generator"])
        return super().train_step(data)


STRANGE = keras.Variable(1.0, name="strange")
