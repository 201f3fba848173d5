"""What a file of events states, or its reader says, of its numbers: units, beams, directions.

Nothing is guessed: what neither says is refused, and so is what they say differently.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.events import kinematics
from ganzoo.events.arrays import FIELDS, UNIT, find_beams
from ganzoo.events.columns import Found, find_name
from ganzoo.events.kinematics import Beams

UNITS = {"eV": 1e-9, "keV": 1e-6, "MeV": 1e-3, "GeV": 1.0, "TeV": 1e3}  # in GeV
DIRECTIONS = ("+z", "-z")
STATED = ("particle", "unit", "beam_unit", "electron_beam", "proton_beam",
          "electron_beam_direction")  # fmt: skip
_ELECTRONS = ("e-", "electron", "11")
_ON_SHELL = 1e-3  # relative, of the energy
_MOST, _BEYOND = 1.05, 0.01  # of the larger beam's energy; a share of the electrons, smeared ones
_LEAST = 0.01  # of the electron beam's energy, that half of the electrons have or more
_SHOWN = 12  # columns in a message


class Statement(NamedTuple):
    """What is true of a file.

    Attributes:
        factor: From its unit to GeV.
        beams: Energies of the beams in GeV.
        direction: That of the electron beam, "+z" or "-z".
    """

    factor: float
    beams: Beams
    direction: str


def parse_fields(fields: Any) -> dict[str, str] | None:
    """Return the columns of px, py, pz and, where it is given, E: from a mapping or "px=a,py=b".

    Raises:
        InvalidArgumentError: A field that there is not, or px, py or pz is missing.
    """
    if fields is None:
        return None
    if isinstance(fields, str):
        pairs = [part.partition("=") for part in fields.split(",")]
        fields = {field.strip(): column.strip() for field, _, column in pairs}
    if not isinstance(fields, Mapping) or not all(fields.values()):
        raise InvalidArgumentError(
            "fields must name columns, such as px=el_px,py=el_py,pz=el_pz (and E=el_E); got "
            f"{fields!r}."
        )
    for field in fields:
        if field not in FIELDS:
            raise InvalidArgumentError(
                f"There is no field {field!r}; there are {', '.join(FIELDS)}."
                + nearest(str(field), FIELDS)
            )
    missing = [field for field in FIELDS[:3] if field not in fields]
    if missing:
        raise InvalidArgumentError(f"fields must name px, py and pz; got no {', '.join(missing)}.")
    return dict(fields)


def choose(path: Path, names: Sequence[str], fields: Mapping[str, str] | None) -> dict[str, str]:
    """Return the columns of a file by what they are: those that are named, or px, py, pz and E.

    Raises:
        DataError: There is no such column, or several; it lists those that there are.
    """
    wanted = dict(fields or {field: field for field in FIELDS})
    chosen = {}
    for field, column in wanted.items():
        found = find_name(column, names)
        if len(found) > 1:
            raise DataError(
                f"{path} has several columns {column!r} ({', '.join(found)}); name one of them "
                f"with fields= (--fields), such as {field}={found[0]}."
            )
        if found:
            chosen[field] = found[0]
        elif fields is not None or field in FIELDS[:3]:
            shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
            raise DataError(
                f"{path} has no column {column!r}; it has: {shown or 'none'}."
                + nearest(column, names)
                + " Name those of px, py and pz with fields= (--fields px=...,py=...,pz=...)."
            )
    return chosen


def statement(
    path: Path, found: Found, unit: str | None, beams: Any, direction: str | None
) -> Statement:
    """Return what is true of a file: what it states, or its reader says where it is silent.

    Args:
        path: The file, for messages.
        found: Its columns and what it states.
        unit, beams, direction: What its reader says; None leaves it to the file.

    Raises:
        DataError: Neither says it, both say it differently, or the file states what cannot be.
        InvalidArgumentError: There is no such unit, direction, or beams.
    """
    particle = found.metadata.get("particle")
    if particle is not None and str(particle) not in _ELECTRONS:
        raise DataError(f"{path} holds {particle}; accepted are electrons (e-).")
    said = _unit(path, found, unit)
    return Statement(
        UNITS[said], _beams(path, found, said, beams), _direction(path, found, direction)
    )


def _unit(path: Path, found: Found, unit: str | None) -> str:
    if unit is not None and unit not in UNITS:
        raise InvalidArgumentError(
            f"There is no unit {unit!r}; there are {', '.join(UNITS)}.{nearest(unit, UNITS)}"
        )
    own = [str(found.metadata["unit"])] if "unit" in found.metadata else []
    stated = list(dict.fromkeys([*own, *found.units]))
    unknown = [name for name in stated if name not in UNITS]
    if unknown:
        raise DataError(f"{path} states the unit {unknown[0]!r}; accepted are {', '.join(UNITS)}.")
    said = list(dict.fromkeys([*stated, *([] if unit is None else [unit])]))
    if len(said) > 1:
        by = "" if unit is None or len(stated) > 1 else " (the second one is unit=, --unit)"
        raise DataError(f"The unit of {path} is {' and '.join(said)} at once{by}.")
    if not said:
        raise DataError(
            f"{path} states no unit; say it with unit= (--unit), one of {', '.join(UNITS)}."
        )
    return said[0]


def _beams(path: Path, found: Found, unit: str, beams: Any) -> Beams:
    given = None if beams is None else find_beams(beams)
    keys = ("electron_beam", "proton_beam")
    if not all(key in found.metadata for key in keys):
        if given is None:
            raise DataError(
                f"{path} states no beams; say them with beams= (--beam E_e E_p), in GeV."
            )
        return given
    beam_unit = str(found.metadata.get("beam_unit", unit if unit == UNIT else ""))
    if beam_unit not in UNITS:
        if given is None:
            raise DataError(
                f"{path} has momenta in {unit} and beams of "
                f"{' x '.join(str(found.metadata[key]) for key in keys)} without their unit; say "
                "them with beams= (--beam E_e E_p), in GeV."
            )
        return given
    try:
        energies = [float(found.metadata[key]) * UNITS[beam_unit] for key in keys]
        stated = find_beams(energies)
    except (TypeError, ValueError) as error:
        raise DataError(f"{path} states beams that cannot be ({error})") from None
    if given is not None and not np.allclose(given, stated, rtol=1e-6):
        raise DataError(
            f"{path} states beams of {stated.electron:g} x {stated.proton:g} GeV; beams= (--beam) "
            f"says {given.electron:g} x {given.proton:g} GeV."
        )
    return stated


def _direction(path: Path, found: Found, direction: str | None) -> str:
    if direction is not None and direction not in DIRECTIONS:
        raise InvalidArgumentError(
            f"direction must be '+z' or '-z', where the electron beam flies; got {direction!r}."
        )
    stated = found.metadata.get("electron_beam_direction")
    if stated is not None:
        stated = str(stated)
        stated = "+z" if stated == "z" else stated
        if stated not in DIRECTIONS:
            raise DataError(
                f"{path} states an electron beam along {stated}; accepted are +z and -z."
            )
        if direction is not None and direction != stated:
            raise DataError(
                f"{path} states an electron beam along {stated}; direction= (--beam-direction) "
                f"says {direction}."
            )
        if stated == "-z" and direction is None:
            raise DataError(
                f"{path} states an electron beam along -z; here it flies along +z. Pass "
                "direction='-z' (--beam-direction -z) to have the events turned."
            )
        return stated
    if direction is not None:
        return direction
    forward = float((found.values["pz"] > 0).mean())
    if forward <= 0.5:
        raise DataError(
            f"{path} does not state where the electron beam flies, and {1 - forward:.0%} of its "
            "electrons have pz <= 0; say it with direction= (--beam-direction), +z or -z."
        )
    warnings.warn(
        f"{path} does not state where the electron beam flies; +z is taken, as {forward:.0%} of "
        "its electrons have pz > 0.",
        stacklevel=4,
    )
    return DIRECTIONS[0]


def in_our_terms(path: Path, found: Found, stated: Statement) -> dict[str, np.ndarray]:
    """Return px, py, pz and E in GeV, the electron beam along +z.

    Where that flies along -z, events are turned by half a turn about the x axis. An energy that is
    missing comes from the mass shell.

    Raises:
        DataError: NaN or infinity, an energy that is no electron's, or energies that these beams
            cannot give.
    """
    values = {
        field: column if stated.factor == 1.0 else column * stated.factor
        for field, column in found.values.items()
    }
    if stated.direction == "-z":
        values |= {field: -values[field] for field in ("py", "pz")}
    if not all(np.isfinite(column).all() for column in values.values()):
        raise DataError(f"{path} holds NaN or infinite momenta.")
    px, py, pz = (np.asarray(values[field], np.float64) for field in FIELDS[:3])
    on_shell = kinematics.energy(px, py, pz)
    foreign = "particle" not in found.metadata or stated.factor != 1.0
    median = float(np.median(on_shell))
    if median > sum(stated.beams) or (foreign and median < _LEAST * stated.beams.electron):
        raise DataError(
            f"{path}: the median of the electrons' energies is {median:g} GeV with beams of "
            f"{stated.beams.electron:g} x {stated.beams.proton:g} GeV; is the unit right?"
        )
    _check_below_beams(path, on_shell, stated.beams)
    energies = values.setdefault("E", on_shell)
    far = ~(np.abs(energies - on_shell) <= _ON_SHELL * on_shell)
    if far.any():
        event = int(far.argmax())
        raise DataError(
            f"{path}: E must be an electron's, {on_shell[event]:g} GeV for event {event}; got "
            f"{energies[event]:g} GeV. Leave E out of fields= (--fields) to have it from px, py "
            "and pz."
        )
    return values


def _check_below_beams(path: Path, energies: np.ndarray, beams: Beams) -> None:
    """Refuse electrons that have more energy than the beams: another unit, or other beams."""
    beyond = energies > _MOST * max(beams)
    if beyond.mean() > _BEYOND:
        raise DataError(
            f"{path}: {beyond.mean():.1%} of the electrons have more energy than either beam "
            f"({beams.electron:g} x {beams.proton:g} GeV), up to {energies.max():g} GeV; are the "
            "unit and the beams right?"
        )
