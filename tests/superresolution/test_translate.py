"""`ganzoo translate` with models that enlarge: any size, tiles, transparency, grey, 16 bits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click.testing
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import plots, resampling, zoo
from ganzoo.cli import main

# Less than 2 GiB for 12 million pixels, the backend included.
LARGE = """
import resource, sys
from ganzoo.cli import main
main(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    options = {**zoo.FAMILIES["SRGAN"].tiny, "scale": 2, "blurred": True}
    model = ganzoo.SRGAN(**options, seed=1)
    random = np.random.default_rng(0)
    weights = [random.normal(weight, 0.05) for weight in model.generator.get_weights()]
    model.generator.set_weights(weights)  # so that it does something
    folder = tmp_path_factory.mktemp("presets") / "tiny"
    model.save_to_preset(folder)
    return model, folder


def run(*arguments: object, code: int = 0) -> str:
    result = click.testing.CliRunner().invoke(main, ["translate", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)


def test_photographs_of_several_sizes(tiny, tmp_path):
    model, preset = tiny
    given = tmp_path / "given"
    given.mkdir()
    for name, size in (("a", (21, 13)), ("b", (70, 100)), ("c", (2, 9))):
        Image.fromarray(pixels(*size, 3)).save(given / f"{name}.png")
    said = run(preset, given, "-o", tmp_path / "made")
    assert "3 pictures" in said
    assert "made 2 times as large" in said
    for name in "abc":
        image = plots.from_uint8(np.asarray(Image.open(given / f"{name}.png")))
        made = np.asarray(Image.open(tmp_path / "made" / f"{name}.png"))
        expected = plots.to_uint8(model.translate(image[None])[0])
        assert made.shape == (2 * image.shape[0], 2 * image.shape[1], 3)
        assert np.abs(made.astype(int) - expected).max() <= 1
    assert "of 3 sizes" in run(preset, given, "-o", tmp_path / "all.png", code=1)


def test_transparency_becomes_larger_too(tiny, tmp_path):
    picture, alpha = Image.fromarray(pixels(20, 30, 3)), Image.fromarray(pixels(20, 30))
    picture.putalpha(alpha)
    picture.save(tmp_path / "a.png")
    assert "with the transparency that went in" in run(
        tiny[1], tmp_path / "a.png", "-o", tmp_path / "b.png"
    )
    made = Image.open(tmp_path / "b.png")
    assert made.mode == "RGBA"
    expected = alpha.resize((60, 40), Image.Resampling.BICUBIC)
    assert np.array_equal(np.asarray(made.getchannel("A")), np.asarray(expected))


def test_grey_stays_grey_and_16_bits_count(tiny, tmp_path):
    model, preset = tiny
    deep = np.linspace(0, 65535, 20 * 30).reshape(20, 30).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png")
    run(preset, tmp_path / "a.png", "-o", tmp_path / "b.png")
    made = np.asarray(Image.open(tmp_path / "b.png"))
    assert (made == made[..., :1]).all()
    image = (deep / 32767.5 - 1.0).astype(np.float32)[None, ..., None]
    expected = plots.to_uint8(model.translate(image)[0])
    assert np.abs(made[..., :1].astype(int) - expected).max() <= 1
    np.save(tmp_path / "grey.npy", image)
    run(preset, tmp_path / "grey.npy", "-o", tmp_path / "made.npy")
    assert np.load(tmp_path / "made.npy").shape == (1, 40, 60, 1)


def test_compare_shows_bicubic_beside_and_the_truth(tiny, tmp_path):
    model, preset = tiny
    truth = pixels(40, 60, 3)
    small = resampling.reduced(truth, 2)
    Image.fromarray(small).save(tmp_path / "small.png")
    Image.fromarray(truth).save(tmp_path / "truth.png")
    run(preset, tmp_path / "small.png", "--compare", "--truth", tmp_path / "truth.png", "-o",
        tmp_path / "row.png")  # fmt: skip
    row = np.asarray(Image.open(tmp_path / "row.png")).astype(int)
    assert row.shape == (40, 180, 3)
    assert np.abs(row[:, :60] - resampling.enlarged(small, 2)).max() <= 1
    made = plots.to_uint8(model.translate(plots.from_uint8(small)[None])[0])
    assert np.abs(row[:, 60:120] - made).max() <= 1
    assert np.array_equal(row[:, 120:], truth)


def test_the_progress_counts_tiles(tiny):
    model, told = tiny[0], []
    image = plots.from_uint8(pixels(1, 130, 40, 3))
    model.translate(image, progress=lambda *facts: told.append(facts))
    assert told[-1] == (3, 3)


@pytest.mark.slow
def test_twelve_million_pixels_need_little_memory(tmp_path):
    entry = zoo.ENTRIES["srresnet_x4"]
    ganzoo.SRGAN(**entry.config).save_to_preset(tmp_path / "preset")
    Image.fromarray(pixels(750, 1000, 3)).save(tmp_path / "a.png")
    command = ["translate", tmp_path / "preset", tmp_path / "a.png", "-o", tmp_path / "b.png"]
    said = subprocess.run(
        [sys.executable, "-c", LARGE, *map(str, command)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Image.open(tmp_path / "b.png").size == (4000, 3000)
    assert float(said.stdout) < 2.0
