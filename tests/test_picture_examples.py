"""The examples that make something of pictures: coloured, filled, counted."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import lab
from tests.test_examples import ROOT, run, tried


@pytest.mark.slow
def test_a_photograph_is_coloured(data_folder, tmp_path):
    filters = {"generator_filters": (4, 6), "discriminator_filters": (4,)}
    ganzoo.Colorizer((64, 64), **filters, seed=1).save_to_preset(tmp_path / "preset")
    random = np.random.default_rng(1)
    Image.fromarray(random.integers(0, 256, (90, 70, 3), np.uint8)).save(tmp_path / "colours.png")
    Image.fromarray(random.integers(0, 256, (30, 50), np.uint8)).save(tmp_path / "grey.png")
    script, options = (
        "colour_your_photograph/colour_your_photograph.py",
        ("--model", tmp_path / "preset", "-o", tmp_path / "made"),
    )
    told = run(script, tmp_path / "colours.png", tmp_path / "grey.png", *options).splitlines()
    assert [line.split(":")[0] for line in told[:2]] == ["colours", "grey"]
    assert "from the true colours" in told[0]
    assert "of chroma were added" in told[1]
    made = Image.open(tmp_path / "made" / "colours_coloured.png")
    assert made.size == (70, 90)
    before, after = (
        lab.from_rgb(np.asarray(picture) / 127.5 - 1.0)[..., 0]
        for picture in (Image.open(tmp_path / "colours.png"), made)
    )
    assert np.abs(before - after).max() < 1.0  # 8 bits per colour
    told = run(script, *options, "--strength", 0)
    assert told.count("grey is") == 10
    grey = np.asarray(Image.open(tmp_path / "made" / "daisy_1_coloured.png"), int)
    assert (grey.max(axis=-1) - grey.min(axis=-1)).max() <= 2
    done = tried(script, tmp_path / "none.png", *options)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")


@pytest.mark.slow
def test_a_doodle_becomes_an_emoji(data_folder, tmp_path):
    filters = {"generator_filters": (4, 6), "discriminator_filters": (4,)}
    ganzoo.Pix2Pix((64, 64, 1), 3, **filters, seed=1).save_to_preset(tmp_path / "preset")
    script, options = (
        "doodle_to_emoji/doodle_to_emoji.py",
        ("--model", tmp_path / "preset", "-o", tmp_path / "emoji.png"),
    )
    assert "face, house, cup, fish, apple, umbrella: drawing" in run(script, *options)
    assert Image.open(tmp_path / "emoji.png").size == (2 * (2 * 194 - 2), 2 * (3 * 66 - 2))
    assert "apple 6: drawing" in run(script, "--quickdraw", "apple", *options)
    Image.new("RGB", (40, 30), "white").save(tmp_path / "empty.png")
    done = tried(script, tmp_path / "empty.png", *options)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: empty.png: nothing is drawn on it")


def test_drawings_of_any_pen_get_that_of_openmoji(data_folder, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "examples" / "doodle_to_emoji")
    import doodle_to_emoji
    import strokes

    def pen(outline: np.ndarray) -> float:
        picture = Image.fromarray((outline[..., 0] + 1.0) / 2.0)
        fine = np.asarray(picture.resize((256, 256), Image.Resampling.BICUBIC)) > 0.5
        return strokes.width(fine, strokes.thinned(fine)) / strokes.FINE

    real = np.array([pen(outline) for outline in ganzoo.data.openmoji("test").sources[::8]])
    assert np.median(real) == pytest.approx(1.66, abs=0.05)
    for name, picture in doodle_to_emoji.drawn():
        outline = strokes.outline(picture)
        assert outline.shape == (64, 64, 1)
        assert pen(outline) == pytest.approx(np.median(real), abs=0.25), name
        assert np.array_equal(outline, strokes.outline(-picture))  # chalk or ink
        inked = np.argwhere(outline[..., 0] > 0)
        assert 40 <= (inked.max(axis=0) - inked.min(axis=0) + 1).max() <= 51
        assert np.abs(inked.min(axis=0) + inked.max(axis=0) - 63).max() <= 2  # in the middle
    disc = np.hypot(*np.mgrid[-50:50, -50:50])
    drawing = np.where((np.abs(disc - 45) < 2) | (disc < 15), 1.0, -1.0)[..., None]
    filled = strokes.outline(drawing)[..., 0]
    assert filled[32, 32] == filled[32, 27] == 1.0  # what is filled stays filled
    assert filled[32, 20] == -1.0


@pytest.mark.slow
def test_the_hole_of_a_photograph_is_filled_and_nothing_else(tmp_path):
    filters = {"generator_filters": (4, 6), "discriminator_filters": (4,)}
    ganzoo.ContextEncoder((16, 16, 3), **filters, seed=1).save_to_preset(tmp_path / "preset")
    pixels = np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photograph.png")
    hole = np.zeros((90, 120), bool)
    hole[60:80, 100:115] = True
    Image.fromarray(hole).save(tmp_path / "mask.png")
    script, photograph = "fill_a_hole/fill_a_hole.py", tmp_path / "photograph.png"
    options = ("--model", tmp_path / "preset", "-o", tmp_path / "filled.png")
    printed = run(script, photograph, "--mask", tmp_path / "mask.png", *options)
    # The hole's 20 pixels, twice, as far to the right and down as the photograph goes.
    assert "A square of 40x40 pixels at row 50, column 80 was filled as 16x16" in printed
    filled = np.asarray(Image.open(tmp_path / "filled.png"))
    assert np.array_equal(filled[~hole], pixels[~hole])
    assert (filled[hole] != pixels[hole]).mean() > 0.9
    Image.new("L", (120, 90)).save(tmp_path / "none.png")
    Image.new("L", (12, 9), "white").save(tmp_path / "small.png")
    for mask, words in (("none.png", "marks no hole"), ("small.png", "small.png")):
        done = tried(script, photograph, "--mask", tmp_path / mask, *options)
        assert done.returncode == 1
        assert words in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_faces_by_a_train_step_of_ones_own(tmp_path, monkeypatch):
    pytest.importorskip("dicebear", reason="dicebear-core is not installed")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    script, options = (
        "lecture_faces/lecture_faces.py",
        ("--epochs", 1, "--width", 2, "-o", tmp_path / "made"),
    )
    assert "32 pictures; faces.png" in run(script, "--images", 32, *options)
    assert Image.open(tmp_path / "made" / "faces.png").size == (2 * (8 * 66 - 2), 2 * (8 * 66 - 2))
    (tmp_path / "own").mkdir()
    for number in range(3):
        picture = np.full((80, 70, 3), 60 * number, np.uint8)
        Image.fromarray(picture).save(tmp_path / "own" / f"{number}.png")
    assert "3 pictures; faces.png" in run(script, "--data", tmp_path / "own", *options)


@pytest.mark.slow
def test_between_two_enlarging_networks_lie_means_of_their_pictures(data_folder, tmp_path):
    pytest.importorskip("sklearn")
    printed = run("sharper/sharper.py", "-n", 2, "--steps", 3, "-o", tmp_path / "sharper.png")
    rows = [line for line in printed.splitlines() if line.startswith(("| 0", "| 1"))]
    psnr, sharpness = ([float(row.split("|")[column].split("±")[0]) for row in rows]
                       for column in (2, 4))  # fmt: skip
    assert psnr == sorted(psnr, reverse=True)
    assert sharpness == sorted(sharpness)
    assert (tmp_path / "sharper.png").is_file()


@pytest.mark.slow
def test_flamingos_of_a_few_steps(data_folder, tmp_path):
    script, options = (
        "flamingo/flamingo.py",
        ("--first", 2, "--steps", 2, "-n", 100, "-o", tmp_path / "made"),
    )
    told = run(script, *options).splitlines()
    rows = [line.split(":")[0] for line in told[1:-1]]
    assert rows == ["25 drawings", "fresh", "fine-tuned", "and augmented", "and frozen"]
    assert Image.open(tmp_path / "made" / "flamingo.png").size == (
        2 * (10 * 30 - 2),
        2 * (5 * 30 - 2),
    )
    begun, changed, frozen = (
        ganzoo.load(tmp_path / "made" / name).discriminator.get_weights()
        for name in ("doodles", "and_augmented", "and_frozen")
    )
    assert np.array_equal(begun[0], frozen[0])
    assert not np.array_equal(begun[0], changed[0])
    assert not np.array_equal(begun[2], frozen[2])


@pytest.mark.slow
def test_two_games_of_stacked_digits(data_folder, tmp_path):
    games, few = "plain,relativistic+R1+R2", ("--steps", 2, "-n", 200, "-o", tmp_path)
    printed = run("thousand_modes/thousand_modes.py", "--only", games, *few)
    rows = [line.split("|")[1:3] for line in printed.splitlines() if " ± " in line]
    assert [name.strip() for name, _ in rows] == ["real pictures", *games.split(",")]
    found = [float(modes.split("±")[0]) for _, modes in rows]
    assert found[0] > 150  # of 200 pictures
    assert max(found[1:]) < 50


@pytest.fixture
def drawn_faces():
    """The cartoon faces in the cache: drawing them takes minutes, once."""
    pytest.importorskip("dicebear", reason="dicebear-core is not installed")
    pytest.importorskip("sklearn")
    ganzoo.data.cartoon_faces()


@pytest.mark.slow
def test_a_hundred_faces(drawn_faces, tmp_path):
    few = ("--steps", 2, "-n", 100, "-o", tmp_path)
    printed = run("hundred_faces/hundred_faces.py", *few)
    rows = [line.split("|")[1:4] for line in printed.splitlines() if " ± " in line]
    assert [name.strip() for name, *_ in rows][-3:] == ["none", "fixed", "adaptive"]
    assert [row[2].strip() for row in rows[1:]] == ["1 ± 0", "0 ± 0", "0 ± 0", "0 ± 0"]
    assert abs(float(rows[0][1].split("±")[0])) < 0.05
    assert Image.open(tmp_path / "hundred_faces.png").size == (20 * 66 - 2, 3 * 66 - 2)
    (run_of_none,) = tmp_path.glob("none-2-*")
    stated = json.loads((run_of_none / "recipe.json").read_text())
    assert "augmentation" not in stated["stages"][0]["compile"]
    shutil.rmtree(run_of_none / "preset")  # as if it had been stopped: it goes on
    assert run("hundred_faces/hundred_faces.py", *few) == printed


@pytest.mark.slow
def test_ten_years_of_gans(drawn_faces, tmp_path):
    few = ("--only", "VanillaGAN,DCGAN", "--minutes", 0.01, "--faces", 100, "-n", 400)
    few = (*few, "-o", tmp_path)
    printed = run("ten_years/ten_years.py", *few)
    rows = [line.split("|")[1:5] for line in printed.splitlines() if " ± " in line]
    names = [name.strip() for name, *_ in rows]
    assert names == ["held-out faces", "VanillaGAN", "DCGAN"]
    assert all(int(steps) >= 1 for *_, steps in rows[1:])
    assert Image.open(tmp_path / "ten_years.png").size == (10 * 66 - 2, 3 * 66 - 2)
    assert run("ten_years/ten_years.py", *few) == printed  # from the folder
