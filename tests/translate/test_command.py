"""`ganzoo translate`: what is written is what the model makes; what cannot be is one line."""

from __future__ import annotations

import click.testing
import numpy as np
import pytest
from PIL import Image

from ganzoo import data, plots, tasks
from ganzoo.cli import main
from ganzoo.errors import InvalidArgumentError
from ganzoo.tasks import pictures, translating
from ganzoo.tasks.task import Drawing
from tests.translate.support import folder_of, refused, shape_of, sources, translate


@pytest.mark.parametrize("fixture", ["paired", "unpaired"])
def test_a_folder_of_pictures(fixture, request, tmp_path):
    model, preset = request.getfixturevalue(fixture)
    folder = folder_of(sources(model), tmp_path / "photos")
    said = translate(preset, folder, "-o", tmp_path / "out.npy", "--batch-size", 2)
    assert said.splitlines() == [
        f"5 pictures of {folder} translated",
        f"Written to {tmp_path / 'out.npy'}",
    ]
    made = np.load(tmp_path / "out.npy")
    assert np.array_equal(made, model.translate(data.images(folder, shape_of(model)), batch_size=2))
    translate(preset, folder, "-o", tmp_path / "drawings/")
    written = sorted((tmp_path / "drawings").iterdir())
    assert [path.name for path in written] == [f"photo-{index}.png" for index in range(5)]
    again = data.images(tmp_path / "drawings", made.shape[1:])
    assert np.abs(again - made).max() < 0.01  # a step of 256


@pytest.mark.parametrize("ending", [".npy", ".npz", ".png"])
def test_an_array(ending, paired, tmp_path):
    model, preset = paired
    given = sources(model).astype(np.float32) / 127.5 - 1.0
    np.save(tmp_path / "given.npy", given)
    output = tmp_path / f"out{ending}"
    translate(preset, tmp_path / "given.npy", "-o", output)
    made = model.translate(given)
    if ending == ".npy":
        assert np.array_equal(np.load(output), made)
    elif ending == ".npz":
        assert np.array_equal(np.load(output)["samples"], made)
    else:
        with Image.open(output) as opened:
            assert np.array_equal(np.asarray(opened), np.asarray(plots.grid(made, scale=2)))


def test_a_grid_has_its_options(paired, tmp_path):
    model, preset = paired
    folder = folder_of(sources(model, 3), tmp_path / "photos")
    options = ("--columns", 3, "--scale", 1, "--invert")
    translate(preset, folder, "-o", tmp_path / "out.png", *options)
    made = model.translate(data.images(folder, shape_of(model)))
    with Image.open(tmp_path / "out.png") as opened:
        expected = plots.grid(made, 3, scale=1, invert=True)
        assert np.array_equal(np.asarray(opened), np.asarray(expected))


def test_one_picture_is_resized(paired, tmp_path):
    model, preset = paired
    height, width, channels = shape_of(model)
    pixels = np.zeros((2 * height, 3 * width, channels), np.uint8)
    plots.to_image(pixels).save(tmp_path / "photo.png")
    arguments = (preset, tmp_path / "photo.png", "-o", tmp_path / "out.npy")
    line = refused(*arguments)
    assert f"has {2 * height}x{3 * width} pixels, wanted are {height}x{width}" in line
    assert "as its receptive field leaves nothing of tiles of 8 pixels. Pass --fit crop" in line
    assert "1 picture of" in translate(*arguments, "--resize")
    assert np.load(tmp_path / "out.npy").shape == (1, *model.target_shape)


def test_both_directions(unpaired, tmp_path):
    model, preset = unpaired
    np.save(tmp_path / "given.npy", sources(model))
    given = data.images(tmp_path / "given.npy", shape_of(model))
    for direction in ("ab", "ba"):
        output = tmp_path / f"{direction}.npy"
        translate(preset, tmp_path / "given.npy", "-o", output, "--direction", direction)
        assert np.array_equal(np.load(output), model.translate(given, direction))
    translate(preset, tmp_path / "given.npy", "-o", tmp_path / "default.npy")
    assert np.array_equal(np.load(tmp_path / "default.npy"), np.load(tmp_path / "ab.npy"))


def test_many_pictures_are_translated_in_parts(paired, tmp_path, monkeypatch):
    model, _ = paired
    np.save(tmp_path / "given.npy", sources(model))
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(translating, "CHUNK", 2)
    options = {"pictures": (tmp_path / "given.npy",)}
    drawing = Drawing("it", 10, None, tmp_path / "out.npy", ".npy", None, options)
    tasks.get("translation").draw(model, drawing, lambda *facts: told.append(facts))
    assert told == [("translating", done, 5) for done in (2, 4, 5)]
    made = model.translate(data.images(tmp_path / "given.npy", shape_of(model)))
    assert np.allclose(np.load(tmp_path / "out.npy"), made, atol=1e-6)


def test_a_grid_of_too_many_pictures(paired, tmp_path, monkeypatch):
    model, _ = paired
    np.save(tmp_path / "given.npy", sources(model))
    monkeypatch.setattr(pictures, "MAX_GRID", 4)
    options = {"pictures": tmp_path / "given.npy"}
    drawing = Drawing("it", 10, None, tmp_path / "out.png", ".png", None, options)
    with pytest.raises(InvalidArgumentError, match="at most 4 pictures; got 5"):
        tasks.get("translation").draw(model, drawing, lambda *_: None)


def test_refusals(paired, unpaired, tmp_path):
    model, preset = paired
    photos = folder_of(sources(model, 2), tmp_path / "photos")
    output = ("-o", tmp_path / "out.png")
    line = refused(preset, photos, *output, "--direction", "ba")
    assert "--direction is for unpaired translators" in line
    assert "Accepted: -o, --overwrite, --resize" in line
    for name in ("dcgan_mnist", "fatgan_electrons"):
        assert "`ganzoo translate` is for translated images" in refused(name, photos, *output)
    assert "Did you mean 'dcgan_mnist'" in refused("dcgan_mnits", photos, *output)
    assert "turns pictures into pictures; give it some" in refused(preset, *output)
    assert "no.png does not exist" in refused(preset, tmp_path / "no.png", *output)
    assert "the ending must be" in refused(preset, photos, "-o", tmp_path / "out.txt")
    (tmp_path / "out.png").touch()
    assert "pass --overwrite" in refused(preset, photos, *output)
    (tmp_path / "notes.txt").touch()
    assert "neither a folder of pictures" in refused(
        preset, tmp_path / "notes.txt", *output, "--overwrite"
    )
    (tmp_path / "empty").mkdir()
    assert "holds no pictures" in refused(preset, tmp_path / "empty", *output, "--overwrite")


@pytest.mark.parametrize("output", ["photos", "photos/drawings", "photos/photo-0.png"])
def test_pictures_are_not_written_where_they_come_from(output, paired, tmp_path):
    model, preset = paired
    photos = folder_of(sources(model, 2), tmp_path / "photos")
    given = photos / "photo-0.png" if output.endswith(".png") else photos
    line = refused(preset, given, "-o", tmp_path / output, "--overwrite")
    assert "the pictures come from there" in line
    assert "the pictures come from there" in refused(
        preset, photos / "photo-1.png", "-o", photos, "--overwrite"
    )
    assert len([*photos.iterdir()]) == 2


def test_other_commands_send_translators_here(paired):
    _, preset = paired
    result = click.testing.CliRunner().invoke(main, ["sample", str(preset)])
    assert result.exit_code == 2
    assert "draws translated images" in result.output
