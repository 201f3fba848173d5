"""Ensembles of event generators: the events of one member, and both errors in a report."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ganzoo
from ganzoo.errors import InvalidArgumentError
from ganzoo.events import panels, trainings
from ganzoo.events import stream as event_sampling
from ganzoo.events.truth import sample
from tests.events.commands import run

SHIPPED = sample()
MEMBERS = 4
SMALL = {"latent_dim": 4, "generator_units": (16,), "discriminator_units": (8,), "dropout": 0.0}


@pytest.fixture(scope="module")
def ensemble() -> ganzoo.FATGAN:
    constants = ganzoo.FATGAN.constants(SHIPPED.momenta)
    return ganzoo.FATGAN(**constants, **SMALL, members=MEMBERS, seed=1)


def test_events_of_one_member(ensemble):
    each = [ensemble.sample(500, seed=2, member=member) for member in range(MEMBERS)]
    mixed = ensemble.sample(500, seed=2)
    assert np.array_equal(mixed, event_sampling.draw(ensemble, 500, seed=2).momenta)
    makers = [
        [member for member in range(MEMBERS) if np.allclose(each[member][row], made, atol=1e-4)]
        for row, made in enumerate(mixed)
    ]
    assert all(len(found) == 1 for found in makers)
    assert {member for found in makers for member in found} == set(range(MEMBERS))
    again = ensemble.sample(300, seed=2, member=1, batch_size=100)
    assert np.allclose(again, each[1][:300], atol=1e-4)


def test_no_member_of_one_generator_and_none_that_there_is_not(ensemble):
    with pytest.raises(InvalidArgumentError, match="member must be from 0 to 3; got 4"):
        ensemble.sample(10, seed=1, member=4)
    alone = ganzoo.FATGAN(**SMALL)
    with pytest.raises(InvalidArgumentError, match=r"has one generator\. Got 0; leave it out"):
        alone.sample(10, seed=1, member=0)


def test_members_draw_independent_events(ensemble):
    first, second = trainings.member_events(ensemble, 100, seed=3)[:2]
    own = [ensemble.sample(100, seed=seed, member=1) for seed in (3, 4)]
    assert first.shape == second.shape == (100, 3)
    assert not np.allclose(second, own[0], atol=1e-3)
    assert np.array_equal(second, trainings.member_events(ensemble, 100, seed=3)[1])


def test_truth_itself_as_members_is_covered():
    """Members that draw from the truth: the band is their fluctuation, and coverage is right."""
    random = np.random.default_rng(4)
    true = panels.quantities(SHIPPED.momenta, SHIPPED.beams)
    edges = panels.bin_edges(true, 10)

    def drawn() -> dict[str, np.ndarray]:
        rows = random.integers(0, 4000, 20_000)
        return {name: values[rows] for name, values in true.items()}

    found = trainings.coverages(drawn(), [drawn() for _ in range(8)], edges)
    told = trainings.numbers(found, 20_000)
    for of in ("member", "mean"):
        share = told["coverage"]["overall"][of]["1_sigma"]
        assert share["value"] == pytest.approx(share["expected"], abs=0.12)
        assert share["n"] == sum(told["coverage"][name][of]["bins"] for name in panels.PANELS)
    one = {name: values * 1.02 for name, values in drawn().items()}
    biased = trainings.coverages(one, [drawn() for _ in range(8)], edges)
    below = trainings.numbers(biased, 20_000)["coverage"]["E"]["member"]["1_sigma"]
    assert below["value"] < below["expected"] - 0.2


@pytest.mark.slow
def test_a_report_has_both_errors_and_the_coverage(ensemble, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    ensemble.save_to_preset(tmp_path / "ensemble")
    told = run("report", tmp_path / "ensemble", "-o", tmp_path / "report", "--reference",
               "electrons_sample", "-n", 1000, "--seed", "1,2")  # fmt: skip
    assert f"{MEMBERS} trainings, 1000 events each" in told
    assert sum(line.startswith("overall") for line in told.splitlines()) == 1
    for ending in ("png", "pdf"):
        assert (tmp_path / "report" / f"coverage.{ending}").stat().st_size > 10_000
    numbers = json.loads((tmp_path / "report" / "report.json").read_text())["trainings"]
    assert set(numbers["coverage"]) == {*panels.PANELS, "overall"}
    shares = numbers["coverage"]["E"]["member"]
    # Networks that learned nothing are far from the truth, all of them.
    assert 0.0 <= shares["1_sigma"]["value"] < shares["1_sigma"]["expected"]
    assert numbers["coverage"]["overall"]["mean"]["bins"] <= 9 * panels.BINS
    for line in trainings.lines(numbers):
        assert line in told


def test_the_panels_show_the_band(ensemble):
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    from ganzoo.events import figures

    true = panels.quantities(SHIPPED.momenta, SHIPPED.beams)
    made = [panels.quantities(one, SHIPPED.beams) for one in
            trainings.member_events(ensemble, 1000, 1)]  # fmt: skip
    found = trainings.coverages(true, made, panels.bin_edges(true))["member"]
    figure = figures.panel_figure(true, made[:2], "small", trainings=found)
    labels = [text.get_text() for axes in figure.axes if axes.get_legend()
              for text in axes.get_legend().get_texts()]  # fmt: skip
    assert {"statistical", "between trainings"} <= set(labels)
    plain = figures.panel_figure(true, made[:2], "small")
    patches = [sum(len(axes.patches) for axes in one.axes) for one in (figure, plain)]
    assert patches[0] - patches[1] == 18
