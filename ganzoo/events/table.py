"""The table of a generator of electron events: real against generated, floors beside it.

Momenta in, `metrics.Table` out; no model is known here. All metrics are those of `ganzoo.metrics`,
of the nine quantities in `ganzoo.events.panels`. The jackknife's errors of the panels' distances
covered the truth in 70 to 79 % of 150 repetitions with 2,000 of Pythia's electrons, once smeared
and once not, and in 82 to 90 % where both samples were alike, as in the floors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ganzoo import metrics
from ganzoo.errors import DataError
from ganzoo.events import panels
from ganzoo.events.kinematics import Beams
from ganzoo.events.panels import PANELS
from ganzoo.metrics.estimate import GROUPS, Estimate, group_labels, jackknife_error, share_estimate
from ganzoo.metrics.inputs import examples
from ganzoo.metrics.per_feature import CumulativeGaps, two_sample_chi2
from ganzoo.metrics.picture_table import collapse
from ganzoo.metrics.table import FLOOR, HIGHER, LOWER, Row, Table

MEASURES = {"chi2_per_bin": "chi2/bin", "ks": "KS distance", "w1_over_sigma": "W1 / sigma"}
CLASSIFIED = 50_000  # events of each set that the classifier sees
SCARCE = 0.1  # of the real density, below which hardly any events are generated
COUNTED = 10  # real events in a bin that is looked at
LEAST_MISSING = 0.05  # share of real events there, from which on it is a mode collapse
LEAST_REPEATED = 0.01
_TITLES = {
    "chi2_worst": ("chi2/bin, worst of nine panels", LOWER),
    "chi2_mean": ("chi2/bin, mean of nine panels", LOWER),
    "ks_worst": ("Kolmogorov-Smirnov distance, worst panel", LOWER),
    "w1_worst": ("Wasserstein-1 / sigma, worst panel", LOWER),
    "auc": ("classifier AUC (1/2: as real)", LOWER),
    "correlations": ("largest difference of rank correlations", LOWER),
    "frechet": ("Fréchet distance", LOWER),
    "precision": ("precision", HIGHER),
    "recall": ("recall", HIGHER),
    "coverage": ("coverage", HIGHER),
    "diversity": ("diversity over real", FLOOR),
    "repeated": ("share of repeated events", LOWER),
    "beyond_beam": ("share with pz >= E_b", LOWER),
    "unphysical": ("share of impossible kinematics", LOWER),
    "q2_leak": ("share with Q2 below the cut", LOWER),
}


def event_table(
    generated: Any, real: Any, held_out: Any, beams: Beams, *, q2_min: float, seed: int = 0
) -> Table:
    """Measure generated electrons against real ones.

    Args:
        generated, real, held_out: (px, py, pz) in GeV, shapes (n, 3); of the larger sets, the
            first so many are used as the smallest has. Neither of the two real ones should have
            trained or chosen the generator.
        beams: Energies of the beams in GeV.
        q2_min: Least Q2 of the real events in GeV2.
        seed: Seeds the groups of the jackknife, the classifier and the choice of events.

    Returns:
        A `Table`; its details are the distances of each panel. Errors by jackknife over both
        samples, DeLong's of the AUC, binomial of shares (an upper limit where none was seen).

    Raises:
        DataError: Fewer than 1,000 events, or momenta that are not finite.
    """
    n = min(len(generated), len(real), len(held_out))
    if n < panels.MIN_EVENTS:
        raise DataError(
            f"At least {panels.MIN_EVENTS} events of each kind are needed; got {len(generated)} "
            f"generated, {len(real)} real and {len(held_out)} held-out ones."
        )
    sets = {"generated": generated, "real": real, "held-out": held_out}
    made, truth, new = (_momenta(what, values, n) for what, values in sets.items())
    edges = panels.bin_edges(panels.quantities(truth, beams))
    values, value_panels = _measure(truth, made, edges, beams, q2_min, seed)
    floors, floor_panels = _measure(truth, new, edges, beams, q2_min, seed)
    rows = {
        name: Row(name, title, values[name], floors[name], better)
        for name, (title, better) in _TITLES.items()
    }
    details = {
        panel: {
            title: Row(
                measure,
                f"{title} of {panel}",
                value_panels[panel][measure],
                floor_panels[panel][measure],
                LOWER,
            )
            for measure, title in MEASURES.items()
        }
        for panel in PANELS
    }
    found = _findings(rows, missing(truth, made, edges, beams))
    facts = {"n": n, "features": len(PANELS), "seed": seed}
    return Table(rows, tuple(found), facts, details=details)


def _momenta(what: str, values: Any, n: int) -> np.ndarray:
    momenta = np.asarray(values)[:n]
    if momenta.ndim != 2 or momenta.shape[1] != 3:
        raise DataError(f"The {what} events must have shape (n, 3); got {momenta.shape}.")
    return examples(f"{what} events", momenta)


def _measure(
    truth: np.ndarray,
    made: np.ndarray,
    edges: Mapping[str, np.ndarray],
    beams: Beams,
    q2_min: float,
    seed: int,
) -> tuple[dict[str, Estimate], dict[str, dict[str, Estimate]]]:
    replicates = _panel_replicates(truth, made, edges, beams, seed)
    n = len(made)
    of_panels = {
        panel: {measure: _jackknifed(values[i], n) for i, measure in enumerate(MEASURES)}
        for panel, values in replicates.items()
    }
    every = np.stack(list(replicates.values()))  # (panels, measures, 1 + groups)
    real, features = (panels.features(momenta, beams) for momenta in (truth, made))
    scale = real.std(axis=0)
    x, y = real / scale, features / scale
    overlap = metrics.manifold_overlap(x, y, seed=seed, most=5000)
    found = {
        "chi2_worst": _jackknifed(every[:, 0].max(axis=0), n),
        "chi2_mean": _jackknifed(every[:, 0].mean(axis=0), n),
        "ks_worst": _jackknifed(every[:, 1].max(axis=0), n),
        "w1_worst": _jackknifed(every[:, 2].max(axis=0), n),
        "auc": classifier_auc(real, features, seed=seed),
        "correlations": metrics.correlation_difference(x, y, largest=True, seed=seed),
        "frechet": metrics.frechet_distance(x, y, seed=seed),
        **{name: overlap[name] for name in ("precision", "recall", "coverage")},
        "diversity": metrics.diversity(x, y, seed=seed),
        "repeated": share_estimate(repeats(made)),
        **{
            name: share_estimate(events)
            for name, events in panels.bad_events(made, beams, q2_min).items()
        },
    }
    return found, of_panels


def classifier_auc(real: np.ndarray, generated: np.ndarray, seed: int = 0) -> Estimate:
    """Return how well boosted trees tell generated events from real ones; 1/2: not at all.

    Args:
        real, generated: What `panels.features` returned.
        seed: Seeds the choice, the halves and the classifier.
    """
    return metrics.classifier_auc(real, generated, classifier="trees", most=CLASSIFIED, seed=seed)


def _jackknifed(replicates: np.ndarray, n: int) -> Estimate:
    """Return an estimate from the value with all events, then without each group."""
    return Estimate(float(replicates[0]), jackknife_error(replicates[1:]), n, "jackknife")


def _panel_replicates(
    truth: np.ndarray, made: np.ndarray, edges: Mapping[str, np.ndarray], beams: Beams, seed: int
) -> dict[str, np.ndarray]:
    """Return each panel's chi2/bin, KS and W1 / sigma: of all events, then without each group.

    An event is in one group in all panels, so that the worst panel has an error too.

    Returns:
        Arrays (3, 1 + groups).
    """
    labels = [group_labels(len(part), GROUPS, seed + i) for i, part in enumerate((truth, made))]
    real, generated = (panels.quantities(momenta, beams) for momenta in (truth, made))
    replicates = {}
    for panel in PANELS:
        pair = (real[panel], generated[panel])
        counts = [_grouped_counts(v, edges[panel], g) for v, g in zip(pair, labels, strict=True)]
        scaled = [panels.scale(panel, values) for values in pair]
        gaps = CumulativeGaps(*scaled, *labels)
        columns = []
        for group in (None, *range(GROUPS)):
            kept = np.arange(GROUPS) != (-1 if group is None else group)
            ks, w1 = gaps.distances(group)
            chi2 = two_sample_chi2(*(part[kept].sum(axis=0) for part in counts))
            columns.append((chi2, ks, w1 / float(scaled[0].std())))
        replicates[panel] = np.array(columns).T
    return replicates


def _grouped_counts(values: np.ndarray, edges: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the counts of each bin in each group: (groups, bins)."""
    return np.stack([panels.counts(values[groups == group], edges) for group in range(GROUPS)])


def repeats(momenta: np.ndarray) -> np.ndarray:
    """Return for each event whether another one has exactly the same momentum: booleans (n,)."""
    _, index, counts = np.unique(momenta, axis=0, return_inverse=True, return_counts=True)
    return counts[index.ravel()] > 1


def missing(
    truth: np.ndarray, made: np.ndarray, edges: Mapping[str, np.ndarray], beams: Beams
) -> dict[str, float]:
    """Return the share of real events where hardly any are generated, for each panel.

    These are the bins of 10 or more real events with less than a tenth of their density.

    Args:
        truth, made: (px, py, pz) in GeV, shapes (n, 3) and (m, 3).
        edges: Of `panels.bin_edges`.
        beams: Energies of the beams in GeV.
    """
    real, generated = (panels.quantities(momenta, beams) for momenta in (truth, made))
    shares = {}
    for panel, bins in edges.items():
        expected = panels.counts(real[panel], bins) / len(truth)
        seen = panels.counts(generated[panel], bins) / len(made)
        scarce = (seen < SCARCE * expected) & (expected * len(truth) >= COUNTED)
        shares[panel] = float(expected[scarce].sum())
    return shares


def _findings(rows: Mapping[str, Row], lost: Mapping[str, float]) -> list[str]:
    """Return sentences that name a mode collapse, or events far from all real ones."""
    told = collapse(rows)
    if told and not told[0].startswith("mode collapse"):
        return told
    named = [
        f"{share:.0%} of the real ones lie in {panel}"
        for panel, share in sorted(lost.items(), key=lambda item: -item[1])
        if share >= LEAST_MISSING
    ]
    if named:
        told.append(f"mode collapse: hardly any events where {', '.join(named)}")
    repeated = rows["repeated"].estimate
    if repeated.value >= LEAST_REPEATED:
        told.append(f"mode collapse: a share of {repeated} of the events are repeats of each other")
    return told
