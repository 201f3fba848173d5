"""A detector in the graph: resolutions, acceptance, the same numbers on every backend."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import kinematics
from ganzoo.events.detector import ROWS, Smear
from ganzoo.events.truth import sample

SHIPPED = sample().momenta


def numpy(tensor: Any) -> np.ndarray:
    return np.array(ops.convert_to_numpy(tensor))


def alike(energy: float, theta: float, n: int = 40_000) -> np.ndarray:
    """Return n electrons of one energy in GeV and one angle, of any azimuth, (n, 3)."""
    phi = np.random.default_rng(0).uniform(-np.pi, np.pi, n)
    directions = [
        np.sin(theta) * np.cos(phi),
        np.sin(theta) * np.sin(phi),
        np.full(n, np.cos(theta)),
    ]
    return (energy * np.stack(directions, axis=1)).astype(np.float32)


@pytest.mark.parametrize("energy", [4.0, 40.0])
def test_resolutions_are_those_that_are_said(energy):
    measured = numpy(Smear(0.2, 0.03, 0.01, seed=1)(alike(energy, 0.5)))
    px, py, pz = measured.T
    found = kinematics.energy(px, py, pz)
    known = energy * np.hypot(0.2 / np.sqrt(energy), 0.03)
    few = 4.0 / np.sqrt(2 * len(found))
    assert found.std() == pytest.approx(known, rel=few)
    assert found.mean() == pytest.approx(energy, abs=4 * known / np.sqrt(len(found)))
    theta = kinematics.theta(px, py, pz)
    assert theta.std() == pytest.approx(0.01, rel=few)
    assert theta.mean() == pytest.approx(0.5, abs=0.0002)
    assert abs(np.corrcoef(found, theta)[0, 1]) < 0.02


def test_the_azimuth_is_exact_and_no_resolution_is_no_change():
    true = alike(20.0, 0.3, 1000)
    measured = numpy(Smear(0.1, 0.02, 0.005, seed=2)(true))
    turned = kinematics.phi(*measured.T[:2]) - kinematics.phi(*true.T[:2])
    assert np.abs(np.angle(np.exp(1j * turned))).max() < 1e-5
    assert np.allclose(numpy(Smear(0.0, 0.0, 0.0)(true)), true, rtol=1e-5, atol=1e-5)
    along = numpy(Smear(0.0, 0.0, 0.01)(alike(20.0, 1e-4, 1000)))  # beyond the axis, and finite
    assert np.isfinite(along).all()


def test_the_numbers_are_numpys_and_go_on():
    """The same on every backend: they are compared with PCG64's, drawn here."""
    true = alike(20.0, 0.3, 60)
    layer = Smear(0.1, 0.0, 0.0, seed=5)
    parts = [numpy(layer(true[start : start + 20])) for start in (0, 20, 40)]
    sequence = np.random.SeedSequence(5, spawn_key=(0,))
    normal = np.random.Generator(np.random.PCG64(sequence)).standard_normal((60, 2), np.float32)
    energies = np.linalg.norm(np.concatenate(parts).astype(np.float64), axis=1)
    assert np.allclose(energies, 20.0 * (1.0 + 0.1 / np.sqrt(20.0) * normal[:, 0]), rtol=1e-5)
    assert not np.allclose(parts[0], numpy(layer(true[:20])), atol=1e-3)
    layer.used.assign(ROWS - 10)
    wrapped = numpy(layer(true[:20]))
    assert np.allclose(wrapped[10:, 2], parts[0][:10, 2], rtol=1e-6)  # pz: of any azimuth
    assert float(numpy(layer.used)) == 10
    whole = Smear(0.1, 0.0, 0.0, seed=5).observe(true)
    assert np.allclose(whole, np.concatenate(parts), rtol=1e-5)


def test_the_state_and_the_arguments_are_saved():
    layer = Smear(0.1, 0.02, 0.003, (0.03, 3.0), 2.0, seed=7)
    layer(alike(20.0, 0.3, 8))
    again = Smear.from_config(layer.get_config())
    again.build((None, 3))
    again.set_weights(layer.get_weights())
    true = alike(20.0, 0.3, 8)
    assert np.array_equal(numpy(layer(true)), numpy(again(true)))
    assert again.theta_range == (0.03, 3.0)
    assert not layer.trainable_variables


def test_acceptance():
    layer = Smear(0.0, 0.0, 0.0, theta_range=(0.2, 0.4), least_energy=10.0)
    rows = [(20.0, 0.3), (5.0, 0.3), (20.0, 0.1), (20.0, 0.5), (11.0, 0.39)]
    true = np.concatenate([alike(energy, theta, 1) for energy, theta in rows])
    measured = layer(true)
    assert numpy(layer.accepts(measured)).tolist() == [True, False, False, False, True]
    assert np.allclose(layer.observe(true), true[[0, 4]], atol=1e-4)
    assert np.allclose(numpy(layer.select(measured, 2)), true[[0, 4]], atol=1e-4)
    filled = numpy(layer.select(measured, 3))
    assert np.allclose(filled, true[[0, 4, 1]], atol=1e-4)


def test_the_same_seed_observes_the_same_and_another_others():
    layer = Smear(0.1, 0.01, 0.002, (0.03, 3.1), seed=3)
    first = layer.observe(SHIPPED)
    assert 0.5 * len(SHIPPED) < len(first) < len(SHIPPED)
    assert np.array_equal(first, layer.observe(SHIPPED))
    assert not np.array_equal(first[:100], layer.observe(SHIPPED, seed=4)[:100])
    px, py, pz = first.T
    assert kinematics.theta(px, py, pz).min() >= 0.03 - 1e-5


def test_gradients_flow_through_it():
    """A layer before the detector learns a scale that only measured events show."""
    true = alike(20.0, 0.3, 512)
    inputs = keras.Input((3,))
    scale = keras.layers.Dense(3, use_bias=False, kernel_initializer="identity")
    model = keras.Model(inputs, Smear(0.02, 0.0, 0.001, seed=1)(scale(inputs)))
    model.compile(keras.optimizers.Adam(0.05), "mae")
    model.fit(true, 1.5 * true, batch_size=128, epochs=30, verbose=0)
    assert np.allclose(np.linalg.norm(true @ numpy(scale.kernel), axis=1).mean(), 30.0, rtol=0.03)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"stochastic": -0.1}, "stochastic must be a finite number >= 0; got -0.1"),
        ({"sigma_theta": float("inf")}, "sigma_theta must be"),
        ({"constant": "much"}, "constant must be"),
        ({"theta_range": (0.4, 0.2)}, "two rising angles from 0 to pi"),
        ({"theta_range": 0.4}, "two rising angles"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_bad_arguments(arguments, part):
    with pytest.raises(InvalidArgumentError, match=part):
        Smear(**arguments)


def test_bad_events():
    for bad in (np.ones((3, 2)), np.full((3, 3), np.nan)):
        with pytest.raises(DataError, match="finite and of shape"):
            Smear().observe(bad)
