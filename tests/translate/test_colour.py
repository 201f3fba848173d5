"""`ganzoo translate` with a colouriser: pictures of any size, their lightness untouched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import lab, zoo
from ganzoo.cli import main

# Less than 2 GiB for a picture of 3000 x 2000, the backend included.
LARGE = """
import resource, sys
from ganzoo.cli import main
main(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


@pytest.fixture(scope="module")
def preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("colours") / "preset"
    ganzoo.Colorizer(**zoo.FAMILIES["Colorizer"].tiny, seed=1).save_to_preset(folder)
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    random = np.random.default_rng(2)
    for name, size in (("a", (21, 13, 3)), ("b", (10, 30, 3))):
        Image.fromarray(random.integers(0, 256, size, dtype=np.uint8)).save(folder / f"{name}.png")
    return folder


def run(*arguments: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["translate", *map(str, arguments)])


def lightness(path: Path) -> np.ndarray:
    return lab.from_rgb(np.asarray(Image.open(path).convert("RGB")) / 127.5 - 1.0)[..., 0]


def test_a_folder_of_photographs_of_two_sizes(preset, photographs, tmp_path):
    result = run(preset, photographs, "-o", tmp_path / "coloured")
    assert result.exit_code == 0, result.output
    assert "2 pictures" in result.output
    for name in "ab":
        before, after = photographs / f"{name}.png", tmp_path / "coloured" / f"{name}.png"
        assert Image.open(before).size == Image.open(after).size
        assert np.abs(lightness(before) - lightness(after)).max() < 1.0  # 8 bits per colour
        assert (np.asarray(Image.open(before)) != np.asarray(Image.open(after))).any()


def test_one_photograph_keeps_its_size(preset, photographs, tmp_path):
    result = run(preset, photographs / "b.png", "-o", tmp_path / "b.png")
    assert result.exit_code == 0, result.output
    assert Image.open(tmp_path / "b.png").size == (30, 10)


def test_one_file_holds_one_size(preset, photographs, tmp_path):
    result = run(preset, photographs, "-o", tmp_path / "all.png")
    assert result.exit_code != 0
    assert "of 2 sizes" in result.output
    assert len([line for line in result.output.splitlines() if line.startswith("Error")]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
def test_large_pictures_need_little_memory(count, preset, tmp_path):
    folder = tmp_path / "large"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (2000, 3000, 3), dtype=np.uint8)
    for index in range(count):
        Image.fromarray(pixels).save(folder / f"{index}.png")
    command = ["translate", preset, folder, "-o", tmp_path / "coloured"]
    said = subprocess.run(
        [sys.executable, "-c", LARGE, *map(str, command)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Image.open(tmp_path / "coloured" / "0.png").size == (3000, 2000)
    assert float(said.stdout) < 2.0
