"""Files of electron events: the form by the ending; written chunk by chunk with constant memory.

    .npz      `events`, structured (px, py, pz, E), and `metadata`, JSON; uncompressed
    .h5       group `events` with one dataset per column; metadata as attributes
    .csv      a comment line with the metadata, a line of names, ten digits per number
    .parquet  four columns, metadata in the schema (pyarrow)
    .root     TTree `events` with four branches, `metadata` as a string (uproot)

Columns are float64 in GeV. The last two need the extra `hep`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events.arrays import DTYPE, FIELDS, UNIT, ElectronEvents, find_beams
from ganzoo.extras import require
from ganzoo.files.writing import written

Append = Callable[[np.ndarray], None]
Found = tuple[np.ndarray, dict[str, Any]]  # events and metadata
Writer = Callable[[Path, Mapping[str, Any], int], AbstractContextManager[Append]]


@contextmanager
def event_writer(path: Any, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    """Write `n` events to a file, whole or not at all.

    Args:
        path: The ending, one of `ENDINGS`, says the form.
        metadata: Plain data that the file states; see `ElectronEvents.metadata`.
        n: How many events there are going to be in all.

    Yields:
        A function to be called with structured arrays (px, py, pz, E) until there are `n` events.

    Raises:
        InvalidArgumentError: Another ending.
        DataError: There were not `n` events.
        MissingExtraError: The library for this form is not installed.
        OutputError: The disk refuses; what was at `path` before is untouched.
    """
    path = Path(path)
    write = _WRITERS[check_ending(path)]
    done = 0
    with written(path, suffix=path.suffix.lower()) as temporary:
        with write(temporary, metadata, n) as append:

            def counted(events: np.ndarray) -> None:
                nonlocal done
                done += len(events)
                append(events)

            yield counted
        if done != n:
            raise DataError(f"{path} was to get {n} events; there were {done}.")


def write(events: ElectronEvents, path: Any) -> None:
    """Write events at once; see `event_writer`."""
    with event_writer(path, events.metadata, len(events)) as append:
        append(events.array)


def read(path: Any) -> ElectronEvents:
    """Read a file that `event_writer` or `ganzoo events` wrote, of any of the `ENDINGS`.

    Raises:
        DataError: The file is missing, damaged, or holds something else.
        MissingExtraError: The library for this form is not installed.
        InvalidArgumentError: Another ending.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    ending = path.suffix.lower()
    if ending not in _READERS:
        raise InvalidArgumentError(
            f"Cannot read {path}: the ending must be one of {', '.join(ENDINGS)}."
        )
    check_library(path)
    try:
        array, metadata = _READERS[ending](path)
        if array.dtype != DTYPE or array.ndim != 1 or not len(array):
            raise ValueError(f"dtype {array.dtype} and shape {array.shape}")
        beams = find_beams((metadata.pop("electron_beam"), metadata.pop("proton_beam")))
    except Exception as error:  # each library raises its own for damaged files
        raise DataError(
            f"{path} is not an {ending} file of events as `ganzoo events` writes it "
            f"({_first_line(error)})."
        ) from None
    if not all(np.isfinite(array[name]).all() for name in FIELDS):
        raise DataError(f"{path} holds NaN or infinite momenta.")
    for known in ("particle", "unit", "electron_beam_direction"):
        metadata.pop(known, None)
    return ElectronEvents(array, beams, metadata)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def check_ending(path: Any) -> str:
    """Return the lower-case ending of a path; refuse one that no writer has."""
    ending = Path(path).suffix.lower()
    if ending not in _WRITERS:
        raise InvalidArgumentError(
            f"Cannot write {path}: the ending must be one of {', '.join(ENDINGS)}."
        )
    return ending


def check_library(path: Any) -> None:
    """Refuse, before any work is done, an ending whose library is not installed."""
    needed = {".root": "uproot", ".parquet": "pyarrow"}.get(check_ending(path))
    if needed:
        require(needed, f"a {check_ending(path)} file")


@contextmanager
def _npz(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    note = io.BytesIO()
    np.save(note, np.array(json.dumps(metadata)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr("metadata.npy", note.getvalue())
        with archive.open("events.npy", "w", force_zip64=True) as member:
            form = {"descr": np.lib.format.dtype_to_descr(DTYPE), "fortran_order": False}
            np.lib.format.write_array_header_1_0(member, {**form, "shape": (n,)})
            yield lambda events: _ignore(
                member.write(events.astype(DTYPE, copy=False).data.cast("B"))
            )


def _ignore(_: object) -> None:
    """Turn a call's result into None."""


@contextmanager
def _h5(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs.update(metadata)
        columns = {}
        for name in FIELDS:
            columns[name] = file.create_dataset(f"events/{name}", (n,), "<f8")
            columns[name].attrs["unit"] = UNIT
        done = 0

        def append(events: np.ndarray) -> None:
            nonlocal done
            if done + len(events) > n:
                raise DataError(f"{path.name} was to get {n} events; there are more.")
            for name, column in columns.items():
                column[done : done + len(events)] = events[name]
            done += len(events)

        yield append


@contextmanager
def _csv(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# {json.dumps(metadata)}\n{','.join(FIELDS)}\n")
        yield lambda events: np.savetxt(file, events, fmt="%.10g", delimiter=",")


@contextmanager
def _parquet(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    arrow = require("pyarrow", "a .parquet file")
    parquet = require("pyarrow.parquet", "a .parquet file")
    note = {"ganzoo": json.dumps(metadata)}
    columns = [arrow.field(name, arrow.float64(), False, {"unit": UNIT}) for name in FIELDS]
    schema = arrow.schema(columns, metadata=note)
    # Momenta do not compress; dictionaries would only cost time.
    with parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False) as file:
        yield lambda events: file.write_table(
            arrow.table([np.ascontiguousarray(events[name]) for name in FIELDS], schema=schema)
        )


@contextmanager
def _root(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    uproot = require("uproot", "a .root file")
    with uproot.recreate(path, compression=None) as file:
        file["metadata"] = json.dumps(metadata)
        tree = file.mktree("events", dict.fromkeys(FIELDS, "float64"), title=f"electrons [{UNIT}]")
        yield lambda events: tree.extend(
            {name: np.ascontiguousarray(events[name]) for name in FIELDS}
        )


def _from_npz(path: Path) -> Found:
    with np.load(path, allow_pickle=False) as file:
        return file["events"], json.loads(str(file["metadata"]))


def _from_h5(path: Path) -> Found:
    import h5py

    with h5py.File(path) as file:
        metadata = {k: v.item() if isinstance(v, np.generic) else v for k, v in file.attrs.items()}
        return _structured({name: file["events"][name][:] for name in FIELDS}), metadata


def _from_csv(path: Path) -> Found:
    with open(path, encoding="utf-8") as file:
        metadata = json.loads(file.readline().removeprefix("#"))
        names = file.readline().strip().split(",")
        columns = np.loadtxt(file, delimiter=",", ndmin=2, unpack=True)
    return _structured(dict(zip(names, columns, strict=True))), metadata


def _from_parquet(path: Path) -> Found:
    table = require("pyarrow.parquet", "a .parquet file").read_table(path)
    columns = {name: table[name].to_numpy() for name in FIELDS}
    return _structured(columns), json.loads(table.schema.metadata[b"ganzoo"])


def _from_root(path: Path) -> Found:
    with require("uproot", "a .root file").open(path) as file:
        columns = file["events"].arrays(list(FIELDS), library="np")
        return _structured(columns), json.loads(str(file["metadata"]))


def _structured(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    array = np.empty(len(columns["px"]), DTYPE)
    for name in FIELDS:
        array[name] = columns[name]
    return array


_WRITERS: dict[str, Writer] = {
    ".npz": _npz,
    ".h5": _h5,
    ".csv": _csv,
    ".parquet": _parquet,
    ".root": _root,
}
_READERS: dict[str, Callable[[Path], Found]] = {
    ".npz": _from_npz,
    ".h5": _from_h5,
    ".csv": _from_csv,
    ".parquet": _from_parquet,
    ".root": _from_root,
}
ENDINGS = tuple(_WRITERS)
