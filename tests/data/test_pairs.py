"""Pairs and sets of pictures: sizes, splits that share nothing, and what lies where."""

from __future__ import annotations

import hashlib
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from ganzoo import data, zoo
from ganzoo.data import edges, pairs, photographs
from ganzoo.errors import DataError, InvalidArgumentError

SIZES = {  # train, test, channels of source and target
    "glyph_pairs": (3713, 413, 1, 1),
    "openmoji": (3674, 232, 1, 3),
    "flower_colours": (3054, 372, 1, 2),
    "clothing_edges": (3176, 353, 1, 3),
}


@pytest.mark.parametrize("name", ["glyph_pairs", "openmoji"])
def test_pairs_of_both_splits(data_folder, name):
    train, test = (data.SOURCES[name](split) for split in ("train", "test"))
    *counts, in_channels, out_channels = SIZES[name]
    side = 48 if name == "glyph_pairs" else 64
    for found, count in zip((train, test), counts, strict=True):
        assert found.sources.shape == (count, side, side, in_channels)
        assert found.targets.shape == (count, side, side, out_channels)
        assert found.sources.dtype == found.targets.dtype == np.float32
        assert len(set(found.names)) == count
        assert found.sources.min() == -1.0
        assert found.sources.max() == 1.0
    assert not set(train.names) & set(test.names)


@pytest.mark.parametrize("name", ["flower_colours", "clothing_edges"])
def test_held_out_photographs(data_folder, name):
    test = data.SOURCES[name]("test")
    _, count, in_channels, out_channels = SIZES[name]
    assert test.sources.shape == (count, 64, 64, in_channels)
    assert test.targets.shape == (count, 64, 64, out_channels)
    assert max(np.abs(test.sources).max(), np.abs(test.targets).max()) <= 1.0


@pytest.mark.parametrize("name", ["flowers", "clothing"])
def test_photographs_and_their_kinds(data_folder, name):
    pairs_of = {"flowers": "flower_colours", "clothing": "clothing_edges"}[name]
    images, kinds = data.SOURCES[name]("test", labels=True)
    assert np.array_equal(images, data.SOURCES[name]("test"))
    assert images.shape == (SIZES[pairs_of][1], 64, 64, 3)
    names = data.SOURCES[pairs_of]("test").names
    known = getattr(photographs, name.upper())
    assert [known[kind] for kind in kinds] == [path.split("/")[-2] for path in names]
    assert set(kinds) == set(range(len(known)))


def test_a_kind_that_there_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    (tmp_path / "flowers").mkdir()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, format="JPEG")
    with zipfile.ZipFile(tmp_path / "flowers" / "flowers_128.zip", "w") as archive:
        for index in range(9):
            archive.writestr(f"thistles/{index}.jpg", picture.getvalue())
    assert data.flowers().shape[1:] == (64, 64, 3)
    with pytest.raises(DataError, match="holds pictures of thistles; the kinds are daisy, "):
        data.flowers(labels=True)


def test_the_held_out_characters_are_written_down():
    held_out = pairs.held_out_characters()
    assert len(set(held_out)) == 413
    digest = hashlib.sha256(held_out.encode()).hexdigest()
    assert digest == "adb119a8d25bc5d643b939f7fb8f2193e0296905d948717e1b5d55dba8decd2a", (
        "every checkpoint of the translators was trained without these"
    )


def test_variants_of_an_emoji_share_a_split():
    assert photographs.head("1f44b-1f3fb") == photographs.head("1f44b-1f3ff") == "1f44b"
    assert photographs.head("1f468-1f3fb-200d-1f9b0") == "1f468"
    assert photographs.head("0023-20e3") == "0023"


def test_kinds_of_fruit_share_a_split(data_folder):
    train, test = (data.apple_tomato(split) for split in ("train", "test"))
    assert [len(fruit) for fruit in (*train[:2], *test[:2])] == [1646, 958, 253, 288]


def test_edges_are_lines_between_two_colours():
    images = np.full((1, 32, 32, 3), -1.0, "float32")
    images[:, :, 16:, 1] = 1.0  # green on black: one channel alone
    drawn = edges.edges(images)
    assert drawn.shape == (1, 32, 32, 1)
    assert set(np.unique(drawn)) == {-1.0, 1.0}
    assert (drawn[0, :, 15:17, 0] == 1.0).sum() == 32  # one pixel wide, from top to bottom
    assert (np.delete(drawn[0, :, :, 0], [15, 16], axis=1) == -1.0).all()
    assert (edges.edges(np.zeros((2, 8, 8, 1))) == -1.0).all()
    with pytest.raises(DataError, match="at least 3x3"):
        edges.edges(np.zeros((8, 8, 1)))


def test_what_is_missing_or_damaged_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"flowers_128.zip is missing: 3,426 photographs"):
        data.flower_colours()
    (tmp_path / "emoji").mkdir()
    (tmp_path / "emoji" / "openmoji_64.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match="does not hold outline, colour, codes"):
        data.openmoji()
    (tmp_path / "clothing").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "clothing" / "clothing_128.zip", format="PNG")
    with pytest.raises(DataError, match="no readable zip"):
        data.clothing_edges()
    with pytest.raises(
        InvalidArgumentError, match=r"no split 'tset'; there are: train, test.*test"
    ):
        data.openmoji("tset")


def test_the_kinds_of_a_model_are_those_of_its_data():
    assert zoo.ENTRIES["sagan_clothing"].config["classes"] == photographs.CLOTHING
