"""Scattered electrons out of files of whole events: HepMC3 and HepMC2, by pyhepmc (extra `hepmc`).

Buckley et al. 2021, The HepMC3 event record library, arXiv:1912.08005. Beam energies, their
direction and the unit come from the events. Which of several electrons in the final state is the
scattered one is a choice: that of the highest energy or of the highest transverse momentum. It is
not the scattered one in every event: an electron out of a hadron's decay may be harder.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.events.arrays import FIELDS
from ganzoo.extras import require

ENDINGS = (".hepmc", ".hepmc2", ".hepmc3")
CHOICES = ("energy", "pT")  # of which the scattered electron has most
_UNITS = {"GEV": "GeV", "MEV": "MeV"}
_ELECTRON, _PROTON = 11, 2212
_FINAL, _BEAM = 1, 4  # status codes
_ALIKE = 1e-5  # relative difference of one event's beams from the first one's
_ALONG = 1e-6  # transverse momentum of a beam over its energy


class Facts(NamedTuple):
    """What an event says of itself, in its own unit.

    Attributes:
        unit: "GeV" or "MeV".
        electron_beam: Energy, with the sign of the momentum along z.
        proton_beam: The same of the proton.
    """

    unit: str
    electron_beam: float
    proton_beam: float


def is_hepmc(path: Path) -> bool:
    """Return whether a path is called like a file of HepMC, compressed or not."""
    return _ending(path) in ENDINGS


def read_electrons(path: Path, electron: str | None = None) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the scattered electrons of a file, and what it states.

    Args:
        path: `.hepmc`, `.hepmc3`, `.hepmc2`, or one of these with `.gz` behind it.
        electron: "energy" (the default) or "pT": which final-state electron is taken.

    Returns:
        (px, py, pz, E), float64 (n, 4) in the file's unit, and the metadata of
        `ganzoo.events.columns.Found`. Events without an electron are left out, with a warning.

    Raises:
        DataError: No electrons, beams that are not an electron and a proton along z, or beams or
            units that differ between events.
        InvalidArgumentError: There is no such choice.
        MissingExtraError: pyhepmc is not installed.
    """
    choice = check_choice(electron)
    column = {"energy": lambda p: p[:, 3], "pT": lambda p: np.hypot(p[:, 0], p[:, 1])}[choice]
    chosen, facts, several, number = [], None, 0, -1
    for number, event in enumerate(_events(path)):
        here = _facts(path, number, event)
        facts = here if facts is None else facts
        _check_alike(path, number, facts, here)
        electrons = _final_electrons(event)
        several += len(electrons) > 1
        if len(electrons):
            chosen.append(electrons[column(electrons).argmax()])
    if facts is None or not chosen:
        raise DataError(f"{path} holds {number + 1} events and no electron in a final state.")
    _say(path, number + 1, len(chosen), several, choice)
    return np.array(chosen), {
        "particle": "e-",
        "unit": facts.unit,
        "beam_unit": facts.unit,
        "electron_beam": abs(facts.electron_beam),
        "proton_beam": abs(facts.proton_beam),
        "electron_beam_direction": "+z" if facts.electron_beam > 0 else "-z",
    }


def check_choice(electron: str | None) -> str:
    """Return which electron is taken; refuse what is no choice."""
    if electron is not None and electron not in CHOICES:
        raise InvalidArgumentError(
            f"electron= (--electron) must be one of {', '.join(CHOICES)}, of which the scattered "
            f"electron has most; got {electron!r}.{nearest(str(electron), CHOICES)}"
        )
    return electron or CHOICES[0]


def columns_of(momenta: np.ndarray, chosen: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Return columns by what they are chosen for, from (px, py, pz, E), (n, 4)."""
    return {field: momenta[:, FIELDS.index(name)] for field, name in chosen.items()}


def _ending(path: Path) -> str:
    inner = Path(path.stem) if path.suffix.lower() == ".gz" else path
    return inner.suffix.lower()


def _events(path: Path) -> Iterator[Any]:
    pyhepmc = require("pyhepmc", "a file of HepMC")
    with pyhepmc.open(str(path)) as file:
        yield from file


def _final_electrons(event: Any) -> np.ndarray:
    """Return (px, py, pz, E) of the electrons that leave the collision, (k, 4)."""
    all_of = event.numpy.particles
    final = (all_of.status == _FINAL) & (all_of.pid == _ELECTRON)
    return np.stack([all_of.px, all_of.py, all_of.pz, all_of.e], axis=-1)[final]


def _facts(path: Path, number: int, event: Any) -> Facts:
    unit = _UNITS.get(event.momentum_unit.name.upper(), event.momentum_unit.name)
    beams = {one.pid: one.momentum for one in event.particles if one.status == _BEAM}
    if set(beams) != {_ELECTRON, _PROTON}:
        found = ", ".join(map(str, beams)) or "none"
        raise DataError(
            f"{path}: event {number} must have an electron and a proton (PDG {_ELECTRON}, "
            f"{_PROTON}) as beams, of status {_BEAM}; it has {found}."
        )
    signed = []
    for momentum in (beams[_ELECTRON], beams[_PROTON]):
        if np.hypot(momentum.px, momentum.py) > _ALONG * momentum.e:
            raise DataError(
                f"{path}: the beams of event {number} are not along z (px {momentum.px:g} of "
                f"{momentum.e:g} {unit}); transform the events to head-on beams first."
            )
        signed.append(float(np.copysign(momentum.e, momentum.pz)))
    if signed[0] * signed[1] > 0:
        raise DataError(f"{path}: the beams of event {number} fly the same way.")
    return Facts(unit, *signed)


def _check_alike(path: Path, number: int, first: Facts, here: Facts) -> None:
    alike = first.unit == here.unit and np.allclose(first[1:], here[1:], rtol=_ALIKE)
    if not alike:
        raise DataError(
            f"{path}: event {number} has beams of {here.electron_beam:g} x {here.proton_beam:g} "
            f"{here.unit} along z, event 0 of {first.electron_beam:g} x {first.proton_beam:g} "
            f"{first.unit}; a file must be of one kind."
        )


def _say(path: Path, events: int, chosen: int, several: int, choice: str) -> None:
    """Warn of what was left out and of what was chosen."""
    if chosen < events:
        warnings.warn(
            f"{events - chosen} of {events} events of {path} have no electron in the final state "
            "and are left out.",
            stacklevel=4,
        )
    if several:
        warnings.warn(
            f"{several} of {events} events of {path} have several electrons in the final state; "
            f"that of the highest {choice} is taken.",
            stacklevel=4,
        )
