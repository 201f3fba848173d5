"""`ganzoo train` on the real digits, through the command line, for a few steps."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import ganzoo
from ganzoo import callbacks, data, tasks, zoo
from ganzoo.batches import ShuffledBatches
from ganzoo.cli import main
from ganzoo.errors import TrainingError
from ganzoo.presets import folder as presets
from ganzoo.presets.find import resolve
from ganzoo.training import train as training
from ganzoo.training.build import build, compile_for
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Stage
from ganzoo.zoo.recipes import constant_then_linear


@pytest.fixture
def quick(data_folder, monkeypatch) -> str:
    """A small entry with a recipe of 2 epochs on 600 real digits."""
    entry = zoo.ENTRIES["gan_mnist"]
    config = {**entry.config, "generator_units": (16,), "discriminator_units": (16,)}
    stages = (dataclasses.replace(entry.recipe.stages[0], epochs=1),) * 2
    recipe = dataclasses.replace(entry.recipe, data="digits", stages=stages, batch_size=64)
    entry = dataclasses.replace(entry, config=config, recipe=recipe)
    monkeypatch.setitem(zoo.ENTRIES, "quick", entry)
    monkeypatch.setitem(data.SOURCES, "digits", lambda: data.mnist("test")[:600])
    return "quick"


def run(*arguments: object) -> str:
    """Run the command line; return what it printed; fail with it if it failed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def losses(folder: Path) -> list[dict[str, str]]:
    """Return the lines of the CSV."""
    with open(folder / "losses.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_best_model_of_a_training_is_kept(quick, tmp_path, monkeypatch):
    recipe = dataclasses.replace(zoo.ENTRIES[quick].recipe, best_by="val_frechet")
    entry = dataclasses.replace(zoo.ENTRIES[quick], recipe=recipe)
    monkeypatch.setitem(zoo.ENTRIES, quick, entry)
    qualities = iter([3.0, 4.0])
    monkeypatch.setattr(
        callbacks.Measure,
        "on_epoch_end",
        lambda self, epoch, logs: logs.update(val_frechet=next(qualities)),
    )
    run("train", quick, "-o", tmp_path, "--epochs", 2, "--quiet")
    assert json.loads((tmp_path / "best.json").read_text())["epoch"] == 1
    shutil.rmtree(tmp_path / "preset")
    kept = ganzoo.load(tmp_path / "best").get_weights()
    # A later training in the same folder knows the best value of the earlier one.
    keep = callbacks.KeepBest(tmp_path, "val_frechet")
    keep.set_model(ganzoo.load(tmp_path / "best"))
    keep.model.generator.set_weights([0 * w for w in keep.model.generator.get_weights()])
    keep.on_epoch_end(2, {"val_frechet": 3.5})
    keep.on_epoch_end(2, {"val_frechet": float("nan")})
    for left, right in zip(ganzoo.load(keep.preset).get_weights(), kept, strict=True):
        assert np.array_equal(left, right)
    keep.on_epoch_end(3, {"val_frechet": 2.5})
    assert not any(w.any() for w in ganzoo.load(keep.preset).generator.get_weights())
    with pytest.raises(TrainingError, match="val_frechet is not logged; there are val_frechett"):
        keep.on_epoch_end(4, {"val_frechett": 1.0})


def test_train_resume_and_sample(quick, tmp_path):
    straight, resumed = tmp_path / "straight", tmp_path / "resumed"
    run("train", quick, "-o", straight, "--epochs", 3, "--quiet")
    run("train", quick, "-o", resumed, "--epochs", 3, "--steps", 13, "--quiet")
    assert [path.name for path in sorted((resumed / "states").glob("state*"))] == [
        "state-000001-000000",
        "state-000001-000004",
    ]
    assert "Resuming after step 4 of epoch 2" in run(
        "train", quick, "-o", resumed, "--epochs", 3, "--resume", "--quiet"
    )
    assert len(losses(straight)) == 3
    assert {"d_loss", "g_loss", "epoch"} <= set(losses(straight)[0])
    assert losses(straight) == losses(resumed)
    assert sorted(p.name for p in (straight / "samples").iterdir()) == [
        f"epoch-000{epoch}.png" for epoch in (1, 2, 3)
    ]
    a, b = ganzoo.load(straight / "preset"), ganzoo.load(resumed / "preset")
    for left, right in zip(a.get_weights(), b.get_weights(), strict=True):
        assert np.array_equal(left, right)
    assert {"diversity", "d_real_accuracy"} <= set(losses(resumed)[2])
    with Image.open(resumed / "movie.gif") as movie:
        assert movie.n_frames == 3
    with Image.open(resumed / "curves.png") as curves:
        assert np.asarray(curves).std() > 0
    run("sample", straight / "preset", "-n", 9, "-o", tmp_path / "nine.png")
    assert (tmp_path / "nine.png").stat().st_size > 0


def test_measurements_between_epochs_are_resumed(quick, tmp_path, monkeypatch):
    """The last one is logged again until the next, as in a training that never stopped."""
    recipe = zoo.ENTRIES[quick].recipe
    recipe = dataclasses.replace(recipe, best_by="val_frechet", measure_every=3)
    monkeypatch.setitem(zoo.ENTRIES, quick, dataclasses.replace(zoo.ENTRIES[quick], recipe=recipe))
    straight, resumed = tmp_path / "straight", tmp_path / "resumed"
    run("train", quick, "-o", straight, "--quiet")
    run("train", quick, "-o", resumed, "--steps", 12, "--quiet")
    run("train", quick, "-o", resumed, "--resume", "--quiet")
    assert (straight / "losses.csv").read_text() == (resumed / "losses.csv").read_text()
    assert (straight / "best.json").read_text() == (resumed / "best.json").read_text()
    assert losses(straight)[0]["val_frechet"] == losses(straight)[1]["val_frechet"]


def test_damaged_states(quick, tmp_path):
    run("train", quick, "-o", tmp_path, "--quiet")
    newest = tmp_path / "states" / "state-000002-000000" / "model.weights.h5"
    newest.write_bytes(newest.read_bytes()[:-10])
    output = run("train", quick, "-o", tmp_path, "--resume", "--quiet")
    assert "Damaged and passed over: the state after epoch 2;" in output
    assert "what came after the state after epoch 1 is lost" in output
    assert "Resuming after epoch 1" in output
    for weights in (tmp_path / "states").rglob("model.weights.h5"):
        weights.write_bytes(b"")
    result = CliRunner().invoke(main, ["train", quick, "-o", str(tmp_path), "--resume"])
    assert result.exit_code == 1
    assert "no state to resume from" in result.output
    assert "2 there, all damaged (the newest after epoch 2)" in result.output


def refused(*arguments: object) -> str:
    """Run the command line, which must fail; return the line that says why."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 1, result.output
    return result.output.splitlines()[-1]


def test_resume_of_another_training_is_refused(quick, tmp_path):
    again = ("train", quick, "-o", tmp_path, "--resume")
    run("train", quick, "-o", tmp_path, "--quiet")
    assert "is another one: seed: was 2014, is 1." in refused(*again, "--seed", 1)
    assert "can make it longer, not shorter (got 1)" in refused(*again, "--epochs", 1)
    np.save(tmp_path / "mine.npy", data.mnist("test")[:600])
    assert "images: was None" in refused(*again, "--data", tmp_path / "mine.npy")


def test_dtype_of_ones_own_is_used_and_kept(quick, tmp_path):
    run("train", quick, "-o", tmp_path, "--quiet", "--dtype", "mixed_bfloat16")
    recipe = json.loads((tmp_path / "recipe.json").read_text())
    assert "mixed_bfloat16" in str(recipe)
    error = refused("train", quick, "-o", tmp_path, "--resume", "--dtype", "float32")
    assert "dtype_policy: was 'mixed_bfloat16', is 'float32'" in error
    assert "All 2 epochs are done" in run("train", "-o", tmp_path, "--resume", "--quiet")
    with pytest.raises(TrainingError, match="Did you mean 'mixed_bfloat16'"):
        training.train(quick, tmp_path / "other", dtype="mixed_bfloat1")


def test_other_data_under_the_same_name_are_refused(quick, tmp_path, monkeypatch):
    run("train", quick, "-o", tmp_path, "--quiet")
    monkeypatch.setitem(data.SOURCES, "digits", lambda: data.mnist("test")[1:601])
    assert "data.sha256: was" in refused("train", quick, "-o", tmp_path, "--resume")


def test_two_trainings_in_one_folder(quick, tmp_path):
    hold = "from ganzoo.files.lock import FolderLock; import sys, time; "
    hold += "FolderLock(sys.argv[1]).acquire()"
    hold += "; print(1, flush=True); time.sleep(60)"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "states")], stdout=subprocess.PIPE
    )
    try:
        holder.stdout.readline()
        assert "Another training is running" in refused("train", quick, "-o", tmp_path)
        assert not (tmp_path / "recipe.json").exists()
    finally:
        holder.kill()
        holder.communicate()
    run("train", quick, "-o", tmp_path, "--steps", 1, "--quiet")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_saves_and_says_how_to_go_on(quick, tmp_path, monkeypatch, number):
    before = signal.signal(number, signal.default_int_handler)
    steps = iter(range(100))
    monkeypatch.setattr(
        callbacks.SampleGrid,
        "on_train_batch_begin",
        lambda self, batch, logs: os.kill(os.getpid(), number) if next(steps) == 3 else None,
    )
    try:
        result = CliRunner().invoke(main, ["train", quick, "-o", str(tmp_path), "--quiet"])
    finally:
        signal.signal(number, before)
    assert result.exit_code == 128 + number
    last = result.output.splitlines()[-1]
    assert "Stopped after step 4 of epoch 1" in last
    assert f"ganzoo train quick -o {tmp_path} --resume" in last
    assert "Resuming after step 4 of epoch 1." in run(
        "train", quick, "-o", tmp_path, "--resume", "--steps", 5, "--quiet"
    )


def test_nan_stops_with_a_line(quick, tmp_path, monkeypatch):
    def poison(self: callbacks.SampleGrid, batch: int, logs: object) -> None:
        if batch == 3:
            self.model.sync_variables()
            self.model.discriminator.trainable_variables[0].assign_add(float("nan"))

    monkeypatch.setattr(callbacks.SampleGrid, "on_train_batch_end", poison, raising=False)
    line = refused("train", quick, "-o", tmp_path, "--guard", 1, "--quiet")
    assert "The training stopped after step 4 of epoch 1: not finite: discriminator/" in line
    assert "The state after step 3 of epoch 1 is in" in line


def test_a_training_without_a_state_begins_anew(quick, tmp_path):
    assert "no state to resume from" in refused("train", quick, "-o", tmp_path, "--resume")
    assert not list(tmp_path.iterdir())
    (tmp_path / "recipe.json").write_text("{}")  # as after a kill in the first minute
    assert "it begins anew" in run(
        "train", quick, "-o", tmp_path, "--resume", "--steps", 1, "--quiet"
    )


def test_a_second_training_does_not_overwrite_the_first(quick, tmp_path):
    run("train", quick, "-o", tmp_path, "--quiet")
    result = CliRunner().invoke(main, ["train", quick, "-o", str(tmp_path)])
    assert result.exit_code == 1
    assert "already holds a training" in result.output


def test_fine_tuning_starts_from_the_weights(quick, tmp_path):
    run("train", quick, "-o", tmp_path / "a", "--quiet")
    run("train", quick, "-o", tmp_path / "b", "--from", tmp_path / "a" / "preset",
        "--epochs", 1, "--steps", 1, "--quiet")  # fmt: skip
    before, after = ganzoo.load(tmp_path / "a" / "preset"), ganzoo.load(tmp_path / "b" / "preset")
    fresh = np.abs(before.sample(4, seed=0) - after.sample(4, seed=0)).max()
    assert 0 < fresh < 0.2
    assert presets.check_probe(after, tmp_path / "b" / "preset") <= presets.TOLERANCE


def test_a_recipe_starts_from_the_weights_it_names(quick, tmp_path, monkeypatch):
    run("train", quick, "-o", tmp_path / "a", "--quiet")
    entry = zoo.ENTRIES[quick]
    recipe = dataclasses.replace(entry.recipe, start=str(tmp_path / "a" / "preset"))
    monkeypatch.setitem(zoo.ENTRIES, quick, dataclasses.replace(entry, recipe=recipe))
    run("train", quick, "-o", tmp_path / "b", "--steps", 1, "--quiet")
    before, after = ganzoo.load(tmp_path / "a" / "preset"), ganzoo.load(tmp_path / "b" / "preset")
    assert 0 < np.abs(before.sample(4, seed=0) - after.sample(4, seed=0)).max() < 0.2
    assert json.loads((tmp_path / "b" / "recipe.json").read_text())["start"] == recipe.start
    run("train", "-o", tmp_path / "b", "--resume", "--steps", 2, "--quiet")


STARTED = [name for name, entry in zoo.ENTRIES.items() if entry.recipe and entry.recipe.start]


@pytest.mark.parametrize("name", STARTED)
def test_recipes_of_the_zoo_start_from_shipped_weights(name):
    recipe = zoo.ENTRIES[name].recipe
    model, other = build(resolve(name), recipe, recipe.start), ganzoo.load(recipe.start)
    given = other.inference_network("generator").get_weights()
    for network in (model.generator, model.averages["generator"]):
        for mine, theirs in zip(network.get_weights(), given, strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_order_depends_on_seed_and_epoch_alone():
    examples = np.arange(10)
    first = ShuffledBatches(examples, 3, seed=1)
    assert len(first) == 3
    first.go_to(1)
    second = ShuffledBatches(examples, 3, seed=1, epoch=1)
    assert np.array_equal(first.order, second.order)
    assert not np.array_equal(second.order, ShuffledBatches(examples, 3, seed=2, epoch=1).order)
    begun = ShuffledBatches(examples, 3, seed=1, epoch=1, step=2)
    assert len(begun) == 1
    assert np.array_equal(begun[0][0], second[2][0])


def test_own_images(quick, tmp_path):
    np.save(tmp_path / "mine.npy", data.mnist("test")[:100])
    run("train", quick, "-o", tmp_path / "run", "--data", tmp_path / "mine.npy", "--quiet")
    assert ganzoo.load(tmp_path / "run" / "preset").sample(1, seed=0).shape == (1, 28, 28, 1)
    np.save(tmp_path / "few.npy", data.mnist("test")[:10])
    arguments = ["train", quick, "-o", str(tmp_path / "b"), "--data", str(tmp_path / "few.npy")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "batch has 64 images; the data have 10" in result.output


@pytest.mark.parametrize("family", ["DCGAN", "WGANGP"])
def test_a_stage_by_players(family):
    """A schedule of the learning rate counts the updates of its own player."""
    falling = {"learning_rate": {"from": 1e-3, "to": 2e-5}, "beta_1": 0.0}
    longer = {"learning_rate": {"from": 1e-3, "to": 2e-5, "over_epochs": 10}}
    stated = {"steps": {"discriminator": 2}} if family == "DCGAN" else {}
    penalty = [
        {"name": "R1", "weight": {"from": 1.0, "to": 0.1, "over": 640}, "every": 2},
        {"name": "R2", "weight": 0.2},
    ]
    model = registry.model_class(family)(**zoo.FAMILIES[family].tiny)
    stage = Stage(
        6, {"discriminator": falling, "generator": longer}, {**stated, "penalty": penalty}
    )
    compile_for(model, stage, steps_per_epoch=100, batch_size=64)
    critic_steps = {"DCGAN": 2, "WGANGP": 5}[family]
    assert model.steps["discriminator"] == critic_steps

    def rate(player, updates):
        return float(model.optimizer[player]._learning_rate(updates))

    half = 0.5 * (1e-3 + 2e-5)
    assert rate("discriminator", 0) == rate("generator", 0) == pytest.approx(1e-3)
    assert rate("discriminator", critic_steps * 300) == pytest.approx(half)
    assert rate("discriminator", critic_steps * 600) == pytest.approx(2e-5)
    assert rate("generator", 500) == pytest.approx(half)
    assert rate("generator", 1000) == pytest.approx(2e-5)
    assert [type(penalty).__name__ for penalty in model.penalties] == ["R1", "R2"]
    assert model.penalties[0].weight(320) == pytest.approx(0.55)
    assert model.penalties[0].every == 2


def test_a_rate_that_stays_and_then_falls():
    model = registry.model_class("CycleGAN")(**zoo.FAMILIES["CycleGAN"].tiny)
    adam = constant_then_linear(2e-4, 6)
    stage = Stage(6, {"generators": adam, "discriminators": adam})
    compile_for(model, stage, steps_per_epoch=100, batch_size=4)
    rate = model.optimizer["generators"]._learning_rate
    expected = {0: 2e-4, 150: 2e-4, 300: 2e-4, 450: 1e-4, 600: 0.0, 900: 0.0}
    for updates, value in expected.items():
        assert float(rate(updates)) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("name", [n for n, entry in zoo.ENTRIES.items() if entry.recipe])
def test_every_recipe_compiles_its_model(name):
    entry = zoo.ENTRIES[name]
    own_levels = entry.family == "ProGAN"  # its stages say how far it grows
    config = entry.config if own_levels else zoo.FAMILIES[entry.family].tiny
    model = registry.model_class(entry.family)(**config)
    for stage in entry.recipe.stages:
        compile_for(model, stage, 10, 8)
        assert set(stage.optimizers) == {one for one in model.players if model.steps[one]}
        assert model.simultaneous == stage.compile.get("simultaneous", False)
        assert len(model.penalties) >= ("penalty" in stage.compile)


def test_the_last_line_fits_the_task(quick, tmp_path):
    printed = run("train", quick, "-o", tmp_path / "run", "--epochs", 1, "--steps", 1, "--quiet")
    last = printed.splitlines()[-1]
    assert last.endswith(
        f"ganzoo sample {tmp_path / 'run' / 'preset'} -n 64 --seed 0 -o samples.png"
    )
    assert tasks.get("events").command("x") == "ganzoo sample x -n 100000 --seed 1 -o events.npz"
