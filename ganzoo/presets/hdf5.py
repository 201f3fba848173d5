"""Weights in an HDF5 file: written plainly, and read only where the file is as plain.

HDF5 files can point at other files, hold data that exist nowhere, or unpack to any size. What is
accepted here is the plain form: groups that hold each other through hard links, and one contiguous,
uncompressed data set of the expected shape and type for each of the model's weights.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
from h5py import h5a, h5d, h5g, h5l, h5o, h5s, h5t

from ganzoo.errors import PresetError, nearest
from ganzoo.files.reading import open_regular

Expected = Mapping[str, tuple[tuple[int, ...], Any]]
"""Path of a data set in the file -> (shape, dtype)."""

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_FILE_SLACK, _SLACK = 1 << 16, 1 << 13  # bytes of HDF5's own, per file and per data set or group
_MAX_EMPTY, _MAX_DEPTH, _MAX_NAME = 100, 16, 200  # entries beyond the model's, levels, characters
_STATES, _MAX_STATES = ("seed_states", "seed_generator_state"), 256
_LINKS = {h5l.TYPE_SOFT: "a soft link", h5l.TYPE_EXTERNAL: "an external link"}
# What h5py raises on malformed files, according to which structure is damaged.
_DAMAGE = (
    OSError,
    RuntimeError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
)
_Tree = dict[str, Any]


def read_weights(path: str | Path, expected: Expected) -> dict[str, np.ndarray]:
    """Read a weights file that is the plain HDF5 form of exactly the expected data sets.

    States of random generators, which older files hold besides, are checked and passed over.

    Args:
        path: The `.weights.h5` file.
        expected: Shape and dtype of every data set, by its path in the file.

    Returns:
        The finite values of every expected data set, by its path.

    Raises:
        PresetError: The file is missing, no regular file, damaged, too large or too small; it
            holds a link, an external, virtual, chunked, compressed or aliased data set, or an
            attribute that Keras does not write; a data set is missing, unexpected, of another
            shape or dtype, or not finite.
    """
    path = Path(path)
    _check_size(path, expected)
    try:
        with h5py.File(path, "r") as file:
            return _Walk(path).read(file, expected)
    except PresetError:
        raise
    except _DAMAGE as error:
        text = " ".join(str(error).split())[:200]
        raise PresetError(f"{path} is damaged, HDF5 cannot read it: {text}") from error


def image_of(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return the content of a plain HDF5 file that holds these arrays.

    It is made in memory, to be written by Python: the HDF5 library crashes the whole process when
    the disk is full while it closes a file (github.com/h5py/h5py/issues/914).

    Args:
        arrays: Values by path, such as `generator/0`; stored contiguous and uncompressed.
    """
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for path, array in arrays.items():
            file.create_dataset(path, data=array)
    return buffer.getvalue()


def weights_image(model: Any) -> bytes:
    """Return the content that `model.save_weights` would give a file, made in memory.

    Args:
        model: A built `keras.Model`; optimizers and random states are saved with it.

    Returns:
        An HDF5 file as bytes, in Keras' form.
    """
    from ganzoo._backend.keras_internals import write_state  # imports Keras

    buffer = io.BytesIO()
    write_state(model, buffer)
    return buffer.getvalue()


def layout(file: str | Path | BinaryIO) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Return shape and dtype of every data set of a trusted weights file."""
    found: dict[str, tuple[tuple[int, ...], Any]] = {}

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = (item.shape, item.dtype)

    with h5py.File(file, "r") as opened:
        opened.visititems(note)
    return found


def _check_size(path: Path, expected: Expected) -> None:
    """Bound the file's size by the model's before HDF5 sees it."""
    data = sum(_nbytes(shape, dtype) for shape, dtype in expected.values())
    parts = {part for name in expected for part in _parents(name)}
    limit = data + _FILE_SLACK + _SLACK * len(parts)
    with open_regular(path) as stream:
        signature = stream.read(len(_SIGNATURE))
        size = stream.seek(0, 2)
    if signature != _SIGNATURE:
        raise PresetError(f"{path} is not an HDF5 file; model.save_to_preset writes them")
    if not data <= size <= limit:
        raise PresetError(
            f"{path} has {size} bytes; the model's weights take between {data} and {limit}"
        )


class _Walk:
    """One pass over the links of a file, along the expected paths only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.addresses: set[int] = set()
        self.extents: list[tuple[int, int, str]] = []

    def read(self, file: h5py.File, expected: Expected) -> dict[str, np.ndarray]:
        if file.id.get_create_plist().get_userblock():
            raise PresetError(f"{self.path} has a user block, which ganzoo does not write")
        root = h5g.open(file.id, b"/")
        self._check_object(root, "/")
        self._group(root, "", _tree(expected))
        end = 0
        for offset, size, name in sorted(self.extents):
            if offset < end:
                raise self._refusal(name, "shares its bytes with another data set")
            end = offset + size
        if end > self.path.stat().st_size:
            raise PresetError(f"{self.path} is truncated: data sets reach beyond its end")
        return {name: self._values(file, name) for name in expected}  # now that all bounds hold

    def _group(self, group: h5g.GroupID, prefix: str, tree: _Tree) -> None:
        """Compare a group with the expected one; groups that hold nothing are no difference."""
        entries = group.get_num_objs()
        if entries > len(tree) + _MAX_EMPTY or prefix.count("/") > _MAX_DEPTH:
            raise self._refusal(prefix, f"has {entries} entries, the model {len(tree)}")
        names = [raw.decode("utf-8") for raw in group]
        for name in tree:
            if name not in names:
                raise self._refusal(f"{prefix}{name}", "is in config.json, but missing in the file")
        for name in names:
            where = f"{prefix}{name[:_MAX_NAME]}"
            link = group.links.get_info(name.encode()).type
            if link != h5l.TYPE_HARD:
                raise self._refusal(where, f"is {_LINKS.get(link, 'a user-defined link')}")
            item = h5o.open(group, name.encode())
            self._check_object(item, where)
            self._entry(item, where, name, tree)

    def _entry(self, item: Any, where: str, name: str, tree: _Tree) -> None:
        wanted = tree.get(name, {})
        if isinstance(wanted, dict) and isinstance(item, h5g.GroupID):
            self._group(item, f"{where}/", wanted)
        elif not isinstance(wanted, dict) and isinstance(item, h5d.DatasetID):
            self._data_set(item, where, *wanted)
        elif name not in tree and _is_random_state(name, item):
            self._data_set(item, where, item.shape, item.dtype)
        elif name in tree:
            form = "group" if isinstance(wanted, dict) else "data set"
            raise self._refusal(where, f"is no {form}, as the model has it")
        else:
            raise self._refusal(where, f"is not in the model.{nearest(name[:_MAX_NAME], tree)}")

    def _check_object(self, item: Any, where: str) -> None:
        """Refuse an object met twice (an alias or a circle) and attributes of a foreign kind."""
        address = h5o.get_info(item).addr
        if address in self.addresses:
            raise self._refusal(where, "is another name of something met before")
        self.addresses.add(address)
        for index in range(min(h5a.get_num_attrs(item), 2)):
            attribute = h5a.open(item, index=index)
            kind = attribute.get_type().get_class()
            if attribute.name != b"name" or kind != h5t.STRING or index or attribute.shape != ():
                raise self._refusal(where, f"has an attribute {attribute.name[:80]!r}")

    def _data_set(
        self, item: h5d.DatasetID, where: str, shape: tuple[int, ...], dtype: np.dtype
    ) -> None:
        creation = item.get_create_plist()
        if creation.get_layout() == h5d.VIRTUAL:
            raise self._refusal(where, "is a virtual data set")
        if creation.get_external_count():
            raise self._refusal(where, "keeps its data in an external file")
        if creation.get_nfilters() or creation.get_layout() != h5d.CONTIGUOUS:
            raise self._refusal(where, "is compressed, filtered or chunked; contiguous is accepted")
        space = item.get_space()
        if space.get_simple_extent_type() == h5s.NULL or tuple(item.shape) != tuple(shape):
            found = tuple(item.shape or ())
            raise self._refusal(where, f"has shape {found}; the model has {tuple(shape)}")
        wanted = np.dtype(dtype)
        if not item.get_type().equal(h5t.py_create(wanted, logical=True)):
            raise self._refusal(where, f"has dtype {item.dtype}; the model has {wanted}")
        size = _nbytes(shape, wanted)
        if item.get_storage_size() != size:
            raise self._refusal(where, f"stores {item.get_storage_size()} bytes, not {size}")
        if size:
            offset = item.get_offset()
            if offset is None:
                raise self._refusal(where, "has no data")
            self.extents.append((offset, size, where))

    def _values(self, file: h5py.File, name: str) -> np.ndarray:
        values = file[name][()]
        if np.issubdtype(values.dtype, np.inexact) and not np.all(np.isfinite(values)):
            raise self._refusal(name, "holds NaN or infinite values")
        return values

    def _refusal(self, where: str, what: str) -> PresetError:
        return PresetError(f"{self.path}: {where!r} {what}")


def _is_random_state(name: str, item: Any) -> bool:
    """Whether this is a state of Keras' random generators, (2,), or of several, (n, 2)."""
    if name not in _STATES or not isinstance(item, h5d.DatasetID):
        return False
    shape = tuple(item.shape or ())
    few = len(shape) in (1, 2) and shape[-1] == 2 and shape[0] <= _MAX_STATES
    return few and item.dtype in (np.dtype("uint32"), np.dtype("int64"))


def _tree(expected: Expected) -> _Tree:
    """Turn `a/b/0` -> (shape, dtype) into nested dicts."""
    root: _Tree = {}
    for name, facts in expected.items():
        *parents, leaf = name.strip("/").split("/")
        node = root
        for part in parents:
            node = node.setdefault(part, {})
        node[leaf] = facts
    return root


def _parents(name: str) -> list[str]:
    parts = name.strip("/").split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _nbytes(shape: tuple[int, ...], dtype: Any) -> int:
    size = np.dtype(dtype).itemsize
    for side in shape:
        size *= int(side)
    return size
