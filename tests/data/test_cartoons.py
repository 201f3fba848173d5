"""Cartoon faces: drawn by the packages, the same for the same seed, kept once drawn."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data import cartoons
from ganzoo.errors import InvalidArgumentError, MissingExtraError

pytest.importorskip("dicebear", reason="dicebear-core is not installed")
SMALL = {"count": 12, "size": 32}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path))
    return tmp_path / "cartoons"


def test_faces_are_whole_other_for_each_and_the_same_again(cache, monkeypatch):
    faces = data.cartoon_faces(**SMALL)
    assert faces.shape == (12, 32, 32, 3)
    assert faces.dtype == np.float32
    assert faces.min() >= -1.0
    assert faces.max() <= 1.0
    assert len(np.unique(faces.reshape(12, -1), axis=0)) == 12
    # Behind the head lies one of the flat colours, in both upper corners.
    grounds = {tuple(int(one[i : i + 2], 16) for i in (0, 2, 4)) for one in cartoons.GROUNDS}
    pixels = np.rint((faces + 1) * 127.5).astype(int)
    assert {tuple(pixel) for pixel in pixels[:, 0, 0]} <= grounds
    assert (pixels[:, 0, 0] == pixels[:, 0, -1]).all()
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(cartoons, "_face", None)  # what was drawn is not drawn again
    assert np.array_equal(data.cartoon_faces(**SMALL), faces)


def test_a_face_depends_on_its_number_alone(cache):
    few, many = data.cartoon_faces(**SMALL), data.cartoon_faces(**{**SMALL, "count": 14})
    assert np.array_equal(many[:12], few)
    assert not np.array_equal(data.cartoon_faces(**SMALL, seed=1), few)
    held_out = data.cartoon_faces("test", **SMALL)
    assert len(held_out) == 1
    assert not (held_out == few).all(axis=(1, 2, 3)).any()


@pytest.mark.parametrize("style", sorted(cartoons.STYLES))
def test_every_style_fills_its_square(cache, style):
    face = data.cartoon_faces(count=2, size=32, style=style)[0]
    head = np.abs(face - face[0, 0]).max(axis=-1) > 0.1
    assert head[8:24, 8:24].mean() > 0.6


def test_bad_arguments(cache, monkeypatch):
    with pytest.raises(InvalidArgumentError, match=r"no style 'toonhead'.*'toon_head'"):
        data.cartoon_faces(style="toonhead")
    with pytest.raises(InvalidArgumentError, match="size"):
        data.cartoon_faces(size=4)
    monkeypatch.setitem(__import__("sys").modules, "dicebear", None)
    with pytest.raises(MissingExtraError, match=r"keras-ganzoo\[cartoons\]"):
        data.cartoon_faces(**SMALL, seed=7)
