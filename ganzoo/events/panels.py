"""The nine panels in which electron events are compared, and distances between two samples.

Pure NumPy: momenta (n, 3) in GeV in, numbers out. One panel is one quantity with its bins; events
outside of a panel's range are counted in its first or last bin, so that none is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.errors import DataError
from ganzoo.events import kinematics
from ganzoo.events.kinematics import Beams
from ganzoo.metrics.per_feature import CumulativeGaps, two_sample_chi2

PANELS: dict[str, tuple[str, bool]] = {  # name: (label with its unit, logarithmic axis)
    "px": ("$p_x$ [GeV]", False),
    "py": ("$p_y$ [GeV]", False),
    "pz": ("$p_z$ [GeV]", False),
    "E": ("$E'$ [GeV]", False),
    "pT": ("$p_T$ [GeV]", False),
    "theta": (r"$\theta$", False),
    "phi": (r"$\phi$", False),
    "xBj": ("$x_{Bj}$", True),
    "Q2": ("$Q^2$ [GeV$^2$]", True),
}
BINS = 50
TAIL = 0.0005  # share of the truth beyond the first and beyond the last edge
MIN_EVENTS = 1000
ROUNDING = 1e-6  # relative, of Q2 from momenta in single precision
UNDEFINED = 1.0  # log x of an event that has none


@dataclass(frozen=True)
class Distances:
    """How far two samples of one quantity are apart.

    Attributes:
        chi2_per_bin: Two-sample chi2 of the histograms over the number of bins less one; 1 is
            expected for samples of one distribution.
        ks: Kolmogorov-Smirnov distance, the largest difference of the cumulative distributions.
        w1_over_sigma: Wasserstein-1 distance in standard deviations of the truth; of the logarithm
            for quantities with a logarithmic axis.
    """

    chi2_per_bin: float
    ks: float
    w1_over_sigma: float


def quantities(momenta: Any, beams: Beams) -> dict[str, np.ndarray]:
    """Return the nine quantities of events, float64 (n,) each.

    Args:
        momenta: (px, py, pz) in GeV, shape (n, 3).
        beams: Energies of the beams in GeV.
    """
    px, py, pz = np.asarray(momenta, np.float64).T
    return {
        "px": px,
        "py": py,
        "pz": pz,
        "E": kinematics.energy(px, py, pz),
        "pT": kinematics.pT(px, py),
        "theta": kinematics.theta(px, py, pz),
        "phi": kinematics.phi(px, py),
        "xBj": kinematics.xBj(px, py, pz, beams),
        "Q2": kinematics.Q2(px, py, pz, beams),
    }


def bin_edges(truth: dict[str, np.ndarray], bins: int = BINS) -> dict[str, np.ndarray]:
    """Return the edges of every panel, from the truth's range without its outermost tails.

    phi covers the circle, pT begins at 1 GeV and Q2 at the truth's least value; x and Q2 have bins
    of equal width in their logarithm, the others in the quantity itself.
    """
    edges = {}
    for name, (_, logarithmic) in PANELS.items():
        low, high = np.nanquantile(truth[name], [TAIL, 1.0 - TAIL])
        if name == "phi":
            low, high = -np.pi, np.pi
        elif name == "pT":
            low = min(1.0, float(low))
        elif name == "Q2":
            low = float(np.nanmin(truth[name]))
        space = np.geomspace if logarithmic else np.linspace
        edges[name] = space(low, high, bins + 1)
    return edges


def counts(values: np.ndarray, edges: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return events per bin; those outside, and undefined ones, are in the outermost bins.

    With `weights`, of each event, it is the sum of these.
    """
    inside = np.clip(np.nan_to_num(values, nan=edges[-1]), edges[0], edges[-1])
    return np.histogram(inside, edges, weights=weights)[0]


def distances(
    truth: dict[str, np.ndarray],
    made: dict[str, np.ndarray],
    edges: dict[str, np.ndarray] | None = None,
) -> dict[str, Distances]:
    """Return the distances of two samples in every panel.

    Args:
        truth, made: What `quantities` returned, at least 1,000 events each.
        edges: Of `bin_edges`; from the truth by default.
    """
    for what, sample in (("truth", truth), ("generated", made)):
        if len(sample["px"]) < MIN_EVENTS:
            raise DataError(
                f"At least {MIN_EVENTS} events are needed; got {len(sample['px'])} {what} ones."
            )
    edges = bin_edges(truth) if edges is None else edges
    return {name: _distances(name, truth[name], made[name], edges[name]) for name in PANELS}


def _distances(name: str, truth: np.ndarray, made: np.ndarray, edges: np.ndarray) -> Distances:
    chi2 = two_sample_chi2(counts(truth, edges), counts(made, edges))
    truth, made = scale(name, truth), scale(name, made)
    ks, w1 = CumulativeGaps(truth, made).distances()
    return Distances(chi2, ks, w1 / float(truth.std()))


def scale(name: str, values: np.ndarray) -> np.ndarray:
    """Return a panel's quantity as its axis shows it: the logarithm where that is logarithmic.

    x is not defined for some unphysical events; they get log x = 1, more than any physical event.
    """
    if not PANELS[name][1]:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(values)
    return np.where(np.isnan(logarithm), UNDEFINED, logarithm)


def features(momenta: Any, beams: Beams) -> np.ndarray:
    """Return the nine quantities as one array of features, float64 (n, 9); see `scale`.

    Args:
        momenta: (px, py, pz) in GeV, shape (n, 3).
        beams: Energies of the beams in GeV.
    """
    columns = [scale(name, values) for name, values in quantities(momenta, beams).items()]
    return np.stack(columns, axis=-1)


def bad_events(momenta: Any, beams: Beams, q2_min: float) -> dict[str, np.ndarray]:
    """Return which events are bad, booleans (n,) each.

    Args:
        momenta: (px, py, pz) in GeV, shape (n, 3).
        beams: Energies of the beams in GeV.
        q2_min: Least Q2 of the truth in GeV2.

    Returns:
        `beyond_beam`: pz >= E_b; `unphysical`: impossible kinematics, these included; `q2_leak`:
        Q2 below `q2_min` by more than momenta in single precision round.
    """
    px, py, pz = np.asarray(momenta, np.float64).T
    return {
        "beyond_beam": ~(pz < beams.electron),
        "unphysical": ~kinematics.is_physical(px, py, pz, beams),
        "q2_leak": kinematics.Q2(px, py, pz, beams) < q2_min * (1.0 - ROUNDING),
    }


def shares(momenta: Any, beams: Beams, q2_min: float) -> dict[str, float]:
    """Return the shares of `bad_events`, whose arguments these are."""
    bad = bad_events(momenta, beams, q2_min)
    return {name: float(np.mean(events)) for name, events in bad.items()}
