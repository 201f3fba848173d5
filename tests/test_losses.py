"""Adversarial losses against closed forms in NumPy, and their values at equilibrium."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from ganzoo import losses


def value(loss: str, *logits: np.ndarray) -> float:
    return float(keras.ops.convert_to_numpy(getattr(losses, loss)(*logits)))


def softplus(x: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(x.astype(np.float64)))


@pytest.fixture
def logits() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    return tuple(random.normal(size=(2, 9, 1)).astype(np.float32) * 2)


def test_least_squares(logits):
    real, fake = logits
    expected = ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2
    assert value("least_squares_discriminator_loss", real, fake) == pytest.approx(
        expected, rel=1e-5
    )
    expected = ((fake - 1) ** 2).mean() / 2
    assert value("least_squares_generator_loss", fake) == pytest.approx(expected, rel=1e-5)


def test_hinge(logits):
    real, fake = logits
    expected = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    assert value("hinge_discriminator_loss", real, fake) == pytest.approx(expected, rel=1e-5)
    assert value("hinge_generator_loss", fake) == pytest.approx(-fake.mean(), rel=1e-5)
    assert value("hinge_discriminator_loss", real + 100, fake - 100) == 0.0


def test_relativistic_pairs_go_row_by_row(logits):
    real, fake = logits
    name = "relativistic_discriminator_loss"
    assert value(name, real, fake) == pytest.approx(softplus(fake - real).mean(), rel=1e-5)
    assert value(name, real, fake[::-1]) != pytest.approx(value(name, real, fake), rel=1e-3)
    expected = softplus(real - fake).mean()
    assert value("relativistic_generator_loss", fake, real) == pytest.approx(expected, rel=1e-5)


def test_relativistic_average(logits):
    real, fake = logits
    parts = softplus(fake.mean() - real).mean(), softplus(fake - real.mean()).mean()
    assert value("relativistic_average_discriminator_loss", real, fake) == pytest.approx(
        sum(parts) / 2, rel=1e-5
    )
    parts = softplus(real.mean() - fake).mean(), softplus(real - fake.mean()).mean()
    assert value("relativistic_average_generator_loss", fake, real) == pytest.approx(
        sum(parts) / 2, rel=1e-5
    )


@pytest.mark.parametrize(
    ("kind", "says", "discriminator", "generator"),
    [
        ("least_squares", 0.5, 1 / 4, 1 / 8),
        ("hinge", 0.0, 2.0, 0.0),
        ("relativistic", 7.0, math.log(2), math.log(2)),
        ("relativistic_average", 7.0, math.log(2), math.log(2)),
    ],
)
def test_values_at_equilibrium(kind, says, discriminator, generator):
    same = np.full((5, 1), says, np.float32)
    both = (same, same) if kind.startswith("relativistic") else (same,)
    assert value(f"{kind}_discriminator_loss", same, same) == pytest.approx(discriminator)
    assert value(f"{kind}_generator_loss", *both) == pytest.approx(generator)


@pytest.mark.parametrize("kind", ["hinge", "relativistic", "relativistic_average"])
def test_half_precision_logits_far_out_give_finite_float32(kind):
    far = keras.ops.cast(np.full((4, 1), 3e4, np.float32), "float16")
    loss = getattr(losses, f"{kind}_discriminator_loss")(-far, far)
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    assert np.isfinite(float(keras.ops.convert_to_numpy(loss)))


def test_the_category_is_a_cross_entropy():
    random = np.random.default_rng(5)
    logits = random.normal(size=(6, 4)).astype("float32")
    condition = np.eye(4, dtype="float32")[[0, 3, 1, 1, 2, 0]]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    each = -np.log((shares * condition).sum(axis=1))
    assert value("category_loss", logits, condition) == pytest.approx(each.mean(), rel=1e-5)
    assert value("category_loss", 0 * logits, condition) == pytest.approx(math.log(4), rel=1e-6)
    weights = np.array([2, 0, 1, 1, 1, 1], "float32")
    weighted = (each * weights).mean()
    assert value("category_loss", logits, condition, weights) == pytest.approx(weighted, rel=1e-5)
