"""What single histograms do not see, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganzoo import metrics
from ganzoo.errors import DataError
from ganzoo.events.joint import joint_table
from ganzoo.events.truth import sample

NAMES = ("a", "b", "c")


def normal(n: int, rho: float, seed: int) -> np.ndarray:
    """Return three standard normal features, the first two with a correlation."""
    x = np.random.default_rng(seed).standard_normal((n, 3))
    x[:, 1] = rho * x[:, 0] + math.sqrt(1 - rho**2) * x[:, 1]
    return x


def test_chi2_of_pairs_of_one_distribution_is_1():
    means = [
        metrics.pairwise_chi2(normal(4000, 0.6, s), normal(4000, 0.6, 100 + s), NAMES).mean.value
        for s in range(30)
    ]
    assert np.mean(means) == pytest.approx(1.0, abs=0.05)
    uneven = metrics.pairwise_chi2(normal(20_000, 0.6, 1), normal(3000, 0.6, 2), NAMES)
    assert abs(uneven.mean.value - 1.0) < 5 * uneven.mean.error
    assert set(uneven.pairs) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_chi2_of_pairs_sees_a_wrong_correlation_alone():
    """Cells of equal shares: chi2 grows by n sum (p - q)^2 / (p + q), here of four cells."""
    n, rho = 20_000, 0.5
    found = metrics.pairwise_chi2(normal(n, 0.0, 1), normal(n, rho, 2), NAMES, bins=2)
    same = 0.25 + math.asin(rho) / (2 * math.pi)  # P(both above the median)
    cells = np.array([same, 0.5 - same, 0.5 - same, same])
    excess = n * ((cells - 0.25) ** 2 / (cells + 0.25)).sum() / 3
    wrong = found.pairs["a", "b"]
    assert abs(wrong.value - excess) < 4 * wrong.error + 2.0
    assert found.worst.value == wrong.value
    for pair in (("a", "c"), ("b", "c")):
        assert found.pairs[pair].value < 6
    one = metrics.chi2_per_bin(normal(n, 0.0, 1)[:, 1], normal(n, rho, 2)[:, 1])
    assert one.value < 2  # single histograms see nothing


def test_distance_of_correlations():
    found = metrics.correlation_distance(normal(20_000, 0.0, 1), normal(20_000, 0.6, 2))
    assert abs(found.value - 0.6 / math.sqrt(3)) < 4 * found.error
    assert metrics.correlation_distance(normal(500, 0.3, 1), normal(500, 0.3, 1)).value == 0.0
    with pytest.raises(DataError, match="Feature 2 of the generated is constant"):
        metrics.correlation_distance(normal(99, 0.0, 1), normal(99, 0.0, 1) * [1.0, 1.0, 0.0])


def test_nearest_neighbours_tell_copies():
    training, new, other = (normal(3000, 0.0, s) for s in (1, 2, 3))
    same = metrics.neighbour_ratio(training, other, new)
    assert abs(same.value - 1.0) < 4 * same.error
    copies = metrics.neighbour_ratio(training, training[:1000], new)
    assert copies.value == pytest.approx(0.0, abs=1e-6)
    half = np.concatenate([training[:1000], other[:1000]])
    assert metrics.neighbour_ratio(training, half, new).value == pytest.approx(0.5, abs=0.05)
    assert metrics.neighbour_ratio(training, other + 50.0, new).value > 100


def test_w1p_of_shifted_features():
    """W1 of a shift is the shift: here 0.3, 0 and 0.6 on average 0.3, and a floor of the 0."""
    x = normal(20_000, 0.0, 1)
    exact = metrics.w1p(x, x + np.array([0.3, 0.0, 0.6]))
    floor = metrics.w1p(x, normal(20_000, 0.0, 2))
    assert abs(exact.value - 0.3) < 4 * exact.error + floor.value
    assert floor.value < 0.03
    assert exact.method == "5 batches"
    uniform = np.random.default_rng(0).random((50_000, 1))
    wide = metrics.w1p(uniform, 2.0 * np.random.default_rng(1).random((50_000, 1)))
    assert abs(wide.value - 0.5) < 5 * wide.error  # of U(0, 1) and U(0, 2): 1/2
    with pytest.raises(DataError, match="At least 240"):
        metrics.w1p(x[:100], x[:100])


def test_what_cannot_be_measured():
    with pytest.raises(DataError, match="a name for each; got 3 features and 2 names"):
        metrics.pairwise_chi2(normal(99, 0.0, 1), normal(99, 0.0, 2), ("a", "b"))


def test_the_table_of_events():
    pytest.importorskip("scipy", reason="SciPy (extra `metrics`) is not installed")
    shipped = sample()
    px, py, pz = shipped.momenta.T
    turned = np.stack([py, -px, pz], axis=1)[:2000]  # about the beam: as good
    table = joint_table(turned, shipped.momenta, shipped.beams)
    for row in table.rows.values():
        assert np.isfinite([row.estimate.value, row.estimate.error, row.floor.value]).all()
    assert len(table.details) == 36
    mixed = np.stack([px, py, np.random.default_rng(0).permutation(pz)], axis=1)[:2000]
    broken = joint_table(mixed, shipped.momenta, shipped.beams)
    assert broken.rows["chi2_pairs_worst"].excess() > 3
    assert broken.rows["correlation_distance"].excess() > 4
    with pytest.raises(DataError, match="At least 1000 generated and 2000 true events"):
        joint_table(mixed[:10], shipped.momenta, shipped.beams)
