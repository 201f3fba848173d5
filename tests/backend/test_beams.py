"""A model of several beams: the frame, the condition, the model at fixed beams, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import tasks, zoo
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import kinematics
from ganzoo.events.features import EventFeatures
from ganzoo.events.layers import LogS, Momenta
from ganzoo.events.stream import EventStream
from ganzoo.events.truth import sample

PAIRS = ((5.0, 41.0), (10.0, 100.0), (18.0, 275.0))
LATENTS = np.random.default_rng(0).standard_normal((90, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def gan() -> ganzoo.BeamFATGAN:
    """A small model after two epochs, so that its critic knows the beams."""
    made = ganzoo.BeamFATGAN(**zoo.FAMILIES["BeamFATGAN"].tiny, seed=3, ema_momentum=0.5)
    made.compile()
    made.fit(*tasks.get("events of beams").tiny_data(made, 256), batch_size=64, epochs=2, verbose=0)
    return made


def test_invariants_become_momenta_of_the_beams_of_each_row():
    random = np.random.default_rng(1)
    beams = np.repeat(np.asarray(PAIRS, np.float32), 40, axis=0)
    excess, log_s_hat = random.uniform([[-2.0], [2.0]], [[1.0], [5.0]], (2, len(beams)))
    phi = random.uniform(-3, 3, len(beams))
    given = np.column_stack([excess, log_s_hat, phi]).astype(np.float32)
    made = ops.convert_to_numpy(Momenta("partonic", q2_min=2.0)(given, beams)).astype(float)
    for energies in PAIRS:
        rows = (beams == np.float32(energies)).all(1)
        x = made[rows].T
        pair = kinematics.Beams(*energies)
        q2 = kinematics.Q2(*x, pair)
        y = 1 - (np.sqrt((x**2).sum(0)) + x[2]) / (2 * energies[0])
        np.testing.assert_allclose(q2, 2 * (1 + np.exp(excess[rows])), rtol=1e-3)
        np.testing.assert_allclose(np.log(q2 / y), log_s_hat[rows], atol=5e-3)
        np.testing.assert_allclose(np.arctan2(x[1], x[0]), phi[rows], atol=1e-4)
    names = ("log_Q2_excess", "log_s_hat", "phi")
    back = ops.convert_to_numpy(EventFeatures(names)(made.astype(np.float32), beams))
    np.testing.assert_allclose(back, given, atol=5e-3)


def test_features_of_each_rows_beams_are_those_of_a_layer_of_these_beams():
    events = sample().momenta[:60] * np.float32(0.08)  # pz below 5 GeV
    beams = np.resize(np.asarray(PAIRS, np.float32), (60, 2))
    names = ("log_gap", "log_energy_gap", "log_Q2", "x", "log_x", "y", "log_s_hat")
    got = ops.convert_to_numpy(EventFeatures(names)(events, beams))
    for index, energies in enumerate(PAIRS):
        alone = ops.convert_to_numpy(EventFeatures(names, *energies)(events[index::3]))
        np.testing.assert_allclose(got[index::3], alone, rtol=1e-5, atol=1e-5)
    log_s = ops.convert_to_numpy(LogS(10.0, 100.0)(beams))[:3, 0]
    expected = np.log(np.prod(PAIRS, axis=1) / 1000)
    np.testing.assert_allclose(log_s, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("beams", [*PAIRS, "50x50", (10.0, 275.0)])
def test_at_fixed_beams_it_is_the_same_model(gan, beams):
    fixed = gan.at(beams)
    assert type(fixed) is ganzoo.FATGAN
    events = gan.generate(LATENTS, beams)
    scale = np.abs(events).max()
    np.testing.assert_allclose(fixed.generate(LATENTS), events, atol=1e-5 * scale)
    rows = np.tile(np.asarray(fixed.beams, np.float32), (len(events), 1))
    np.testing.assert_allclose(gan.generate(LATENTS, rows), events, atol=1e-5 * scale)
    scores = ops.convert_to_numpy(gan.discriminator([events, rows]))
    np.testing.assert_allclose(
        ops.convert_to_numpy(fixed.discriminator(events)), scores, rtol=1e-3, atol=1e-3
    )
    assert np.array_equal(gan.sample(50, 7, beams), fixed.sample(50, 7))
    stream = next(EventStream(fixed, 50, 7).batches())
    columns = np.column_stack([stream[name] for name in ("px", "py", "pz")])
    assert np.array_equal(columns, gan.sample(50, 7, beams))


def test_beams_change_what_is_made(gan):
    one, other = (gan.generate(LATENTS, beams) for beams in (PAIRS[0], PAIRS[2]))
    assert np.abs(one[:, 2]).max() < 5 * 1.001 < np.abs(other[:, 2]).max()
    usual = gan.generate(LATENTS)
    assert np.array_equal(usual, gan.generate(LATENTS, gan.beams))
    np.testing.assert_allclose(gan.predict(LATENTS, verbose=0), usual, atol=1e-4)


def test_what_it_was_not_trained_for_is_refused(gan):
    for beams in ((27.5, 920.0), (5.0, 40.0)):
        for asked in (gan.at, lambda b: gan.sample(3, 1, b), lambda b: gan.generate(LATENTS, b)):
            with pytest.raises(InvalidArgumentError, match="knows beams from 5 x 41 to 18 x 275 G"):
                asked(beams)
    with pytest.raises(InvalidArgumentError, match="or 90 pairs; got"):
        gan.generate(LATENTS, np.ones((3, 2)) * 30)
    events, beams = tasks.get("events of beams").tiny_data(gan, 64)
    with pytest.raises(DataError, match="s = 101200 GeV2"):
        gan.fit(events, np.full_like(beams, (27.5, 920.0)), batch_size=32, verbose=0)
    with pytest.raises(DataError, match="below the beam energy of 5 GeV; event 0 has"):
        gan.fit(events + np.float32(20), beams, batch_size=32, verbose=0)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"beam_range": (18, 275, 5, 41)}, "least s first"),
        ({"beam_range": (5, 41)}, "has four energies"),
        ({"electron_beam": 27.5, "proton_beam": 920.0}, "knows beams from"),
        ({"members": 3}, "one generator; got 3"),
    ],
)
def test_constructor_refuses(options, line):
    with pytest.raises(InvalidArgumentError, match=line):
        ganzoo.BeamFATGAN(**{**zoo.FAMILIES["BeamFATGAN"].tiny, **options})


def test_discrepancy_is_refused(gan):
    with pytest.raises(InvalidArgumentError, match="one pair of beams"):
        ganzoo.BeamFATGAN(**zoo.FAMILIES["BeamFATGAN"].tiny).compile(mmd_weight=1.0)


def test_constants_are_those_of_each_events_beams():
    events = sample().momenta[:1000] * np.float32(0.08)
    beams = np.resize(np.asarray(PAIRS, np.float32), (1000, 2))
    found = ganzoo.BeamFATGAN.constants(events, beams)
    names = ganzoo.models.beam_fat_gan.FEATURES
    values = ops.convert_to_numpy(EventFeatures(names)(events, beams)).astype(float)
    np.testing.assert_allclose(found["feature_mean"], values.mean(0), rtol=1e-4)
    np.testing.assert_allclose(found["feature_deviation"], values.std(0), rtol=1e-4)
    assert len(found["generated_mean"]) == 3
