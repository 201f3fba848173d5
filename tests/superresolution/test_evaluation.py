"""`ganzoo evaluate` of models that enlarge: floors by an independent way, and lines that refuse."""

from __future__ import annotations

import json
from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2ycbcr

import ganzoo
from ganzoo import zoo
from ganzoo.cli import main
from ganzoo.evaluation import patches

pytest.importorskip("sklearn", reason="scikit-learn (extra `metrics`) is not installed")
SCALE = zoo.FAMILIES["SRGAN"].tiny["scale"]


@pytest.fixture(scope="module")
def preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("presets") / "tiny"
    ganzoo.SRGAN(**zoo.FAMILIES["SRGAN"].tiny, seed=1).save_to_preset(folder)
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Three pictures, smooth but for some noise, of which one has odd sides."""
    folder, random = tmp_path / "photographs", np.random.default_rng(0)
    folder.mkdir()
    for name, size in (("a", (41, 37)), ("b", (40, 48)), ("c", (36, 60))):
        small = random.integers(30, 220, (size[0] // 6, size[1] // 6, 3), dtype=np.uint8)
        smooth = Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC)
        noisy = np.clip(random.normal(np.asarray(smooth), 12.0), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"{name}.png")
    return folder


def run(*arguments: object, code: int = 0) -> str:
    result = click.testing.CliRunner().invoke(main, ["evaluate", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_figures_floors_and_pictures(preset, photographs, tmp_path):
    output = run(preset, "--reference", photographs, "--json", tmp_path / "a.json", "--pairs",
                 tmp_path / "pairs.png", "--beside", preset)  # fmt: skip
    for words in ("PSNR of luma, dB", "bicubic", "Lanczos", "sharpness", "3 examples against"):
        assert words in output
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["metrics"]["psnr"]["n"] == 3
    assert found["metrics"]["psnr"]["floor"]["value"] == 100.0
    assert found["metrics"]["sharpness"]["floor"]["value"] == 1.0
    bicubic = found["beside"]["bicubic"]
    # A fresh model adds little to the bicubic enlargement.
    assert found["metrics"]["psnr"]["value"] == pytest.approx(bicubic["psnr"]["value"], abs=1.0)
    assert found["beside"]["Lanczos"]["psnr"]["value"] != bicubic["psnr"]["value"]
    assert found["beside"][str(preset)]["psnr"]["value"] == found["metrics"]["psnr"]["value"]
    assert Image.open(tmp_path / "pairs.png").width > 3 * 2 * 12


def test_the_bicubic_floor_is_that_of_pillow(preset, photographs, tmp_path):
    """Pillow's own resizing differs by a level, and at the edges, which are cut off."""
    run(preset, "--reference", photographs, "--json", tmp_path / "a.json")
    ratios = []
    for path in sorted(photographs.iterdir()):
        truth = Image.open(path)
        width, height = (side // SCALE * SCALE for side in truth.size)
        truth = truth.crop((0, 0, width, height))
        small = truth.resize((width // SCALE, height // SCALE), Image.Resampling.BICUBIC)
        made = small.resize((width, height), Image.Resampling.BICUBIC)
        pair = [rgb2ycbcr(np.asarray(one))[SCALE:-SCALE, SCALE:-SCALE, 0] for one in (made, truth)]
        ratios.append(10 * np.log10(255**2 / np.square(pair[0] - pair[1]).mean()))
    found = json.loads((tmp_path / "a.json").read_text())["beside"]["bicubic"]["psnr"]
    assert found["value"] == pytest.approx(np.mean(ratios), abs=0.05)
    assert found["error"] == pytest.approx(np.std(ratios, ddof=1) / 3**0.5, rel=0.1)


def test_the_kodak_set_is_the_default(preset, data_folder):
    output = run(preset, "-n", 2)
    assert "2 examples against photographs (test split)" in output


def test_what_cannot_be_is_refused(preset, photographs, tmp_path):
    other = tmp_path / "other"
    ganzoo.ESRGAN(**zoo.FAMILIES["ESRGAN"].tiny).save_to_preset(other)
    beside = ("--reference", photographs, "--beside", other)
    assert "enlarges 4 times; models beside each other" in run(preset, *beside, code=2)
    assert "neither a folder nor a source of some: photographs" in run(
        preset, "--reference", "mnist", code=2
    )
    Image.new("RGB", (12, 12)).save(photographs / "d.png")
    assert "d.png: Pictures of one size are compared, at least 15" in run(
        preset, "--reference", photographs, code=1
    )
    one = tmp_path / "one"
    one.mkdir()
    Image.new("RGB", (40, 40)).save(one / "a.png")
    assert "At least two pictures are needed" in run(preset, "--reference", one, code=1)


def test_patches_of_true_pictures_are_at_the_floor_and_blurred_ones_are_not():
    """Two sets like the squares of a chessboard, the same for every way."""
    random = np.random.default_rng(0)
    seen = patches.Patches(["", "truth"], 3)
    for _ in range(6):
        small = random.integers(0, 255, (64, 96, 3), dtype=np.uint8)
        truth = np.asarray(Image.fromarray(small).resize((768, 512), Image.Resampling.BICUBIC))
        noisy = np.clip(random.normal(truth, 25.0), 0, 255).astype(np.uint8)
        seen.add("truth", noisy)
        seen.add("", truth)
    found = seen.measured(1)
    for name, least in (("patch_frechet", 0.05), ("patch_auc", 0.2)):
        floor, value = found["truth"][name], found[""][name]
        chance = 0.5 if name == "patch_auc" else 0.0
        assert abs(floor.value - chance) < 5 * floor.error + 1e-9
        assert value.value > floor.value + least
    assert not patches.Patches(["truth"], 1).measured(1)
    few = patches.Patches(["", "truth"], 3)
    few.add("truth", noisy)
    assert not few.measured(1)
