"""Pictures: gradients, grey, diversity, copies, and an ordering that everyone would expect."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import data, metrics
from ganzoo.errors import DataError


@pytest.fixture(scope="module")
def digits(data_folder) -> tuple[np.ndarray, np.ndarray]:
    """3000 training and 1200 test digits."""
    return data.mnist()[:3000], data.mnist("test")[:1200]


def blurred(images: np.ndarray) -> np.ndarray:
    """Average each pixel with its eight neighbours."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-1)
    height, width = images.shape[1:3]
    parts = [padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.mean(parts, axis=0, dtype=np.float32)


def shuffled(images: np.ndarray) -> np.ndarray:
    """Put the pixels of each picture in another order, one for all."""
    order = np.random.default_rng(0).permutation(28 * 28)
    return images.reshape(len(images), -1)[:, order].reshape(images.shape)


def test_gradients_see_direction():
    ramp = np.tile(np.linspace(-1, 1, 16, dtype=np.float32), (16, 1))
    images = np.stack([ramp, ramp.T, -ramp])[..., None]
    found = metrics.oriented_gradients(images, cells=1, orientations=4)
    assert found.shape == (3, 4)
    assert found.argmax(axis=1).tolist() == [0, 2, 0]  # light or dark, a stroke has one direction
    assert np.allclose(found[0], found[2])
    assert np.allclose((found**2).sum(axis=1), found[0, 0] ** 2)


@pytest.mark.parametrize(("side", "features"), [(28, 128), (48, 288), (8, 8)])
def test_gradients_fit_any_size(side, features):
    images = np.random.default_rng(0).uniform(-1, 1, (3, side, side, 1))
    assert metrics.oriented_gradients(images).shape == (3, features)
    assert not metrics.oriented_gradients(np.zeros((2, side, side, 3))).any()


def test_gradients_refuse_what_is_no_picture():
    with pytest.raises(DataError, match=r"shape \(n, height, width, channels\); got \(5, 784\)"):
        metrics.oriented_gradients(np.zeros((5, 784)))


def test_grey_share_counts_pixels():
    images = np.full((100, 4, 4, 1), -1.0)
    images[:, 0] = 0.2
    images[:50, 1] = -0.3
    estimate = metrics.grey_share(images)
    assert estimate.value == pytest.approx(0.375)
    assert estimate.error == pytest.approx(np.std([0.5] * 50 + [0.25] * 50, ddof=1) / 10)


def test_order_of_real_blurred_and_shuffled(digits):
    train, test = digits
    tables = [
        metrics.picture_table(made, train, test[:600])
        for made in (test[600:], blurred(test[600:]), shuffled(test[600:]))
    ]
    for name in ("frechet", "kernel", "auc"):
        values = [table[name].value for table in tables]
        assert values == sorted(values), name
        errors = [table[name].error for table in tables]
        assert values[1] - values[0] > 3 * np.hypot(*errors[:2]), name
    for name in ("precision", "coverage"):
        values = [table[name].value for table in tables]
        assert values == sorted(values, reverse=True), name
    real = tables[0]
    assert all(abs(row.excess()) < 5 for row in real.rows.values()), str(real)
    assert not real.findings
    assert tables[1]["grey"].value > 1.5 * real["grey"].value
    assert not any("mode collapse" in finding for finding in tables[2].findings)


def test_collapse_is_named(digits):
    train, test = digits
    table = metrics.picture_table(np.repeat(test[:1], 600, axis=0), train, test)
    assert table.findings[0].startswith("mode collapse: recall 0")
    assert table["coverage"].value < 0.05
    assert table["diversity"].value == 0
    assert "mode collapse" in str(table)


def test_copies_are_found(digits):
    train, test = digits
    copies = np.clip(train[:600] + np.float32(0.02), -1, 1)
    assert metrics.memorisation(train, copies, test).value > 0.99
    honest = metrics.memorisation(train, test[600:], test[:600])
    assert abs(honest.value - 0.5) < 4 * honest.error
    assert metrics.memorisation(train, copies).value > 0.99  # without held-out digits
    found = metrics.nearest_training(train, copies)
    assert (found.nearest == np.arange(600)).mean() > 0.99
    own = metrics.nearest_training(train)
    assert (own.nearest != np.arange(len(train))).all()
    pairs = metrics.neighbour_pairs(train, copies, 5)
    assert pairs.shape == (10, 28, 28, 1)
    assert np.abs(pairs[0::2] - pairs[1::2]).max() < 0.05


def test_table_without_held_out_pictures(digits):
    train, test = digits
    table = metrics.picture_table(test[:700], train[:1400])
    assert table.facts["n"] == 700
    assert abs(table.rows["memorisation"].floor.value - 0.5) < 0.1
    assert set(table.as_dict()["metrics"]) == set(table.rows)
    with pytest.raises(DataError, match="At least 48 real examples are needed; got 40"):
        metrics.picture_table(test[:40], train)


@pytest.mark.parametrize(("count", "features"), [(516, 128), (515, 72), (291, 32), (100, 8)])
def test_few_pictures_are_compared_by_fewer_features(digits, count, features):
    table = metrics.picture_table(digits[1][:count], digits[0])
    assert table.facts["features"] == features
    assert table["frechet"].value < 5 * table["frechet"].error


def test_colours_count(digits):
    train, test = (np.repeat(part, 3, axis=-1) for part in digits)
    tinted = np.concatenate([test[..., :1] * np.float32(0.8), test[..., 1:]], axis=-1)
    tables = [metrics.picture_table(made, train, test[:600]) for made in (test[600:], tinted[600:])]
    assert [table.facts["features"] for table in tables] == [96, 96]
    real, other = (table["frechet"] for table in tables)
    assert other.value - real.value > 5 * np.hypot(real.error, other.error)
