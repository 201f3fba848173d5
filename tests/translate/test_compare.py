"""`--compare`: input, output and truth side by side; a truth is found by its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import data, lab, plots, zoo
from ganzoo.errors import InvalidArgumentError
from tests.translate.support import folder_of, noise, refused, shape_of, sources, translate


def row(*parts: np.ndarray) -> np.ndarray:
    """Return pictures side by side, grey ones as colours."""
    channels = max(part.shape[-1] for part in parts)
    wide = [np.broadcast_to(part, (*part.shape[:-1], channels)) for part in parts]
    return np.concatenate(wide, axis=-2)


@pytest.fixture
def photos(paired, tmp_path) -> Path:
    return folder_of(sources(paired[0], 3), tmp_path / "photos")


@pytest.fixture
def truths(paired, tmp_path) -> Path:
    """Targets, one of them with another ending and one without a source."""
    folder = folder_of(noise(4, *paired[0].target_shape), tmp_path / "truths")
    with Image.open(folder / "photo-1.png") as opened:
        opened.save(folder / "photo-1.bmp")
    (folder / "photo-1.png").unlink()
    return folder


def test_pictures_beside_what_is_made_of_them(paired, photos, tmp_path):
    model, preset = paired
    translate(preset, photos, "-o", tmp_path / "out.npy", "--compare")
    given = data.images(photos, shape_of(model))
    assert np.array_equal(np.load(tmp_path / "out.npy"), row(given, model.translate(given)))
    with pytest.raises(InvalidArgumentError, match="of the same height"):
        plots.beside(given, given[:, 1:])


def test_truths_are_found_by_their_names(paired, photos, truths, tmp_path):
    model, preset = paired
    given = data.images(photos, shape_of(model))
    true = noise(4, *model.target_shape)[:3] / np.float32(127.5) - 1
    expected = row(given, model.translate(given), true)
    command = (preset, photos, "--compare", "--truth", truths)
    translate(*command, "-o", tmp_path / "out.npy")
    assert np.allclose(np.load(tmp_path / "out.npy"), expected, atol=1e-6)
    translate(*command, "-o", tmp_path / "out")
    with Image.open(tmp_path / "out" / "photo-1.png") as opened:
        assert np.array_equal(np.asarray(opened), plots.to_uint8(expected[1]))
    one = (preset, photos / "photo-0.png", "--compare", "--truth", truths / "photo-3.png")
    translate(*one, "-o", tmp_path / "one.npy")  # one picture and its truth need no common name
    width = model.target_shape[1]
    made = np.load(tmp_path / "one.npy")[0, :, -width:]
    assert np.allclose(made, noise(4, *model.target_shape)[3] / 127.5 - 1, atol=1e-6)


def test_truths_of_an_array(paired, tmp_path):
    model, preset = paired
    given, true = sources(model, 3), noise(3, *model.target_shape)
    np.savez(tmp_path / "pairs.npz", sources=given, targets=true)
    command = (preset, tmp_path / "pairs.npz", "--compare", "--truth")
    translate(*command, tmp_path / "pairs.npz", "-o", tmp_path / "out.npy")
    shown = np.load(tmp_path / "out.npy")
    assert np.allclose(shown[:, :, -8:], true / np.float32(127.5) - 1, atol=1e-6)
    np.save(tmp_path / "few.npy", true[:2])
    line = refused(*command, tmp_path / "few.npy", "-o", tmp_path / "new.npy")
    assert "few.npy holds 2 truths of the 3 pictures in" in line


def test_refusals_of_truths(paired, photos, truths, tmp_path):
    model, preset = paired
    command = (preset, photos, "-o", tmp_path / "out.npy")
    assert "is shown by --compare; give both" in refused(*command, "--truth", truths)
    command = (*command, "--compare", "--truth")
    assert "There are no truths" in refused(*command, tmp_path / "nowhere")
    (truths / "photo-2.png").unlink()
    line = refused(*command, truths)
    assert f"1 of the pictures in {photos} have no partner of their name in {truths}" in line
    assert line.endswith("photo-2.")
    folder_of(noise(1, *model.target_shape), truths / "deep")
    (truths / "deep" / "photo-0.png").rename(truths / "photo-0.gif")
    assert "two pictures of one name" in refused(*command, truths)
    np.save(tmp_path / "true.npy", np.zeros(1))
    assert "must be a folder or a picture; got" in refused(*command, tmp_path / "true.npy")
    large = folder_of(noise(3, 20, 30, 3), tmp_path / "large")
    assert "has 20x30 pixels, wanted are 8x8" in refused(*command, large)


def test_a_colouriser_is_compared_with_its_lightness(tmp_path):
    model = ganzoo.Colorizer(**zoo.FAMILIES["Colorizer"].tiny, seed=1)
    model.save_to_preset(tmp_path / "preset")
    photos = folder_of(noise(1, 21, 30, 3), tmp_path / "photos")
    command = (tmp_path / "preset", photos, "--compare", "--truth", photos)
    translate(*command, "-o", tmp_path / "out.npy")
    grey, made, true = np.split(np.load(tmp_path / "out.npy")[0], 3, axis=1)
    given = data.images(photos, (21, 30, 3))
    assert np.array_equal(true, given[0])
    assert np.abs(grey - grey.mean(-1, keepdims=True)).max() < 1e-3
    assert np.allclose(lab.lightness(grey), lab.lightness(given[0]), atol=1e-3)
    assert np.array_equal(made, model.colorize(given)[0])
