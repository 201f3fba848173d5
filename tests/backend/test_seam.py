"""The seam: penalties with second-order gradients against closed forms, and the traps of JAX."""

from __future__ import annotations

import json
from typing import Any

import keras
import numpy as np
import pytest

from ganzoo import (
    DCGAN,
    GAN,
    input_gradient,
    load,
    minimize,
    minimize_jointly,
    penalties,
    zoo,
)
from ganzoo._backend.heap import keep_freed_memory
from ganzoo.errors import InvalidArgumentError


def linear_gan(weights: np.ndarray, **compile_options: Any) -> GAN:
    """Return a GAN whose discriminator is x @ weights, so that its gradient is `weights`."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(len(weights))])
    layer = keras.layers.Dense(1, use_bias=False)
    discriminator = keras.Sequential([keras.Input((len(weights),)), layer])
    layer.set_weights([weights[:, None]])
    gan = GAN(generator, discriminator)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.0), **compile_options)
    return gan


class PenaltyOnly(GAN):
    """Only the penalty moves the discriminator."""

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return 0.0 * (keras.ops.mean(real_logits) + keras.ops.mean(fake_logits))


@pytest.mark.parametrize("penalty", ["R1", "GradientPenalty"])
def test_penalty_and_its_gradient_match_the_closed_form(penalty):
    weights = np.array([0.6, -1.2, 0.4], np.float32)
    norm = float(np.linalg.norm(weights))
    strength = 0.7
    value = {"R1": strength / 2 * norm**2, "GradientPenalty": strength * (norm - 1) ** 2}[penalty]
    slope = {
        "R1": strength * weights,
        "GradientPenalty": 2 * strength * (norm - 1) * weights / norm,
    }[penalty]
    gan = linear_gan(weights)
    gan.__class__ = PenaltyOnly
    gan.compile(
        keras.optimizers.SGD(0.1),
        keras.optimizers.SGD(0.0),
        penalty=getattr(penalties, penalty)(strength),
    )
    real = np.random.default_rng(0).uniform(-1, 1, (16, 3)).astype(np.float32)
    history = gan.fit(real, batch_size=16, verbose=0).history
    assert history["d_loss"][0] == pytest.approx(value, rel=1e-5)
    (after,) = gan.discriminator.get_weights()
    np.testing.assert_allclose(after[:, 0], weights - 0.1 * slope, rtol=1e-5)


class Noted(GAN):
    """A step of its own: writes a variable inside the differentiated function."""

    def train_step(self, data: Any) -> dict[str, Any]:
        real = self.batch(data)["real"]
        logs = super().train_step(data)
        variables = self.discriminator.trainable_variables

        def loss() -> Any:
            self.note.assign_add(1.0)
            gradient = input_gradient(self.discriminator, real)
            return keras.ops.mean(keras.ops.square(gradient))

        minimize(loss, variables, self.optimizer["discriminator"])
        return logs


def test_a_subclass_overrides_train_step_and_state_leaves_the_gradient():
    gan = linear_gan(np.ones(3, np.float32))
    gan.__class__ = Noted
    gan._tracker.unlock()
    gan.note = gan.add_weight(shape=(), initializer="zeros", trainable=False, name="note")
    gan._tracker.lock()
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    gan.fit(np.ones((8, 3), np.float32), batch_size=4, epochs=3, verbose=0)
    assert float(keras.ops.convert_to_numpy(gan.note)) == 6.0


class Linear(GAN):
    """A step of public names alone, whose gradients are known."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        z = keras.ops.ones((1, self.latent_dim))

        def losses() -> Any:
            return keras.ops.mean(self.discriminator(x)), keras.ops.sum(self.generator(z))

        d_loss, g_loss = minimize_jointly(losses, self.updates())
        return {"d_loss": d_loss, "g_loss": g_loss}


def test_each_network_follows_its_own_loss():
    plain = linear_gan(np.array([1.0, 2.0, 3.0], np.float32))
    gan = Linear(plain.generator, plain.discriminator)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    kernel, bias = gan.generator.get_weights()
    x = np.array([[1, 0, -1], [0, 0, 1]], np.float32)
    logs = gan.fit(x, batch_size=2, verbose=0).history
    assert logs["d_loss"] == pytest.approx([((1 - 3) + 3) / 2])
    (weights,) = gan.discriminator.get_weights()
    np.testing.assert_allclose(weights[:, 0], [1 - 0.05, 2.0, 3.0], rtol=1e-6)
    new_kernel, new_bias = gan.generator.get_weights()
    np.testing.assert_allclose(new_kernel, kernel - 0.2, atol=1e-6)
    np.testing.assert_allclose(new_bias, bias - 0.2, atol=1e-6)


def test_train_step_can_be_called_by_hand():
    gan = linear_gan(np.ones(3, np.float32))
    before = gan.discriminator.get_weights()[0]
    logs = gan.train_step((keras.ops.ones((4, 3)),))
    assert set(logs) == {"d_loss", "g_loss", "d_real_accuracy", "d_fake_accuracy"}
    assert (gan.discriminator.get_weights()[0] != before).any()


def test_training_keeps_freed_memory():
    keep_freed_memory.cache_clear()
    linear_gan(np.ones(3, "float32")).fit(np.zeros((4, 3), "float32"), verbose=0)
    asked = keras.backend.backend() != "tensorflow"  # which has an allocator of its own
    assert keep_freed_memory.cache_info().currsize == asked


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="of the memory of JAX's steps")
def test_a_step_of_a_dcgan_takes_memory_that_the_last_one_freed():
    """On a CPU; in one block it would take 25,000 new pages per step."""
    if not keep_freed_memory():
        pytest.skip("the allocator is not glibc's, or the environment sets it")
    import resource  # on no Windows

    gan = DCGAN(seed=1)
    gan.compile(simultaneous=True)
    images = np.zeros((64 * 4, 28, 28, 1), "float32")
    faults = []
    for _ in range(6):  # a thread whose first step falls into a later round takes its pages there
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        gan.fit(images, batch_size=64, verbose=0)
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    assert min(faults) < 4 * 2_000, faults


def test_learning_rate_callbacks_scale_both_optimizers():
    gan = linear_gan(np.ones(3, np.float32))
    gan.compile(keras.optimizers.SGD(0.2), keras.optimizers.SGD(0.1))
    gan.optimizer.learning_rate = 0.05
    rates = [gan.optimizer["discriminator"], gan.optimizer["generator"]]
    got = [float(keras.ops.convert_to_numpy(optimizer.learning_rate)) for optimizer in rates]
    assert got == pytest.approx([0.1, 0.05])


def test_a_learning_rate_may_be_0_for_a_while():
    gan = linear_gan(np.ones(3, np.float32))
    gan.compile(keras.optimizers.SGD(0.2), keras.optimizers.SGD(0.1))
    for rate in (0.0, 0.3):
        gan.optimizer.learning_rate = rate
    pair = [gan.optimizer["discriminator"], gan.optimizer["generator"]]
    got = [float(keras.ops.convert_to_numpy(optimizer.learning_rate)) for optimizer in pair]
    assert got == pytest.approx([0.6, 0.3])


class Counting:
    """A mixin with a step of its own."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {**super().train_step(data), "counted": keras.ops.ones(())}


class CountedGAN(Counting, GAN):
    """Its step comes from the mixin."""


def test_a_mixin_may_bring_the_step():
    plain = linear_gan(np.ones(3, np.float32))
    gan = CountedGAN(plain.generator, plain.discriminator)
    history = gan.fit(np.ones((8, 3), np.float32), batch_size=4, verbose=0).history
    assert history["counted"] == [1.0]


def test_dropout_is_free_when_a_preset_is_loaded(tmp_path):
    gan = DCGAN(**zoo.FAMILIES["DCGAN"].tiny, dropout=0.3)
    gan.save_to_preset(tmp_path / "preset")
    again = load(tmp_path / "preset", dropout=0.0, ema_momentum=0.9)
    assert np.allclose(gan.sample(3, seed=0), again.sample(3, seed=0), atol=1e-6)
    with pytest.raises(InvalidArgumentError, match="change the networks' weights"):
        load(tmp_path / "preset", kernel_size=5)


def test_optimizers_are_saved_without_a_backend():
    config = json.dumps(linear_gan(np.ones(3, np.float32)).get_compile_config(), default=str)
    assert "keras.src.backend" not in config


def test_plain_gans_save_and_load(tmp_path):
    gan = linear_gan(np.ones(3, np.float32), penalty=penalties.R1(2.0))
    gan.fit(np.ones((8, 3), np.float32), batch_size=4, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.penalties[0].weight == 2.0
    assert np.array_equal(gan.sample(3, seed=0), again.sample(3, seed=0))


class LinearCritic(GAN):
    """A critic without the generated half: its loss is linear in the logits."""

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        return keras.ops.mean(real_logits) + 0.0 * keras.ops.mean(fake_logits)


@pytest.mark.parametrize("bias", [False, True])  # its gradient is a constant of the graph
def test_an_update_waits_for_every_pass_that_reads_what_it_moves(bias):
    """A linear loss needs no forward pass for its gradient: the update must not overtake it."""
    x = np.random.default_rng(0).uniform(-1, 1, (8, 3)).astype("float32")
    start = np.array([[0.6], [-1.2], [0.4]], "float32")
    losses = []
    # TensorFlow's threads decided: one build of four was wrong.
    for _ in range(25 if keras.backend.backend() == "tensorflow" else 1):
        layer = keras.layers.Dense(1, use_bias=bias)
        scale = keras.layers.Dense(3, use_bias=False, kernel_initializer="identity")
        discriminator = keras.Sequential([keras.Input((3,)), scale, layer])
        layer.set_weights([start, np.zeros(1)][: 1 + bias])
        generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        gan = LinearCritic(generator, discriminator)
        gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        losses += gan.fit(x, batch_size=8, verbose=0).history["d_loss"]
    np.testing.assert_allclose(losses, np.mean(x @ start), rtol=1e-4)
