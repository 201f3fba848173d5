"""Commands that read pictures of one's own: one reader, its options, and a word on what it did."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.errors import InvalidArgumentError
from ganzoo.zoo import own, registry
from ganzoo.zoo.forms import Recipe, Stage
from ganzoo.zoo.recipes import ADAM, both

ARGUMENTS = {"latent_dim": 4, "generator_units": (8,), "discriminator_units": (8,), "dropout": 0.0}
SIZE = (8, 8, 1)


@pytest.fixture
def small(monkeypatch) -> str:
    """A small entry whose recipe is an epoch of batches of 2."""
    recipe = Recipe("few", 2, 1, (Stage(1, both(ADAM)),))
    config = {"image_shape": SIZE, **ARGUMENTS}
    entry = dataclasses.replace(zoo.ENTRIES["gan_mnist"], config=config, recipe=recipe)
    monkeypatch.setitem(zoo.ENTRIES, "small", entry)
    return "small"


@pytest.fixture
def folder(tmp_path) -> Path:
    """Four wide pictures: transparent, coloured, with two frames, of 16 bits; and other files."""
    folder = tmp_path / "pictures"
    (folder / ".ipynb_checkpoints").mkdir(parents=True)
    Image.new("L", (16, 8)).save(folder / ".ipynb_checkpoints" / "x.png")
    (folder / "notes.txt").write_text("no picture")
    pixels = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (8, 16, 3), dtype=np.uint8)
    rgba = Image.fromarray(pixels)
    rgba.putalpha(128)
    rgba.save(folder / "a.png")
    Image.fromarray(pixels).save(folder / "b.png")
    frames = [Image.new("L", (16, 8), grey) for grey in (50, 200)]
    frames[0].save(folder / "c.tif", save_all=True, append_images=frames[1:])
    Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).save(folder / "d.png")
    return folder


SAID = (
    "Note: Left out of {}: hidden or system files and folders: 1 (.ipynb_checkpoints); "
    "files with other endings: 1 (.txt).",
    "Note: 1 picture with transparency laid over white (background=, --background) (a.png).",
    "Note: 2 pictures in colour made grey, as one channel is wanted (a.png, b.png).",
    "Note: Only the first frame or page of 1 picture is read; frames='all' (--frames all) reads "
    "all (c.tif).",
    "Note: 1 picture scaled by the full range, 0 to 65535 (d.png).",
)


def run(*arguments: object, code: int = 0) -> str:
    result = click.testing.CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_training_says_what_was_done_with_the_pictures(small, folder, tmp_path):
    output = run("train", small, "--data", folder, "--fit", "crop", "-o", tmp_path / "a", "--quiet")
    for line in SAID:
        assert line.format(folder) in output.splitlines()
    assert "4 pictures resized to 8x8 with a part cut off at two sides" in output
    recipe = json.loads((tmp_path / "a" / "recipe.json").read_text())
    assert recipe["reading"] == {"resize": "crop"}
    again = ("train", small, "--data", folder, "--resize", "-o", tmp_path / "a", "--resume")
    assert "reading.resize: was 'crop', is True" in run(*again, code=1)


def test_pictures_of_another_size_and_options_without_pictures(small, folder, tmp_path):
    output = run("train", small, "--data", folder, "-o", tmp_path / "a", code=1)
    assert output.splitlines()[-1].endswith("pass resize=True (--resize) to fit them.")
    output = run("train", small, "--fit", "pad", "-o", tmp_path / "a", code=2)
    assert output == "Error: --resize says how files of your own are read; give --data.\n"
    output = run("train", small, "--data", folder, "--background", "whit", "-o", "x", code=2)
    assert "Did you mean 'white'" in output
    assert not (tmp_path / "a").exists()


def test_what_glyphs_writes_is_trained_on(small, data_folder, tmp_path):
    font, output = data_folder / "fonts" / "TW-MOE-Li.ttf", tmp_path / "g.npz"
    run("glyphs", font, "--characters", "永和九年歲在癸丑", "--size", 8, "-o", output)
    run("train", small, "--data", output, "-o", tmp_path / "a", "--quiet")
    assert ganzoo.load(tmp_path / "a" / "preset").sample(1, seed=0).shape == (1, *SIZE)


def test_the_other_commands_read_alike(folder, tmp_path):
    gan = ganzoo.VanillaGAN(SIZE, **ARGUMENTS, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    found = run("explore", tmp_path / "gan", "--only", "found", "--find", folder, "--steps", 1,
                "--fit", "crop", "-o", tmp_path / "latent")  # fmt: skip
    for line in SAID:
        assert line.format(folder) in found.splitlines()
    assert "with a part cut off" in found
    output = run("explore", tmp_path / "gan", "--frames", "all", "-o", tmp_path / "b", code=2)
    assert "--frames says how files of your own are read; give --find" in output
    model = ganzoo.Pix2Pix(**{**zoo.FAMILIES["Pix2Pix"].tiny, "source_shape": SIZE, "seed": 1})
    model.save_to_preset(tmp_path / "pix2pix")
    every = ("--frames", "all", "--fit", "pad", "--background", "black")
    output = run("translate", tmp_path / "pix2pix", folder, *every, "-o", tmp_path / "out.npy")
    assert "5 pictures of" in output
    assert "5 pictures resized to 8x8, filled up with black" in output
    given = data.images(folder, SIZE, resize="pad", frames="all", background="black")
    assert np.array_equal(np.load(tmp_path / "out.npy"), model.translate(given))


def test_folders_are_evaluated_with_the_options(tmp_path):
    pytest.importorskip("sklearn", reason="scikit-learn (extra `metrics`) is not installed")
    pixels = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (300, 8, 8), np.uint8)
    for name, side in (("real", 8), ("made", 12)):
        (tmp_path / name).mkdir()
        for index, picture in enumerate(pixels):
            resized = Image.fromarray(picture).resize((side, side))
            resized.save(tmp_path / name / f"{index}.png")
    both_folders = ("evaluate", tmp_path / "made", "--reference", tmp_path / "real", "-n", 150)
    assert "pass resize=True (--resize)" in run(*both_folders, code=1)
    assert "300 pictures resized to 8x8" in run(*both_folders, "--resize")


def two_folders(tmp_path: Path, side: int = 16) -> tuple[Path, Path]:
    """Two folders of a few colour pictures each, dark and light."""
    random = np.random.default_rng(0)
    for name, mean in (("dark", 40), ("light", 200)):
        (tmp_path / name).mkdir()
        for index in range(8):
            pixels = np.clip(random.normal(mean, 20, (side, side, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{index}.png")
    return tmp_path / "dark", tmp_path / "light"


def test_a_family_is_trained_on_two_folders_and_goes_on(tmp_path):
    dark, light = two_folders(tmp_path)
    run_folder, sets = tmp_path / "run", ("--data", dark, "--data-b", light)
    run("train", "CycleGAN", *sets, "--size", 16, "-o", run_folder, "--steps", 1)
    facts = json.loads((run_folder / "recipe.json").read_text())
    assert facts["config"]["image_shape"] == [16, 16, 3]
    resumed = run("train", "-o", run_folder, "--resume", "--steps", 2)
    assert "Resuming after step 1" in resumed
    assert ganzoo.load(run_folder).shape_of("a") == (16, 16, 3)
    card = (run_folder / "preset" / "README.md").read_text(encoding="utf-8")
    assert f"8 examples of {dark} and {light}" in card
    again = f"ganzoo train CycleGAN --data {dark} --data-b {light} --size 16 --fit crop --seed"
    assert f"- Command: `{again} {facts['seed']}`." in card
    told = run("train", "-o", run_folder, "--resume", "--size", 32, code=2)
    assert "has its size" in told


def test_holes_of_ones_own_pictures_are_filled(tmp_path):
    (tmp_path / "pictures").mkdir()
    two_folders(tmp_path / "pictures")
    own_run, made = tmp_path / "run", tmp_path / "made.npy"
    sizes = ("--size", 16, "--steps", 1)
    run("train", "ContextEncoder", "--data", tmp_path / "pictures", *sizes, "-o", own_run)
    one = tmp_path / "pictures" / "dark" / "0.png"
    run("translate", own_run, one, "--mask", "center", "-o", made)
    before, after = data.images(one, (16, 16, 3))[0], np.load(made)[0]
    changed = (before != after).any(axis=-1)
    assert changed[4:12, 4:12].all()
    assert changed.sum() == 64


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("CycleGAN",), "give it pictures with --data (and --data-b), or train one"),
        (("CycleGAN", "--data", "a", "--size", 30), "multiple of 16 from 16 to 1024; got 30"),
        (("cyclegan_fruits", "--size", 32), "--size and --grey are for families"),
        (("Colorizer", "--data", "a", "--grey"), "--grey cannot be honoured"),
        (("CycleGan", "--data", "a"), "Did you mean"),
    ],
)
def test_a_family_needs_pictures_and_a_size_that_it_can_have(tmp_path, arguments, said):
    assert said in run("train", *arguments, "-o", tmp_path / "run", code=2)


@pytest.mark.parametrize("family", own.TRANSLATORS)
def test_every_family_can_be_built_for_own_pictures(family):
    config = own.config(family, 32)
    model = registry.model_class(family)(**config)
    inputs = model.probe_inputs(1)
    assert {picture.shape[1:3] for picture in inputs.values()} == {(32, 32)}


@pytest.mark.parametrize("family", own.SAMPLERS)
@pytest.mark.parametrize(("size", "grey"), [(24, True), (64, False)])
def test_every_sampler_can_be_built_for_own_pictures(family, size, grey):
    config = own.config(family, size, grey)
    model = registry.model_class(family)(**config)
    assert model.data_shape == (size, size, 1 if grey else 3)
    if (size, grey) == (64, False):
        entry = zoo.ENTRIES[own.SAMPLERS[family]]
        assert config == {**entry.config, "image_shape": (64, 64, 3)}


def test_sizes_of_samplers():
    assert own.config("R3GAN", 32)["filters"] == (128, 96, 64, 32)
    assert own.config("R3GAN", 256)["filters"] == (128, 96, 64, 32, 16, 8, 8)
    assert own.config("DCGAN", 128)["discriminator_filters"] == (16, 32, 64, 128, 256)
    for size in (8, 30, 36, 2048):
        with pytest.raises(InvalidArgumentError, match=f"from 16 to 1024.*; got {size}"):
            own.config("StyleGAN2", size)


@pytest.mark.parametrize(
    ("pictures", "batch", "repeats", "kind"),
    [
        (12, 6, 167, None),
        (300, 16, 7, "AdaptiveAugmentation"),
        (4_000, 32, 1, "AdaptiveAugmentation"),
        (70_000, 32, 1, ""),
    ],
)
def test_a_recipe_for_so_many_pictures(pictures, batch, repeats, kind):
    recipe = own.recipe("DCGAN", pictures)
    assert recipe.dtype_policy == "float32"  # whatever the processor
    assert (recipe.batch_size, recipe.repeats) == (batch, repeats)
    steps = pictures * repeats // batch * recipe.epochs
    assert 0.8 * own.STEPS <= steps <= 1.2 * own.STEPS
    (stage,) = recipe.stages
    augmentation = stage.compile.get("augmentation")
    assert ("" if augmentation is None else augmentation.get("name")) == kind
    rate = stage.optimizers["generator"]["learning_rate"]
    assert "over_epochs" not in rate  # it falls until the end, whenever that is
    line = own.plan("DCGAN", recipe, own.config("DCGAN"), pictures)
    assert f"{steps:,} steps, with R1" in line


def test_a_run_is_measured_on_its_pictures_in_its_size(tmp_path):
    pytest.importorskip("sklearn")
    pixels = np.random.default_rng(0).integers(0, 256, (220, 9, 20, 3), np.uint8)
    (tmp_path / "wide").mkdir()
    for index, picture in enumerate(pixels):
        Image.fromarray(picture).save(tmp_path / "wide" / f"{index}.png")
    run_folder = tmp_path / "run"
    run("train", "DCGAN", "--data", tmp_path / "wide", "--size", 16, "-o", run_folder,
        "--steps", 1)  # fmt: skip
    assert "diversity over real" in run("evaluate", run_folder, "-n", 100)
    line = run("evaluate", run_folder, "-n", 100, "--reference", tmp_path / "wide", code=1)
    assert "wanted are 16x16" in line
    told = run("evaluate", run_folder, "-n", 100, "--reference", tmp_path / "wide", "--fit", "crop")
    assert "diversity over real" in told


def test_a_sampler_is_trained_on_a_folder_and_goes_on(tmp_path):
    dark, _ = two_folders(tmp_path, side=20)
    run_folder, options = tmp_path / "run", ("--data", dark, "--size", 16)
    told = run("train", "DCGAN", *options, "-o", run_folder, "--steps", 1)
    assert "8 pictures resized to 16x16" in told  # the middle, unless told otherwise
    plan = "DCGAN of 16x16x3: 8 pictures, each 250 times in an epoch, batches of 4, 12 epochs"
    assert plan in told
    facts = json.loads((run_folder / "recipe.json").read_text())
    assert (facts["repeats"], facts["batch_size"]) == (250, 4)
    told = run("train", "-o", run_folder, "--resume", "--steps", 2)
    assert "Resuming after step 1" in told
    padded = run("train", "DCGAN", *options, "--fit", "pad", "--grey", "--seed", 5, "--epochs", 2,
                 "-o", tmp_path / "p", "--steps", 1)  # fmt: skip
    assert "8 pictures resized to 16x16" in padded
    assert json.loads((tmp_path / "p" / "recipe.json").read_text())["reading"] == {"resize": "pad"}
    card = (tmp_path / "p" / "preset" / "README.md").read_text(encoding="utf-8")
    again = f"ganzoo train DCGAN --data {dark} --size 16 --grey --fit pad --epochs 2 --seed 5"
    assert f"- Command: `{again}`." in card
    assert ganzoo.load(run_folder).sample(2, seed=0).shape == (2, 16, 16, 3)
    card = (run_folder / "preset" / "README.md").read_text(encoding="utf-8")
    assert f"8 examples of {dark}, read with resize crop. Licence and credit" in card
    assert f"`ganzoo sample {run_folder / 'preset'} -n" in card
    assert "12 epochs of batch 4, 2 steps" in card
    for line in card[4 : card.index("\n---\n")].splitlines():  # the hub's head is plain YAML
        assert ": " in line or line.endswith(":") or line.startswith("  - ")
