"""A run's folder: gone on with by itself, made longer, started from, and used as a model."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.evaluation.subject import subject_of
from ganzoo.training import words
from ganzoo.zoo.forms import Recipe, Stage

EPOCHS = 2


@pytest.fixture(autouse=True)
def small(monkeypatch) -> None:
    """Two small entries that differ in their networks, on random pictures."""
    random = np.random.default_rng(0)
    pictures = random.uniform(-1, 1, (64, 28, 28, 1)).astype("float32")
    monkeypatch.setitem(data.SOURCES, "noise", lambda: pictures)
    entry = zoo.ENTRIES["gan_mnist"]
    rate = {"from": 1e-3, "to": 1e-4}
    stage = Stage(EPOCHS, {"discriminator": {}, "generator": {"learning_rate": rate}})
    recipe = Recipe("noise", 16, 3, (stage,), dtype_policy="float32")
    for name, units in (("small", (8,)), ("wide", (9,))):
        config = {**entry.config, "generator_units": units, "discriminator_units": (8,)}
        made = dataclasses.replace(entry, config=config, recipe=recipe)
        monkeypatch.setitem(zoo.ENTRIES, name, made)


def run(*arguments: object, code: int = 0) -> str:
    """Run the command line; return what it printed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture
def trained(tmp_path) -> Path:
    run("train", "small", "-o", tmp_path / "run", "--seed", 7, "--quiet")
    return tmp_path / "run"


def test_resume_alone_reads_the_runs_options(tmp_path):
    mine = tmp_path / "mine.npy"
    np.save(mine, data.SOURCES["noise"]()[:48])
    options = ("--epochs", 3, "--seed", 7, "--data", mine, "--quiet")
    run("train", "small", "-o", tmp_path / "whole", *options)
    run("train", "small", "-o", tmp_path / "cut", *options, "--steps", 4)
    said = run("train", "-o", tmp_path / "cut", "--resume", "--quiet")
    assert "Resuming after step 1 of epoch 2." in said
    whole, cut = (tmp_path / name / "losses.csv" for name in ("whole", "cut"))
    assert whole.read_text() == cut.read_text()
    assert len(whole.read_text().splitlines()) == 1 + 3


def test_a_name_may_be_left_out_only_for_a_run(tmp_path):
    assert "needs a NAME" in run("train", code=2)
    assert "needs a NAME" in run("train", "-o", tmp_path, code=2)
    assert "no training to resume" in run("train", "-o", tmp_path, "--resume", code=1)


def test_a_finished_run_is_made_longer(trained):
    said = run("train", "-o", trained, "--resume", "--epochs", 4, "--quiet")
    assert "made longer, from 2 to 4 epochs" in said
    recipe = json.loads((trained / "recipe.json").read_text())
    assert [stage["epochs"] for stage in recipe["stages"]] == [4]
    # The rate fell over the first two epochs, and stays where it came to.
    rate = recipe["stages"][0]["optimizers"]["generator"]["learning_rate"]
    assert rate == {"from": 1e-3, "to": 1e-4, "over_epochs": EPOCHS}
    assert len((trained / "losses.csv").read_text().splitlines()) == 1 + 4
    assert "All 4 epochs are done" in run("train", "-o", trained, "--resume", "--quiet")
    run("train", "-o", trained, "--resume", "--epochs", 5, "--quiet")
    assert "not shorter (got 3)" in run("train", "-o", trained, "--resume", "--epochs", 3, code=1)


def test_a_stopped_run_is_made_longer_as_a_finished_one(tmp_path, trained):
    cut = tmp_path / "cut"
    run("train", "small", "-o", cut, "--seed", 7, "--steps", 5, "--quiet")
    run("train", "-o", cut, "--resume", "--epochs", 3, "--quiet")
    run("train", "-o", trained, "--resume", "--epochs", 3, "--quiet")
    assert (cut / "losses.csv").read_text() == (trained / "losses.csv").read_text()


def test_a_run_says_what_software_made_it(trained):
    recipe = json.loads((trained / "recipe.json").read_text())
    (software,) = recipe["runs"]
    assert recipe["backend"] == software["backend"] == keras.backend.backend()
    assert software["keras"] == keras.__version__
    assert software["ganzoo"] == ganzoo.__version__
    assert software["numpy"] == np.__version__
    assert f"seed 7, {keras.backend.backend()}, float32" in run("info", trained)


def test_another_backend_of_a_run_is_added(trained):
    path = trained / "recipe.json"
    recipe = json.loads(path.read_text())
    recipe["runs"][0]["keras"] = "3.0"
    path.write_text(json.dumps(recipe))
    run("train", "-o", trained, "--resume", "--quiet")
    assert [one["keras"] for one in json.loads(path.read_text())["runs"]] == [
        "3.0",
        keras.__version__,
    ]


def test_steps_are_said_in_terms_of_epochs(tmp_path):
    said = run("train", "small", "-o", tmp_path / "a", "--steps", 5, "--quiet")
    assert "Stops after 5 steps in all, in epoch 2 of 2; an epoch has 4." in said
    said = run("train", "small", "-o", tmp_path / "b", "--steps", 50, "--quiet")
    assert "The 2 epochs have 8 steps, fewer than --steps 50." in said
    said = run("train", "-o", tmp_path / "a", "--resume", "--steps", 3, "--quiet")
    assert "has had 5 steps already" in said


@pytest.mark.parametrize("form", ["run", "preset", "file"])
def test_a_run_a_preset_and_a_file_mean_the_model_in_them(form, trained, tmp_path):
    gan = ganzoo.load(trained)
    whole = tmp_path / "gan.keras"
    gan.save(whole)
    path = {"run": trained, "preset": trained / "preset", "file": whole}[form]
    assert "VanillaGAN" in run("info", path)
    run("sample", path, "-n", 5, "--seed", 1, "-o", tmp_path / "five.npy")
    drawn = np.load(tmp_path / "five.npy")
    assert np.allclose(drawn, gan.sample(5, seed=1), atol=1e-6)
    run("train", "small", "-o", tmp_path / "next", "--from", path, "--steps", 1, "--quiet")
    next_one = ganzoo.load(tmp_path / "next")
    assert 0 < np.abs(next_one.sample(5, seed=1) - drawn).max() < 0.3


def test_a_file_is_what_is_evaluated_but_has_no_card(trained, tmp_path):
    whole = tmp_path / "gan.keras"
    gan = ganzoo.load(trained)
    gan.save(whole)
    subject = subject_of(whole)
    assert subject.found is not None
    assert (subject.found.family, subject.task.name) == ("VanillaGAN", "sampling")
    assert np.allclose(subject.load().sample(3, seed=0), gan.sample(3, seed=0), atol=1e-6)
    assert "whole model" in run("evaluate", whole, "--card", code=2)


def test_a_file_that_is_no_model_is_one_line(tmp_path):
    path = tmp_path / "a.keras"
    assert "no file" in run("sample", path, code=2).lower()
    path.write_bytes(b"PK nothing")
    assert "is no whole model" in run("sample", path, code=1)


def test_weights_of_another_family_or_shape_are_refused(trained, tmp_path):
    said = run("train", "wide", "-o", tmp_path / "a", "--from", trained, "--steps", 1, code=2)
    assert "does not fit wide: generator_units is [8] there and [9] here" in said
    assert len(said.strip().splitlines()) == 1
    tiny = ganzoo.DCGAN(**zoo.FAMILIES["DCGAN"].tiny)
    tiny.save(tmp_path / "dcgan.keras")
    said = run("train", "small", "-o", tmp_path / "b", "--from", tmp_path / "dcgan.keras", code=2)
    assert "is a DCGAN, small a VanillaGAN" in said
    assert not (tmp_path / "b").exists()


def test_estimate_is_said_once_for_long_trainings(monkeypatch):
    clock = iter(np.arange(0.0, 1000.0, 1.0))
    monkeypatch.setattr(words.time, "monotonic", lambda: next(clock))
    said: list[str] = []
    estimate = words.Estimate(8000, said.append)
    estimate.on_epoch_begin(0)
    for batch in range(30):
        estimate.on_train_batch_end(batch)
    (line,) = said
    assert line.startswith("About 2 h 13 min to go, until ")
    assert "8,000 steps of 1 s each" in line
    quick = words.Estimate(20, said.append)
    quick.on_epoch_begin(0)
    for batch in range(20):
        quick.on_train_batch_end(batch)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("seconds", "words_of_it"),
    [(61, "1 minute"), (2400, "40 minutes"), (7800, "2 h 10 min"), (90000, "1 day 1 h")],
)
def test_durations(seconds, words_of_it):
    assert words.spoken(seconds) == words_of_it


def test_slow_half_precision_is_said(tmp_path):
    processor = tmp_path / "cpuinfo"
    processor.write_text("flags : fpu avx2 avx512f")
    assert "--dtype float32" in str(words.of_slow_precision("mixed_bfloat16", processor))
    assert words.of_slow_precision("float32", processor) is None
    processor.write_text("flags : fpu avx2 avx512f amx_bf16")
    assert words.of_slow_precision("mixed_bfloat16", processor) is None
    assert words.of_slow_precision("mixed_bfloat16", tmp_path / "missing") is None
