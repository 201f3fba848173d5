"""What is made of MNIST: seeded, of the stated shapes, and by the stated formulas."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data.digit_sets import blended
from ganzoo.errors import DataError, InvalidArgumentError


def test_black_and_white(data_folder):
    images, labels = data.binary_mnist("test", labels=True)
    grey, digits = data.mnist("test", labels=True)
    assert np.array_equal(np.unique(images), [-1.0, 1.0])
    assert images.dtype == np.float32
    assert np.array_equal(images > 0, grey > 0)
    assert np.array_equal(labels, digits)


def test_a_seeded_few_have_labels(data_folder):
    few = data.few_digits(labelled=50, seed=3)
    assert len(few.images) == 60_000
    assert np.array_equal(np.bincount(few.labels), [5] * 10)
    assert np.array_equal(few.labelled, data.few_digits(labelled=50, seed=3).labelled)
    assert not np.array_equal(few.labelled, data.few_digits(labelled=50, seed=4).labelled)
    images, labels = data.mnist(labels=True)
    row = int(np.flatnonzero((images == few.labelled[0]).all(axis=(1, 2, 3)))[0])
    assert labels[row] == few.labels[0]
    assert len(data.few_digits("test").labels) == 10_000
    with pytest.raises(InvalidArgumentError, match="multiple of 10; got 15"):
        data.few_digits(labelled=15)
    with pytest.raises(InvalidArgumentError, match="no split"):
        data.few_digits("tset")


def test_contours_are_what_a_dilation_adds():
    image = np.full((1, 5, 5, 1), -1.0, np.float32)
    image[0, 2, 2] = 1.0
    expected = np.full((5, 5), -1.0)
    expected[1:4, 1:4] = 1.0
    expected[2, 2] = -1.0  # inside of the stroke
    assert np.array_equal(data.contours(image)[0, ..., 0], expected)
    assert (data.contours(-image * 0 + 1.0) == -1.0).all()


def test_digits_and_contours_of_others(data_folder):
    negatives = data.mnist_negatives("test")
    sets = data.mnist_edges("test")
    assert np.array_equal(data.contours(-negatives.b), sets.b)
    assert negatives.names == ("digits", "negatives")
    assert sets.a.shape == sets.b.shape == (5000, 28, 28, 1)
    images = data.mnist("test")
    known = {image.tobytes(): row for row, image in enumerate(images)}
    rows = [known[image.tobytes()] for image in sets.a]
    assert len(set(rows)) == 5000
    # Writers are in rows: of each half of the file about a half is in either set.
    assert sum(row < 5000 for row in rows) == pytest.approx(2500, abs=150)
    assert 2000 < sum(row % 2 for row in rows) < 3000
    others = {image.tobytes() for image in data.contours(np.delete(images, rows, axis=0))}
    assert {image.tobytes() for image in sets.b} == others


def test_a_digit_inverts_the_patch_below_it():
    digit = np.zeros((3, 2, 2, 1), np.uint8)
    digit[:, 0, 0] = 255
    photographs = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    made = blended(digit, photographs, [1, 0])
    assert made.shape == (3, 2, 2, 3)
    pixels = np.round((made + 1) * 127.5)
    assert np.array_equal(pixels[:, 0, 0], 255 - (pixels[:, 0, 1] - 3))  # its neighbour's patch
    assert np.array_equal(made, blended(digit, photographs, [1, 0]))
    assert not np.array_equal(made, blended(digit, photographs, [2, 0]))


def test_mnist_m_without_flowers_says_where_to_get_them(data_folder, tmp_path, monkeypatch):
    (tmp_path / "mnist").symlink_to(data_folder / "mnist")
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    with pytest.raises(DataError, match="ganzoo prepare flowers"):
        data.mnist_m("test")
