"""Holes in pictures: where they are, and that they come again."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data import masks
from ganzoo.data.masked import MaskedBatches
from ganzoo.errors import DataError, InvalidArgumentError


def test_the_hole_in_the_middle():
    mask = masks.centre(8, 6)
    assert mask.shape == (8, 6, 1)
    rows, columns = (sorted({*found}) for found in np.nonzero(mask[..., 0]))
    assert (rows, columns) == ([2, 3, 4, 5], [1, 2, 3])
    assert mask.sum() == 12
    with pytest.raises(InvalidArgumentError, match="width must be from 4"):
        masks.centre(8, 3)


def test_random_holes_are_rectangles_anywhere():
    found = masks.random_masks(500, 28, 20, seed=1)
    assert found.shape == (500, 28, 20, 1)
    assert found.dtype == np.float32
    assert set(np.unique(found)) == {0.0, 1.0}
    high, wide = (found[..., 0].any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert (high * wide == found.sum(axis=(1, 2, 3))).all()
    assert (high.min(), high.max(), wide.min(), wide.max()) == (7, 14, 5, 10)
    assert found.any(axis=0).all()  # each pixel is in some hole
    assert np.array_equal(found, masks.random_masks(500, 28, 20, seed=1))
    assert not np.array_equal(found, masks.random_masks(500, 28, 20, seed=2))


def test_batches_can_be_taken_up_inside_an_epoch():
    images = np.random.default_rng(0).uniform(-1, 1, (21, 8, 8, 2)).astype("float32")
    whole = MaskedBatches(images, 4, seed=3, epoch=1)
    later = MaskedBatches(images, 4, seed=3)
    first = later[0][0]
    later.go_to(1, step=2)
    assert (len(whole), len(later)) == (5, 3)
    for index in range(3):
        (ours,), (theirs,) = whole[index + 2], later[index]
        assert list(ours) == ["image", "mask"]
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
        assert ours["mask"].shape == (4, 8, 8, 1)
    assert whole.facts() == later.facts()
    whole.go_to(0)
    assert all(np.array_equal(whole[0][0][name], first[name]) for name in first)
    masks_of = [MaskedBatches(images, 21, 3, epoch) for epoch in (0, 1)]
    by_picture = [one[0][0]["mask"][np.argsort(one.order)] for one in masks_of]
    assert (by_picture[0] != by_picture[1]).any()  # another hole in each epoch


def test_faces_of_both_splits(data_folder):
    train, test = (data.faces(split) for split in ("train", "test"))
    assert (train.shape, test.shape) == ((1818, 64, 64, 3), (191, 64, 64, 3))
    assert train.dtype == np.float32
    assert (train.min(), train.max()) == (-1.0, 1.0)
    digests = [{hashlib.sha256(x.tobytes()).digest() for x in part} for part in (train, test)]
    assert not digests[0] & digests[1]


def test_faces_that_are_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    with pytest.raises(
        DataError,
        match=r"politicians_64\.npz is missing: official portraits .* `ganzoo prepare faces`",
    ):
        data.faces()
    with pytest.raises(InvalidArgumentError, match="no split 'validation'"):
        data.faces("validation")
    (tmp_path / "faces").mkdir()
    path = tmp_path / "faces" / "politicians_64.npz"
    for content in (b"no zip", _npz(other=np.zeros(1))):
        path.write_bytes(content)
        with pytest.raises(DataError, match="does not hold images"):
            data.faces()
    path.write_bytes(_npz(images=np.zeros((3, 8, 8, 3), np.uint8)))
    with pytest.raises(DataError, match=r"must hold uint8 \(n, 64, 64, 3\)"):
        data.faces()


def _npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
