"""What a batch is made of: its parts by name, and what each must be.

A model says which parts it is trained with (`AdversarialModel.parts`); data may bring them in
order, as (images, labels), or by name, as {"image": ..., "label": ...}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import keras
import numpy as np

from ganzoo.checks import check_data
from ganzoo.errors import DataError

# The names under which data sets bring these parts.
OTHER_NAMES = {
    "real": ("examples", "image", "images", "events"),
    "label": ("labels",),
}


@dataclass(frozen=True)
class Examples:
    """Pictures, events or other numbers of one shape.

    Args:
        name: The part's name in a batch.
        shape: Of one example; None where any side will do.
        range: Which all numbers must be in; None for any finite ones.
        maker: The network whose outputs shall be like these examples, or None.
        also: A further check, which raises `DataError`.
        beside: The same, given the parts before this one by name too.
    """

    name: str
    shape: tuple[int | None, ...]
    range: tuple[float, float] | None = (-1.0, 1.0)
    maker: Any = None
    also: Callable[[np.ndarray], None] | None = None
    beside: Callable[[np.ndarray, Mapping[str, np.ndarray]], None] | None = None
    cheap: ClassVar[bool] = False

    def check(self, array: np.ndarray) -> np.ndarray:
        """Return examples (n, *shape) as float32.

        Raises:
            DataError: Another dtype or shape, no finite numbers, out of range.
        """
        array = check_data(array, self.shape, self.range)
        if self.also is not None:
            self.also(array)
        return array

    @property
    def bounds(self) -> tuple[float, float]:
        """What all numbers must be within, for a cheap look at a batch."""
        largest = float(np.finfo(np.float32).max)
        return (-largest, largest) if self.range is None else self.range


@dataclass(frozen=True)
class Labels:
    """Integer labels of classes.

    Args:
        name: The part's name in a batch.
        classes: Names of the classes, in the order of the labels.
        attribute: What the model calls them.
        of: Name of the part that they label; the first one by default.
    """

    name: str
    classes: tuple[str, ...]
    attribute: str = "classes"
    of: str = ""
    cheap: ClassVar[bool] = True  # few numbers, so those of every batch are looked at

    def check(self, array: np.ndarray, count: int | None = None) -> np.ndarray:
        """Return labels (n,) as int32.

        Args:
            array: Labels, shape (n,) or (n, 1).
            count: How many there must be.

        Raises:
            DataError: Another count, no integers, out of range.
        """
        last = len(self.classes) - 1
        if array.ndim == 2 and array.shape == (count, last + 1):
            raise DataError(
                f"Labels must be integers from 0 to {last}, one per image; got {array.shape}, as "
                "of one-hot labels. Give labels.argmax(-1)."
            )
        if count is not None and array.reshape(-1).shape != (count,):
            raise DataError(
                f"fit needs one label per image: {count} integers; got shape {array.shape}."
            )
        labels = array.reshape(-1)
        if labels.dtype.kind not in "fiu" or not np.array_equal(labels, np.floor(labels)):
            found = _found(labels, self.attribute)
            raise DataError(f"Labels must be integers; got {found}.")
        if len(labels) and (labels.min() < 0 or labels.max() > last):
            raise DataError(
                f"Labels must be from 0 to {last} ({', '.join(self.classes)}); "
                f"got {int(labels.min())} to {int(labels.max())}."
            )
        return labels.astype(np.int32)

    @property
    def bounds(self) -> tuple[float, float]:
        """What all labels must be within."""
        return (0.0, float(len(self.classes) - 1))


Part = Examples | Labels


def _found(labels: np.ndarray, attribute: str) -> str:
    """Return what was given instead of integers, and how to make labels out of names."""
    if labels.dtype.kind in "fiu" or not len(labels):
        return f"dtype {labels.dtype}"
    one = labels[0].decode(errors="replace") if isinstance(labels[0], bytes) else labels[0]
    if not isinstance(one, str):
        return f"dtype {labels.dtype}"
    fix = f"Of names: [gan.{attribute}.index(y) for y in names]"
    return f"{str(one)!r}, dtype {labels.dtype}. {fix}"


def chosen(named: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the parts of a batch by the model's names; further ones as they are.

    Raises:
        DataError: The first part is not there.
    """
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for name in names:
        known = [one for one in (name, *OTHER_NAMES.get(name, ())) if one in named]
        if known:
            found[name] = named[known[0]]
            taken.update(known)
    if names and names[0] not in found:
        raise DataError(
            f"A batch by name must have {_spelled(names)}; got {', '.join(map(repr, named))}."
        )
    return {**found, **{name: named[name] for name in named if name not in taken}}


def _spelled(names: Sequence[str]) -> str:
    return " and ".join(
        " or ".join(map(repr, (name, *OTHER_NAMES.get(name, ())))) for name in names
    )


def named_parts(data: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the parts of a batch by name, out of (x, y, sample_weight), (x, y), (x,), x or a dict.

    What is missing is None.

    Raises:
        DataError: A dict without the first part.
    """
    x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
    found = chosen(x, names) if isinstance(x, Mapping) else dict(zip(names, (x, y), strict=False))
    return {**dict.fromkeys(names), **found}


def check_all(parts: Sequence[Part], found: Mapping[str, np.ndarray | None], needs: str) -> dict:
    """Return all parts of some examples, checked.

    Args:
        parts: What there must be.
        found: Arrays by name.
        needs: What the model is trained with, for a message.

    Raises:
        DataError: A part is missing, or not what it must be.
    """
    checked: dict[str, np.ndarray] = {}
    for part in parts:
        array = found.get(part.name)
        if array is None:
            raise DataError(f"Training data are missing: {needs}")
        if isinstance(part, Labels):
            labelled = checked.get(part.of, next(iter(checked.values()), None))
            count = None if labelled is None else len(labelled)
            checked[part.name] = part.check(array, count)
        elif len([one for one in parts if isinstance(one, Examples)]) == 1:
            checked[part.name] = part.check(array)
        else:
            checked[part.name] = _check_named(part, array)
        if isinstance(part, Examples) and part.beside is not None:
            part.beside(checked[part.name], checked)
    return checked


def _check_named(part: Examples, array: np.ndarray) -> np.ndarray:
    """Return checked examples; an error says which of several parts it is about."""
    try:
        return part.check(array)
    except DataError as error:
        raise DataError(f"{part.name!r}: {error}") from None
