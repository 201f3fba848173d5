"""`ganzoo evaluate` for electron events: the table on real ones, its findings, files and cards."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import events, metrics, zoo
from ganzoo.callbacks import Measure
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import cards
from ganzoo.evaluation import evaluate as evaluation
from ganzoo.events import files as event_files
from ganzoo.events import panels
from ganzoo.events import table as event_table
from ganzoo.events.truth import TRUTH_SEEDS, sample, true_electrons
from ganzoo.metrics.estimate import share_estimate
from ganzoo.presets import find
from ganzoo.tasks import events as event_task
from ganzoo.zoo import registry

SHIPPED = sample()
N = 1300
REAL, NEW, MADE = (SHIPPED.momenta[i * N : (i + 1) * N] for i in range(3))
# What a generator that is not quite right adds to its momenta, in GeV.
NOISE = np.random.default_rng(0).standard_normal((N, 3)).astype(np.float32)


def table_of(made: np.ndarray) -> metrics.Table:
    return event_table.event_table(made, REAL, NEW, SHIPPED.beams, q2_min=2.0)


@pytest.fixture(scope="module")
def real() -> metrics.Table:
    return table_of(MADE)


def run(*arguments: object, code: int = 0) -> str:
    """Run `ganzoo evaluate`; return what it printed."""
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_real_events_reach_the_floor(real):
    every = [*real.rows.values(), *(row for rows in real.details.values() for row in rows.values())]
    assert len(every) == 15 + 9 * 3
    assert max(abs(row.excess()) for row in every) < 5, str(real)
    assert not real.findings
    assert real["chi2_mean"].value == pytest.approx(1.0, abs=0.4)
    assert abs(real["auc"].value - 0.5) < 4 * real["auc"].error
    assert str(real["q2_leak"]) == "< 0.0023 (95 %)"
    assert real.details["pz"]["chi2/bin"].estimate.value <= real["chi2_worst"].value
    plain = json.loads(json.dumps(real.as_dict()))
    assert set(plain["details"]) == set(panels.PANELS)
    assert set(plain["details"]["pz"]) == {"chi2_per_bin", "ks", "w1_over_sigma"}
    assert plain["metrics"]["unphysical"]["limit"] == pytest.approx(3 / N, rel=0.01)


def test_order_of_real_smeared_and_shuffled(real):
    smeared = MADE + NOISE * np.float32([0.3, 0.3, 0.0])
    random = np.random.default_rng(1)
    shuffled = np.stack([random.permutation(column) for column in MADE.T], axis=1)
    tables = [real, table_of(smeared), table_of(shuffled)]
    for name in ("chi2_worst", "ks_worst", "auc", "correlations"):
        values, errors = zip(*((t[name].value, t[name].error) for t in tables), strict=True)
        assert values[0] < values[1] < values[2], name
        assert values[2] - values[0] > 5 * np.hypot(errors[0], errors[2]), name
    assert tables[1].rows["chi2_worst"].excess() > 5
    assert tables[1]["q2_leak"].value > 0.01
    # Shuffling keeps each momentum's distribution and breaks what ties them together.
    assert tables[2].details["px"]["chi2/bin"].excess() < 5 < tables[2].rows["chi2_worst"].excess()
    assert tables[2]["unphysical"].value > 0.01
    assert not any("mode collapse" in finding for finding in tables[1].findings)


def test_collapses_are_named():
    one = table_of(np.repeat(MADE[:1], N, axis=0))
    assert one.findings[0].startswith("mode collapse: recall")
    assert "diversity over real 0 ± 0" in one.findings[0]
    assert one["repeated"].value == 1.0
    half = MADE.copy()
    half[:, 1] = np.abs(half[:, 1])  # no electron below the plane
    (finding,) = table_of(half).findings
    assert finding.startswith("mode collapse: hardly any events where ")
    assert re.search(r"(49|50|51)% of the real ones lie in phi", finding), finding
    few = table_of(MADE[np.arange(N) % 600])
    assert few.findings == (
        "mode collapse: a share of 1 ± 0 of the events are repeats of each other",
    )


def test_far_from_everything_is_no_collapse():
    far = table_of(MADE * np.float32([4, 4, -1]))  # nearly all fly backwards
    assert far.findings[0].startswith("far from all real data"), str(far)
    assert far["beyond_beam"].value == 0.0
    assert far["unphysical"].value > 0.3
    beyond = MADE.copy()
    beyond[:13, 2] = 50.0
    share = table_of(beyond).rows["beyond_beam"]
    assert share.estimate.value == pytest.approx(0.01)
    assert share.estimate.error == pytest.approx(np.sqrt(0.01 * 0.99 / N), rel=0.01)


def test_upper_limits():
    nothing = share_estimate(np.zeros(1000, bool))
    assert (1 - nothing.limit) ** 1000 == pytest.approx(0.05)
    assert (1 - nothing.error) ** 1000 == pytest.approx(0.32)
    assert share_estimate(np.arange(1000) < 1).limit is None


def test_undefined_x_has_a_place():
    features = panels.features(np.array([[1.0, 0.0, 50.0], [2.0, 0.0, 45.0]]), SHIPPED.beams)
    assert features.shape == (2, 9)
    assert features[0, 7] == panels.UNDEFINED > 0 > features[1, 7]
    assert np.isfinite(features).all()


@pytest.mark.parametrize("ending", event_files.ENDINGS)
def test_files_of_events(ending, tmp_path):
    if ending in (".root", ".parquet"):
        pytest.importorskip({".root": "uproot", ".parquet": "pyarrow"}[ending])
    path = tmp_path / f"events{ending}"
    event_files.write(SHIPPED, path)
    found = event_files.read(path)
    np.testing.assert_allclose(found.momenta, SHIPPED.momenta, rtol=1e-6)
    assert found.metadata == SHIPPED.metadata
    assert event_task.holds(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=rf"is not an \{ending} file of events"):
        event_files.read(path)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    """A preset with the name of a checkpoint, of an untrained generator."""
    keras.utils.set_random_seed(1)
    gan = ganzoo.FATGAN(
        **ganzoo.FATGAN.constants(SHIPPED.momenta),
        latent_dim=4,
        generator_units=(16,),
        discriminator_units=(8,),
        seed=1,
    )
    folder = tmp_path_factory.mktemp("zoo") / "fatgan_electrons_fast"
    gan.save_to_preset(folder)
    return folder


def test_a_model_and_its_card(model, tmp_path):
    yaml = pytest.importorskip("yaml")
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    (model / "README.md").write_text("# old\n\n## By hand\n\nKept.\n")
    options = ("--reference", "electrons_sample", "--json", tmp_path / "table.json")
    output = run(model, *options, "--card", "--samples", 1500, "--seed", 3)
    assert "1500 examples against 4,000 events of Pythia's that are shipped" in output
    found = json.loads((tmp_path / "table.json").read_text())
    assert found["facts"]["n"] == 1500
    assert found["metrics"]["auc"]["value"] > 0.9
    card = (model / "README.md").read_text()
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["license"] == "cc0-1.0"
    assert "pipeline_tag" not in head
    measured = head["model-index"][0]["results"][0]["metrics"]
    assert [metric["type"] for metric in measured] == list(found["metrics"])
    assert "![the nine panels, beside Pythia's](panels.png)" in card
    assert (model / "panels.png").read_bytes().startswith(b"\x89PNG")
    assert "Pythia's seeds: 2020 for the training, 2021 for its progress." in card
    assert "| panel | chi2/bin | floor | KS distance | floor | W1 / sigma | floor |" in card
    assert "- chi2/bin far above real data, the worst first: " in card
    assert "## By hand\n\nKept." in card
    for row in output.splitlines()[1:5]:
        assert row.split("  ")[-1].strip() == "lower"
        assert next(part.strip() for part in row.split("  ")[1:] if part.strip()) in card


def test_training_is_better_than_none(model):
    shipped = [
        name
        for name in registry.list_models(pretrained=True)
        if find.resolve(name).task == "events"
    ]
    assert shipped
    untrained = table_of(ganzoo.load(model).sample(N, seed=1))
    for name in shipped:
        table = table_of(ganzoo.load(name).sample(N, seed=1))
        assert table["chi2_mean"].value < 0.2 * untrained["chi2_mean"].value, name
        assert table["auc"].value < untrained["auc"].value - 0.1, name
        assert table["coverage"].value > 2 * untrained["coverage"].value, name


def test_a_card_says_which_model_was_kept(real):
    entry = zoo.ENTRIES["fatgan_electrons"]
    recipe = dataclasses.replace(entry.recipe, best_by="mean_chi2_per_bin", measure_every=2)
    card = cards.card("fatgan_electrons", dataclasses.replace(entry, recipe=recipe), real)
    assert "Kept is the model with the least `mean_chi2_per_bin`, measured every 2 epochs." in card
    assert "No metric is 5 errors or more on the bad side of its floor." in card


def test_a_file_against_a_file(tmp_path):
    for name, momenta in (("made", MADE + NOISE), ("real", np.concatenate([REAL, NEW]))):
        made = events.from_momenta(momenta, SHIPPED.beams, SHIPPED.origin)
        event_files.write(made, tmp_path / f"{name}.npz")
    output = run(tmp_path / "made.npz", "--reference", tmp_path / "real.npz")
    assert f"{N} examples against {tmp_path / 'real.npz'}" in output
    assert "share with Q2 below the cut" in output
    hera = events.from_momenta(MADE, events.BEAMS["hera"])
    event_files.write(hera, tmp_path / "hera.h5")
    output = run(tmp_path / "hera.h5", "--reference", tmp_path / "real.npz", code=1)
    assert "real.npz has beams of 50 x 50 GeV" in output


def test_what_is_refused(model, tmp_path, monkeypatch):
    assert "Did you mean 'pythia'" in run(model, "--reference", "pytia", code=2)
    assert "--features is for images" in run(model, "--features", "gradients", code=2)
    assert "are needed; got 500" in run(
        model, "--reference", "electrons_sample", "--samples", 500, code=1
    )
    with pytest.raises(InvalidArgumentError, match="--panels is for events"):
        evaluation.evaluate("gan_mnist", panels=tmp_path / "panels.png")
    with pytest.raises(DataError, match=r"shape \(n, 3\)"):
        table_of(np.zeros((N, 4)))
    with pytest.raises(DataError, match="must be finite; number 7"):
        table_of(np.where(np.arange(N)[:, None] == 7, np.nan, MADE))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pythia8mc", None)
    output = run(model, code=1)
    assert '"keras-ganzoo[pythia]". Without it, --reference electrons_sample' in output
    assert len(output.strip().splitlines()) == 1


def test_truth_is_of_seeds_of_its_own(tmp_path, monkeypatch):
    pytest.importorskip("pythia8mc", reason="Pythia (extra `pythia`) is not installed")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    monkeypatch.setattr(sys.modules["ganzoo.events.truth"], "TRUTH_EVENTS", 300)
    first, second = true_electrons(200)
    assert (len(first), len(second)) == (200, 200)
    assert not np.isin(first[:, 0], second[:, 0]).any()
    assert not np.isin(first[:, 0], SHIPPED.momenta[:, 0]).any()
    assert not {2020, 2021} & set(TRUTH_SEEDS)
    again, _ = true_electrons(300)
    assert np.array_equal(again[:200], first)
    assert len(list((tmp_path / "electrons").iterdir())) == 2


def test_metrics_of_events_during_fit():
    gan = ganzoo.FATGAN(
        **ganzoo.FATGAN.constants(REAL),
        latent_dim=4,
        generator_units=(8,),
        discriminator_units=(8,),
    )
    features = functools.partial(panels.features, beams=gan.beams)
    measures = {
        "auc": event_table.classifier_auc,
        "spearman": functools.partial(metrics.correlation_difference, largest=True),
    }
    history = gan.fit(
        REAL, batch_size=650, verbose=0, callbacks=[Measure(NEW, measures, features=features, n=N)]
    ).history
    assert 0.5 < history["val_auc"][0] <= 1.0
    assert history["val_spearman_error"][0] > 0
