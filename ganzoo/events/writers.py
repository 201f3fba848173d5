"""A writer per form of file: events come chunk by chunk, metadata at the end.

So a file can state what is known only when all events are there, such as the efficiency of a cut.
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

from ganzoo.errors import DataError
from ganzoo.events.arrays import FIELDS, UNIT
from ganzoo.events.parts import row_of
from ganzoo.extras import require

Append = Callable[[np.ndarray], None]
Writer = Callable[[Path, Mapping[str, Any], int | None, np.dtype], AbstractContextManager[Append]]
_ROOM = 512  # bytes kept free in the first line of a .csv file
_CHUNK = 131_072  # events


@contextmanager
def _npz(
    path: Path, metadata: Mapping[str, Any], n: int | None, dtype: np.dtype
) -> Iterator[Append]:
    if n is None:  # the array's length stands before it: the events wait in a file of their own
        with _spooled(path, dtype) as (append, told):
            yield append
            with _npz(path, metadata, told.n, dtype) as again:
                for events in told.chunks():
                    again(events)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        # Members without a time of day: the same events are the same bytes.
        with archive.open(zipfile.ZipInfo("events.npy"), "w", force_zip64=True) as member:
            form = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False}
            np.lib.format.write_array_header_1_0(member, {**form, "shape": (n,)})
            yield lambda events: _ignore(
                member.write(
                    events.astype(dtype, copy=False).data.cast("B") if len(events) else b""
                )
            )
        note = io.BytesIO()
        np.save(note, np.array(json.dumps(metadata)))
        archive.writestr(zipfile.ZipInfo("metadata.npy"), note.getvalue())


def _names(dtype: np.dtype) -> tuple[str, ...]:
    return dtype.names or ()


def _unit(name: str) -> dict[str, str]:
    """Return what a file states of a column's unit; a weight has none."""
    return {"unit": UNIT} if name in FIELDS else {}


class _Spool:
    """Events in a file, counted."""

    def __init__(self, path: Path, dtype: np.dtype) -> None:
        self.path, self.n, self.dtype = path, 0, dtype
        self.file = open(path, "wb+")  # noqa: SIM115  closed by `_spooled`

    def append(self, events: np.ndarray) -> None:
        self.n += len(events)
        self.file.write(events.astype(self.dtype, copy=False).tobytes())

    def chunks(self) -> Iterator[np.ndarray]:
        self.file.seek(0)
        while data := self.file.read(_CHUNK * self.dtype.itemsize):
            yield np.frombuffer(data, self.dtype)


@contextmanager
def _spooled(path: Path, dtype: np.dtype) -> Iterator[tuple[Append, _Spool]]:
    spool = _Spool(path.with_name(f"{path.name}.events"), dtype)
    try:
        yield spool.append, spool
    finally:
        spool.file.close()
        spool.path.unlink(missing_ok=True)


def _ignore(_: object) -> None:
    """Turn a call's result into None."""


@contextmanager
def _h5(
    path: Path, metadata: Mapping[str, Any], n: int | None, dtype: np.dtype
) -> Iterator[Append]:
    import h5py

    with h5py.File(path, "w") as file:
        columns = {}
        growing = {} if n is not None else {"maxshape": (None,), "chunks": (_CHUNK,)}
        for name in _names(dtype):
            columns[name] = file.create_dataset(f"events/{name}", (n or 0,), "<f8", **growing)
            columns[name].attrs.update(_unit(name))
        done = 0

        def append(events: np.ndarray) -> None:
            nonlocal done
            if n is not None and done + len(events) > n:
                raise DataError(f"{path.name} was to get {n} events; there are more.")
            for name, column in columns.items():
                if n is None:
                    column.resize((done + len(events),))
                column[done : done + len(events)] = events[name]
            done += len(events)

        yield append
        file.attrs.update(metadata)


@contextmanager
def _csv(
    path: Path, metadata: Mapping[str, Any], n: int | None, dtype: np.dtype
) -> Iterator[Append]:
    with open(path, "wb") as file:
        room = len(json.dumps(metadata)) + _ROOM
        file.write(f"# {'':<{room}}\n{','.join(_names(dtype))}\n".encode())
        yield lambda events: np.savetxt(file, events, fmt="%.10g", delimiter=",")
        note = json.dumps(metadata)
        if len(note) > room:
            raise DataError(f"{path.name}: the metadata have {len(note)} bytes; {room} were kept.")
        file.seek(0)
        file.write(f"# {note:<{room}}\n".encode())


@contextmanager
def _parquet(
    path: Path, metadata: Mapping[str, Any], n: int | None, dtype: np.dtype
) -> Iterator[Append]:
    arrow = require("pyarrow", "a .parquet file")
    parquet = require("pyarrow.parquet", "a .parquet file")
    columns = [
        arrow.field(name, arrow.float64(), False, _unit(name) or None) for name in _names(dtype)
    ]
    begun = dict(metadata)
    schema = arrow.schema(columns, metadata={"ganzoo": json.dumps(begun)})
    # Momenta do not compress; dictionaries would only cost time.
    with parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False) as file:
        yield lambda events: file.write_table(
            arrow.table(
                [np.ascontiguousarray(events[name]) for name in _names(dtype)], schema=schema
            )
        )
        added = {key: value for key, value in metadata.items() if begun.get(key) != value}
        if added:
            file.add_key_value_metadata({"ganzoo.added": json.dumps(added)})


@contextmanager
def _root(
    path: Path, metadata: Mapping[str, Any], n: int | None, dtype: np.dtype
) -> Iterator[Append]:
    uproot = require("uproot", "a .root file")
    with uproot.recreate(path, compression=None) as file:
        tree = file.mktree(
            "events", dict.fromkeys(_names(dtype), "float64"), title=f"electrons [{UNIT}]"
        )
        yield lambda events: tree.extend(
            {name: np.ascontiguousarray(events[name]) for name in _names(dtype)}
        )
        file["metadata"] = json.dumps(metadata)
        row = row_of(metadata)
        if row is not None:  # a tree of one entry: `hadd` keeps those of all parts
            parts = file.mktree("parts", dict.fromkeys(row, "int64"), title="parts of a run")
            parts.extend({name: np.array([value]) for name, value in row.items()})


WRITERS: dict[str, Writer] = {
    ".npz": _npz,
    ".h5": _h5,
    ".csv": _csv,
    ".parquet": _parquet,
    ".root": _root,
}
