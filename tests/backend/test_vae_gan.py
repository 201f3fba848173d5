"""What a VAE-GAN minimises, against the formulas of its paper."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from ganzoo.losses import gaussian_kl
from tests.contract.support import build, data_for


def array(tensor: object) -> np.ndarray:
    return np.asarray(ops.convert_to_numpy(tensor), np.float64)


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


def test_the_divergence_from_a_normal_is_that_of_an_integral():
    centre = np.array([[0.0, 1.0], [0.0, 0.0], [-0.5, 2.0]], np.float32)
    log_deviation = np.log(np.array([[1.0, 2.0], [1.0, 1.0], [0.3, 0.7]], np.float32))
    x = np.linspace(-30, 30, 600_001)
    sums = []
    for mu, log_sigma in zip(centre.astype(float), log_deviation.astype(float), strict=True):
        terms = 0.0
        for m, s in zip(mu, np.exp(log_sigma), strict=True):
            log_ratio = 0.5 * x**2 - 0.5 * ((x - m) / s) ** 2 - np.log(s)
            density = np.exp(-0.5 * ((x - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))
            terms += np.trapezoid(density * log_ratio, x)
        sums.append(terms)
    assert sums[1] == pytest.approx(0.0, abs=1e-6)
    found = float(array(gaussian_kl(*map(ops.convert_to_tensor, (centre, log_deviation)))))
    assert found == pytest.approx(np.mean(sums), abs=1e-4)


def test_each_player_minimises_what_algorithm_1_says(monkeypatch):
    model = build("VAEGAN", similarity_weight=0.3)
    model.trainable = False  # batch normalisation by its averages, so that NumPy sees the same
    monkeypatch.setattr(model, "draw_normal", lambda n, length: ops.full((n, length), 0.5))
    images = data_for(model, 6)[0]
    batch = model.batch((images,))

    made = array(model.encoder(images))
    mu, log_sigma = np.split(made, 2, axis=1)
    kl = 0.5 * (mu**2 + np.exp(2 * log_sigma) - 1 - 2 * log_sigma).sum(axis=1).mean()
    codes = (mu + np.exp(log_sigma) * 0.5).astype(np.float32)
    back, drawn = (model.generator(z) for z in (codes, np.full_like(codes, 0.5)))
    seen, known = array(model.features(back)), array(model.features(images))
    like = 0.5 * ((seen - known) ** 2).sum(axis=1).mean()
    real, again, sample = (array(model.discriminator(model.features(x)))
                           for x in (images, back, drawn))  # fmt: skip

    def apply(network, *tensors, **_):
        return network(*tensors, training=False)

    monkeypatch.setattr(model, "apply", apply)
    encoder, generator, discriminator = (
        getattr(model, f"{player}_objective")(batch) for player in model.players
    )
    assert float(array(encoder.loss)) == pytest.approx(kl + like, rel=1e-4)
    assert float(array(encoder.logs["kl"])) == pytest.approx(kl, rel=1e-4)
    fooled = softplus(-again).mean() + softplus(-sample).mean()
    assert float(array(generator.loss)) == pytest.approx(0.3 * like + fooled, rel=1e-4)
    judged = 0.5 * softplus(-real).mean() + 0.25 * (softplus(again) + softplus(sample)).mean()
    assert float(array(discriminator.loss)) == pytest.approx(judged, rel=1e-4)
    assert like > 0.01
