"""Metrics against what is known exactly, mostly of Gaussians."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from ganzoo import metrics
from ganzoo.metrics.estimate import Estimate, jackknife
from ganzoo.metrics.frechet import gaussian_distance
from ganzoo.metrics.two_sample import auc


def near(estimate: Estimate, truth: float, errors: float = 4.0) -> bool:
    """Whether the truth lies within a few errors."""
    return abs(estimate.value - truth) < errors * estimate.error


def gaussians(n: int, shift: float = 0.0, scale: float = 1.0, d: int = 3, seed: int = 0):
    """Draw (n, d) reals and as many of another mean and width."""
    random = np.random.default_rng(seed)
    return random.standard_normal((n, d)), shift + scale * random.standard_normal((n, d))


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (12.34, 0.42, "12.3 ± 0.4"),
        (0.89401, 0.00279, "0.8940 ± 0.0028"),
        (5.0, 0.0, "5 ± 0"),
        (1.0, 0.0967, "1.00 ± 0.10"),
        (123456.0, 789.0, "123456 ± 789"),
        (-0.2, 1.5, "-0.2 ± 1.5"),
        (1.234e-6, 4e-8, "(1.23 ± 0.04)e-06"),
        (1e-9, 1.5e-6, "(0.0 ± 1.5)e-06"),
        (0.0, 0.0, "0 ± 0"),
        (math.inf, 1.0, "inf ± 1"),
    ],
)
def test_estimates_print_sensible_digits(value, error, text):
    assert str(Estimate(value, error, 10, "test")) == text


def test_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(0).standard_normal(240)
    value, error = jackknife(np.mean, values, groups=240)
    assert value == pytest.approx(values.mean())
    assert error == pytest.approx(values.std(ddof=1) / math.sqrt(240))


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (0.5, 1.0), (0.3, 2.0)])
def test_frechet(shift, scale):
    truth = 3 * (shift**2 + (scale - 1) ** 2)
    assert gaussian_distance(
        np.zeros(3), np.eye(3), np.full(3, shift), scale**2 * np.eye(3)
    ) == pytest.approx(truth, abs=1e-12)
    assert near(metrics.frechet_distance(*gaussians(4000, shift, scale)), truth)


def test_extrapolation_takes_the_bias_away():
    real, made = gaussians(600, d=30)
    plain = metrics.frechet_distance(real, made, extrapolate=False)
    assert plain.value > 0.5  # the truth is 0
    assert abs(metrics.frechet_distance(real, made).value) < 0.3 * plain.value


def test_kernel_distance_with_the_gaussian_kernel():
    shift, scale, h, d = 0.7, 1.5, 1.0, 2

    def overlap(variance: float, distance: float) -> float:  # E exp(-z^2 / 2 h^2), d dimensions
        width = h**2 + variance
        return (h**2 / width) ** (d / 2) * math.exp(-d * distance**2 / (2 * width))

    truth = overlap(2, 0) + overlap(2 * scale**2, 0) - 2 * overlap(1 + scale**2, shift)
    pair = gaussians(3000, shift, scale, d)
    assert near(metrics.kernel_distance(*pair, kernel="gaussian", bandwidth=h), truth)


def test_kernel_distance_with_the_cubic_kernel():
    # One dimension: E (x y + 1)^3 = sum over the moments.
    shift = 0.5
    moments = np.array([[1, 0, 1, 0], [1, shift, 1 + shift**2, shift**3 + 3 * shift]])
    expected = lambda a, b: np.array([1, 3, 3, 1]) @ (moments[a] * moments[b])  # noqa: E731
    truth = expected(0, 0) + expected(1, 1) - 2 * expected(0, 1)
    assert near(metrics.kernel_distance(*gaussians(4000, shift, d=1)), truth)


def test_manifold_overlap_of_alike_and_of_distant_sets():
    alike = metrics.manifold_overlap(*gaussians(1500))
    assert near(alike["coverage"], 1 - 2**-5)  # Naeem et al. 2020, lemma 2, for n = m
    assert near(alike["density"], 1.0)
    far = metrics.manifold_overlap(*gaussians(300, shift=100.0))
    assert [far[name].value for name in ("precision", "recall", "density", "coverage")] == [0] * 4


def test_sliced_wasserstein_of_a_shift():
    # A shift by s along all d axes moves a projection by s sum(u); its mean modulus is exact in
    # two dimensions: sqrt(2) s E|cos| = sqrt(2) s 2 / pi.
    real, _ = gaussians(500, d=2)
    estimate = metrics.sliced_wasserstein(real, real + 3.0, projections=4000)
    assert estimate.value == pytest.approx(3 * math.sqrt(2) * 2 / math.pi, rel=0.02)
    assert estimate.error < 0.05


@pytest.mark.parametrize("classifier", ["logistic", "trees"])
def test_classifier_auc_of_shifted_gaussians(classifier):
    truth = norm.cdf(1.0 / math.sqrt(2))  # of the best classifier, one dimension, shift 1
    estimate = metrics.classifier_auc(*gaussians(2000, 1.0, d=1), classifier=classifier)
    assert estimate.value < truth + 4 * estimate.error
    assert estimate.value > truth - (4 * estimate.error if classifier == "logistic" else 0.05)
    alike = metrics.classifier_auc(*gaussians(2000), classifier=classifier)
    assert near(alike, 0.5)


def test_auc_by_counting_pairs():
    negatives, positives = np.array([0.0, 1.0, 1.0]), np.array([1.0, 2.0])
    assert auc(negatives, positives)[0] == pytest.approx((1 + 0.5 + 0.5 + 3) / 6)


def test_divergences_of_binned_gaussians():
    real, made = (sample.ravel() for sample in gaussians(100_000, 0.5, d=1))
    edges = np.linspace(-4, 4, 41)
    inner = edges[1:-1]
    p, q = (np.diff([0, *norm.cdf(inner, m), 1]) for m in (0.0, 0.5))
    middle = 0.5 * (p + q)
    truth = {
        "kl_divergence": (p * np.log(p / q)).sum(),
        "jensen_shannon": 0.5 * ((p * np.log(p / middle)).sum() + (q * np.log(q / middle)).sum()),
        "separation_power": 0.5 * ((p - q) ** 2 / (p + q)).sum(),
    }
    for name, value in truth.items():
        assert near(getattr(metrics, name)(real, made, bins=edges), value), name
    assert near(metrics.wasserstein_1(real, made), 0.5)
    assert near(metrics.kolmogorov_smirnov(real, made), 2 * norm.cdf(0.25) - 1)
    alike = np.random.default_rng(5).standard_normal(100_000)
    assert abs(metrics.chi2_per_bin(real, alike).value - 1.0) < 4 * math.sqrt(2 / 50)


@pytest.mark.parametrize("shift", [0.0, 0.1, 1.0, 50.0])
def test_jensen_shannon_keeps_its_bounds(shift):
    real, made = gaussians(500, shift, d=1)
    estimate = metrics.jensen_shannon(real, made)
    assert 0 <= estimate.value <= math.log(2) + 1e-12
    if shift == 50.0:
        assert estimate.value == pytest.approx(math.log(2))
        assert metrics.separation_power(real, made).value == pytest.approx(1.0)
        assert near(metrics.wasserstein_1(real, made), 50.0)  # it sees the distance, JSD does not


def test_classifier_score_at_its_bounds():
    even = np.tile(np.eye(10), (50, 1))
    assert metrics.classifier_score(even).value == pytest.approx(10)
    assert metrics.classifier_score(np.tile(np.eye(10)[:1], (500, 1))).value == pytest.approx(1)
    assert metrics.classifier_score(np.full((500, 10), 0.1)).value == pytest.approx(1)
    assert metrics.requested_accuracy(even, np.tile(np.arange(10), 50)).value == 1
    assert metrics.requested_accuracy(even, np.zeros(500, int)).value == pytest.approx(0.1)
    assert metrics.confidence(even).value == 1


def test_missing_and_over_full_classes():
    real = np.tile(np.eye(4), (250, 1))
    made = np.eye(4)[np.repeat([0, 1, 3], [700, 200, 100])]
    found = metrics.class_shares(real, made)
    assert (found.missing, found.over_full) == ((2,), (0,))
    assert found.findings()[0].startswith("mode collapse: classes 2 are missing; over-full")
    assert metrics.class_distance(real, made).value == pytest.approx(0.45)
    assert not metrics.class_shares(real, real).findings()


def test_events():
    random = np.random.default_rng(0)
    x = random.standard_normal(3000)
    tied = np.stack([x, np.exp(x), random.standard_normal(3000)], axis=1)  # ranks 1, 2 are equal
    loose = random.standard_normal((3000, 3))
    assert metrics.rank_correlations(tied)[0, 1] == pytest.approx(1.0)
    assert near(metrics.correlation_difference(tied, loose), 1 / 3, 6)
    assert metrics.edge_leak(np.linspace(0, 1, 101), high=0.895).value == pytest.approx(11 / 101)
    share = metrics.unphysical_share(np.arange(100) >= 25)
    assert share.value == 0.25
    assert share.error == pytest.approx(math.sqrt(0.25 * 0.75 / 99))
    table = metrics.feature_distances(tied, loose, ["a", "b", "c"])
    assert table["b"]["wasserstein_1"].value > 5 * table["a"]["wasserstein_1"].value
