"""Files of electron events: the form by the ending; written chunk by chunk with constant memory.

    .npz      `events`, structured (px, py, pz, E), and `metadata`, JSON; uncompressed
    .h5       group `events` with one dataset per column; metadata as attributes
    .csv      a comment line with the metadata, a line of names, ten digits per number
    .parquet  four columns, metadata in the schema under the key `ganzoo`, what came to be known
              while writing under `ganzoo.added` (pyarrow)
    .root     TTree `events` with four branches, `metadata` as a string (uproot)

Columns are float64 in GeV. The last two need the extra `hep`. Files of others are read too, once it
is said which columns they have, in which unit, and which way the beams fly; and the scattered
electrons of files of HepMC (`ganzoo.events.hepmc`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import DataError, GanzooError, InvalidArgumentError
from ganzoo.events import columns, hepmc, statements
from ganzoo.events.arrays import DTYPE, FIELDS, WEIGHT, WEIGHTED_DTYPE, ElectronEvents
from ganzoo.events.writers import WRITERS, Append
from ganzoo.extras import require
from ganzoo.files.writing import written

ENDINGS = tuple(WRITERS)


@contextmanager
def event_writer(
    path: Any, metadata: Mapping[str, Any], n: int | None, *, weighted: bool = False
) -> Iterator[Append]:
    """Write `n` events to a file, whole or not at all.

    Args:
        path: The ending, one of `ENDINGS`, says the form.
        metadata: Plain data that the file states; see `ElectronEvents.metadata`. What is added
            before the end is stated too.
        n: How many events there are going to be in all; None where that is not known, which needs
            room for them twice in a .npz file.
        weighted: Whether there is a fifth column, `weight`.

    Yields:
        A function to be called with structured arrays (px, py, pz, E), `weighted` ones of
        `arrays.WEIGHTED_DTYPE`, until there are `n` events.

    Raises:
        InvalidArgumentError: Another ending.
        DataError: There were not `n` events.
        MissingExtraError: The library for this form is not installed.
        OutputError: The disk refuses; what was at `path` before is untouched.
    """
    path = Path(path)
    write = WRITERS[check_ending(path)]
    done = 0
    with written(path, suffix=path.suffix.lower()) as temporary:
        with write(temporary, metadata, n, WEIGHTED_DTYPE if weighted else DTYPE) as append:

            def counted(events: np.ndarray) -> None:
                nonlocal done
                done += len(events)
                append(events)

            yield counted
        if n is not None and done != n:
            raise DataError(f"{path} was to get {n} events; there were {done}.")


def write(events: ElectronEvents, path: Any) -> None:
    """Write events at once; see `event_writer`."""
    with event_writer(path, events.metadata, len(events)) as append:
        append(events.array)


def read(
    path: Any,
    *,
    fields: Any = None,
    unit: str | None = None,
    beams: Any = None,
    direction: str | None = None,
    electron: str | None = None,
) -> ElectronEvents:
    """Read a file of events of any of the `ENDINGS` or of HepMC, made by ganzoo or by others.

    What a file of ganzoo states is enough. Of others, say what they do not state; what they state
    otherwise is refused. Momenta become GeV; with `direction="-z"` events are turned by half a turn
    about the x axis, so that the electron beam flies along +z.

    Args:
        path: The file.
        fields: Its columns for px, py, pz and, where there is one, E: a mapping, or
            "px=el_px,py=el_py,pz=el_pz". By default they have these names. A column in a tree or
            a group may be called "tree:px" or "group/px".
        unit: "eV", "keV", "MeV", "GeV" or "TeV", of momenta and energies.
        beams: Energies of electron and proton beam in GeV, or a name; see `find_beams`.
        direction: Where the electron beam flies, "+z" or "-z".
        electron: Of a file of HepMC, which holds whole events: the scattered electron is that of
            the highest "energy" (the default) or "pT" in the final state.

    Raises:
        DataError: The file is missing, damaged, holds something else, or something is not known
            or said twice.
        MissingExtraError: The library for this form is not installed.
        InvalidArgumentError: Another ending, or no such field, unit, beams, direction or
            electron.
    """
    path, wanted = Path(path), statements.parse_fields(fields)
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    found = _found(path, wanted, electron)
    if not len(found.values["px"]):
        raise DataError(f"{path} holds no events.")
    stated = statements.statement(path, found, unit, beams, direction)
    values = statements.in_our_terms(path, found, stated)
    array = np.empty(len(values["px"]), DTYPE)
    for name in FIELDS:
        array[name] = values[name]
    origin = {key: value for key, value in found.metadata.items() if key not in statements.STATED}
    return ElectronEvents(array, stated.beams, origin)


def read_weights(path: Any) -> np.ndarray:
    """Return the column `weight` of a file of events, float64 (n,), in the order of `read`.

    Raises:
        DataError: The file is missing or damaged, or has no such column.
        InvalidArgumentError: Another ending.
    """
    path = Path(path)
    check_library(path)
    if not path.is_file():
        raise DataError(f"There is no file {path}.")

    def choose(names: Sequence[str]) -> dict[str, str]:
        found = columns.find_name(WEIGHT, names)
        if len(found) != 1:
            raise DataError(
                f"{path} must have one column {WEIGHT} (ganzoo sample --weights); it has "
                f"{', '.join(names)}."
            )
        return {WEIGHT: found[0]}

    try:
        return np.asarray(columns.read_columns(path, choose).values[WEIGHT], np.float64)
    except GanzooError:
        raise
    except Exception as error:
        raise DataError(f"{path} cannot be read: {_first_line(error)}.") from error


def is_readable(path: Path) -> bool:
    """Return whether a path is called like a file of events that `read` reads."""
    return path.suffix.lower() in columns.READERS or hepmc.is_hepmc(path)


def _found(path: Path, wanted: dict[str, str] | None, electron: str | None) -> columns.Found:
    """Return the columns of a file, and what it states."""
    ending = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix.lower()
    if not is_readable(path):
        raise InvalidArgumentError(
            f"Cannot read {path}: the ending must be one of "
            f"{', '.join((*ENDINGS, *hepmc.ENDINGS))}."
        )
    if electron is not None and not hepmc.is_hepmc(path):
        raise InvalidArgumentError(
            f"electron= (--electron) is for files of whole events ({', '.join(hepmc.ENDINGS)}); "
            f"{path} has one electron per event."
        )

    def choose(names: Sequence[str]) -> dict[str, str]:
        return statements.choose(path, names, wanted)

    try:
        if not hepmc.is_hepmc(path):
            check_library(path)
            return columns.read_columns(path, choose)
        chosen = choose(FIELDS)
        momenta, metadata = hepmc.read_electrons(path, electron)
        return columns.Found(hepmc.columns_of(momenta, chosen), (), metadata)
    except GanzooError:
        raise
    except Exception as error:  # each library raises its own for damaged files
        raise DataError(
            f"{path} is not an {ending} file of events that can be read ({_first_line(error)})."
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def check_ending(path: Any) -> str:
    """Return the lower-case ending of a path; refuse one that no writer has."""
    ending = Path(path).suffix.lower()
    if ending not in WRITERS:
        raise InvalidArgumentError(
            f"Cannot write {path}: the ending must be one of {', '.join(ENDINGS)}."
        )
    return ending


def check_library(path: Any) -> None:
    """Refuse, before any work is done, an ending whose library is not installed."""
    needed = {".root": "uproot", ".parquet": "pyarrow"}.get(check_ending(path))
    if needed:
        require(needed, f"a {check_ending(path)} file")
