"""`ganzoo translate` with a model that fills holes: all outside of them stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.masks import centre
from tests.translate.support import folder_of, noise, refused, saved, translate

FAMILY = "ContextEncoder"


@pytest.fixture(scope="module")
def filling(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    return saved(FAMILY, tmp_path_factory.mktemp("presets"), image_shape=(8, 8, 3))


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    return folder_of(noise(3, 8, 8, 3), tmp_path / "photographs")


def test_a_mask_from_a_file_is_white_in_the_hole(filling, photographs, tmp_path):
    model, preset = filling
    hole = np.zeros((8, 8), np.uint8)
    hole[1:4, 2:7] = 255
    Image.fromarray(hole).save(tmp_path / "mask.png")
    told = translate(preset, photographs, "--mask", tmp_path / "mask.png", "-o", tmp_path / "out")
    assert f"3 pictures of {photographs} completed" in told
    for index in range(3):
        name = f"photo-{index}.png"
        before, after = (np.asarray(Image.open(f / name)) for f in (photographs, tmp_path / "out"))
        assert np.array_equal(before[hole == 0], after[hole == 0])
        assert (before[hole > 0] != after[hole > 0]).any()
        made = model.inpaint(before[None] / np.float32(127.5) - 1, hole > 0)[0]
        assert np.abs(after - (made + 1) * 127.5).max() <= 0.51


@pytest.mark.parametrize("word", ["center", "centre"])
def test_the_hole_in_the_middle(filling, photographs, tmp_path, word):
    one = photographs / "photo-0.png"
    translate(filling[1], one, "--mask", word, "-o", tmp_path / "out.png")
    before, after = (np.asarray(Image.open(path)) for path in (one, tmp_path / "out.png"))
    outside = centre(8, 8)[..., 0] == 0
    assert np.array_equal(before[outside], after[outside])
    assert (before != after).any()


def test_random_holes_are_the_same_again_and_are_shown(filling, photographs, tmp_path):
    sheets = []
    for name in ("a.png", "b.png"):
        translate(filling[1], photographs, "--mask", "random", "--compare", "--scale", 1,
                  "--columns", 1, "-o", tmp_path / name)  # fmt: skip
        sheets.append(np.asarray(Image.open(tmp_path / name)).astype(int))
    assert np.array_equal(*sheets)
    assert sheets[0].shape == (3 * 10 - 2, 16, 3)
    holes = []
    for row in range(3):
        given, made = sheets[0][10 * row : 10 * row + 8, :8], sheets[0][10 * row : 10 * row + 8, 8:]
        holes.append((given == 128).all(axis=-1))
        assert 4 <= holes[-1].sum() <= 16
        assert np.array_equal(given[~holes[-1]], made[~holes[-1]])
    assert (holes[0] != holes[1]).any()


def test_pictures_and_masks_of_another_size(filling, photographs, tmp_path):
    large = tmp_path / "large.png"
    Image.fromarray(noise(20, 16, 3)).save(large)
    Image.new("L", (16, 20), "white").save(tmp_path / "mask.png")
    line = refused(filling[1], large, "--mask", "center", "-o", tmp_path / "out.png")
    assert "large.png has 20x16 pixels, wanted are 8x8" in line
    line = refused(filling[1], photographs / "photo-0.png", "--mask", tmp_path / "mask.png",
                   "-o", tmp_path / "out.png")  # fmt: skip
    assert "mask.png has 20x16 pixels, wanted are 8x8" in line
    translate(filling[1], large, "--mask", tmp_path / "mask.png", "--resize",
              "-o", tmp_path / "out.png")  # fmt: skip
    assert Image.open(tmp_path / "out.png").size == (8, 8)


def test_what_is_refused(filling, photographs, paired, tmp_path):
    options = ("-o", tmp_path / "out.png")
    assert "fills holes; say where they are: give --mask FILE" in refused(
        filling[1], photographs, *options
    )
    line = refused(filling[1], photographs, "--mask", "centr", *options)
    assert "There is no mask centr" in line
    assert "Did you mean 'center'" in line
    Image.new("L", (8, 8), "black").save(tmp_path / "black.png")
    line = refused(filling[1], photographs, "--mask", tmp_path / "black.png", *options)
    assert "marks no hole: nothing in it is white" in line
    line = refused(paired[1], photographs, "--mask", "center", *options)
    assert "--mask is for completed pictures" in line
