"""A weight for each generated event, by boosted trees that tell it from true ones.

The classifier sees the nine quantities of `ganzoo.events.panels`, as that of the report does. See
`ganzoo.metrics.weights` for what a weight is, and for what it cannot do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.events import panels
from ganzoo.events.arrays import FIELDS, WEIGHT, WEIGHTED_DTYPE
from ganzoo.events.kinematics import Beams
from ganzoo.events.panels import PANELS
from ganzoo.metrics.weights import FOLDS, TREES, Weigh, classifier_weights, density_ratio

FIT_EVENTS = 100_000  # generated ones that train the classifier of `ganzoo sample --weights`
FIT_SEED = 2**64 + 2020  # of their latents: none of a run of another seed are among them


def event_weights(
    generated: Any,
    true: Any,
    beams: Beams,
    *,
    classifier: Any = TREES,
    folds: int = FOLDS,
    seed: int = 0,
) -> np.ndarray:
    """Return a weight for each generated event, float64 (n,); their mean is about 1.

    No event is weighed by a classifier that was trained on it. `metrics.effective_size` says what
    the weighted events are worth.

    Args:
        generated, true: (px, py, pz) in GeV, shapes (n, 3) and (m, 3), 100 or more. Compare the
            weighted events with other true ones than these.
        beams: Energies of the beams in GeV.
        classifier, folds, seed: As for `metrics.classifier_weights`.

    Raises:
        DataError, InvalidArgumentError, MissingExtraError: As for `metrics.classifier_weights`.
    """
    real, made = (panels.features(_momenta(momenta), beams) for momenta in (true, generated))
    return classifier_weights(real, made, classifier=classifier, folds=folds, seed=seed)


def fitted(gan: Any, true: Any, *, seed: int | None = None, n: int = FIT_EVENTS) -> Weigh:
    """Return the function from momenta (n, 3) in GeV of a GAN's events to their weights (n,).

    Its classifier is trained once, on events that the GAN makes of latents of their own: any number
    of others can be weighed, in any parts, and none of them was seen by it.

    Args:
        gan: A GAN of events.
        true: (px, py, pz) in GeV, shape (m, 3), of the GAN's beams.
        seed: That of the run whose events are weighed, which these latents avoid.
        n: Events that the GAN makes for the training.
    """
    own = FIT_SEED if seed != FIT_SEED else FIT_SEED + 1
    beams: Beams = gan.beams
    real, made = panels.features(_momenta(true), beams), panels.features(gan.sample(n, own), beams)
    ratio = density_ratio(real, made)
    return lambda momenta: ratio(panels.features(_momenta(momenta), beams))


class Weigher:
    """Weighs a stream of events, and counts what they are worth: `ganzoo sample --weights`.

    Args:
        gan: The GAN that makes them.
        true: (px, py, pz) in GeV, shape (m, 3), of its beams.
        reference: What the true events are called.
        seed: That of the run.
    """

    def __init__(self, gan: Any, true: Any, reference: str, seed: int | None) -> None:
        self._ratio = fitted(gan, true, seed=seed)
        self._facts = {
            "weight_classifier": TREES,
            "weight_reference": reference,
            "weight_true_events": len(true),
        }
        self._sums, self.n = np.zeros(2), 0

    @property
    def effective(self) -> float:
        """(sum w)^2 / sum w^2 of all events so far; 0 before the first."""
        return float(self._sums[0] ** 2 / self._sums[1]) if self.n else 0.0

    def weighed(self, events: np.ndarray) -> np.ndarray:
        """Return a structured array (px, py, pz, E) in GeV with a further field, `weight`."""
        made = np.empty(len(events), WEIGHTED_DTYPE)
        for name in FIELDS:
            made[name] = events[name]
        if len(events):
            made[WEIGHT] = self._ratio(np.stack([events[name] for name in FIELDS[:3]], axis=-1))
        self._sums += made[WEIGHT].sum(), (made[WEIGHT] ** 2).sum()
        self.n += len(events)
        return made

    def metadata(self) -> dict[str, Any]:
        """Return what a file should state of the weights: the classifier's truth, and the size."""
        return {**self._facts, **({"effective_events": self.effective} if self.n else {})}

    def line(self) -> str:
        """Return what the user is told."""
        return (
            f"weights of mean {self._sums[0] / max(self.n, 1):.4g}: {self.n} events are worth "
            f"{self.effective:.0f} ({self.effective / max(self.n, 1):.1%}), (sum w)^2 / sum w^2; "
            f"compared with {self._facts['weight_reference']}"
        )


def weighted_chi2(
    true: dict[str, np.ndarray],
    generated: dict[str, np.ndarray],
    weights: Any,
    edges: dict[str, np.ndarray] | None = None,
) -> dict[str, float]:
    """Return chi2 per bin of weighted events in every panel; 1 is expected of perfect weights.

    sum (p - q)^2 / (p / N + sum w^2 / (sum w)^2) over bins, less one, with p and q the shares of
    true and of weighted events (Gagunashvili 2010, NIM A 614, 287). For weights of 1 it is close to
    that of `panels.distances`. What the classifier does not know is in no error.

    Args:
        true, generated: What `panels.quantities` returned, of N and n events.
        weights: Of the generated events, shape (n,).
        edges: Of `panels.bin_edges`; from the truth by default.

    Raises:
        DataError: Another number of weights than of events.
    """
    w = np.asarray(weights, np.float64)
    if w.shape != generated["px"].shape:
        raise DataError(
            f"There must be a weight for each event, shape {generated['px'].shape}; got {w.shape}."
        )
    edges = panels.bin_edges(true) if edges is None else edges
    found = {}
    for panel in PANELS:
        bins, total = edges[panel], len(true[panel])
        p = panels.counts(true[panel], bins) / total
        q, q2 = (panels.counts(generated[panel], bins, x) for x in (w, w**2))
        variance = p / total + q2 / w.sum() ** 2
        filled = variance > 0
        squares = (p - q / w.sum())[filled] ** 2 / variance[filled]
        found[panel] = float(squares.sum() / max(filled.sum() - 1, 1))
    return found


def _momenta(values: Any) -> np.ndarray:
    momenta = np.asarray(values, np.float64)
    if momenta.ndim != 2 or momenta.shape[1] != 3:
        raise DataError(f"Momenta must have shape (n, 3), px, py, pz in GeV; got {momenta.shape}.")
    return momenta
