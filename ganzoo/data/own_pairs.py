"""Pairs and sets of a user's own: two folders, one of pictures side by side, or an array file."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data import pictures
from ganzoo.data.arrays import ENDINGS, read_array
from ganzoo.data.images import images
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.plots import from_uint8

Shape = Sequence[int]
_SHOWN = 3  # names in a message


def own_pairs(
    source: Any, target: Any, source_shape: Shape, target_shape: Shape, **reading: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return sources and the targets that belong to them.

    Args:
        source: A folder of sources; or, without `target`, a folder of pictures that show the
            source on the left and the target on the right, or a `.npz` file with the arrays
            `sources` and `targets`.
        target: A folder of targets, each with its source's name, whatever the ending; or None.
        source_shape, target_shape: (height, width, channels) of the result.
        **reading: As of `ganzoo.data.images`.

    Returns:
        float32 (n, *source_shape) and (n, *target_shape) in [-1, 1].

    Raises:
        DataError: A picture has no partner, or is damaged or of another form; it is named.
    """
    if target is not None:
        return _by_name(Path(source), Path(target), source_shape, target_shape, reading)
    path = Path(source)
    if path.suffix.lower() in ENDINGS and not path.is_dir():
        return _of_file(path, source_shape, target_shape)
    if tuple(source_shape[:2]) != tuple(target_shape[:2]):
        raise InvalidArgumentError(
            f"Pictures side by side are of one size; the model makes {tuple(target_shape)} of "
            f"{tuple(source_shape)}. Give two folders."
        )
    height, width = source_shape[:2]
    left, right = (
        images(path, (height, 2 * width, shape[2]), **reading)
        for shape in (source_shape, target_shape)
    )
    return left[:, :, :width], right[:, :, width:]


def own_sets(
    first: Any, second: Any, first_shape: Shape, second_shape: Shape, **reading: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return two sets of pictures without pairs, each of a folder or an array file.

    Raises:
        InvalidArgumentError: There is no second set.
        DataError: A picture is damaged or of another form; it is named.
    """
    if second is None:
        raise InvalidArgumentError(
            "Two sets are needed, as the model turns each into the other: --data A --data-b B."
        )
    return images(first, first_shape, **reading), images(second, second_shape, **reading)


def _by_name(
    source: Path, target: Path, source_shape: Shape, target_shape: Shape, reading: Mapping[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    rules = pictures.Rules(**reading)
    found = []
    for path, shape in ((source, source_shape), (target, target_shape)):
        read = pictures.read(path, shape, rules)
        for note in read.notes:
            warnings.warn(note, stacklevel=4)
        names = [str(Path(name).with_suffix("")) for name in read.names]
        refuse_twice(path, names, read.names)
        found.append((read.images, {name: row for row, name in enumerate(names)}))
    (left, left_rows), (right, right_rows) = found
    for path, other, alone in (
        (source, target, left_rows.keys() - right_rows.keys()),
        (target, source, right_rows.keys() - left_rows.keys()),
    ):
        refuse_alone(path, other, alone)
    rows = sorted(left_rows)
    return left[[left_rows[name] for name in rows]], right[[right_rows[name] for name in rows]]


def refuse_alone(path: Any, other: Any, alone: Collection[str]) -> None:
    """Refuse names of pictures in `path` that have no partner in `other`.

    Raises:
        DataError: There are some; the first are named.
    """
    if alone:
        shown = ", ".join(sorted(alone)[:_SHOWN]) + (", ..." if len(alone) > _SHOWN else "")
        raise DataError(
            f"{len(alone)} of the pictures in {path} have no partner of their name in {other}: "
            f"{shown}."
        )


def refuse_twice(path: Any, names: Sequence[str], full: Sequence[Any]) -> None:
    """Refuse two pictures in `path` of one name.

    Args:
        path: Where they are.
        names: Without the endings.
        full: What they are called in a message.

    Raises:
        DataError: There are two; they are named.
    """
    two = first_twice(names, full)
    if two:
        raise DataError(
            f"{path} has two pictures of one name, {two[0]} and {two[1]}; pairs are found by their "
            "names without the ending."
        )


def first_twice(names: Sequence[str], full: Sequence[Any]) -> tuple[Any, Any] | None:
    """Return the first two of `full` whose names are the same, or None."""
    first: dict[str, Any] = {}
    for name, whole in zip(names, full, strict=True):
        if name in first:
            return first[name], whole
        first[name] = whole
    return None


def _of_file(path: Path, source_shape: Shape, target_shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    from ganzoo.checks import check_data

    arrays = []
    for name, shape in (("sources", source_shape), ("targets", target_shape)):
        array = read_array(path, prefer=name)
        if array.dtype == np.uint8:
            array = from_uint8(array)
        try:
            arrays.append(check_data(array, tuple(shape)))
        except DataError as error:
            raise DataError(f"{path}, {name}: {error}") from None
    if len(arrays[0]) != len(arrays[1]):
        raise DataError(f"{path} holds {len(arrays[0])} sources and {len(arrays[1])} targets.")
    return arrays[0], arrays[1]
