"""Pictures with classes: what a classifier of the real data says of generated ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.metrics.estimate import Estimate, jackknife
from ganzoo.metrics.inputs import LEAST, examples
from ganzoo.metrics.pictures import mean_estimate

MISSING, OVER_FULL = 0.1, 2.0  # share of a class over its share in real data
SIGNIFICANT = 5.0  # errors


def classifier_score(probabilities: Any, *, seed: int = 0) -> Estimate:
    """Return exp(E KL(p(y|x) || p(y))), from 1 to the number of classes; higher is better.

    Salimans et al. 2016, arXiv:1606.03498 ("inception score", here with a classifier of the
    data's own). It rewards confident answers and equal class shares, and ignores variety within
    a class.

    Args:
        probabilities: Of each class for each generated example, shape (n, classes), rows sum to 1.
        seed: Seeds the jackknife's groups.

    Raises:
        DataError: Fewer than 48 examples, or rows that are no probabilities.
    """
    rows = examples("probabilities", check_probabilities(probabilities))

    def score(p: np.ndarray) -> float:
        marginal = p.mean(axis=0)
        terms = p * np.log(np.where(p > 0, p, 1.0) / np.where(marginal > 0, marginal, 1.0))
        return float(np.exp(terms.sum(axis=1).mean()))

    value, error = jackknife(score, rows, seed=seed)
    return Estimate(value, error, len(rows), "jackknife")


def confidence(probabilities: Any) -> Estimate:
    """Return the mean probability of the most probable class; higher is better."""
    rows = examples("probabilities", check_probabilities(probabilities))
    return mean_estimate(rows.max(axis=1))


def requested_accuracy(probabilities: Any, labels: Any) -> Estimate:
    """Return how often the classifier finds the requested class; higher is better.

    Args:
        probabilities: Shape (n, classes).
        labels: The requested classes, integers (n,).
    """
    rows = check_probabilities(probabilities)
    asked = np.asarray(labels)
    if asked.shape != (len(rows),) or asked.dtype.kind not in "iu":
        raise DataError(
            f"labels must be integers of shape ({len(rows)},); got {asked.dtype} of shape "
            f"{asked.shape}."
        )
    if len(rows) < LEAST:
        raise DataError(f"At least {LEAST} examples are needed; got {len(rows)}.")
    return mean_estimate((rows.argmax(axis=1) == asked).astype(np.float64))


@dataclass(frozen=True)
class ClassShares:
    """How often each class occurs.

    Attributes:
        shares: Of each class among generated examples.
        real: Of each class among real ones.
        missing: Classes with less than a tenth of their real share.
        over_full: Classes with more than twice their real share.
    """

    shares: tuple[Estimate, ...]
    real: tuple[float, ...]
    missing: tuple[int, ...]
    over_full: tuple[int, ...]

    def findings(self) -> list[str]:
        """Return a sentence that names the mode collapse, if there is one."""
        parts = []
        if self.missing:
            parts.append(f"classes {', '.join(map(str, self.missing))} are missing")
        if self.over_full:
            told = [f"{c} ({self.shares[c]}, real {self.real[c]:.3f})" for c in self.over_full]
            parts.append(f"over-full classes: {', '.join(told)}")
        return [f"mode collapse: {'; '.join(parts)}"] if self.missing else parts


def class_shares(real: Any, generated: Any) -> ClassShares:
    """Count classes; a missing or over-full one differs from its real share by 5 errors too.

    Args:
        real, generated: Probabilities (n, classes) and (m, classes).
    """
    first, second = check_probabilities(real), check_probabilities(generated)
    if first.shape[1] != second.shape[1] or min(len(first), len(second)) < LEAST:
        raise DataError(
            f"At least {LEAST} rows of equally many classes are needed; got {first.shape} and "
            f"{second.shape}."
        )
    classes = np.arange(first.shape[1])
    truth = (first.argmax(axis=1)[:, None] == classes).mean(axis=0)
    hits = (second.argmax(axis=1)[:, None] == classes).astype(np.float64)
    shares = [mean_estimate(column) for column in hits.T]
    # The error that the real share would have with as many generated examples.
    errors = np.sqrt(truth * (1 - truth) / len(second)) + 1e-12
    found = np.array([share.value for share in shares])
    far = np.abs(found - truth) > SIGNIFICANT * errors
    return ClassShares(
        tuple(shares),
        tuple(float(share) for share in truth),
        tuple(int(c) for c in classes[far & (found < MISSING * truth)]),
        tuple(int(c) for c in classes[far & (found > OVER_FULL * truth)]),
    )


def class_distance(real: Any, generated: Any, *, seed: int = 0) -> Estimate:
    """Return sum |share - real share| / 2 over classes, 0 to 1; lower is better.

    Args:
        real, generated: Probabilities (n, classes) and (m, classes).
        seed: Seeds the jackknife's groups.
    """
    chosen = [check_probabilities(p).argmax(axis=1) for p in (real, generated)]
    classes = np.arange(np.shape(real)[1])
    first, second = (
        examples("probabilities", (labels[:, None] == classes).astype(np.float64))
        for labels in chosen
    )

    def distance(a: np.ndarray, b: np.ndarray) -> float:
        return float(0.5 * np.abs(a.mean(axis=0) - b.mean(axis=0)).sum())

    value, error = jackknife(distance, first, second, seed=seed)
    return Estimate(value, error, len(second), "jackknife")


def check_probabilities(values: Any) -> np.ndarray:
    """Return float64 (n, classes) with rows that sum to 1; refuse anything else."""
    rows = np.asarray(values, np.float64)
    if rows.ndim != 2 or rows.shape[1] < 2:
        raise DataError(f"Probabilities must have shape (n, classes); got {rows.shape}.")
    if not ((rows >= 0).all() and np.allclose(rows.sum(axis=1), 1.0, atol=1e-4)):
        raise DataError("Probabilities must be 0 or more and sum to 1 in each row.")
    return rows
