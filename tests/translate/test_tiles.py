"""Larger pictures in tiles: only where it is exact, and then as the network makes of the whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from ganzoo.errors import InvalidArgumentError
from ganzoo.game.run import run
from ganzoo.game.tiles import tiling
from ganzoo.layers import Blur, InstanceNormalization, ReflectionPadding2D, SelfAttention
from ganzoo.layers.unet import unet_generator
from ganzoo.models import cyclegan, discogan


def unet(height: int, width: int) -> keras.Model:
    return unet_generator(source_shape=(height, width, 2), channels=3, filters=(4, 4), dropout=0.5)


def encoder(height: int, width: int) -> keras.Model:
    return discogan.build_generator(image_shape=(height, width, 2), filters=(3, 4), name="g")


def reflecting(height: int, width: int) -> keras.Model:
    """Margins, a dilated and a nested convolution, pools, and a join of two paths."""
    images = keras.Input((height, width, 2))
    x = layers.Conv2D(4, 5, activation="relu")(ReflectionPadding2D(2)(images))
    inner = keras.Sequential([keras.Input((height, width, 4)), layers.ZeroPadding2D(((1, 0), 1)),
                              layers.Conv2D(4, (2, 3))])  # fmt: skip
    x = layers.Add()([inner(x), layers.Conv2D(4, 3, dilation_rate=2, padding="same")(x)])
    y = layers.MaxPooling2D(2)(x)
    y = layers.UpSampling2D(2, interpolation="bilinear")(layers.BatchNormalization()(y))
    return keras.Model(images, layers.Conv2D(1, 3, padding="same")(layers.Concatenate()([x, y])))


def enlarging(height: int, width: int) -> keras.Model:
    """Twice as large, and filtered."""
    images = keras.Input((height, width, 2))
    x = layers.Conv2D(4, 3, strides=2, padding="same", activation="tanh")(images)
    for _ in range(2):
        x = layers.Conv2DTranspose(3, 4, strides=2, padding="same")(x)
    return keras.Model(images, Blur()(layers.UpSampling2D(1)(x)))


def alike(build: Callable[[int, int], Any], *sizes: tuple[int, int]) -> list[Any]:
    """Return networks of several sizes with the same weights, none of them 0 or 1."""
    made = [build(*size) for size in sizes]
    random = np.random.default_rng(3)
    weights = [random.uniform(0.2, 0.8, one.shape) * (random.random(one.shape) - 0.4)
               if len(one.shape) > 1 else random.uniform(0.5, 1.5, one.shape)
               for one in made[0].get_weights()]  # fmt: skip
    for network in made:
        network.set_weights(weights)
    return made


@pytest.mark.parametrize("build", [unet, encoder, reflecting, enlarging])
@pytest.mark.parametrize("size", [(32, 24), (72, 40)])
def test_tiles_are_exactly_the_whole(build, size):
    small, whole = alike(build, (32, 24), size)
    picture = np.random.default_rng(4).uniform(-1, 1, (*size, 2)).astype("float32")
    told: list[tuple[int, int]] = []
    made = tiling(small).run(picture, batch_size=3, progress=lambda *facts: told.append(facts))
    expected = run(whole, picture[None])[0]
    assert made.shape == expected.shape
    assert np.abs(made - expected).max() < 1e-5 * max(1.0, np.abs(expected).max())
    assert expected.std() > 0.1
    assert told[-1] == (told[-1][1], told[-1][1])
    assert [total for _, total in told] == [told[-1][1]] * len(told)


def test_a_narrower_margin_is_seen():
    small, whole = alike(unet, (32, 32), (64, 64))
    picture = np.random.default_rng(4).uniform(-1, 1, (64, 64, 2)).astype("float32")
    cut = tiling(small)
    rows, columns = (dataclasses.replace(axis, before=axis.before - 1) for axis in cut.axes)
    made = dataclasses.replace(cut, axes=(rows, columns)).run(picture)
    assert np.abs(made - run(whole, picture[None])[0]).max() > 1e-3


def test_sides_that_strides_do_not_divide_are_continued():
    small, whole = alike(unet, (32, 32), (52, 40))
    picture = np.random.default_rng(4).uniform(-1, 1, (50, 39, 2)).astype("float32")
    made = tiling(small).run(picture)
    assert made.shape == (50, 39, 3)
    expected = run(whole, np.pad(picture, ((0, 2), (0, 1), (0, 0)), "symmetric")[None])[0]
    assert np.abs(made - expected[:50, :39]).max() < 1e-5
    with pytest.raises(InvalidArgumentError, match="Tiles have 32x32 pixels; the picture has only"):
        tiling(small).run(picture[:31])


def bottleneck() -> keras.Model:
    """Four levels on 48 pixels, as those of the zoo."""
    return unet_generator(source_shape=(48, 48, 1), channels=1, filters=(2,) * 4, dropout=0.5)


def with_layer(*of: Any) -> keras.Model:
    images = keras.Input((16, 16, 4))
    x = images
    for layer in of:
        x = layer(x)
    return keras.Model(images, x)


class Whole(layers.Conv2D):
    """A layer that Keras does not know."""


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (bottleneck, "its receptive field leaves nothing of tiles of 48 pixels"),
        (
            lambda: cyclegan.build_generator(image_shape=(16, 16, 3), filters=2, blocks=1,
                                             name="g"),
            "its layer instance_normalization[_0-9]* takes statistics of the whole picture",
        ),
        (lambda: with_layer(InstanceNormalization()), "statistics of the whole picture"),
        (lambda: with_layer(layers.GroupNormalization(2)), "statistics of the whole picture"),
        (lambda: with_layer(SelfAttention()), r"\(SelfAttention\) may see the whole picture"),
        (lambda: with_layer(Whole(3, 1)), r"\(Whole\) may see the whole picture"),
        (
            lambda: with_layer(layers.Flatten(), layers.Dense(1024), layers.Reshape((16, 16, 4))),
            r"\(Flatten\) may see the whole picture",
        ),
        (lambda: with_layer(Blur(down=2)), "a blur that changes the size"),
        (lambda: with_layer(layers.Dense(3)), r"\(Dense\) may see the whole picture"),
        (lambda: with_layer(layers.BatchNormalization(axis=1)), "axis 1"),
        (lambda: with_layer(layers.Conv2D(1, 3)), "does not lie pixel by pixel over"),
        (lambda: with_layer(layers.MaxPooling2D(2)), "does not lie pixel by pixel over"),
    ],
)  # fmt: skip
def test_what_sees_the_whole_picture_is_not_cut(build, why):
    with pytest.raises(InvalidArgumentError, match=why):
        tiling(build())
