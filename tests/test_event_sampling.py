"""`ganzoo sample`, `train` and `report` for events, with small models and real events."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import files as event_files
from ganzoo.events import kinematics, panels, report
from ganzoo.events import stream as event_sampling
from ganzoo.events.truth import sample
from ganzoo.metrics.per_feature import two_sample_chi2
from ganzoo.presets import find

SHIPPED = sample()


@pytest.fixture(scope="module")
def gan() -> ganzoo.FATGAN:
    constants = ganzoo.FATGAN.constants(SHIPPED.momenta)
    return ganzoo.FATGAN(
        **constants, latent_dim=4, generator_units=(16,), discriminator_units=(8,), dropout=0.0
    )


@pytest.fixture(scope="module")
def preset(gan, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("preset") / "small_electrons"
    gan.save_to_preset(folder)
    return folder


def run(*arguments: object) -> str:
    """Run the command line; return what it printed; fail with it if it failed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_same_seed_same_bits_whatever_the_batch_and_the_number(gan, preset, tmp_path):
    drawn = event_sampling.draw(gan, 40_000, seed=5)
    for index, batch in enumerate((1, 20_000, 100_000)):
        path = tmp_path / f"{index}.npz"
        run("sample", preset, "-n", 40_000, "--seed", 5, "--batch-size", batch, "-o", path)
        assert event_files.read(path).array.tobytes() == drawn.array.tobytes()
    assert event_sampling.draw(gan, 100, seed=5).array.tobytes() == drawn.array[:100].tobytes()
    assert not np.array_equal(event_sampling.draw(gan, 100, seed=6).array, drawn.array[:100])
    np.testing.assert_allclose(gan.sample(100, seed=5), drawn.momenta[:100], atol=1e-4)
    assert drawn.metadata["generator"] == f"ganzoo {gan.name}"
    assert (drawn.array["pz"] < 50.0).all()


def test_the_cut_and_its_efficiency(gan, preset, tmp_path):
    everything = event_sampling.draw(gan, 60_000, seed=1).array
    momenta = [everything[name] for name in ("px", "py", "pz")]
    virtualities = kinematics.Q2(*momenta, gan.beams)
    cut = round(float(np.median(virtualities)), 4)
    passing = everything[virtualities >= cut]
    stream = event_sampling.EventStream(gan, 20_000, seed=1, q2_min=cut)
    kept = np.concatenate(list(stream.batches(1)))
    assert kept.tobytes() == passing[:20_000].tobytes()
    last = int(np.flatnonzero(virtualities >= cut)[19_999]) + 1
    assert (stream.kept, stream.generated) == (20_000, last)
    path = tmp_path / "cut.npz"
    printed = run("sample", preset, "-n", 500, "--seed", 1, "--q2min", cut, "-o", path)
    assert f"generated events have Q2 >= {cut:g} GeV2" in printed
    found = event_files.read(path)
    assert found.array.tobytes() == passing[:500].tobytes()
    generated = int(np.flatnonzero(virtualities >= cut)[499]) + 1
    facts = {"q2_min": cut, "generated": generated, "efficiency": 500 / generated}
    assert {key: found.origin[key] for key in facts} == facts
    drawn = event_sampling.draw(gan, 500, seed=1, q2_min=cut)
    assert {key: drawn.metadata[key] for key in facts} == facts
    assert "efficiency" not in event_sampling.draw(gan, 500, seed=1).metadata


def test_a_cut_that_nothing_passes_is_refused():
    gan = ganzoo.FATGAN(**zoo.FAMILIES["FATGAN"].tiny)
    last = [layer for layer in gan.generator.layers if hasattr(layer, "kernel")][-1]
    last.set_weights([np.zeros_like(weight) for weight in last.get_weights()])  # all events alike
    with pytest.raises(InvalidArgumentError, match="ask for a lower q2_min"):
        list(event_sampling.EventStream(gan, 10, seed=1, q2_min=9990.0).batches())


def test_what_is_no_event_is_refused(preset, tmp_path):
    for arguments, part in (
        (["sample", str(preset), "-o", str(tmp_path / "a.png")], "ending must be .npz"),
        (["sample", "dcgan_mnist", "--q2min", "2"], "--q2min is for events"),
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2
        assert part in result.output
    images = ganzoo.DCGAN(**zoo.FAMILIES["DCGAN"].tiny)
    with pytest.raises(InvalidArgumentError, match="Events are drawn from"):
        event_sampling.EventStream(images, 10)


def test_a_million_events_in_little_memory(preset, tmp_path):
    path = tmp_path / "million.npz"
    code = (
        "from ganzoo.cli import main\n"
        f"main(['sample', {str(preset)!r}, '-n', '1000000', '--seed', '0', '-o', {str(path)!r}],"
        " standalone_mode=False)\n"
        # Not ru_maxrss: it counts what this process had before it became the new one.
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    peak = int(done.stdout.split()[-1]) // 1024
    print(f"peak memory {peak} MiB")
    assert peak < 1500
    assert len(event_files.read(path)) == 1_000_000


@pytest.fixture
def quick(monkeypatch, tmp_path) -> str:
    """A small entry with a recipe of 2 epochs on the shipped events."""
    entry = zoo.ENTRIES["fatgan_electrons"]
    config = {**entry.config, "generator_units": (16,), "discriminator_units": (16,)}
    stages = (dataclasses.replace(entry.recipe.stages[0], epochs=2),)
    recipe = dataclasses.replace(entry.recipe, data="few", stages=stages, batch_size=500)
    entry = dataclasses.replace(entry, config=config, recipe=recipe)
    monkeypatch.setitem(zoo.ENTRIES, "quick", entry)
    monkeypatch.setitem(data.SOURCES, "few", lambda: SHIPPED.momenta[:2000])
    monkeypatch.setitem(data.SOURCES, "few_held_out", lambda: SHIPPED.momenta[2000:])
    return "quick"


def test_training_says_how_good_the_events_are(quick, tmp_path):
    run("train", quick, "-o", tmp_path / "a", "--quiet")
    with open(tmp_path / "a" / "losses.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["step"] for line in lines] == ["4", "8"]
    for line in lines:
        assert float(line["chi2_per_bin"]) > float(line["mean_chi2_per_bin"]) > 1.0
        assert 0.0 <= float(line["ks"]) <= 1.0
    assert ganzoo.load(tmp_path / "a" / "preset").sample(3, seed=0).shape == (3, 3)
    event_files.write(SHIPPED, tmp_path / "mine.npz")
    said = run("train", quick, "-o", tmp_path / "b", "--data", tmp_path / "mine.npz", "--epochs", 1,
               "--quiet")  # fmt: skip
    assert "Use it with: ganzoo sample" in said
    assert said.rstrip().endswith("-o events.npz")
    result = CliRunner().invoke(
        main, ["train", quick, "-o", str(tmp_path / "c"), "--data", str(tmp_path / "no.npz")]
    )
    assert result.exit_code == 1
    assert "There is no file" in result.output


def other_beams(path: Path) -> Path:
    """Write the shipped events as if of an electron-ion collider."""
    event_files.write(dataclasses.replace(SHIPPED, beams=kinematics.Beams(18.0, 275.0)), path)
    return path


def refused(*arguments: object) -> str:
    """Run the command line, which must refuse with one line; return it."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code in (1, 2), result.output
    assert len(result.output.splitlines()) == 1, result.output
    return result.output


def test_events_of_other_beams_are_refused(preset, tmp_path):
    path = other_beams(tmp_path / "epic.npz")
    for line in (
        refused("train", "fatgan_electrons", "-o", tmp_path / "a", "--data", path),
        refused("report", preset, "-o", tmp_path / "b", "--reference", path),
        refused("report", preset, "-o", tmp_path / "b", "--truth", path),
        refused("evaluate", preset, "--reference", path, "-n", 100),
    ):
        assert "epic.npz has beams of 18 x 275 GeV" in line
        assert "is of 50 x 50 GeV and takes no others" in line
    assert not (tmp_path / "a").exists()


def test_training_on_a_file_of_others(quick, tmp_path):
    values = {f"el_{name}": SHIPPED.array[name] * 1e3 for name in ("px", "py", "pz")}
    np.savez(tmp_path / "mine.npz", **values)
    said = ("--fields", "px=el_px,py=el_py,pz=el_pz", "--unit", "MeV", "--beam", 50, 50)
    train = ("train", quick, "--data", tmp_path / "mine.npz", "--epochs", 1, "--quiet", "-o")
    run(*train, tmp_path / "a", *said, "--beam-direction", "+z")
    recipe = json.loads((tmp_path / "a" / "recipe.json").read_text())
    assert recipe["reading"] == {
        "fields": "px=el_px,py=el_py,pz=el_pz", "unit": "MeV", "beams": [50.0, 50.0],
        "direction": "+z",
    }  # fmt: skip
    assert "states no unit" in refused(*train, tmp_path / "b", *said[:2])
    line = refused("train", quick, "-o", tmp_path / "b", "--unit", "MeV")
    assert "--unit says how files of your own are read; give --data" in line
    line = refused("train", quick, "-o", tmp_path / "b", "--data", "x", "--fit", "crop")
    assert "--fit is for " in line
    assert "unconditional models" in line


def test_files_of_others_are_evaluated(preset, tmp_path):
    pytest.importorskip("sklearn", reason="scikit-learn (extra `metrics`) is not installed")
    values = {f"el_{name}": SHIPPED.array[name] * 1e3 for name in ("px", "py", "pz")}
    np.savez(tmp_path / "mine.npz", **values)
    said = ("--fields", "px=el_px,py=el_py,pz=el_pz", "--unit", "MeV", "--beam", 50, 50)
    output = run("evaluate", preset, "--reference", tmp_path / "mine.npz", *said)
    assert "2000 examples against" in output
    event_files.write(SHIPPED, tmp_path / "own.h5")
    output = run("evaluate", tmp_path / "own.h5", "--reference", tmp_path / "mine.npz", *said)
    assert "2000 examples against" in output
    line = refused("evaluate", tmp_path / "mine.npz")
    assert "it has: el_px, el_py, el_pz. Did you mean" in line
    line = refused("evaluate", preset, "--unit", "MeV")
    assert "give --reference" in line
    line = refused("report", preset, "--reference", "electron_sample")
    assert "Did you mean 'electrons_sample'" in line


def test_list_and_info():
    assert find.resolve("fatgan_electrons").task == "events"
    assert find.resolve("dcgan_mnist").task == "sampling"
    assert "momenta px, py, pz in GeV" in run("info", "fatgan_electrons")


def test_chi2_of_one_distribution_is_1():
    random = np.random.default_rng(0)
    flat = np.full(50, 0.02)
    values = [two_sample_chi2(*random.multinomial(20_000, flat, size=2)) for _ in range(200)]
    assert np.mean(values) == pytest.approx(1.0, abs=0.04)
    uneven = [
        two_sample_chi2(
            random.multinomial(40_000, np.full(50, 0.02)),
            random.multinomial(9_000, np.full(50, 0.02)),
        )
        for _ in range(200)
    ]
    assert np.mean(uneven) == pytest.approx(1.0, abs=0.04)


def test_distances_of_shifted_samples():
    beams = SHIPPED.beams
    truth = panels.quantities(SHIPPED.momenta[:2000], beams)
    same = panels.distances(truth, panels.quantities(SHIPPED.momenta[2000:], beams))
    assert max(panel.chi2_per_bin for panel in same.values()) < 2.0
    assert max(panel.ks for panel in same.values()) < 0.06
    identical = panels.distances(truth, truth)["pz"]
    assert (identical.chi2_per_bin, identical.ks, identical.w1_over_sigma) == (0.0, 0.0, 0.0)
    moved = SHIPPED.momenta[:2000] + np.float32([1.0, 0.0, 0.0])
    far = panels.distances(truth, panels.quantities(moved, beams))["px"]
    assert far.w1_over_sigma == pytest.approx(1.0 / truth["px"].std(), rel=1e-4)
    assert far.chi2_per_bin > 10
    with pytest.raises(DataError, match="At least 1000 events"):
        panels.distances(truth, panels.quantities(SHIPPED.momenta[:10], beams))


def test_no_event_is_lost_and_bad_ones_are_counted():
    edges = np.array([0.0, 1.0, 2.0])
    assert panels.counts(np.array([-5.0, 0.5, 1.5, 9.0, np.nan]), edges).tolist() == [2, 3]
    bad = np.array([[1.0, 0.0, 50.0], [1.0, 0.0, 49.0], [0.1, 0.0, 49.0], [2.0, 0.0, 45.0]])
    shares = panels.shares(bad, SHIPPED.beams, 2.0)
    assert shares["beyond_beam"] == 0.25
    assert shares["unphysical"] >= 0.25
    assert shares["q2_leak"] == 0.75  # 2 E_b (E - pz) is about 1, 1.02, 0.01 and 4.4 GeV2


def test_report(preset, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    event_files.write(SHIPPED, tmp_path / "truth.npz")
    (tmp_path / "losses.csv").write_text("epoch,chi2_per_bin,step\n0,20.0,10\n1,5.0,20\n")
    told = run("report", preset, "-o", tmp_path / "report", "--reference", tmp_path / "truth.npz",
               "-n", 2000, "--seed", "1,2,3", "--run", tmp_path, "--more")  # fmt: skip
    assert "w1p: Wasserstein-1 of px, py, pz" in told
    more = json.loads((tmp_path / "report" / "more.json").read_text())
    assert len(more["details"]) == 36
    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    figures = ("convergence", "correlations", "panels", "plane")
    files = (f"{figure}.{ending}" for figure in figures for ending in ("png", "pdf"))
    assert names == sorted([*files, "more.json", "report.json"])
    numbers = json.loads((tmp_path / "report" / "report.json").read_text())
    assert set(numbers["panels"]) == set(panels.PANELS)
    assert numbers["panels"]["pz"]["chi2_per_bin"]["error"] > 0
    assert len(numbers["seeds"]) == 3
    assert numbers["shares"]["beyond_beam"]["value"] == 0.0
    assert numbers["shares"]["beyond_beam"]["limit"] == pytest.approx(3.0 / 6000, rel=0.01)
    assert numbers["auc"]["value"] > 0.9
    assert numbers["auc"]["error"] > 0
    assert abs(numbers["auc"]["floor"] - 0.5) < 0.1
    assert "floor" in numbers["panels"]["Q2"]


def test_steps_are_counted_over_stages(tmp_path):
    lines = ["step,chi2_per_bin", "1000,9", "2000,8", "1000,7", "2000,6", "3000,5", ""]
    (tmp_path / "losses.csv").write_text("\n".join(lines))
    found = report.history(tmp_path)
    assert found == {"step": [1000, 2000, 3000, 4000, 5000], "chi2_per_bin": [9, 8, 7, 6, 5]}
