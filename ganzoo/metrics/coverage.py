"""Is the spread between trainings the error of a generator? Coverage of the truth, bin by bin.

K generators that were trained alike, from K seeds, make n events each. Their standard deviation in
a bin is an error of the training, if it says how far a training is from the truth. This is counted:
the share of bins in which a training is within k standard errors of the truth. It is what the
coverage of a Bayesian or an ensembled generator is in Bieringer et al. 2024, Calibrating Bayesian
Generative Machine Learning for Bayesiamplification, arXiv:2408.00838, here at one and two sigma.
What all trainings have in common, such as a recipe that is too short, is in no spread; the coverage
is then too low. (The share of real examples with a generated neighbour, which `manifold_overlap`
calls coverage, is another thing.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.extras import require
from ganzoo.metrics.estimate import Estimate, share_estimate

MEMBER, MEAN = "member", "mean"
SIGMAS = (1.0, 2.0)
LEAST_MEMBERS, LEAST_COUNT = 3, 10
_POINTS = 200  # of the chi2 distribution, over which the expectation is averaged


@dataclass(frozen=True)
class Coverage:
    """Members against the truth in each bin, as shares of all events.

    Attributes:
        mean: Mean of the members, (bins,).
        truth: Share of the true events, (bins,).
        band: Standard deviation between the members, with K - 1 in the denominator, (bins,). It
            holds the fluctuation of their n events too.
        fluctuation: What n events alone would spread, sqrt(p (1 - p) / n), (bins,). If it is not
            far below the band, the members need more events.
        statistical: Error of the true counts, sqrt(p (1 - p) / N), (bins,).
        pulls: (member - truth) / sqrt(band^2 + statistical^2), (K, bins), where the band is that
            of the other members; of the mean (1, bins), with the band of all. NaN in bins that are
            not used.
        expected: By number of sigmas, what a perfect band reaches; see `coverage`.
    """

    mean: np.ndarray
    truth: np.ndarray
    band: np.ndarray
    fluctuation: np.ndarray
    statistical: np.ndarray
    pulls: np.ndarray
    expected: dict[float, float]

    @property
    def used(self) -> np.ndarray:
        """Which bins are used, booleans (bins,)."""
        return np.isfinite(self.pulls[0])

    def within(self, sigmas: float = 1.0) -> np.ndarray:
        """Return for each used bin the share of members within so many errors: (used bins,)."""
        return (np.abs(self.pulls[:, self.used]) <= sigmas).mean(axis=0)

    def share(self, sigmas: float = 1.0) -> Estimate:
        """Return the coverage: the share of members and bins within so many errors of the truth.

        The error is the binomial one of as many trials as there are used bins: members in one bin
        have the truth in common, and are not counted as trials of their own. Neighbouring bins of a
        smooth distortion hang together too, and then it is too small. Where no bin or all bins are
        within, it is the limit at 68 %.
        """
        within = self.within(sigmas)
        value, n = float(within.mean()), len(within)
        if value in (0.0, 1.0):
            return Estimate(value, share_estimate(np.zeros(n, bool)).error, n, "binomial, bins")
        return Estimate(value, float(np.sqrt(value * (1 - value) / (n - 1))), n, "binomial, bins")


def coverage(
    members: Any,
    truth: Any,
    *,
    of: str = MEMBER,
    sigmas: Sequence[float] = SIGMAS,
    least: int = LEAST_COUNT,
) -> Coverage:
    """Return how often the spread between trainings covers the truth.

    A perfect band is that of members which scatter about the truth, independently and normally. It
    is estimated from few members, so that the share within one sigma is not 0.683 but a little
    lower. With `of="member"` each member is compared with the band of the K - 1 others: if the
    band is all there is, the pull is Student's t with K - 2 degrees of freedom, and the share
    within one sigma is 0.644 for K = 8. With `of="mean"` their mean is compared with the band of
    all K; it scatters sqrt(K) times less than a member, so that the expectation is higher: 0.975
    for K = 8, and a share below says that the members miss the truth together. The error of the
    true counts is known and not estimated; the expectation is averaged over the bins by what the
    band contributes to the error in each.

    Args:
        members: Counts of each of K members' events per bin, shape (K, bins), K >= 3; each member's
            events are all in a bin, and as many as the other members'.
        truth: Counts of N true events per bin, shape (bins,).
        of: "member" or "mean": what is compared with the truth.
        sigmas: Numbers of standard errors, for which `expected` is computed.
        least: True events in a bin that is used, at least; errors are not normal below.

    Raises:
        DataError: Counts of other shapes, negative ones, fewer than three members, or fewer than
            two bins with so many true events.
        InvalidArgumentError: `of` is something else, or a number of sigmas that is not > 0.
        MissingExtraError: SciPy is not installed.
    """
    if of not in (MEMBER, MEAN):
        raise InvalidArgumentError(f'of must be "{MEMBER}" or "{MEAN}"; got {of!r}.')
    if not len(sigmas) or not min(sigmas) > 0:
        raise InvalidArgumentError(f"sigmas must be numbers > 0; got {sigmas!r}.")
    made, true, used = _checked(members, truth, check_count("least", least))
    n, total = made.sum(axis=1).mean(), true.sum()
    shares, p = made / made.sum(axis=1, keepdims=True), true / total
    mean, band = shares.mean(axis=0), shares.std(axis=0, ddof=1)
    statistical = np.sqrt(p * (1.0 - p) / total)
    count = len(shares)
    if of == MEMBER:
        compared = shares
        others = [shares[np.arange(count) != k].std(axis=0, ddof=1) for k in range(count)]
        errors, freedom, scatter = np.stack(others), count - 2, 1.0
    else:
        compared, errors = mean[None], band[None]
        freedom, scatter = count - 1, 1.0 / count
    with np.errstate(divide="ignore", invalid="ignore"):
        pulls = (compared - p) / np.hypot(errors, statistical)
    pulls[:, ~used] = np.nan
    part = band[used] ** 2 / (band[used] ** 2 + statistical[used] ** 2)
    return Coverage(
        mean,
        p,
        band,
        np.sqrt(mean * (1.0 - mean) / n),
        statistical,
        pulls,
        {float(k): expectation(k, part, freedom, scatter) for k in sigmas},
    )


def joined(coverages: Sequence[Coverage]) -> Coverage:
    """Return several histograms' bins as those of one.

    Bins of several quantities of the same events hang together; the error of their common share is
    that of independent ones.
    """
    columns = ("mean", "truth", "band", "fluctuation", "statistical", "pulls")
    arrays = {
        name: np.concatenate([getattr(one, name) for one in coverages], axis=-1) for name in columns
    }
    bins = np.array([one.used.sum() for one in coverages])
    expected = {
        sigmas: float(np.average([one.expected[sigmas] for one in coverages], weights=bins))
        for sigmas in coverages[0].expected
    }
    return Coverage(**arrays, expected=expected)


def expectation(sigmas: float, part: Any, freedom: int, scatter: float = 1.0) -> float:
    """Return the share within `sigmas` errors where the band is perfect, the mean over bins.

    The deviation is normal with variance scatter f + 1 - f, where f is what the band contributes
    to the squared error. It is compared with the root of u f + 1 - f, where u is the estimate of
    the band's square, a chi2 of `freedom` degrees over their number. The mean of
    2 Phi(sigmas sqrt(...) / sqrt(...)) - 1 is taken over u at 200 quantiles of equal probability.

    Args:
        sigmas: Number of standard errors, > 0.
        part: f of each bin, from 0 to 1, shape (bins,).
        freedom: Degrees of freedom of the band, >= 1.
        scatter: Variance of what is compared over that of a member: 1, or 1 / K of a mean.
    """
    require("scipy", "the expected coverage")
    from scipy.special import chdtri, erf

    middles = (np.arange(_POINTS) + 0.5) / _POINTS
    u = chdtri(freedom, middles)[:, None] / freedom
    f = np.atleast_1d(np.asarray(part, np.float64))
    ratio = np.sqrt((u * f + 1.0 - f) / (scatter * f + 1.0 - f))
    return float(erf(sigmas * ratio / np.sqrt(2.0)).mean())


def _checked(members: Any, truth: Any, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    made, true = np.asarray(members, np.float64), np.asarray(truth, np.float64)
    if made.ndim != 2 or true.shape != made.shape[1:]:
        raise DataError(
            "Coverage needs counts of members (K, bins) and of the truth (bins,); got "
            f"{made.shape} and {true.shape}."
        )
    if len(made) < LEAST_MEMBERS:
        raise DataError(f"Coverage needs {LEAST_MEMBERS} members or more; got {len(made)}.")
    for what, counts in (("members'", made), ("true", true)):
        if not (np.isfinite(counts).all() and (counts >= 0).all() and counts.sum(axis=-1).all()):
            raise DataError(f"The {what} counts must be >= 0, some of them > 0.")
    totals = made.sum(axis=1)
    if totals.max() > 1.001 * totals.min():  # the fluctuation stated is that of one number
        raise DataError(
            f"Members must have as many events each; got from {totals.min():g} to {totals.max():g}."
        )
    used = true >= least
    if used.sum() < 2:
        raise DataError(
            f"Coverage needs two bins with {least} true events or more; got {int(used.sum())}."
        )
    return made, true, used
