"""What goes in and where it comes out: several paths, names, sizes, transparency, tiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganzoo import data, plots, tasks
from ganzoo.game.tiles import tiling
from ganzoo.tasks import translating
from ganzoo.tasks.task import Drawing
from tests.translate.support import (
    PAIRED,
    folder_of,
    noise,
    refused,
    saved,
    shape_of,
    sources,
    translate,
)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A U-Net of one level, whose receptive field is a part of its 16 x 16 pixels."""
    arguments = {"source_shape": (16, 16, 3), "channels": 3, "generator_filters": (4,)}
    return saved(PAIRED, tmp_path_factory.mktemp("local"), **arguments)


def test_one_picture_is_written_as_it_is(paired, tmp_path):
    model, preset = paired
    photo = folder_of(sources(model, 1), tmp_path / "photos") / "photo-0.png"
    made = plots.to_uint8(model.translate(data.images(photo, shape_of(model))))[0]
    translate(preset, photo, "-o", tmp_path / "one.png")
    assert np.array_equal(pixels(tmp_path / "one.png"), made)
    translate(preset, photo, "-o", tmp_path / "large.png", "--scale", 3)
    assert np.array_equal(pixels(tmp_path / "large.png"), made.repeat(3, 0).repeat(3, 1))


def test_several_inputs_keep_their_names(paired, tmp_path):
    model, preset = paired
    given = sources(model, 4)
    folder_of(given[:2], tmp_path / "one")
    folder_of(given[2:3], tmp_path / "one" / "deep")
    folder_of(given[3:], tmp_path / "two")
    said = translate(preset, tmp_path / "one", tmp_path / "two", "-o", tmp_path / "out")
    assert said.startswith(f"4 pictures of {tmp_path / 'one'} and 1 other translated\n")
    written = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    names = ["one/deep/photo-0.png", "one/photo-0.png", "one/photo-1.png", "two/photo-0.png"]
    assert [str(path) for path in written] == names
    made = plots.to_uint8(model.translate(given[[2, 0, 1, 3]] / np.float32(127.5) - 1))
    for name, expected in zip(names, made, strict=True):
        assert np.abs(pixels(tmp_path / "out" / name).astype(int) - expected).max() <= 1
    single = tmp_path / "two" / "photo-0.png"
    translate(preset, tmp_path / "one" / "deep", single, "-o", tmp_path / "all.npy")
    assert len(np.load(tmp_path / "all.npy")) == 2
    line = refused(preset, single, tmp_path / "one" / "photo-0.png", "-o", tmp_path / "new")
    assert "Two pictures are called photo-0" in line
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(paired, tmp_path):
    model, preset = paired
    photos = folder_of(sources(model, 2), tmp_path / "photos" / "deep").parent
    command = (preset, photos, "-o", tmp_path / "out")
    translate(*command)
    before = (tmp_path / "out" / "deep" / "photo-1.png").stat().st_mtime_ns
    assert "photo-0.png exists already; pass --overwrite" in refused(*command)
    (tmp_path / "out" / "deep" / "photo-0.png").unlink()
    assert "photo-1.png exists already; pass --overwrite" in refused(*command)
    assert (tmp_path / "out" / "deep" / "photo-1.png").stat().st_mtime_ns == before
    assert not (tmp_path / "out" / "deep" / "photo-0.png").exists()  # refused before any work
    translate(*command, "--overwrite")
    assert (tmp_path / "out" / "deep" / "photo-1.png").stat().st_mtime_ns > before


def test_an_array_becomes_numbered_pictures(paired, tmp_path):
    model, preset = paired
    np.savez(tmp_path / "pairs.npz", sources=sources(model, 3), targets=np.zeros(2))
    command = (preset, tmp_path / "pairs.npz", "-o", tmp_path / "out")
    translate(*command)
    (tmp_path / "out" / "00007.png").touch()  # of an earlier run
    (tmp_path / "out" / "mine.png").touch()
    translate(*command, "--overwrite")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["00000.png", "00001.png", "00002.png", "mine.png"]
    line = refused(preset, tmp_path / "pairs.npz", tmp_path / "out", "-o", tmp_path / "new.npy")
    assert "An array file is translated alone" in line


def test_a_large_folder_is_never_held_whole(paired, tmp_path, monkeypatch):
    model, _ = paired
    photos = folder_of(sources(model, 7), tmp_path / "photos")
    monkeypatch.setattr(translating, "CHUNK", 2)
    written: list[int] = []
    options = {"pictures": (photos,)}
    drawing = Drawing("it", 6, None, tmp_path / "out", "", None, options)

    def told(what: str, done: int, total: int) -> None:
        written.append(len([*(tmp_path / "out").glob("*.png")]))
        assert (what, total) == ("translating", 6)

    lines = tasks.get("translation").draw(model, drawing, told)
    assert lines == [f"6 pictures of {photos} translated"]
    assert written == [0, 2, 4]  # each part is written before the next one is read
    assert len([*(tmp_path / "out").iterdir()]) == 6


def test_a_damaged_picture_is_named(paired, tmp_path):
    model, preset = paired
    photos = folder_of(sources(model, 2), tmp_path / "photos")
    (photos / "photo-2.png").write_bytes(b"no picture")
    line = refused(preset, photos, "-o", tmp_path / "out")
    assert "photo-2.png is not a readable picture" in line
    assert not (tmp_path / "out").exists()  # seen by its header, before any work


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_transparency_is_kept(fit, local, tmp_path):
    model, preset = local
    photos = folder_of(noise(2, 24, 40, 4), tmp_path / "photos")
    with Image.open(photos / "photo-1.png") as opened:
        opened.convert("RGB").save(photos / "photo-1.png")
    said = translate(preset, photos, "-o", tmp_path / "out", "--fit", fit)
    assert "1 with the transparency that went in" in said
    seen = plots.to_uint8(model.translate(data.images(photos, (16, 16, 3), resize=fit)))
    made = pixels(tmp_path / "out" / "photo-0.png")
    assert made.shape == (16, 16, 4)
    assert np.array_equal(made[..., :3], seen[0])
    with Image.open(photos / "photo-0.png") as opened:
        alpha = opened.getchannel("A")
        box = {"crop": (8, 0, 32, 24)}.get(fit, (0, 0, 40, 24))
        size = (16, 10) if fit == "pad" else (16, 16)
        expected = np.asarray(alpha.resize(size, Image.Resampling.LANCZOS, box=box))
    if fit == "pad":
        assert np.array_equal(made[3:13, :, 3], expected)
        assert not made[:3, :, 3].any()
    else:
        assert np.array_equal(made[..., 3], expected)
    assert np.array_equal(pixels(tmp_path / "out" / "photo-1.png"), seen[1])


def test_transparency_of_one_picture_and_where_there_is_none(local, tmp_path):
    _, preset = local
    photos = folder_of(noise(2, 16, 16, 4), tmp_path / "photos")
    translate(preset, photos / "photo-0.png", "-o", tmp_path / "one.png")
    assert np.array_equal(pixels(tmp_path / "one.png")[..., 3], noise(2, 16, 16, 4)[0, ..., 3])
    for name, options in {
        "ground": ("--background", "black"),
        "side by side": ("--compare",),
    }.items():
        command = (preset, photos / "photo-0.png", "-o", tmp_path / f"{name}.png")
        assert "that went in" not in translate(*command, *options)
        assert pixels(tmp_path / f"{name}.png").shape[-1] == 3
    translate(preset, photos, "-o", tmp_path / "grid.png")
    assert pixels(tmp_path / "grid.png").shape == (32, 68, 3)  # twice as large, with a gap


def test_frames_are_pictures(local, tmp_path):
    _, preset = local
    first, *others = [Image.fromarray(one) for one in noise(3, 16, 16, 3)]
    first.save(tmp_path / "film.tiff", save_all=True, append_images=others)
    translate(preset, tmp_path / "film.tiff", "-o", tmp_path / "out", "--frames", "all")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["film#2.png", "film#3.png", "film.png"]
    said = translate(preset, tmp_path / "film.tiff", "-o", tmp_path / "first.png")
    assert "1 picture of" in said
    assert "Only the first frame" in said


def test_larger_pictures_come_in_tiles(local, tmp_path):
    model, preset = local
    photos = folder_of(noise(2, 41, 30, 3), tmp_path / "photos")
    folder_of(noise(1, 16, 16, 3), photos / "small")
    said = translate(preset, photos, "-o", tmp_path / "out", "--batch-size", 4)
    assert "3 pictures" in said
    assert "2 larger than 16x16 in overlapping tiles of that size" in said
    given = data.images(photos / "photo-1.png", (41, 30, 3))
    expected = plots.to_uint8(tiling(model.generator).run(given[0]))
    made = pixels(tmp_path / "out" / "photo-1.png")
    assert np.abs(made.astype(int) - expected).max() <= 1
    assert pixels(tmp_path / "out" / "small" / "photo-0.png").shape == (16, 16, 3)
    assert "of 2 sizes" in refused(preset, photos, "-o", tmp_path / "out.npy")
    np.save(tmp_path / "large.npy", noise(2, 41, 30, 3))
    translate(preset, tmp_path / "large.npy", "-o", tmp_path / "made.npy")
    assert np.load(tmp_path / "made.npy").shape == (2, 41, 30, 3)
    # With --fit they have the model's size; smaller ones are refused without.
    assert "tiles" not in translate(preset, photos, "-o", tmp_path / "fit.npy", "--fit", "crop")
    assert np.load(tmp_path / "fit.npy").shape == (3, 16, 16, 3)
    folder_of(noise(1, 40, 12, 3), photos / "narrow")
    assert "40x12 pixels, wanted are 16x16" in refused(preset, photos, "-o", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_network_of_instance_norm_takes_its_own_size(unpaired, tmp_path):
    model, preset = unpaired
    height, width, channels = model.shape_of("a")
    photos = folder_of(noise(1, 2 * height, 2 * width, channels), tmp_path / "photos")
    line = refused(preset, photos, "-o", tmp_path / "out", "--direction", "ba")
    assert "takes statistics of the whole picture. Pass --fit crop, pad or stretch." in line
    translate(preset, photos, "-o", tmp_path / "out", "--fit", "crop")
    assert pixels(tmp_path / "out" / "photo-0.png").shape[:2] == (height, width)
