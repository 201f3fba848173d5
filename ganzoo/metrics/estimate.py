"""`Estimate`: a measured number with its error, and the delete-a-group jackknife.

The bootstrap repeats examples. A repeated example has a neighbour at distance 0 and lowers the
rank of a covariance, which biases distances between data sets. The jackknife only leaves
examples out (Quenouille 1956; Efron and Stein 1981, Ann. Statist. 9, 586):
with g groups and the statistic t_i without group i,

    error^2 = (g - 1) / g * sum_i (t_i - mean(t))^2.

It is conservative. In 200 repetitions with Gaussians the interval covered the truth in 64 to
73 % of them; in up to 83 % for precision to coverage (errors a third too large), and in up to 86 %
where both sets are alike, as in the floors: there the distances are quadratic in the fluctuations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ganzoo.random import random_generator

GROUPS = 24  # divisible by 2, 3 and 4, into which the Fréchet extrapolation cuts the data


@dataclass(frozen=True)
class Estimate:
    """A value, its standard error, and how both were found.

    Attributes:
        value: What was measured.
        error: One standard deviation of `value` over repetitions with other samples.
        n: Number of generated examples used.
        method: How the error was computed, in a few words.
        limit: For a share with no case observed: the upper limit at 95 % confidence.
    """

    value: float
    error: float
    n: int
    method: str
    limit: float | None = None

    def __str__(self) -> str:
        """Return `12.3 ± 0.4`: two digits of the error where they begin with 1 to 3.54, else one.

        The rule is that of the Particle Data Group (Review of Particle Physics, introduction). A
        share with no case observed is `< 3e-05 (95 %)`.
        """
        if self.limit is not None:
            return f"< {self.limit:.2g} (95 %)"
        if not (math.isfinite(self.value) and math.isfinite(self.error)):
            return f"{self.value:g} ± {self.error:g}"
        largest = max(abs(self.value), self.error)
        exponent = math.floor(math.log10(largest)) if largest else 0
        if -4 <= exponent <= 6:
            return _rounded(self.value, self.error)
        scale = 10.0**exponent
        return f"({_rounded(self.value / scale, self.error / scale)})e{exponent:+03d}"

    def as_dict(self) -> dict[str, float | int | str]:
        """Return the attributes, for JSON; the limit where there is one."""
        plain: dict[str, float | int | str] = {
            "value": self.value, "error": self.error, "n": self.n, "method": self.method,
        }  # fmt: skip
        return plain if self.limit is None else {**plain, "limit": self.limit}


def _rounded(value: float, error: float) -> str:
    if error <= 1e-12 * abs(value):  # rounding of the arithmetic
        return f"{value:.4g} ± 0"
    exponent = math.floor(math.log10(error))
    leading = round(error / 10.0 ** (exponent - 2))  # three digits, 100 to 1000
    digits = 1 if 355 <= leading < 950 else 2
    if leading >= 950:
        exponent += 1
    decimals = max(0, digits - 1 - exponent)
    return f"{value:.{decimals}f} ± {error:.{decimals}f}"


def share_estimate(seen: np.ndarray) -> Estimate:
    """Return the share of True, with the binomial error.

    If no case was observed in n examples, the share is below 1 - 0.05^(1/n), about 3 / n, at 95 %
    confidence (Clopper and Pearson 1934, Biometrika 26, 404), and that is what is printed; the
    error is the same limit at 68 %.

    Args:
        seen: Booleans (n,), n >= 2.
    """
    n, value = len(seen), float(seen.mean())
    if not seen.any():
        error, limit = (float(-np.expm1(np.log(left) / n)) for left in (0.32, 0.05))
        return Estimate(0.0, error, n, "binomial", limit)
    return Estimate(value, math.sqrt(value * (1.0 - value) / (n - 1)), n, "binomial")


def group_labels(n: int, groups: int = GROUPS, seed: int = 0) -> np.ndarray:
    """Return a group from 0 to `groups` - 1 for each of `n` examples, at random, evenly: (n,)."""
    return random_generator(seed).permutation(n) % groups


def jackknife_error(replicates: Sequence[float] | np.ndarray) -> float:
    """Return the error from the statistics with one group left out each."""
    values = np.asarray(replicates, np.float64)
    return float(np.sqrt((len(values) - 1) * values.var()))


def jackknife(
    statistic: Callable[..., float],
    *arrays: np.ndarray,
    groups: int = GROUPS,
    seed: int = 0,
) -> tuple[float, float]:
    """Return a statistic of one or more independent samples, and its error.

    The i-th groups of all samples are left out together: independent samples add their variances.

    Args:
        statistic: Takes as many arrays as are given; returns a number.
        *arrays: Examples along the first axis, at least two per group.
        groups: Number of groups.
        seed: Seeds the assignment to groups.
    """
    labels = [group_labels(len(a), groups, seed + i) for i, a in enumerate(arrays)]
    replicates = [
        statistic(*(a[own != group] for a, own in zip(arrays, labels, strict=True)))
        for group in range(groups)
    ]
    return float(statistic(*arrays)), jackknife_error(replicates)


def grouped_mean(values: np.ndarray, groups: np.ndarray) -> Estimate:
    """Return the mean of one number per example where some of the examples hang together.

    Args:
        values: Shape (n,).
        groups: Integers (n,): which examples are of one group, as the pictures of one character.
            The error is that of other groups, by the jackknife that leaves out one at a time.
    """
    _, index = np.unique(groups, return_inverse=True)
    counts, sums = np.bincount(index), np.bincount(index, values)
    without = (sums.sum() - sums) / (len(values) - counts)
    error = jackknife_error(without)
    return Estimate(float(np.mean(values)), error, len(values), "jackknife over groups")
