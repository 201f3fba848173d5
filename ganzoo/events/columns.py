"""Columns of numbers out of files of events, whoever wrote them, and what the files state.

Nothing is said here of what the numbers mean; `ganzoo.events.files.read` does that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo.errors import DataError
from ganzoo.events.parts import joined
from ganzoo.extras import require

Choose = Callable[[Sequence[str]], Mapping[str, str]]
_UNITS = ("unit", "units")
_TREES = ("TTree", "TNtuple", "ROOT::RNTuple")
_NAME = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>\w+)[\])]")  # "px [MeV]"


class Found(NamedTuple):
    """What a file holds.

    Attributes:
        values: The chosen columns by what they are chosen for, such as "px", shape (n,) each.
        units: What the file states of these columns' units, without repetition.
        metadata: What it states of itself, as plain data.
    """

    values: dict[str, np.ndarray]
    units: tuple[str, ...]
    metadata: dict[str, Any]


def read_columns(path: Path, choose: Choose) -> Found:
    """Return columns of a file.

    Args:
        path: `.npz`, `.h5`, `.csv`, `.parquet` or `.root`.
        choose: From the names of all columns to those that are wanted, by what they are for. A
            column in a tree of ROOT or a group of HDF5 is called "events:px", "events/px"; its
            last part is enough where it is the only one.

    Raises:
        DataError: A column is not one number per event.
        Exception: Whatever the libraries raise for damaged files.
    """
    found = READERS[path.suffix.lower()](path, choose)
    for name, column in found.values.items():
        if column.dtype.kind not in "fiu" or column.ndim != 1:
            raise DataError(
                f"{path}: the column for {name} must have one real number per event; it has dtype "
                f"{column.dtype} and shape {column.shape}."
            )
    if len({len(column) for column in found.values.values()}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in found.values.items())
        raise DataError(f"{path}: the columns have different lengths ({lengths}).")
    return found


def find_name(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the names that mean a column: it itself, or those that end in it or add a unit."""
    if wanted in names:
        return [wanted]
    return [name for name in names if wanted in (_last(name), _split(_last(name))[0])]


def _last(name: str) -> str:
    return re.split(r"[/:]", name)[-1]


def _split(name: str) -> tuple[str, str | None]:
    """Return a column's name and the unit in brackets behind it."""
    match = _NAME.fullmatch(name)
    return (match["name"], match["unit"]) if match else (name, None)


def _stated_units(chosen: Mapping[str, str], of: Callable[[str], Any]) -> tuple[str, ...]:
    """Return the units of chosen columns, from their names or from what `of` says of them."""
    found = [str(_split(_last(name))[1] or of(name) or "") for name in chosen.values()]
    return tuple(dict.fromkeys(unit for unit in found if unit))


def _first(mapping: Mapping[Any, Any], keys: Sequence[Any]) -> Any:
    return next((mapping[key] for key in keys if key in mapping), None)


def plain(value: Any) -> Any:
    """Return an attribute as plain data."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


# --- a reader per form ---------------------------------------------------------------------------


def _from_npz(path: Path, choose: Choose) -> Found:
    with np.load(path, allow_pickle=False) as file:
        columns: dict[str, np.ndarray] = {}
        metadata = json.loads(str(file["metadata"])) if "metadata" in file.files else {}
        for name in file.files:
            array = file[name]
            if array.dtype.names:
                columns |= {f"{name}/{part}": array[part] for part in array.dtype.names}
            elif array.ndim:
                columns[name] = array
            elif name != "metadata":
                metadata.setdefault(name, array.item())
    chosen = choose(list(columns))
    values = {field: columns[name] for field, name in chosen.items()}
    return Found(values, _stated_units(chosen, lambda name: None), metadata)


def _from_h5(path: Path, choose: Choose) -> Found:
    import h5py

    with h5py.File(path) as file:
        metadata = {key: plain(value) for key, value in file.attrs.items()}
        columns: dict[str, Any] = {}

        def visit(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset) and item.dtype.names:
                columns.update({f"{name}/{part}": (name, part) for part in item.dtype.names})
            elif isinstance(item, h5py.Dataset):
                columns[name] = (name, None)

        file.visititems(visit)
        chosen = choose(list(columns))
        values = {}
        for field, name in chosen.items():
            place, part = columns[name]
            values[field] = file[place][part] if part else file[place][:]
        units = _stated_units(
            chosen, lambda name: plain(_first(file[columns[name][0]].attrs, _UNITS))
        )
    return Found(values, units, metadata)


def _from_csv(path: Path, choose: Choose) -> Found:
    metadata: dict[str, Any] = {}
    with open(path, encoding="utf-8-sig") as file:
        line = file.readline()
        while line.startswith("#") or (line and not line.strip()):
            metadata |= _comment(line)
            line = file.readline()
        if not line:
            raise ValueError("it has no line of names")
        delimiter = next((mark for mark in ",;\t" if mark in line), None)
        names = [name.strip().strip('"') for name in line.strip().split(delimiter)]
        if any(_is_number(name) for name in names):
            raise DataError(
                f"{path} must name its columns in the first line; got {line.strip()[:60]!r}."
            )
        chosen = choose(names)
        wanted = [names.index(name) for name in chosen.values()]
        columns = np.loadtxt(file, delimiter=delimiter, usecols=wanted, ndmin=2, unpack=True)
    values = dict(zip(chosen, columns, strict=True))
    return Found(values, _stated_units(chosen, lambda name: None), metadata)


def _comment(line: str) -> dict[str, Any]:
    """Return what a comment states: a mapping in JSON, or "key: value"."""
    text = line.strip().removeprefix("#").strip()
    if text.startswith("{"):
        return dict(json.loads(text))
    key, mark, value = text.partition(":" if ":" in text else "=")
    return {key.strip(): value.strip()} if mark else {}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _from_parquet(path: Path, choose: Choose) -> Found:
    parquet = require("pyarrow.parquet", "a .parquet file")
    schema = parquet.read_schema(path)
    chosen = choose(schema.names)
    table = parquet.read_table(path, columns=list(chosen.values()))
    values = {field: table[name].to_numpy() for field, name in chosen.items()}
    stated = dict(parquet.read_metadata(path).metadata or {})
    metadata = parquet_metadata(stated)
    units = _stated_units(
        chosen,
        lambda name: plain(
            _first(schema.field(name).metadata or {}, [unit.encode() for unit in _UNITS])
        ),
    )
    return Found(values, units, metadata)


def parquet_metadata(stated: Mapping[bytes, bytes]) -> dict[str, Any]:
    """Return what a schema states: ganzoo's metadata where it has any, else each of its keys."""
    own = [json.loads(stated[key]) for key in (b"ganzoo", b"ganzoo.added") if key in stated]
    return {key: value for part in own for key, value in part.items()} or {
        key.decode("utf-8", "replace"): plain(value)
        for key, value in stated.items()
        if key not in (b"ARROW:schema", b"pandas")
    }


def _from_root(path: Path, choose: Choose) -> Found:
    with require("uproot", "a .root file").open(path) as file:
        kinds = file.classnames(cycle=False)
        trees = [name for name, kind in kinds.items() if kind in _TREES]
        names = [f"{tree}:{branch}" for tree in trees for branch in file[tree].keys()]  # noqa: SIM118
        chosen = choose(names)
        values = {}
        for field, name in chosen.items():
            tree, _, branch = name.partition(":")
            values[field] = np.asarray(file[tree].arrays([branch], library="np")[branch])
        used = {name.partition(":")[0] for name in chosen.values()}
        titles = [_NAME.fullmatch(str(getattr(file[tree], "title", ""))) for tree in used]
        units = _stated_units(chosen, lambda name: None)
        units += tuple({title["unit"] for title in titles if title} - set(units))
        metadata = root_metadata(file)
    return Found(values, units, metadata)


def root_metadata(file: Any) -> dict[str, Any]:
    """Return what an open file of ROOT states; of several parts that `hadd` joined, of all."""
    kinds = file.classnames(cycle=False)
    metadata = json.loads(str(file["metadata"])) if "metadata" in kinds else {}
    if "parts" not in kinds or "requested" not in metadata:
        return metadata
    return joined(metadata, file["parts"].arrays(library="np"))


READERS: dict[str, Callable[[Path, Choose], Found]] = {
    ".npz": _from_npz,
    ".h5": _from_h5,
    ".csv": _from_csv,
    ".parquet": _from_parquet,
    ".root": _from_root,
}
