"""What is translated: the pictures of one or more paths, or an array, and the truths of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo.data import pictures
from ganzoo.data.own_pairs import first_twice, refuse_alone, refuse_twice
from ganzoo.errors import DataError, InvalidArgumentError, OutputError
from ganzoo.tasks.task import Drawing

ENDING = ".png"  # of every picture that is written


@dataclass(frozen=True)
class Part:
    """The pictures of one path that was given.

    Attributes:
        source: The path, of a folder or a picture.
        files: Its pictures, sorted.
        names: What becomes of each is called, a path without an ending.
        notes: What is said of them.
    """

    source: Path
    files: Sequence[Path]
    names: Sequence[str]
    notes: pictures.Notes


@dataclass(frozen=True)
class Given:
    """What is translated.

    Attributes:
        paths: As they were given.
        parts: The pictures of each, or none of an array.
        truths: By name, the file of the truth; none where there is an array or no truth.
        truth: The path of the truths, or None.
    """

    paths: tuple[Path, ...]
    parts: tuple[Part, ...]
    truths: Mapping[str, Path]
    truth: Path | None

    def __str__(self) -> str:
        """Return the paths as a sentence has them."""
        first, *others = map(str, self.paths)
        return f"{first} and {len(others)} other{'s' * (len(others) > 1)}" if others else first

    @property
    def array(self) -> Path | None:
        """The path of the array, or None."""
        return None if self.parts else self.paths[0]

    @property
    def names(self) -> list[str]:
        """What becomes of each file is called."""
        return [name for part in self.parts for name in part.names]


def find(drawing: Drawing) -> Given:
    """Return what is translated, found but not read.

    Raises:
        DataError: There is nothing, or no truth of something, or two would be called alike.
        InvalidArgumentError: A truth that nothing is compared with.
    """
    given = drawing.options.get("pictures") or ()
    paths = [Path(path) for path in ([given] if isinstance(given, str | Path) else given)]
    if not paths:
        raise DataError(f"{drawing.name} turns pictures into pictures; give it some.")
    for path in paths:
        if not path.exists():
            raise DataError(f"There are no pictures to translate: {path} does not exist.")
    arrays = [path for path in paths if pictures.is_array(path)]
    if arrays and len(paths) > 1:
        raise DataError(f"An array file is translated alone; got {arrays[0]} and other paths.")
    truth = drawing.options.get("truth")
    if truth is not None and not drawing.options.get("compare"):
        raise InvalidArgumentError(f"--truth {truth} is shown by --compare; give both.")
    several = sum(path.is_dir() for path in paths) > 1
    parts = () if arrays else tuple(_part(path, several) for path in paths)
    names = [name for part in parts for name in part.names]
    files = [file for part in parts for file in part.files]
    if truth is not None or not drawing.ending:
        _refuse_alike(names, files)
    truths = {} if truth is None else _truths(Path(truth), paths, names, bool(arrays))
    return Given(tuple(paths), parts, truths, None if truth is None else Path(truth))


def _part(path: Path, several: bool) -> Part:
    """Return the pictures of a path; of several folders each has one of its name."""
    notes = pictures.Notes(path)
    if not path.is_dir():
        return Part(path, [path], [path.stem], notes)
    files = pictures.find_pictures(path, notes)
    inside = Path(path.resolve().name) if several else Path()
    names = [str(inside / file.relative_to(path).with_suffix("")) for file in files]
    return Part(path, files, names, notes)


def _refuse_alike(names: Sequence[str], files: Sequence[Path]) -> None:
    two = first_twice(names, files)
    if two:
        raise DataError(
            f"Two pictures are called {names[files.index(two[1])]}, {two[0]} and {two[1]}; what is "
            "made of them has their names without the ending."
        )


def _truths(
    truth: Path, paths: Sequence[Path], names: Sequence[str], of_array: bool
) -> dict[str, Path]:
    if not truth.exists():
        raise DataError(f"There are no truths: {truth} does not exist.")
    if pictures.is_array(truth) != of_array:
        kind = "an array file" if of_array else "a folder or a picture"
        raise DataError(f"The truths of {paths[0]} must be {kind}; got {truth}.")
    if of_array:
        return {}
    if truth.is_file() and len(names) == 1:
        return {names[0]: truth}
    part = _part(truth, False)
    refuse_twice(truth, part.names, part.files)
    known = dict(zip(part.names, part.files, strict=True))
    source = str(paths[0]) if len(paths) == 1 else "what is given"
    refuse_alone(source, truth, [name for name in names if name not in known])
    return {name: known[name] for name in names}


def check(drawing: Drawing) -> None:
    """Refuse to translate nothing, to write where pictures come from, and over what is there.

    Raises:
        DataError, InvalidArgumentError: See `find`.
        OutputError: The output is an input, or a folder in it, which would be read the next time;
            or one of a folder's pictures is there already.
    """
    given = find(drawing)
    refuse_input(drawing.output, given.paths, is_folder=not drawing.ending)
    if not drawing.ending:
        for name in given.names:
            refuse_taken(drawing, target(drawing, name))


def refuse_input(output: Path, inputs: Iterable[Path], is_folder: bool) -> None:
    """Refuse to write over what is read, or pictures into a folder that is read.

    Args:
        output: Where to.
        inputs: Folders and files that are read.
        is_folder: Whether pictures are written into a folder, which `output` is.

    Raises:
        OutputError: One of them is the output, or a folder around it.
    """
    written = output.resolve()
    for path in inputs:
        source = path.resolve()
        around = source in written.parents or (source.is_file() and source.parent == written)
        if source == written or (is_folder and around):
            raise OutputError(f"Cannot write into {output}: the pictures come from there.")


def target(drawing: Drawing, name: str) -> Path:
    """Return the path in a folder of what is called so."""
    return drawing.output / f"{name}{ENDING}"


def refuse_taken(drawing: Drawing, path: Path) -> None:
    """Refuse to write over what is there, unless the user wants it.

    Raises:
        OutputError: There is something.
    """
    if path.exists() and not drawing.options.get("overwrite"):
        raise OutputError(f"{path} exists already; pass --overwrite to replace it.")


def rules_of(options: Mapping[str, Any]) -> pictures.Rules:
    """Return how pictures are read, from `Drawing.options`."""
    return pictures.Rules(**options.get("reading", {}))
