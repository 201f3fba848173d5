"""The flow of examples/flow_beside: there is a way back, and its likelihood is a density."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from keras import ops

from ganzoo.events import files
from ganzoo.events.arrays import BEAMS
from ganzoo.events.truth import sample

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "flow_beside"))

import flow_beside

BEAM = BEAMS["50x50"]


@pytest.fixture
def flow() -> flow_beside.Flow:
    """An untrained flow whose splines bend."""
    numbers = flow_beside.learned_numbers(sample().momenta, BEAM)
    made = flow_beside.Flow(numbers.mean(0), numbers.std(0), count=3, units=8)
    random = np.random.default_rng(0)
    for maker in made.makers:
        kernel = maker.layers[-1].kernel
        kernel.assign(random.normal(0, 0.5, kernel.shape).astype("float32"))
    return made


def test_a_spline_is_monotonic_and_has_its_slope(flow):
    numbers = flow.makers[0](ops.ones((1, 1)))
    x = np.linspace(-8, 8, 4001, dtype="float32")
    numbers = ops.repeat(numbers, len(x), axis=0)
    made, slope = (ops.convert_to_numpy(y) for y in flow_beside.spline(ops.array(x), numbers))
    assert np.all(np.diff(made) > 0)
    assert np.ptp(made - x) > 0.5  # it bends
    assert np.array_equal(made[np.abs(x) > flow_beside.BOUND], x[np.abs(x) > flow_beside.BOUND])
    numeric = np.gradient(made.astype("float64"), x.astype("float64"))
    assert np.median(np.abs(np.exp(slope) / numeric - 1)) < 1e-3
    back, same = flow_beside.spline(ops.array(made), numbers, inverse=True)
    assert np.abs(ops.convert_to_numpy(back) - x).max() < 1e-4
    assert np.abs(ops.convert_to_numpy(same) - slope).max() < 1e-2


def test_the_density_of_the_flow_is_one_in_all(flow):
    """The mean of p(x) / q(x) over draws of a wide normal q is the integral of p."""
    random = np.random.default_rng(1)
    z = random.normal(0, 2.5, (200_000, 2))
    log_q = -0.5 * np.square(z / 2.5).sum(1) - 2 * np.log(2.5)
    log_p = ops.convert_to_numpy(flow((z * flow.deviation + flow.mean).astype("float32")))
    shares = np.exp(log_p - log_q)
    error = shares.std() / np.sqrt(len(shares))
    assert shares.mean() == pytest.approx(1.0, abs=5 * error)
    assert error < 0.02


def test_what_is_drawn_has_the_likelihood_that_is_stated(flow):
    """A sample's latents are normal again, whatever the splines are."""
    momenta = flow_beside.sample(flow, 5000, 3, BEAM)
    assert np.abs(np.arctan2(momenta[:, 1], momenta[:, 0]).mean()) < 0.1
    numbers = flow_beside.learned_numbers(momenta, BEAM)
    parts = list(((numbers - flow.mean) / flow.deviation).T)
    for turn, maker in enumerate(flow.makers):
        which = turn % 2
        knows = maker(ops.array(parts[1 - which])[:, None])
        parts[which] = ops.convert_to_numpy(flow_beside.spline(ops.array(parts[which]), knows)[0])
    assert np.mean(parts) == pytest.approx(0.0, abs=0.05)
    assert np.std(parts) == pytest.approx(1.0, abs=0.05)


def test_the_script_from_events_to_a_table(tmp_path):
    files.write(sample(), tmp_path / "events.npz")
    result = CliRunner().invoke(
        flow_beside.main,
        ["--data", str(tmp_path / "events.npz"), "--epochs", "2", "-n", "1000", "--reference",
         "electrons_sample", "-o", str(tmp_path / "flow.npz")],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len(files.read(tmp_path / "flow.npz")) == 1000
    assert result.output.count("classifier AUC") == 2
