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
from ganzoo.events.arrays import DTYPE, FIELDS, UNIT
from ganzoo.extras import require

Append = Callable[[np.ndarray], None]
Writer = Callable[[Path, Mapping[str, Any], int], AbstractContextManager[Append]]
_ROOM = 512  # bytes kept free in the first line of a .csv file


@contextmanager
def _npz(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        with archive.open("events.npy", "w", force_zip64=True) as member:
            form = {"descr": np.lib.format.dtype_to_descr(DTYPE), "fortran_order": False}
            np.lib.format.write_array_header_1_0(member, {**form, "shape": (n,)})
            yield lambda events: _ignore(
                member.write(events.astype(DTYPE, copy=False).data.cast("B"))
            )
        note = io.BytesIO()
        np.save(note, np.array(json.dumps(metadata)))
        archive.writestr("metadata.npy", note.getvalue())


def _ignore(_: object) -> None:
    """Turn a call's result into None."""


@contextmanager
def _h5(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    import h5py

    with h5py.File(path, "w") as file:
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
        file.attrs.update(metadata)


@contextmanager
def _csv(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    with open(path, "wb") as file:
        room = len(json.dumps(metadata)) + _ROOM
        file.write(f"# {'':<{room}}\n{','.join(FIELDS)}\n".encode())
        yield lambda events: np.savetxt(file, events, fmt="%.10g", delimiter=",")
        note = json.dumps(metadata)
        if len(note) > room:
            raise DataError(f"{path.name}: the metadata have {len(note)} bytes; {room} were kept.")
        file.seek(0)
        file.write(f"# {note:<{room}}\n".encode())


@contextmanager
def _parquet(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    arrow = require("pyarrow", "a .parquet file")
    parquet = require("pyarrow.parquet", "a .parquet file")
    columns = [arrow.field(name, arrow.float64(), False, {"unit": UNIT}) for name in FIELDS]
    begun = dict(metadata)
    schema = arrow.schema(columns, metadata={"ganzoo": json.dumps(begun)})
    # Momenta do not compress; dictionaries would only cost time.
    with parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False) as file:
        yield lambda events: file.write_table(
            arrow.table([np.ascontiguousarray(events[name]) for name in FIELDS], schema=schema)
        )
        added = {key: value for key, value in metadata.items() if begun.get(key) != value}
        if added:
            file.add_key_value_metadata({"ganzoo.added": json.dumps(added)})


@contextmanager
def _root(path: Path, metadata: Mapping[str, Any], n: int) -> Iterator[Append]:
    uproot = require("uproot", "a .root file")
    with uproot.recreate(path, compression=None) as file:
        tree = file.mktree("events", dict.fromkeys(FIELDS, "float64"), title=f"electrons [{UNIT}]")
        yield lambda events: tree.extend(
            {name: np.ascontiguousarray(events[name]) for name in FIELDS}
        )
        file["metadata"] = json.dumps(metadata)


WRITERS: dict[str, Writer] = {
    ".npz": _npz,
    ".h5": _h5,
    ".csv": _csv,
    ".parquet": _parquet,
    ".root": _root,
}
