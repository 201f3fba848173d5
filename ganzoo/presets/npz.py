"""Reading a preset's `probe.npz`: float32 arrays of bounded size, and nothing that runs."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import PresetError
from ganzoo.files.reading import read_bounded
from ganzoo.files.writing import written

MAX_BYTES = 1 << 26  # of the file, and of each array unpacked
MAX_ARRAYS = 16
MAX_ROWS = 1024
Arrays = dict[str, np.ndarray]
_MEMBER = re.compile(r"(input|output)\.([A-Za-z]\w{0,63})\.npy", re.ASCII)
# What zipfile, zlib and NumPy's header parser raise on malformed input.
_DAMAGE = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError)


def write_probe(path: Path, inputs: Mapping[str, np.ndarray], outputs: Mapping) -> None:
    """Write inputs as `input.<name>` and outputs as `output.<name>`, float32.

    Raises:
        OutputError: The disk refuses; an earlier file is untouched.
    """
    members = {f"input.{name}": array for name, array in inputs.items()}
    members |= {f"output.{name}": array for name, array in outputs.items()}
    arrays: Any = {name: np.asarray(array, np.float32) for name, array in members.items()}
    with written(path, suffix=".npz") as temporary:
        np.savez(temporary, **arrays)


def read_probe(path: str | Path, rows: Mapping[str, tuple[int, ...]]) -> tuple[Arrays, Arrays]:
    """Read a model's inputs and the outputs that they must give.

    Args:
        path: The `.npz` file.
        rows: Shape of one row of each input that the model takes, by name.

    Returns:
        Inputs and outputs by name: float32, finite, all of the same number of rows, 1 to 1024.

    Raises:
        PresetError: The file is missing, damaged, too large, or holds anything else.
    """
    path = Path(path)
    content = io.BytesIO(read_bounded(path, MAX_BYTES))
    try:
        with zipfile.ZipFile(content) as archive:
            return _read(archive, rows)
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error
    except _DAMAGE as error:
        text = " ".join(str(error).split())[:200]
        raise PresetError(f"{path} is damaged, NumPy cannot read it: {text}") from error


def _read(archive: zipfile.ZipFile, rows: Mapping[str, tuple[int, ...]]) -> tuple[Arrays, Arrays]:
    members = archive.namelist()
    if len(members) > MAX_ARRAYS or len({*members}) != len(members):
        raise PresetError(f"holds {len(members)} arrays; {MAX_ARRAYS} distinct ones are accepted")
    names = [match.groups() for member in members if (match := _MEMBER.fullmatch(member))]
    outputs = {name for kind, name in names if kind == "output"}
    given = {name for kind, name in names if kind == "input"}
    if not outputs or given != set(rows) or len(names) != len(members):
        wanted = ", ".join(f"input.{name}" for name in rows)
        raise PresetError(f"holds {str(members)[:200]}; {wanted} and output.<name> are accepted")
    found: tuple[Arrays, Arrays] = (
        {name: _array(archive, f"input.{name}", row) for name, row in rows.items()},
        {name: _array(archive, f"output.{name}", None) for name in sorted(outputs)},
    )
    lengths = {f"{kind}.{name}": len(found[kind == "output"][name]) for kind, name in names}
    if len(set(lengths.values())) > 1:
        raise PresetError(f"all arrays must have as many rows; they have {lengths}")
    return found


def _array(archive: zipfile.ZipFile, name: str, row: tuple[int, ...] | None) -> np.ndarray:
    """Unpack one array; its header is compared before anything of its size is made."""
    with archive.open(f"{name}.npy") as member:
        packed = member.read(MAX_BYTES + 1)
    if len(packed) > MAX_BYTES:
        raise PresetError(f"{name} unpacks to more than {MAX_BYTES} bytes")
    stream = io.BytesIO(packed)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise PresetError(f"{name} has another version of the .npy format than 1.0")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if not shape or not 1 <= shape[0] <= MAX_ROWS or row not in (None, shape[1:]):
        wanted = "(n, ...)" if row is None else f"(n, {', '.join(map(str, row))})"
        raise PresetError(f"{name} has shape {str(shape)[:100]}; {wanted} is accepted")
    if dtype != np.dtype("<f4") or fortran:
        raise PresetError(f"{name} has dtype {str(dtype)[:100]}; float32 in C order is accepted")
    values = packed[stream.tell() :]
    if len(values) != 4 * math.prod(shape):
        raise PresetError(f"{name} has {len(values)} bytes of data for shape {shape}")
    array = np.frombuffer(values, "<f4").reshape(shape)
    if not np.isfinite(array).all():
        raise PresetError(f"{name} holds NaN or infinite values")
    return array
