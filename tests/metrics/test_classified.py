"""Classifiers and codes against known classes, by closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import metrics
from ganzoo.errors import DataError


def told(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return probabilities that are sure of some classes."""
    return np.eye(classes)[labels]


def test_the_error_is_a_share_with_a_binomial_error():
    truth = np.arange(400) % 4
    said = np.where(np.arange(400) < 100, (truth + 1) % 4, truth)
    found = metrics.error_rate(told(said, 4), truth)
    assert found.value == 0.25
    assert found.error == pytest.approx((0.25 * 0.75 / 399) ** 0.5)
    with pytest.raises(DataError, match="labels must be integers"):
        metrics.error_rate(told(said, 4), truth[:7])


def test_codes_mean_what_fits_best():
    random = np.random.default_rng(0)
    truth = random.integers(0, 5, 2000)
    codes = np.array([3, 0, 4, 1, 2])[truth]
    assert metrics.assigned_accuracy(told(codes, 5), truth).value == 1.0
    wrong = random.random(2000) < 0.2
    codes = np.where(wrong, random.integers(0, 5, 2000), codes)
    found = metrics.assigned_accuracy(told(codes, 5), truth)
    assert abs(found.value - 0.84) < 4 * found.error
    # Codes that know nothing are right by chance; the halves keep this from looking better.
    chance = metrics.assigned_accuracy(told(random.integers(0, 5, 2000), 5), truth)
    assert abs(chance.value - 0.2) < 4 * chance.error


def test_two_codes_of_one_class_count_once():
    truth = np.arange(400) % 2
    codes = np.where(truth == 0, 0, 1 + (np.arange(400) // 2) % 2)
    assert metrics.assigned_accuracy(told(codes, 3), truth).value == pytest.approx(0.75, abs=0.05)


def test_a_cluster_means_its_surest_picture_or_most_of_them():
    truth = np.arange(400) % 2
    clusters = np.where(truth == 0, 0, 1 + (np.arange(400) // 2) % 2)
    known = 0.7 * told(clusters, 3) + 0.1
    assert metrics.cluster_error(known, truth, told(clusters, 3), truth).value == 0.0
    known[1] = (0.98, 0.01, 0.01)  # one picture of class 1 is the surest of cluster 0
    found = metrics.cluster_error(known, truth, told(clusters, 3), truth)
    assert found.value == 0.5
    assert found.error == pytest.approx((0.25 / 399) ** 0.5)
    by_most = metrics.cluster_error(known, truth, told(clusters, 3), truth, by_most=True)
    assert by_most.value == 0.0
    # No picture is in the fourth cluster; it means what its surest one does.
    empty = np.pad(known, ((0, 0), (0, 1)))
    empty[2] = (0.75, 0.1, 0.1, 0.05)
    held_out = told(np.where(truth == 0, 3, 1), 4)
    assert metrics.cluster_error(empty, truth, held_out, truth, by_most=True).value == 0.0
    with pytest.raises(DataError, match="the same clusters"):
        metrics.cluster_error(known, truth, held_out, truth)


def test_the_nearest_code_tells_the_class():
    truth = np.arange(96) % 3
    codes = np.eye(3)[truth] + 0.01 * np.random.default_rng(1).normal(size=(96, 3))
    known, labels = np.eye(3), np.arange(3)
    assert metrics.nearest_neighbour_accuracy(known, labels, codes, truth).value == 1.0
    turned = metrics.nearest_neighbour_accuracy(known, np.roll(labels, 1), codes, truth)
    assert turned.value == 0.0
    assert turned.limit is not None
