"""Kinematics of inclusive electron-proton scattering, e(k) + p(P) -> e(k') + X.

The electron beam flies along +z, the proton beam along -z. Energies and momenta are in GeV, angles
in radians, natural units. All functions are pure and vectorised: NumPy arrays of any one shape in,
float64 arrays of that shape out. Definitions as in Devenish and Cooper-Sarkar, Deep Inelastic
Scattering (2004), chapter 2. The electron's mass is kept in its energy and neglected against the
beam energies in Q2 and y, an effect of 1e-8.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

ELECTRON_MASS = 0.00051099895  # GeV, CODATA 2018
PROTON_MASS = 0.93827208816  # GeV, CODATA 2018


class Beams(NamedTuple):
    """Energies of the two beams in GeV.

    Attributes:
        electron: Energy E_b of the electron beam, along +z.
        proton: Energy of the proton beam, along -z.
    """

    electron: float
    proton: float

    @property
    def s(self) -> float:
        """Squared centre-of-mass energy in GeV2, 2 k.P + M2."""
        return 2.0 * self.electron * _proton_sum(self) + PROTON_MASS**2


def pT(px: Any, py: Any) -> np.ndarray:
    """Transverse momentum sqrt(px2 + py2) in GeV."""
    return np.hypot(_float64(px), _float64(py))


def energy(px: Any, py: Any, pz: Any, mass: float = ELECTRON_MASS) -> np.ndarray:
    """Energy on the mass shell, sqrt(p2 + m2), in GeV."""
    return np.hypot(np.hypot(pT(px, py), _float64(pz)), mass)


def theta(px: Any, py: Any, pz: Any) -> np.ndarray:
    """Polar angle against the electron beam, in [0, pi]."""
    return np.arctan2(pT(px, py), _float64(pz))


def phi(px: Any, py: Any) -> np.ndarray:
    """Azimuth, in (-pi, pi]."""
    return np.arctan2(_float64(py), _float64(px))


def Q2(px: Any, py: Any, pz: Any, beams: Beams) -> np.ndarray:
    """Squared momentum transfer -(k - k')2 = 2 E_b (E' - pz) in GeV2, >= 0."""
    return 2.0 * beams.electron * _light_cone_gap(px, py, pz)


def y(px: Any, py: Any, pz: Any, beams: Beams) -> np.ndarray:
    """Inelasticity P.q / P.k, from 0 (nothing happened) to 1 for physical events."""
    after = _proton_energy_minus(beams) * _light_cone_gap(px, py, pz)
    after = after + _proton_sum(beams) * (energy(px, py, pz) + _float64(pz))
    return 1.0 - after / 2.0 / (beams.electron * _proton_sum(beams))


def xBj(px: Any, py: Any, pz: Any, beams: Beams) -> np.ndarray:
    """Bjorken x = Q2 / (2 P.q); NaN where P.q is not positive, as in unphysical events."""
    product = y(px, py, pz, beams) * beams.electron * _proton_sum(beams)  # P.q
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = Q2(px, py, pz, beams) / (2.0 * product)
    return np.where(product > 0.0, ratio, np.nan)


def W(px: Any, py: Any, pz: Any, beams: Beams) -> np.ndarray:
    """Mass of the hadronic system X, sqrt((P + q)2), in GeV; NaN where that is not real."""
    product = y(px, py, pz, beams) * beams.electron * _proton_sum(beams)
    squared = PROTON_MASS**2 + 2.0 * product - Q2(px, py, pz, beams)
    return np.sqrt(np.where(squared >= 0.0, squared, np.nan))


def is_physical(px: Any, py: Any, pz: Any, beams: Beams) -> np.ndarray:
    """Whether an electron can have come out so: finite, pz < E_b, 0 < y <= 1 and x <= 1."""
    finite = np.isfinite(_float64(px) + _float64(py) + _float64(pz))
    x = xBj(px, py, pz, beams)
    inside = (x <= 1.0) & (y(px, py, pz, beams) <= 1.0)  # NaN compares as False
    return finite & (_float64(pz) < beams.electron) & inside


def _float64(values: Any) -> np.ndarray:
    return np.asarray(values, np.float64)


def _light_cone_gap(px: Any, py: Any, pz: Any) -> np.ndarray:
    """E' - pz without cancellation: (pT2 + m2) / (E' + pz) where pz > 0."""
    total, along = energy(px, py, pz), _float64(pz)
    transverse = np.square(pT(px, py)) + ELECTRON_MASS**2
    positive = along > 0.0
    return np.where(positive, transverse / np.where(positive, total + along, 1.0), total - along)


def _proton_energy_minus(beams: Beams) -> float:
    """E_P + P_z = M2 / (E_P + |P|), as the proton flies along -z."""
    return PROTON_MASS**2 / _proton_sum(beams)


def _proton_sum(beams: Beams) -> float:
    """E_P - P_z = E_P + |P|."""
    return beams.proton + float(np.sqrt(beams.proton**2 - PROTON_MASS**2))
