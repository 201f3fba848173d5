"""A second table of a generator of electron events: what single histograms do not see.

Pairs of the nine quantities, correlations, transport in GeV, and nearness to the reference: if that
is what the generator was trained on, a ratio below 1 is memorising.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.events import panels
from ganzoo.events.kinematics import Beams, W
from ganzoo.events.panels import PANELS
from ganzoo.metrics.joint import correlation_distance, neighbour_ratio, pairwise_chi2, w1p
from ganzoo.metrics.per_feature import wasserstein_1
from ganzoo.metrics.table import FLOOR, LOWER, Row, Table

_TITLES = {
    "chi2_pairs_worst": ("chi2/bin, worst pair of quantities", LOWER),
    "chi2_pairs_mean": ("chi2/bin, mean of all pairs", LOWER),
    "correlation_distance": ("distance of correlations, root mean square", LOWER),
    "neighbour_ratio": ("nearest neighbour in the reference, over real", FLOOR),
    "w1p": ("w1p: Wasserstein-1 of px, py, pz, mean [GeV]", LOWER),
    "w1_W": ("Wasserstein-1 of the hadronic mass W [GeV]", LOWER),
}


def joint_table(generated: Any, truth: Any, beams: Beams, *, seed: int = 0) -> Table:
    """Measure generated electrons against one half of the true ones, and these against the other.

    Args:
        generated, truth: (px, py, pz) in GeV, shapes (n, 3) and (m, 3); as many generated ones are
            used as half of the true ones.
        beams: Energies of the beams in GeV.
        seed: Seeds the jackknife's groups and every choice.

    Returns:
        A `Table`; its details are chi2/bin of each pair.

    Raises:
        DataError: Fewer than 1,000 generated events, or 2,000 true ones.
    """
    n = min(len(truth) // 2, len(generated))
    if n < panels.MIN_EVENTS:
        raise DataError(
            f"At least {panels.MIN_EVENTS} generated and {2 * panels.MIN_EVENTS} true events are "
            f"needed; got {len(generated)} and {len(truth)}."
        )
    real, new, made = truth[:n], truth[n : 2 * n], generated[:n]
    values, of_pairs = _measure(real, made, new, beams, seed)
    floors, floor_pairs = _measure(real, new, new, beams, seed)
    rows = {
        name: Row(name, title, values[name], floors[name], better)
        for name, (title, better) in _TITLES.items()
    }
    details = {
        f"{a} x {b}": {
            "chi2/bin": Row(
                "chi2_per_bin", f"chi2/bin of {a} x {b}", estimate, floor_pairs[a, b], LOWER
            )
        }
        for (a, b), estimate in of_pairs.items()
    }
    return Table(rows, (), {"n": n, "features": len(PANELS), "seed": seed}, details=details)


def _measure(
    real: np.ndarray, made: np.ndarray, new: np.ndarray, beams: Beams, seed: int
) -> tuple[dict[str, Any], dict[tuple[str, str], Any]]:
    x, y, other = (panels.features(momenta, beams) for momenta in (real, made, new))
    scale = x.std(axis=0)
    pairs = pairwise_chi2(x, y, list(PANELS), seed=seed)
    masses = [_hadronic_masses(part, beams) for part in (real, made)]
    found = {
        "chi2_pairs_worst": pairs.worst,
        "chi2_pairs_mean": pairs.mean,
        "correlation_distance": correlation_distance(x, y, seed=seed),
        "neighbour_ratio": neighbour_ratio(x / scale, y / scale, other / scale, seed=seed),
        "w1p": w1p(real, made, seed=seed),
        "w1_W": wasserstein_1(*masses, seed=seed),
    }
    return found, pairs.pairs


def _hadronic_masses(momenta: np.ndarray, beams: Beams) -> np.ndarray:
    """Return W in GeV; 0 of impossible events, which have none."""
    px, py, pz = np.asarray(momenta, np.float64).T
    return np.nan_to_num(W(px, py, pz, beams))
