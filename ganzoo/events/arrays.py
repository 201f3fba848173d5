"""Scattered electrons as structured arrays, with what is needed to read them: beams and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.events import kinematics
from ganzoo.events.kinematics import Beams
from ganzoo.extras import require

FIELDS = ("px", "py", "pz", "E")
DTYPE = np.dtype([(name, "<f8") for name in FIELDS])
WEIGHT = "weight"
WEIGHTED_DTYPE = np.dtype([*DTYPE.descr, (WEIGHT, "<f8")])  # of files with a weight for each event
UNIT = "GeV"
BEAMS: dict[str, Beams] = {"50x50": Beams(50.0, 50.0), "hera": Beams(27.5, 920.0)}
MAX_BEAM_ENERGY = 1e5


@dataclass(frozen=True)
class ElectronEvents:
    """Momenta of scattered electrons, one per event.

    Attributes:
        array: Structured array (n,) with the float64 fields px, py, pz and E in GeV; the electron
            beam flies along +z.
        beams: Energies of the two beams in GeV.
        origin: Where the events come from, as plain data (generator, seed, cuts ...).
    """

    array: np.ndarray
    beams: Beams
    origin: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.array)

    @property
    def momenta(self) -> np.ndarray:
        """(px, py, pz) as float32 of shape (n, 3): what a GAN trains on."""
        return np.stack([self.array[name] for name in FIELDS[:3]], axis=-1).astype(np.float32)

    @property
    def metadata(self) -> dict[str, Any]:
        """Units, beams and origin as plain data, as files state them."""
        return {
            "particle": "e-",
            "unit": UNIT,
            "electron_beam": self.beams.electron,
            "proton_beam": self.beams.proton,
            "electron_beam_direction": "+z",
            **self.origin,
        }

    def to_vector(self) -> Any:
        """Return the four-momenta as an array of scikit-hep's `vector` (extra `hep`)."""
        return to_vector(self.array)


def from_momenta(
    momenta: Any, beams: Beams, origin: Mapping[str, Any] | None = None
) -> ElectronEvents:
    """Return events from (px, py, pz) in GeV, shape (n, 3), the energy from the mass shell."""
    momenta = np.asarray(momenta, np.float64)
    if momenta.ndim != 2 or momenta.shape[1] != 3:
        raise DataError(f"Momenta must have shape (n, 3), px, py, pz in GeV; got {momenta.shape}.")
    array = np.empty(len(momenta), DTYPE)
    for column, name in enumerate(FIELDS[:3]):
        array[name] = momenta[:, column]
    array["E"] = kinematics.energy(*momenta.T)
    return ElectronEvents(array, beams, origin or {})


def to_vector(events: Any) -> Any:
    """Return electrons as a `vector` array of four-momenta.

    Args:
        events: A structured array with px, py, pz and E, or momenta of shape (n, 3), in GeV.

    Returns:
        A `vector.MomentumNumpy4D` of n electrons.

    Raises:
        MissingExtraError: `vector` is not installed.
    """
    vector = require("vector", "an array of four-vectors")
    array = np.asarray(events)
    if array.dtype.names is None:
        array = from_momenta(array, BEAMS["50x50"]).array
    return vector.array({name: np.ascontiguousarray(array[name]) for name in FIELDS})


def check_beams(what: Any, beams: Beams, model: str, wanted: Beams) -> None:
    """Refuse events of other beams than a model's.

    Args:
        what: What the events are called.
        beams: Theirs.
        model: What the model is called.
        wanted: Its beams.

    Raises:
        DataError: They differ by more than a rounding.
    """
    if not np.allclose(beams, wanted, rtol=1e-6):
        raise DataError(
            f"{what} has beams of {beams.electron:g} x {beams.proton:g} GeV; {model} is of "
            f"{wanted.electron:g} x {wanted.proton:g} GeV and takes no others."
        )


def find_beams(beams: Any) -> Beams:
    """Return beams from a name ("50x50", "hera") or two energies in GeV.

    Raises:
        InvalidArgumentError: An unknown name, or energies that are no beams.
    """
    if isinstance(beams, str):
        if beams.lower() not in BEAMS:
            raise InvalidArgumentError(
                f"Unknown beams {beams!r}; there are {', '.join(BEAMS)}, or give two energies in "
                f"GeV, electron and proton.{nearest(beams.lower(), BEAMS)}"
            )
        return BEAMS[beams.lower()]
    try:
        electron, proton = (float(value) for value in beams)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Beams must be a name ({', '.join(BEAMS)}) or two energies in GeV; got {beams!r}."
        ) from None
    for what, value, least in (("electron", electron, 0.1), ("proton", proton, 1.0)):
        if not least <= value <= MAX_BEAM_ENERGY:
            raise InvalidArgumentError(
                f"The {what} beam must have from {least:g} to {MAX_BEAM_ENERGY:g} GeV; "
                f"got {value:g}."
            )
    return Beams(electron, proton)
