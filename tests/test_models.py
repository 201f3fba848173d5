"""Sizes, parameter counts, losses and small rooms that need no training."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import losses, plots, zoo
from ganzoo.environment import installed_backends
from ganzoo.errors import InvalidArgumentError, UnknownModelError
from ganzoo.zoo import registry


@pytest.mark.parametrize("name", sorted(zoo.ENTRIES))
def test_parameter_counts_are_as_stated(name):
    entry = zoo.ENTRIES[name]
    gan = registry.model_class(entry.family)(**entry.config)
    assert {name: getattr(gan, name).count_params() for name in entry.parameters} == dict(
        entry.parameters
    )


def test_the_lectures_counts():
    counts = {name: tuple(entry.parameters.values()) for name, entry in zoo.ENTRIES.items()}
    assert counts["gan_mnist"] == (1_486_352, 1_460_225)
    assert counts["dcgan_mnist"] == (2_330_944, 212_865)
    assert counts["gan_fonts"] == (3_058_688, 1_311_745)
    assert counts["dcgan_fonts"] == (5_929_473, 225_025)
    assert counts["dcgan_fonts_mix"] == (5_929_473, 225_025)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 48, 3), (64, 64, 1), (4, 8, 2)])
def test_dcgan_takes_any_size_that_the_strides_allow(shape):
    small = {"generator_filters": (8, 6, 4), "discriminator_filters": (4, 6), "latent_dim": 5}
    gan = ganzoo.DCGAN(image_shape=shape, **small)
    assert gan.sample(2, seed=0).shape == (2, *shape)


@pytest.mark.parametrize(("block", "kernels"), [("bottleneck", 3), ("basic", 2)])
def test_r3gan_has_the_blocks_that_are_asked_for(block, kernels):
    gan = ganzoo.R3GAN((8, 8, 1), 4, (6, 4), blocks=1, expansion=2, block=block, seed=1)
    size = {"bottleneck": 6 * 12 + 12 * 12 * 9 + 12 * 6, "basic": 2 * 6 * 12 * 9}[block]
    first = [v for v in gan.generator.weights if v.shape[-1] in (6, 12)][2:]
    convolutions = [v for v in first if "kernel" in v.path][:kernels]
    assert sum(math.prod(v.shape) for v in convolutions) == size
    # The last one of each block begins at zero: the block returns what it gets.
    assert not keras.ops.convert_to_numpy(convolutions[-1]).any()
    assert keras.ops.convert_to_numpy(convolutions[0]).any()


def test_r3gan_refuses_other_blocks():
    with pytest.raises(InvalidArgumentError, match=r'block.*bottleneck, basic.*"?basics'):
        ganzoo.R3GAN((8, 8, 1), 4, (6, 4), block="basics")


def test_r3gan_draws_in_range_and_learns_beyond_it():
    gan = ganzoo.R3GAN((8, 8, 1), 4, (6, 4), blocks=1, seed=1)
    latents = 50 * np.random.default_rng(0).standard_normal((8, 4), np.float32)
    assert np.abs(gan.generate(latents)).max() == 1.0
    seen = gan.apply(gan.generator, keras.ops.convert_to_tensor(latents), training=True)
    assert keras.ops.convert_to_numpy(keras.ops.abs(seen)).max() > 2.0
    gan = ganzoo.R3GAN((8, 8, 1), 4, (6, 4), blocks=1, seed=1, activation="tanh")
    seen = gan.apply(gan.generator, keras.ops.convert_to_tensor(latents), training=True)
    assert keras.ops.convert_to_numpy(keras.ops.abs(seen)).max() <= 1.0


def test_a_normalised_discriminator_refuses_a_penalty_and_survives_a_save(tmp_path):
    own = {"discriminator_batch_norm": True, "discriminator_units": (5,)}
    gan = ganzoo.DCGAN((8, 8, 1), 4, (8, 6, 4), (4, 6), seed=0, **own)
    kinds = [type(layer).__name__ for layer in gan.discriminator.layers]
    assert kinds.count("BatchNormalization") == 2  # the first convolution is bare
    assert kinds[-4:] == ["Dense", "BatchNormalization", "LeakyReLU", "Dense"]
    with pytest.raises(InvalidArgumentError, match="DCGAN takes no penalty"):
        gan.compile(penalty=ganzoo.penalties.R1(0.1))
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert again.get_config() == gan.get_config()
    assert not again.penalised
    assert ganzoo.DCGAN().penalised


def test_dcgan_names_the_sizes_that_fit():
    with pytest.raises(InvalidArgumentError, match=r"multiple of 4.*got 30.*28 or 32"):
        ganzoo.DCGAN(image_shape=(30, 28, 1))


@pytest.mark.parametrize("shape", [(28, 28), "28", (28, 28, 0), (0, 28, 1)])
def test_bad_image_shapes(shape):
    with pytest.raises(InvalidArgumentError):
        ganzoo.VanillaGAN(image_shape=shape)


@pytest.mark.parametrize(
    "bad",
    [
        {"latent_dim": 0},
        {"latent_dim": True},
        {"discriminator_filters": ()},
        {"generator_strides": (0, 2, 2)},
        {"generator_strides": (2, 2, -2)},
        {"image_shape": (28.7, 28, 1)},
        {"dropout": 1.0},
        {"seed": -1},
        {"seed": True},
        {"ema_momentum": 1.0},
    ],
    ids=str,
)
def test_bad_arguments(bad):
    with pytest.raises(InvalidArgumentError):
        ganzoo.DCGAN(**bad)


def test_networks_need_known_shapes():
    class Opaque(keras.Model):
        def call(self, x):
            return x

    opaque = Opaque()
    opaque(np.zeros((1, 3), np.float32))
    with pytest.raises(InvalidArgumentError, match="Functional or Sequential"):
        ganzoo.GAN(opaque, opaque)


@pytest.mark.slow
def test_a_whole_model_saved_on_torch_goes_on_elsewhere(tmp_path):
    # Each in a process of its own; Keras finds the classes although only ganzoo is imported.
    tiny = zoo.FAMILIES["DCGAN"].tiny
    path = str(tmp_path / "gan.keras")
    save = (
        f"import ganzoo, numpy as np\ngan = ganzoo.DCGAN(**{tiny!r})\n"
        f"gan.compile(penalty=ganzoo.penalties.R1(1.0))\ngan.save({path!r})"
    )
    go_on = (
        f"import ganzoo, numpy as np\ngan = ganzoo.load({path!r})\n"
        "gan.fit(np.zeros((8, 8, 8, 1), 'float32'), batch_size=4, verbose=0)"
    )
    for backend, code in (("torch", save), ("jax", go_on), ("tensorflow", go_on)):
        if backend not in installed_backends():
            pytest.skip(f"needs {backend}")
        environment = {**os.environ, "KERAS_BACKEND": backend}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=300)


def test_losses_at_equilibrium_are_log_2():
    zeros = np.zeros((4, 1), np.float32)
    assert float(losses.binary_discriminator_loss(zeros, zeros)) == pytest.approx(math.log(2))
    assert float(losses.non_saturating_generator_loss(zeros)) == pytest.approx(math.log(2))


def test_losses_against_the_formula():
    random = np.random.default_rng(0)
    real, fake = random.standard_normal((2, 50, 1)).astype(np.float32)
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    expected = -0.5 * (np.log(sigmoid(real)).mean() + np.log(1 - sigmoid(fake)).mean())
    assert float(losses.binary_discriminator_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    expected = -np.log(sigmoid(fake)).mean()
    assert float(losses.non_saturating_generator_loss(fake)) == pytest.approx(expected, rel=1e-5)
    assert float(losses.wasserstein_critic_loss(real, fake)) == pytest.approx(
        fake.mean() - real.mean(), abs=1e-6
    )


def test_losses_survive_huge_logits():
    huge = np.full((3, 1), 1e4, np.float32)
    assert np.isfinite(float(losses.binary_discriminator_loss(-huge, huge)))


def test_list_models():
    assert {"dcgan_mnist", "gan_mnist"} <= set(ganzoo.list_models("*mnist*"))
    assert ganzoo.list_models("nothing*") == []
    pretrained = set(ganzoo.list_models(pretrained=True))
    assert pretrained.isdisjoint(ganzoo.list_models(pretrained=False))


def test_nearest_names_are_offered():
    with pytest.raises(UnknownModelError, match="Did you mean 'dcgan_mnist'"):
        ganzoo.load("dcgan_minst")


def test_grid_places_each_image():
    images = np.linspace(-1, 1, 6, dtype=np.float32).reshape(6, 1, 1, 1) * np.ones((6, 4, 5, 1))
    picture = plots.grid(images, columns=3, gap=1, scale=2)
    assert picture.size == (2 * (3 * 6 - 1), 2 * (2 * 5 - 1))
    assert picture.getpixel((0, 0)) == 0
    assert picture.getpixel((2 * 12, 2 * 5)) == 255
    assert plots.grid(images, invert=True).getpixel((0, 0)) == 255


def test_rounding_to_bytes():
    assert plots.to_uint8(np.array([-1.0, 0.0, 1.0, 2.0])).tolist() == [0, 128, 255, 255]
    assert isinstance(plots.to_image(np.zeros((2, 2, 3), np.uint8)), Image.Image)
