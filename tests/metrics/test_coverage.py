"""Coverage of a band between trainings, on toys whose right answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from ganzoo import metrics
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.metrics.coverage import expectation, joined

BINS = 400


def toy(
    members: int, spread: float, bias: float = 0.0, *, true: int = 10**9, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return counts of members that scatter about the truth, and of N true events.

    Args:
        members: How many.
        spread: Relative deviation of a member from the centre of all.
        bias: Relative deviation of that centre from the truth, the sign by chance.
        true: N; members have 10^12 events each, whose own fluctuation is nothing.
        seed: Seeds all.
    """
    random = np.random.default_rng(seed)
    p = np.full(BINS, 1.0 / BINS)
    centre = p * (1.0 + bias * random.choice([-1.0, 1.0], BINS))
    shares = centre * (1.0 + spread * random.standard_normal((members, BINS)))
    counts = np.round(1e12 * shares / shares.sum(axis=1, keepdims=True))
    counts[:, 0] += 1e12 - counts.sum(axis=1)
    return counts, random.multinomial(true, p)


@pytest.mark.parametrize("members", [3, 8, 30])
def test_a_band_of_members_about_the_truth_covers_as_student_says(members):
    found = metrics.coverage(*toy(members, 0.03))
    assert np.sqrt((found.band**2).mean()) == pytest.approx(0.03 / BINS, rel=0.1)
    for sigmas in (1.0, 2.0):
        perfect = 2 * student.cdf(sigmas, members - 2) - 1
        assert found.expected[sigmas] == pytest.approx(perfect, abs=0.005)
        share = found.share(sigmas)
        assert share.n == BINS
        assert abs(share.value - perfect) < 3 * share.error
    if members == 30:
        assert found.expected[1.0] == pytest.approx(0.683, abs=0.01)


def test_the_mean_of_members_is_nearer_than_one_of_them():
    found = metrics.coverage(*toy(8, 0.03), of="mean")
    perfect = 2 * student.cdf(np.sqrt(8), 7) - 1
    assert found.expected[1.0] == pytest.approx(perfect, abs=0.002)
    assert abs(found.share().value - perfect) < 3 * np.sqrt(perfect * (1 - perfect) / BINS)
    assert found.pulls.shape == (1, BINS)


@pytest.mark.parametrize("of", ["member", "mean"])
def test_half_of_the_error_may_be_that_of_the_true_counts(of):
    true = round(BINS / 0.03**2)  # a relative error of 0.03 in each bin, as large as the spread
    found = metrics.coverage(*toy(8, 0.03, true=true), of=of)
    assert np.median(found.band / found.statistical) == pytest.approx(1.0, abs=0.1)
    members, *_ = found.pulls.shape
    for sigmas in (1.0, 2.0):
        shares = [
            metrics.coverage(*toy(8, 0.03, true=true, seed=seed), of=of).share(sigmas).value
            for seed in range(1, 21)
        ]
        error = np.std(shares, ddof=1) / np.sqrt(20)
        assert np.mean(shares) == pytest.approx(found.expected[sigmas], abs=3 * error + 0.004)
        # The stated error is that of repetitions, or a little more.
        assert 0.7 * np.std(shares) < found.share(sigmas).error < 2.5 * np.std(shares)
    assert members == (8 if of == "member" else 1)


def test_a_bias_that_members_share_is_not_covered():
    for bias, of in ((0.06, "member"), (0.06, "mean")):
        found = metrics.coverage(*toy(8, 0.03, bias), of=of)
        share = found.share()
        assert share.value < found.expected[1.0] - 5 * share.error
    far = metrics.coverage(*toy(8, 0.03, 0.9))
    assert far.share(2.0).value == 0.0
    assert far.share(2.0).error > 0


def test_too_wide_a_band_covers_too_much():
    counts, truth = toy(8, 0.03)
    centre = counts.mean(axis=0)
    wide = np.round(centre + 3.0 * (counts - centre))  # the mean stays, the band is tripled
    found = metrics.coverage(wide, truth, of="mean")
    assert found.share().value == 1.0
    assert found.share().error > 0
    assert found.share().value > found.expected[1.0]


def test_bins_of_several_histograms_and_bins_without_events():
    counts, truth = toy(4, 0.03)
    one = metrics.coverage(counts, truth)
    truth[:100] = 9
    other = metrics.coverage(counts, truth)
    assert other.used.sum() == BINS - 100
    assert np.isnan(other.pulls[:, 0]).all()
    both = joined([one, other])
    assert both.used.sum() == 2 * BINS - 100
    weighed = (one.share().value * BINS + other.share().value * 300) / 700
    assert both.share().value == pytest.approx(weighed)
    assert both.expected[1.0] == pytest.approx(one.expected[1.0], abs=0.01)


def test_what_events_alone_spread():
    random = np.random.default_rng(3)
    p = np.full(BINS, 1.0 / BINS)
    counts = random.multinomial(1_000_000, p, size=8)
    found = metrics.coverage(counts, random.multinomial(1_000_000, p))
    ratio = (found.band / found.fluctuation) ** 2
    assert ratio.mean() == pytest.approx(1.0, abs=0.1)
    assert abs(found.share().value - found.expected[1.0]) < 3 * found.share().error


def test_expectation():
    assert expectation(1.0, [0.0], 6) == pytest.approx(0.6827, abs=1e-4)
    assert expectation(1.0, [1.0], 1000) == pytest.approx(0.6827, abs=1e-3)
    assert expectation(1.0, [0.0, 1.0], 6) == pytest.approx((0.6827 + 0.6441) / 2, abs=1e-3)


@pytest.mark.parametrize(
    ("members", "truth", "options", "error", "part"),
    [
        (np.ones((2, 5)), np.full(5, 20), {}, DataError, "3 members or more; got 2"),
        (np.ones((3, 5)), np.full(4, 20), {}, DataError, r"got \(3, 5\) and \(4,\)"),
        (np.ones((3, 5)), np.full(5, 2), {}, DataError, "10 true events or more; got 0"),
        (-np.ones((3, 5)), np.full(5, 20), {}, DataError, "members' counts must be >= 0"),
        (np.zeros((3, 5)), np.full(5, 20), {}, DataError, "some of them > 0"),
        (np.eye(3, 5) + np.ones((3, 1)) * [[0], [0], [1]], np.full(5, 20), {}, DataError,
         "as many events each; got from 1 to 6"),
        (np.ones((3, 5)), np.full(5, 20), {"of": "median"}, InvalidArgumentError,
         '"member" or "mean"; got \'median\''),
        (np.ones((3, 5)), np.full(5, 20), {"sigmas": (0.0,)}, InvalidArgumentError, "> 0"),
    ],
)  # fmt: skip
def test_what_is_refused(members, truth, options, error, part):
    with pytest.raises(error, match=part):
        metrics.coverage(members, truth, **options)
