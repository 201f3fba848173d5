"""Kinematics against events worked out by hand, and against four-vectors that conserve momentum."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo.events import kinematics
from ganzoo.events.kinematics import PROTON_MASS, Beams
from ganzoo.events.truth import sample

BEAMS = Beams(50.0, 50.0)
HERA = Beams(27.5, 920.0)


def test_an_event_at_90_degrees():
    # k = (50, 0, 0, 50) and k' = (25, 25, 0, 0), massless: q2 = -2 k.k' = -2 * 50 * 25 GeV2.
    event = (25.0, 0.0, 0.0)
    assert kinematics.Q2(*event, BEAMS) == pytest.approx(2500.0)
    assert kinematics.pT(25.0, 0.0) == 25.0
    assert kinematics.theta(*event) == pytest.approx(np.pi / 2)
    assert kinematics.phi(0.0, -3.0) == pytest.approx(-np.pi / 2)
    # Without the proton's mass: y = 1 - 25 / 100 = 0.75, x = 2500 / (10,000 * 0.75) = 1/3.
    assert kinematics.y(*event, BEAMS) == pytest.approx(0.75, abs=1e-4)
    assert kinematics.xBj(*event, BEAMS) == pytest.approx(1 / 3, rel=1e-3)
    # W2 = M2 + Q2 (1 - x) / x = M2 + 5000 GeV2
    assert kinematics.W(*event, BEAMS) == pytest.approx(np.sqrt(5000 + PROTON_MASS**2), rel=1e-3)


def test_backward_and_forward():
    assert kinematics.Q2(0.0, 0.0, -10.0, BEAMS) == pytest.approx(4 * 50 * 10)
    assert kinematics.theta(0.0, 0.0, -10.0) == pytest.approx(np.pi)
    # 1e-3 GeV of pT at 49 GeV: E - pz = (pT2 + m2) / (E + pz), far below the rounding of E.
    gap = (1e-6 + kinematics.ELECTRON_MASS**2) / 98.0
    assert kinematics.Q2(1e-3, 0.0, 49.0, BEAMS) == pytest.approx(100 * gap, rel=1e-6)


@pytest.mark.parametrize("beams", [BEAMS, HERA], ids=["50x50", "hera"])
def test_definitions_by_four_vectors(beams):
    random = np.random.default_rng(0)
    momenta = random.uniform(-0.5, 0.5, (3, 200)) * beams.electron
    electron = np.array([np.sqrt((momenta**2).sum(0)), *momenta])
    beam = np.array([beams.electron, 0, 0, beams.electron])[:, None]
    proton = np.array([beams.proton, 0, 0, -np.sqrt(beams.proton**2 - PROTON_MASS**2)])[:, None]

    def dot(a, b):
        return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]

    q = beam - electron
    hadrons = proton + q  # momentum is conserved
    np.testing.assert_allclose(kinematics.Q2(*momenta, beams), -dot(q, q), rtol=1e-6)
    inelasticity = dot(proton, q) / dot(proton, beam)
    np.testing.assert_allclose(kinematics.y(*momenta, beams), inelasticity, atol=1e-8)
    x = -dot(q, q) / (2 * dot(proton, q))
    np.testing.assert_allclose(kinematics.xBj(*momenta, beams), x, rtol=1e-4)
    mass = dot(hadrons, hadrons)
    np.testing.assert_allclose(
        kinematics.W(*momenta, beams), np.where(mass < 0, np.nan, np.sqrt(np.abs(mass))), rtol=1e-4
    )
    assert beams.s == pytest.approx(float(dot(beam + proton, beam + proton)[0]), rel=1e-12)


def test_real_events_are_physical_and_obey_q2_equals_sxy():
    events = sample()
    momenta = [events.array[name] for name in ("px", "py", "pz")]
    assert kinematics.is_physical(*momenta, events.beams).all()
    x, y = (f(*momenta, events.beams) for f in (kinematics.xBj, kinematics.y))
    q2 = kinematics.Q2(*momenta, events.beams)
    assert (q2 >= 2.0).all()
    np.testing.assert_allclose(q2, x * y * (events.beams.s - PROTON_MASS**2), rtol=1e-9)
    assert (kinematics.W(*momenta, events.beams) > PROTON_MASS).all()
    assert ((x > 0) & (x < 1) & (y > 0) & (y < 1)).all()


@pytest.mark.parametrize(
    "event",
    [(1.0, 0.0, 50.0), (1.0, 0.0, 60.0), (0.0, 0.0, np.nan), (40.0, 0.0, 49.0)],
    ids=["at the beam energy", "beyond it", "NaN", "more energy than there was"],
)
def test_unphysical_events(event):
    assert not kinematics.is_physical(*event, BEAMS)


def test_shapes_are_kept():
    grid = np.ones((2, 3))
    for function in (kinematics.Q2, kinematics.xBj, kinematics.y, kinematics.W):
        assert function(grid, grid, grid, BEAMS).shape == (2, 3)
        assert function(grid, grid, grid, BEAMS).dtype == np.float64
