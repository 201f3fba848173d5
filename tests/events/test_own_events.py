"""A family of events trained on a file of the user's own, and compared with it."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ganzoo
from ganzoo import tasks, zoo
from ganzoo.errors import DataError
from ganzoo.events import files as event_files
from ganzoo.events.truth import electrons, sample
from ganzoo.presets import find
from ganzoo.zoo import own
from tests.events.commands import refused, run

SHIPPED = sample()
ROOT = Path(__file__).parents[2]


def test_a_family_on_events_of_other_beams_in_three_commands(tmp_path, monkeypatch):
    """The beams, the constants and the length of the training are those of the file."""
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    small = {"generator_units": (16,), "discriminator_units": (16,)}
    name = own.OF_EVENTS["FATGAN"]
    entry = zoo.ENTRIES[name]
    entry = dataclasses.replace(entry, config={**entry.config, **small})
    monkeypatch.setitem(zoo.ENTRIES, name, entry)
    values = {f"el_{name}": SHIPPED.array[name] * 300 for name in ("px", "py", "pz")}  # to 15 GeV
    values["el_pz"] *= -1.0
    np.savetxt(tmp_path / "mine.csv", np.stack(list(values.values()), axis=1), delimiter=",",
               header=",".join(values), comments="")  # fmt: skip
    said = ("--fields", "px=el_px,py=el_py,pz=el_pz", "--unit", "MeV", "--beam", 18, 275,
            "--beam-direction", "-z")  # fmt: skip
    folder = tmp_path / "run"
    train = ("train", "FATGAN", "--data", tmp_path / "mine.csv", "-o", folder, *said)
    told = run(*train, "--quiet", "--epochs", 1)
    assert "FATGAN of 4,000 electrons, 18 x 275 GeV, Q2 from" in told
    assert "will know these beams and cuts alone" in told
    gan = ganzoo.load(folder)
    assert gan.beams == (18.0, 275.0)
    mean = gan.get_config()["feature_mean"][gan.get_config()["features"].index("E")]
    assert mean == pytest.approx(SHIPPED.array["E"].mean() * 0.3, rel=1e-4)
    assert "made longer" in run("train", "-o", folder, "--resume", "--epochs", 2, "--quiet")
    run("sample", folder, "-n", 1000, "--seed", 1, "-o", tmp_path / "made.csv")
    run("report", folder, "--reference", tmp_path / "mine.csv", *said, "-n", 1000, "--seed", "1,2",
        "-o", tmp_path / "report")  # fmt: skip
    numbers = json.loads((tmp_path / "report" / "report.json").read_text())
    assert numbers["reference"] == "mine.csv"
    assert numbers["beams"] == {"electron": 18.0, "proton": 275.0, "unit": "GeV"}


@pytest.mark.parametrize("smeared", [False, True])
def test_events_of_a_detector_are_made_as_momenta(smeared, monkeypatch):
    """Q2, x and y below 1 say what an event is; where one says it of no event, momenta do."""
    events = dataclasses.replace(SHIPPED, array=SHIPPED.array.copy())
    if smeared:
        events.array["pz"][:50] += np.float32(0.5) * abs(events.array["pz"][:50])
        events.array["E"][:50] = np.sqrt(sum(events.array[n][:50] ** 2 for n in ("px", "py", "pz")))
    found, told = find.of_own_data("FATGAN"), []
    planned = tasks.get("events").planned
    monkeypatch.setattr(event_files, "read", lambda path, **_: events)
    made = planned(found, "mine.npz", {}, told.append)
    assert made.config["representation"] == ("cartesian" if smeared else "invariant")
    assert len(made.config["features"]) == len(made.config["feature_mean"])
    assert ("as of a detector" in told[0]) == smeared
    ganzoo.FATGAN(**made.config)


def test_what_a_family_of_events_is_not_trained_on(tmp_path):
    line = refused("train", "FATGAN", "-o", tmp_path / "a")
    assert "FATGAN is a family; give it a file of events with --data" in line
    line = refused("train", "FATGAN", "--data", tmp_path / "x.npz", "--size", 32)
    assert "--size and --grey are for pictures; FATGAN makes events" in line
    few = dataclasses.replace(SHIPPED, array=SHIPPED.array[:100])
    event_files.write(few, tmp_path / "few.npz")
    line = refused("train", "FATGAN", "--data", tmp_path / "few.npz", "-o", tmp_path / "a")
    assert "trained on 2000 events or more; got 100" in line
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("events", "batch", "steps"),
    [(4_000, 400, 4_000), (50_000, 1000, 20_000), (10**6, 1000, 20_000)],
)
def test_a_recipe_for_so_many_events(events, batch, steps):
    recipe = own.recipe_for_events("FATGAN", events)
    assert recipe.batch_size == batch
    assert recipe.epochs * (events // batch) == pytest.approx(steps, rel=0.02)
    assert len(recipe.stages) == 2


def test_the_example_writes_what_its_readme_reads(tmp_path):
    """Pythia's electrons, in MeV, turned, under other names; as the README says them again."""
    pytest.importorskip("pythia8mc", reason="Pythia (extra `pythia`) is not installed")
    example = ROOT / "examples" / "own_events"
    path = tmp_path / "mine.csv"
    subprocess.run([sys.executable, example / "own_events.py", "-n", "200", "-o", path], check=True,
                   env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=300)  # fmt: skip
    readme = (example / "README.md").read_text(encoding="utf-8")
    fields, unit, electron, proton, direction = re.search(
        r"--fields (\S+) --unit (\S+) --beam (\S+) (\S+) --beam-direction ([^\s\"]+)", readme
    ).groups()
    said = {"fields": fields, "unit": unit, "beams": (float(electron), float(proton))}
    found = event_files.read(path, direction=direction, **said)
    made = electrons(200, beams=(18.0, 275.0), seed=1)
    assert found.beams == made.beams
    for name in ("px", "py", "pz"):
        np.testing.assert_allclose(found.array[name], made.array[name], rtol=1e-7)
    with pytest.raises(DataError, match="is the unit right"):
        event_files.read(path, direction=direction, **{**said, "unit": "GeV"})
