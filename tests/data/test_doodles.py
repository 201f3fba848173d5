"""Doodles: the real file, damaged ones, none."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data import doodles
from ganzoo.errors import DataError


def test_six_kinds_and_some_flamingos(data_folder):
    images, labels = data.quickdraw(labels=True)
    held_out, others = data.quickdraw("test", labels=True)
    assert len(images) + len(held_out) == 18_000
    assert 1_600 < len(held_out) < 2_000
    assert images.shape[1:] == (28, 28, 1)
    assert (images.dtype, images.min(), images.max()) == (np.float32, -1.0, 1.0)
    assert np.array_equal(np.bincount(labels) + np.bincount(others), [3_000] * 6)
    assert np.median(images) == -1.0  # white on black
    assert data.flamingos().shape == (25, 28, 28, 1)


def test_a_missing_or_damaged_file(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    with pytest.raises(
        DataError, match=r"is missing: 18,000 doodles .* `ganzoo prepare quickdraw`"
    ):
        data.quickdraw()
    path = tmp_path / doodles.FILE
    path.parent.mkdir()
    path.write_bytes(b"PK")
    with pytest.raises(DataError, match="does not hold doodles"):
        data.flamingos()
    images = np.zeros((2, 28, 28), np.uint8)
    np.savez(path, images=images, labels=[0, 1], names=["cat", "dog"], flamingo=images[:, :9])
    with pytest.raises(DataError, match=r"must hold the kinds apple.*; got cat, dog"):
        data.quickdraw()
    with pytest.raises(DataError, match=r"must hold uint8 \(n, 28, 28\); got uint8 \(2, 9, 28\)"):
        data.flamingos()
