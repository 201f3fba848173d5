"""Shared runs of layers: which layers, in which order, with which shapes."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InvalidArgumentError
from ganzoo.layers import BatchNormalization, ConditionalBatchNormalization, SpectralNormalization
from ganzoo.layers.stacks import connected, conv_stack, dense_stack, fit_shape, transposed_stack


def network(shape: tuple[int, ...], *layers: Any) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *layers])


def names(stack: list[Any]) -> str:
    return " ".join(type(layer).__name__ for layer in stack)


def test_dense():
    assert names(dense_stack((4, 5), 0.2)) == "Dense LeakyReLU Dense LeakyReLU"
    assert names(dense_stack((4,), 0.2, 0.0)) == "Dense LeakyReLU Dropout"
    stack = dense_stack((4,), 0.3, 0.5, normalise=BatchNormalization)
    assert names(stack) == "Dense LeakyReLU BatchNormalization Dropout"
    assert stack[1].negative_slope == pytest.approx(0.3)
    assert stack[3].rate == 0.5


def test_convolutions():
    stack = conv_stack((4, 6), 5, 0.2, 0.1)
    assert names(stack) == "Conv2D LeakyReLU Dropout Conv2D LeakyReLU Dropout"
    made = network((8, 12, 1), *stack)
    assert made.output_shape == (None, 2, 3, 6)
    assert [tuple(w.shape) for w in made.weights][::2] == [(5, 5, 1, 4), (5, 5, 4, 6)]
    plain = conv_stack((4,), 3, 0.2, use_bias=False, normalise=BatchNormalization)
    assert names(plain) == "Conv2D BatchNormalization LeakyReLU"
    assert not plain[0].use_bias


def test_transposed_convolutions_normalise_units_or_channels():
    common = {"strides": (1, 2), "use_bias": False, "normalise": BatchNormalization}
    units = transposed_stack((2, 3), (8, 6, 1), 5, 0.3, **common)
    assert names(units) == (
        "Dense BatchNormalization LeakyReLU Reshape Conv2DTranspose "
        "BatchNormalization LeakyReLU Conv2DTranspose"
    )
    made = network((10,), *units)
    assert made.output_shape == (None, 4, 6, 1)
    assert tuple(units[1].gamma.shape) == (2 * 3 * 8,)
    channels = transposed_stack((2, 3), (8, 6, 1), 5, 0.3, reshape_first=True, **common)
    assert names(channels).startswith("Dense Reshape BatchNormalization LeakyReLU Conv2DTranspose")
    network((10,), *channels)
    assert tuple(channels[2].gamma.shape) == (8,)
    assert names(transposed_stack((2, 2), (8, 1), 5, 0.2)) == (
        "Dense LeakyReLU Reshape Conv2DTranspose"
    )


def test_the_condition_reaches_conditional_layers():
    latents, condition = keras.Input((10,)), keras.Input((3,))
    stack = transposed_stack(
        (4, 4),
        (8, 1),
        5,
        0.3,
        normalise=lambda: ConditionalBatchNormalization(3),
        reshape_first=True,
    )
    made = keras.Model([latents, condition], connected(stack, latents, condition))
    stack[2].gamma.assign(np.arange(24, dtype=np.float32).reshape(3, 8))
    x = np.ones((3, 10), np.float32)
    pictures = ops.convert_to_numpy(made([x, np.eye(3, dtype=np.float32)]))
    assert np.abs(pictures[0] - pictures[1]).max() > 1e-3
    assert np.abs(pictures[1] - pictures[2]).max() > 1e-3


def test_convolutions_may_be_wrapped():
    stack = conv_stack((4, 6), 3, 0.2, strides=(1, 2), wrap=SpectralNormalization)
    assert names(stack) == "SpectralNormalization LeakyReLU SpectralNormalization LeakyReLU"
    assert network((8, 6, 1), *stack).output_shape == (None, 4, 3, 6)


def test_fit_shape():
    assert fit_shape((8, 12, 3), (16, 8), (1, 4)) == ((8, 12, 3), (2, 3))
    with pytest.raises(InvalidArgumentError, match="one stride per entry"):
        fit_shape((8, 12, 3), (16, 8), (4,))
    with pytest.raises(InvalidArgumentError, match="multiple of 8"):
        fit_shape((8, 12, 3), (16, 8), (2, 4))
