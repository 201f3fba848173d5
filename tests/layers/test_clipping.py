"""Kernels between two bounds, during training and after it is saved."""

from __future__ import annotations

import keras
import numpy as np

import ganzoo
from ganzoo.batches import UnpairedBatches


def kernels(network):
    return [layer.kernel.numpy() for layer in network.layers if hasattr(layer, "kernel")]


def test_kernels_of_a_critic_stay_between_the_bounds(tmp_path):
    gan = ganzoo.DualGAN(
        (8, 8, 1), generator_filters=(4, 6), discriminator_filters=(4, 6), clip=0.02, seed=1
    )
    assert max(np.abs(kernel).max() for kernel in kernels(gan.discriminator_a)) <= 0.02
    gan.compile(optimizers={player: keras.optimizers.Adam(0.05) for player in gan.players})
    pictures = np.tanh(np.random.default_rng(0).normal(size=(16, 8, 8, 1))).astype("float32")
    gan.fit(UnpairedBatches(pictures, pictures[::-1], 4, seed=1), epochs=2, verbose=0)
    for network in (gan.discriminator_a, gan.discriminator_b):
        largest = [np.abs(kernel).max() for kernel in kernels(network)]
        assert max(largest) <= 0.02 + 1e-7
        assert min(largest) > 0.0199  # a rate of 0.05 goes beyond the bound in one step
    assert max(np.abs(kernel).max() for kernel in kernels(gan.generator_ab)) > 0.02
    gan.save(tmp_path / "gan.keras")
    again = keras.models.load_model(tmp_path / "gan.keras")
    assert all(layer.kernel.constraint is not None for layer in again.discriminator_a.layers
               if hasattr(layer, "kernel"))  # fmt: skip
