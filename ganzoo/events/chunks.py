"""Files of ganzoo's own events, chunk by chunk at constant memory; `ganzoo.events.merge` reads so.

`columns` reads whole files of anybody.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib import format as npy

from ganzoo.errors import DataError, GanzooError, InvalidArgumentError
from ganzoo.events.arrays import DTYPE, FIELDS
from ganzoo.events.columns import parquet_metadata, plain, root_metadata
from ganzoo.extras import require

CHUNK = 131_072  # events


class Opened(NamedTuple):
    """An open file of events.

    Attributes:
        metadata: What it states.
        chunks: Its events, structured arrays (px, py, pz, E) in GeV.
    """

    metadata: dict[str, Any]
    chunks: Iterator[np.ndarray]


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a file that `ganzoo sample` or `ganzoo merge` wrote.

    Raises:
        DataError: The file is missing, damaged, or of another form.
        InvalidArgumentError: Another ending.
        MissingExtraError: The library for this form is not installed.
    """
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    if path.suffix.lower() not in OPENERS:
        raise InvalidArgumentError(
            f"Cannot read {path}: the ending must be one of {', '.join(OPENERS)}."
        )
    with ExitStack() as stack:
        with _told(path):
            found = stack.enter_context(OPENERS[path.suffix.lower()](path))
        yield Opened(found.metadata, _guarded(path, found.chunks))


def _guarded(path: Path, chunks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    while True:
        with _told(path):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a library raises for a damaged file, each its own, into one line."""
    try:
        yield
    except GanzooError:
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(f"{path} is no file of ganzoo's events, or damaged ({reason}).") from None


def _structured(columns: Any, n: int) -> np.ndarray:
    array = np.empty(n, DTYPE)
    for name in FIELDS:
        array[name] = columns[name]
    return array


@contextmanager
def _npz(path: Path) -> Iterator[Opened]:
    with zipfile.ZipFile(path) as archive:
        with archive.open("metadata.npy") as member:
            metadata = json.loads(str(npy.read_array(member, allow_pickle=False)))
        with archive.open("events.npy") as member:
            npy.read_magic(member)
            (n,), _, dtype = npy.read_array_header_1_0(member)
            if dtype != DTYPE:
                raise DataError(f"{path} holds other columns than {', '.join(FIELDS)}.")

            def chunks() -> Iterator[np.ndarray]:
                for start in range(0, n, CHUNK):
                    count = min(CHUNK, n - start)
                    yield np.frombuffer(member.read(count * DTYPE.itemsize), DTYPE)

            yield Opened(metadata, chunks())


@contextmanager
def _h5(path: Path) -> Iterator[Opened]:
    import h5py

    with h5py.File(path) as file:
        columns = {name: file[f"events/{name}"] for name in FIELDS}

        def chunks() -> Iterator[np.ndarray]:
            n = len(columns["px"])
            for start in range(0, n, CHUNK):
                part = {name: column[start : start + CHUNK] for name, column in columns.items()}
                yield _structured(part, len(part["px"]))

        yield Opened({key: plain(value) for key, value in file.attrs.items()}, chunks())


@contextmanager
def _csv(path: Path) -> Iterator[Opened]:
    with open(path, encoding="utf-8") as file:
        metadata = json.loads(file.readline().removeprefix("#"))
        names = file.readline().strip()
        if names != ",".join(FIELDS):
            raise DataError(f"{path} holds other columns than {', '.join(FIELDS)}: {names[:60]}.")

        def chunks() -> Iterator[np.ndarray]:
            while lines := list(itertools.islice(file, CHUNK)):
                yield np.loadtxt(lines, DTYPE, delimiter=",", ndmin=1)

        yield Opened(metadata, chunks())


@contextmanager
def _parquet(path: Path) -> Iterator[Opened]:
    with require("pyarrow.parquet", "a .parquet file").ParquetFile(path) as file:

        def chunks() -> Iterator[np.ndarray]:
            for batch in file.iter_batches(CHUNK, columns=list(FIELDS)):
                columns = {name: batch.column(name).to_numpy() for name in FIELDS}
                yield _structured(columns, batch.num_rows)

        yield Opened(parquet_metadata(file.metadata.metadata or {}), chunks())


@contextmanager
def _root(path: Path) -> Iterator[Opened]:
    with require("uproot", "a .root file").open(path) as file:
        tree = file["events"]

        def chunks() -> Iterator[np.ndarray]:
            for start in range(0, tree.num_entries, CHUNK):
                part = tree.arrays(
                    list(FIELDS), entry_start=start, entry_stop=start + CHUNK, library="np"
                )
                yield _structured(part, len(part["px"]))

        yield Opened(root_metadata(file), chunks())


OPENERS: dict[str, Callable[[Path], AbstractContextManager[Opened]]] = {
    ".npz": _npz,
    ".h5": _h5,
    ".csv": _csv,
    ".parquet": _parquet,
    ".root": _root,
}
