"""Loops that ganzoo is measured against train the same networks: equal weights, equal samples."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ganzoo import zoo
from ganzoo.events.truth import sample
from ganzoo.zoo import registry
from tests.benchmarks.handwritten import loop

CONFIGS = {
    "VanillaGAN": zoo.FAMILIES["VanillaGAN"].tiny,
    "DCGAN": {**zoo.FAMILIES["DCGAN"].tiny, "kernel_size": 5, "use_bias": True},
    "FATGAN": zoo.ENTRIES["fatgan_electrons"].config,
}


@pytest.mark.parametrize("family", CONFIGS)
def test_by_hand_is_the_same_network(family):
    gan = registry.model_class(family)(**CONFIGS[family])
    for variable in gan.generator.weights:  # running statistics and biases that are not 0 and 1
        noise = np.random.default_rng(len(variable.shape)).uniform(0.5, 1.5, variable.shape)
        if len(variable.shape) == 1:
            variable.assign(noise.astype("float32"))
    by_hand = loop(keras.backend.backend(), gan)
    latents = np.random.default_rng(0).standard_normal((8, gan.latent_dim)).astype("float32")
    made = by_hand.generate(latents)
    scale = np.abs(made).max()
    assert np.abs(made - gan.generate(latents)).max() < 1e-5 * scale


@pytest.mark.parametrize("family", CONFIGS)
def test_by_hand_trains(family):
    gan = registry.model_class(family)(**CONFIGS[family])
    by_hand = loop(keras.backend.backend(), gan)
    x = np.random.default_rng(1).uniform(-1, 1, (16, *gan.data_shape)).astype("float32")
    if family == "FATGAN":
        x = np.float32(sample().momenta[:16])
    latents = np.zeros((1, gan.latent_dim), "float32")
    before = np.array(by_hand.generate(latents))
    losses = by_hand.run([x, x])
    assert np.isfinite(losses).all()
    if family != "FATGAN":
        assert 0.3 < losses[0] < 1.5  # log 2 where the discriminator knows nothing
    assert np.abs(by_hand.generate(latents) - before).max() > 0
