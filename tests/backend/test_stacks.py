"""Shared runs of layers: those of the zoo's families, layer by layer."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.layers import BatchNormalization, ConditionalBatchNormalization, SpectralNormalization
from ganzoo.layers.stacks import connected, conv_stack, dense_stack, fit_shape, transposed_stack
from ganzoo.models import conditional_dcgan, dcgan, vanilla_gan, wgan_gp


def sequence(network: keras.Model) -> list[tuple[str, list[tuple[str, tuple[int, ...]]]]]:
    """Return each layer's class, and names and shapes of its weights."""
    parts = [layer for layer in network.layers if not isinstance(layer, keras.layers.InputLayer)]
    return [
        (type(layer).__name__, [(w.name, tuple(w.shape)) for w in layer.weights]) for layer in parts
    ]


def network(shape: tuple[int, ...], *layers: Any) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *layers])


def test_dcgan():
    ours = network(
        (10,),
        *transposed_stack(
            (2, 2),
            (8, 6, 4, 1),
            5,
            0.3,
            strides=(1, 2, 2),
            use_bias=False,
            normalise=BatchNormalization,
        ),
        keras.layers.Activation("tanh"),
    )
    theirs = dcgan.build_generator(10, (2, 2), (8, 6, 4, 1), (1, 2, 2), 5, 0.3, False)
    assert sequence(ours) == sequence(theirs)
    flat = keras.layers.Flatten(), keras.layers.Dense(1)
    ours = network((8, 8, 1), *conv_stack((4, 6), 5, 0.3, 0.0), *flat)
    assert sequence(ours) == sequence(dcgan.build_discriminator((8, 8, 1), (4, 6), 5, 0.3, 0.0))


def test_conditional_dcgan():
    architecture = {
        "image_shape": (8, 8, 1),
        "classes": ("a", "b", "c"),
        "latent_dim": 10,
        "generator_filters": (8, 6),
        "generator_strides": (1, 2),
        "kernel_size": 5,
        "negative_slope": 0.3,
    }
    theirs = conditional_dcgan.build_generator(architecture)
    latents, condition = keras.Input((10,)), keras.Input((3,))
    stack = transposed_stack(
        (4, 4),
        (8, 6, 1),
        5,
        0.3,
        strides=(1, 2),
        use_bias=False,
        normalise=lambda: ConditionalBatchNormalization(3),
        reshape_first=True,
    )
    images = keras.layers.Activation("tanh")(connected(stack, latents, condition))
    ours = keras.Model([latents, condition], images)
    assert sequence(ours) == sequence(theirs)
    ours.set_weights(theirs.get_weights())
    x = [np.ones((2, 10), np.float32), np.eye(3, dtype=np.float32)[:2]]
    made = [ops.convert_to_numpy(each([ops.convert_to_tensor(v) for v in x])) for each in
            (ours, theirs)]  # fmt: skip
    np.testing.assert_array_equal(*made)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_wgan_gp(dropout):
    ours = network(
        (10,), *transposed_stack((2, 2), (8, 6, 1), 5, 0.2), keras.layers.Activation("tanh")
    )
    theirs = wgan_gp.build_generator((8, 8, 1), 10, (), (8, 6), 5, 0.2)
    assert sequence(ours) == sequence(theirs)
    ours = network(
        (8, 8, 1),
        *conv_stack((4, 6), 5, 0.2, dropout or None),
        keras.layers.Flatten(),
        *dense_stack((7, 5), 0.2, dropout or None),
        keras.layers.Dense(1),
    )
    theirs = wgan_gp.build_critic((8, 8, 1), (4, 6), (7, 5), 5, 0.2, dropout)
    assert sequence(ours) == sequence(theirs)


def test_vanilla_gan():
    ours = network((3,), *dense_stack((4, 5), 0.2, normalise=BatchNormalization))
    theirs = vanilla_gan.build_generator((2, 2, 1), 3, (4, 5), 0.2, True)
    assert sequence(ours) == sequence(theirs)[:6]
    ours = network((2, 2, 1), keras.layers.Flatten(), *dense_stack((4, 5), 0.2, 0.0))
    theirs = vanilla_gan.build_discriminator((2, 2, 1), (4, 5), 0.2, 0.0)
    assert sequence(ours) == sequence(theirs)[:-1]


def test_convolutions_may_be_wrapped():
    stack = conv_stack((4, 6), 3, 0.2, strides=(1, 2), wrap=SpectralNormalization)
    names = [type(layer).__name__ for layer in stack]
    assert names == ["SpectralNormalization", "LeakyReLU"] * 2
    assert network((8, 6, 1), *stack).output_shape == (None, 4, 3, 6)


def test_fit_shape():
    assert fit_shape((8, 12, 3), (16, 8), (1, 4)) == ((8, 12, 3), (2, 3))
