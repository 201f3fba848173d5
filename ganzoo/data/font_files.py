"""What a font file holds: its faces, its axes of variation, and whether it has outlines.

Read from the table directories of TrueType and OpenType files and their collections (OpenType
specification 1.9, "Font file", "fvar"); of other forms, such as WOFF or Type 1, FreeType alone
knows, and nothing is said here.
"""

from __future__ import annotations

import numbers
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import ImageFont

from ganzoo.errors import DataError, InvalidArgumentError, nearest

_OUTLINES = ("glyf", "CFF ", "CFF2")
_COLOURS = ("COLR", "CBDT", "sbix", "SVG ")
_MAX_FACES, _MAX_TABLES, _MAX_AXES = 256, 512, 64


class Axis(NamedTuple):
    """An axis of variation: its tag, such as "wght", and its least, usual and largest number."""

    tag: str
    least: float
    usual: float
    most: float


class FontFile:
    """A font file and one of its faces.

    Args:
        path: The file.
        content: Its bytes.
        face: Number of the face, from 0, or its name, such as "Noto Sans CJK TC".

    Attributes:
        face: Number of the face.
        faces: How many there are.
        axes: Its axes of variation.
        colours: It has glyphs in colours.
        outlines: It has outlines; None where that is not known.

    Raises:
        InvalidArgumentError: There is no such face.
    """

    def __init__(self, path: Path, content: bytes, face: Any = 0) -> None:
        self.path, self._content = path, content
        offsets = _offsets(content)
        self.faces = len(offsets)
        self.face = self._number(face)
        tables = _tables(content, offsets[self.face])
        self.axes = _axes(content, tables)
        self.colours = any(tag in tables for tag in _COLOURS)
        self.outlines = any(tag in tables for tag in _OUTLINES) if tables else None

    def open(self, size: int, axes: Mapping[str, float] | None = None) -> Any:
        """Return the face at a size in pixels, varied as `axes` say.

        Raises:
            DataError: FreeType cannot read it, or it has no outlines.
            InvalidArgumentError: It has no such axis, or not so far.
        """
        if self.outlines is False:
            kind = "in colours" if self.colours else "without outlines"
            raise DataError(
                f"{self.path} is a bitmap font {kind}, which cannot be drawn in any size; accepted "
                "are fonts with outlines."
            )
        chosen = self._chosen(axes)
        font = _opened(self.path, size, self.face)
        if chosen is not None:
            font.set_variation_by_axes(chosen)
        return font

    def notes(self, face: Any = 0, axes: Mapping[str, float] | None = None) -> list[str]:
        """Return lines on what was chosen without a word of the user's."""
        lines = []
        if self.faces > 1 and face is None:
            lines.append(
                f"{self.path} has {self.faces} faces ({', '.join(self.names())}); the first one is "
                "drawn. Choose with face= (--face)."
            )
        if self.axes and not axes:
            told = ", ".join(
                f"{axis.tag} {axis.least:g} to {axis.most:g}, here {axis.usual:g}"
                for axis in self.axes
            )
            lines.append(f"{self.path} varies ({told}). Choose with axes= (--axes).")
        if self.colours:
            lines.append(f"{self.path} has glyphs in colours; they are drawn without.")
        return lines

    def names(self) -> list[str]:
        """Return the family and the style of each face."""
        return [_name(self.path, index) for index in range(self.faces)]

    def _number(self, face: Any) -> int:
        if face is None:
            return 0
        if isinstance(face, str) and not face.isdigit():
            names = self.names()
            family = [name.partition(" / ")[0] for name in names]
            for known in (names, family):
                if face in known:
                    return known.index(face)
            raise InvalidArgumentError(
                f"{self.path} has no face {face!r}; there are: {', '.join(names)}."
                + nearest(face, [*names, *family])
            )
        if isinstance(face, bool) or not isinstance(face, int | np.integer | str):
            raise InvalidArgumentError(f"face must be a number from 0 or a name; got {face!r}.")
        number = int(face)
        if not 0 <= number < self.faces:
            told = ", ".join(f"{index}: {name}" for index, name in enumerate(self.names()))
            raise InvalidArgumentError(
                f"{self.path} has {self.faces} face{'s' if self.faces > 1 else ''} ({told}); got "
                f"face {face!r}."
            )
        return number

    def _chosen(self, axes: Mapping[str, float] | None) -> list[float] | None:
        """Return a number per axis, or None where none is chosen."""
        if axes is None:
            return None
        if not isinstance(axes, Mapping) or not all(
            isinstance(value, numbers.Real) for value in axes.values()
        ):
            raise InvalidArgumentError(
                f"axes must be numbers by tags, such as {{'wght': 700}}; got {axes!r}."
            )
        if not axes:
            return None
        known = {axis.tag: axis for axis in self.axes}
        told = ", ".join(f"{axis.tag} {axis.least:g} to {axis.most:g}" for axis in self.axes)
        for tag, value in axes.items():
            if tag not in known:
                raise InvalidArgumentError(
                    f"{self.path} has no axis {tag!r}; there "
                    + (f"are: {told}.{nearest(tag, known)}" if told else "are none.")
                )
            if not known[tag].least <= value <= known[tag].most:
                raise InvalidArgumentError(f"{self.path} has {told}; got {tag} {value:g}.")
        return [float(axes.get(axis.tag, axis.usual)) for axis in self.axes]


def _opened(path: Path, size: int, face: int) -> Any:
    layout = ImageFont.Layout.BASIC
    try:
        return ImageFont.truetype(str(path), size, index=face, layout_engine=layout)
    except OSError as error:
        if "pixel size" in str(error):
            raise DataError(
                f"{path} is a bitmap font, which cannot be drawn in any size; accepted are fonts "
                "with outlines."
            ) from None
        raise DataError(f"{path} is not a font that FreeType reads ({error}).") from None


def _name(path: Path, face: int) -> str:
    """Return "family / style" of a face."""
    return " / ".join(part for part in _opened(path, 16, face).getname() if part)


def _offsets(content: bytes) -> list[int]:
    """Return where the table directory of each face begins."""
    if content[:4] != b"ttcf":
        return [0]
    try:
        (count,) = struct.unpack_from(">I", content, 8)
        return list(struct.unpack_from(f">{min(count, _MAX_FACES)}I", content, 12)) or [0]
    except struct.error:
        return [0]


def _tables(content: bytes, offset: int) -> dict[str, int]:
    """Return the tables of a face and where they begin; none for other forms."""
    if content[offset : offset + 4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        return {}
    tables = {}
    try:
        (count,) = struct.unpack_from(">H", content, offset + 4)
        for index in range(min(count, _MAX_TABLES)):
            tag, _, begin, _ = struct.unpack_from(">4sIII", content, offset + 12 + 16 * index)
            tables[tag.decode("latin-1")] = begin
    except struct.error:
        pass  # FreeType says what it thinks of it
    return tables


def _axes(content: bytes, tables: Mapping[str, int]) -> tuple[Axis, ...]:
    if "fvar" not in tables:
        return ()
    axes = []
    try:
        begin = tables["fvar"]
        first, _, count, size = struct.unpack_from(">HHHH", content, begin + 4)
        for index in range(min(count, _MAX_AXES)):
            place = begin + first + index * size
            tag, *ends = struct.unpack_from(">4siii", content, place)
            axes.append(Axis(tag.decode("latin-1"), *(end / 65536 for end in ends)))
    except struct.error:
        return ()
    return tuple(axes)
