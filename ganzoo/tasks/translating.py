"""Pictures through a model, in parts: read, turned, compared, written, and none held for longer.

given.py       what is given, by its names
here           which size each becomes; parts of pictures of one size through the model
writers.py     a folder, a grid, a picture or an array of what comes out
"""

from __future__ import annotations

import functools
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganzoo.data import pictures
from ganzoo.data.arrays import read_array
from ganzoo.data.pictures.fitting import other_size
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.tasks import given as inputs
from ganzoo.tasks import writers
from ganzoo.tasks.pictures import CHUNK, drop_numbered, numbered
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.writers import Made

BATCH = 16
BATCHES = 16  # of a part, after which the progress is told
BYTES = 2**26  # of a part's pictures
SOURCES, TRUTHS = ("images", "sources"), ("images", "targets")  # arrays of a .npz file
Shape = tuple[int | None, int | None, int]


@dataclass
class Sizes:
    """Says which size a picture becomes, by its own.

    Attributes:
        model: What the model is called.
        shape: (height, width, channels) that it takes; None for any height and width.
        fit: Whether the user wants pictures of another size resized.
        network: The network that takes the pictures, if they can be cut into tiles for it.
        tiled: How many pictures are larger and are cut into tiles.
    """

    model: str
    shape: Shape
    fit: bool
    network: Any = None
    tiled: int = field(default=0, init=False)

    def __call__(self, name: str, size: tuple[int, int]) -> tuple[int, int]:
        """Return the wanted (height, width) of a picture.

        Raises:
            DataError: It is smaller, or cannot be cut into tiles; it says why not.
        """
        height, width = self.shape[:2]
        if height is None or width is None:
            return size
        if self.fit or size == (height, width):
            return height, width
        if size[0] < height or size[1] < width:
            raise other_size(name, size, (height, width))
        try:
            _ = self.tiling
        except InvalidArgumentError as error:
            raise DataError(
                f"{name} has {size[0]}x{size[1]} pixels, wanted are {height}x{width}; {self.model} "
                f"takes no larger ones in tiles, as {error}. Pass --fit crop, pad or stretch."
            ) from None
        return size

    @functools.cached_property
    def tiling(self) -> Any:
        """How larger pictures are cut into tiles."""
        from ganzoo.game.tiles import tiling

        if self.network is None:
            raise InvalidArgumentError("it takes more than a picture")
        return tiling(self.network)


def translate(
    turn: Callable[..., Any],
    shape: Sequence[int | None],
    drawing: Drawing,
    progress: Progress,
    *,
    network: Any = None,
    shown: Callable[[Any], Any] = lambda images: images,
    done: str = "translated",
    scale: int = 1,
) -> list[str]:
    """Translate the pictures of `drawing.options["pictures"]`, a path or some, and write them.

    Args:
        turn: The model's `translate`: `(images, batch_size=...)`.
        shape: (height, width, channels) of what it takes; None twice for any size.
        drawing: What is written where; no more than `count` pictures are translated. Options
            beside those of `writers`: `reading`, `compare`, `truth`.
        progress: Told how many pictures are translated, and tiles of a large one.
        network: The one behind `turn`, where it takes a picture alone: larger ones are then cut
            into tiles, if it can be exact.
        shown: From pictures to what is shown of them where they are compared.
        done: A participle, for the line.
        scale: How many times as long the sides of what comes out are; fewer are held at once.

    Returns:
        Lines for the user: how many pictures of which path, and what was done with some.

    Raises:
        DataError: There are no pictures, or one is damaged or of another form; it is named.
    """
    found, options = inputs.find(drawing), drawing.options
    height, width, channels = shape
    wanted: Shape = (height, width, int(channels or 0))
    reading = options.get("reading", {})
    sizes = Sizes(drawing.name, wanted, bool(reading.get("resize")), network)
    compare = bool(options.get("compare"))
    rules = inputs.rules_of(options)
    if found.array is None:
        total = _survey(found, sizes, rules, drawing)
        opacity = not compare and "background" not in reading
        opacity = opacity and (not drawing.ending or (drawing.ending == ".png" and total == 1))
        source = _of_files(found, wanted, sizes, rules, opacity)
        truths = _truths_of_files(found, rules)
    else:
        images = _of_array(found.array, sizes, rules)
        total = min(len(images), drawing.count)
        writers.check(drawing, total)
        source = (pictures.Picture(numbered(i, total), one) for i, one in enumerate(images))
        truths = _truths_of_array(found, len(images), rules)
    source = itertools.islice(source, total)
    batch = drawing.batch_size or BATCH
    pairs = _turned(source, turn, sizes, batch, total, progress, BYTES // scale**2)
    if compare:
        made = _compared(pairs, shown, truths if found.truth else None)
    else:
        made = (Made(one.name, image, one.opacity) for one, image in pairs)
    kept = writers.WRITERS[drawing.ending](made, drawing)
    if found.array is not None and not drawing.ending:
        drop_numbered(drawing.output, total)
    for note in dict.fromkeys(line for part in found.parts for line in part.notes.lines()):
        warnings.warn(note, stacklevel=2)
    size = f"{wanted[0]}x{wanted[1]}"
    tiles = f"{sizes.tiled} larger than {size} in overlapping tiles of that size"
    return [
        f"{total} {'picture' if total == 1 else 'pictures'} of {found} {done}",
        *([tiles] if sizes.tiled else []),
        *([f"{kept} with the transparency that went in"] if kept else []),
    ]


# --- what goes in --------------------------------------------------------------------------------


def _survey(found: inputs.Given, sizes: Sizes, rules: pictures.Rules, drawing: Drawing) -> int:
    """Return how many pictures there are; refuse by their headers what cannot be done with them."""
    total, seen = 0, set()
    for part in found.parts:
        for file in part.files:
            height, width, frames = pictures.header(file, rules.frames)
            seen.add(sizes(str(file), (height, width)))
            total += frames
    total = min(total, drawing.count)
    writers.check(drawing, total, len(seen))
    return total


def _of_files(
    found: inputs.Given, shape: Shape, sizes: Sizes, rules: pictures.Rules, opacity: bool
) -> Iterator[pictures.Picture]:
    for part in found.parts:
        names = {str(file): name for file, name in zip(part.files, part.names, strict=True)}
        for one in pictures.stream(part.files, shape[2], sizes, rules, part.notes, opacity=opacity):
            file = one.name if one.name in names else one.name.rpartition("#")[0]
            yield one._replace(name=names[file] + one.name[len(file) :])


def _of_array(path: Any, sizes: Sizes, rules: pictures.Rules) -> Any:
    """Return the pictures of an array file, warning of what was done with them."""
    given = read_array(path, SOURCES).shape
    height, width, channels = sizes.shape
    if len(given) in (3, 4):
        size = (given[1], given[2])
        if height is None and (len(given) == 3 or given[3] == 1):
            channels = 1  # grey ones of any size are given as they are
        height, width = sizes(str(path), size)
    read = pictures.read(path, (height or 1, width or 1, channels), rules, prefer=SOURCES)
    for note in read.notes:
        warnings.warn(note, stacklevel=3)
    return read.images


def _turned(
    source: Iterable[pictures.Picture],
    turn: Callable[..., Any],
    sizes: Sizes,
    batch: int,
    total: int,
    progress: Progress,
    room: int,
) -> Iterator[tuple[pictures.Picture, Any]]:
    """Yield pictures and what is made of them, part by part, of so many bytes of pictures."""
    done = 0
    for part in _parts(source, batch, room):
        if sizes.shape[0] is None or part[0].image.shape[:2] == sizes.shape[:2]:
            made = turn(np.stack([one.image for one in part]), batch_size=batch)
        else:
            tell = functools.partial(progress, "tiles")
            made = [sizes.tiling.run(one.image, batch_size=batch, progress=tell) for one in part]
            sizes.tiled += len(part)
        done += len(part)
        progress("translating", done, total)
        yield from zip(part, made, strict=True)


def _parts(
    source: Iterable[pictures.Picture], batch: int, room: int
) -> Iterator[list[pictures.Picture]]:
    """Yield pictures of one size, as many as may be held at once."""
    for _, alike in itertools.groupby(source, lambda one: one.image.shape):
        part: list[pictures.Picture] = []
        for one in alike:
            part.append(one)
            if len(part) >= min(CHUNK, BATCHES * batch) or len(part) * one.image.nbytes >= room:
                yield part
                part = []
        if part:
            yield part


# --- side by side --------------------------------------------------------------------------------


def _compared(
    pairs: Iterable[tuple[pictures.Picture, Any]],
    shown: Callable[[Any], Any],
    truths: Callable[[str, int, Any], Any] | None,
) -> Iterator[Made]:
    """Yield each picture, what is made of it, and its truth, side by side."""
    from ganzoo import plots

    for index, (one, image) in enumerate(pairs):
        row = [shown(one.image), image]
        row += [] if truths is None else [truths(one.name, index, image.shape)]
        beside = functools.reduce(plots.beside, [part[None] for part in row])
        yield Made(one.name, beside[0])


def _truths_of_files(found: inputs.Given, rules: pictures.Rules) -> Callable[[str, int, Any], Any]:
    notes = pictures.Notes(found.truth or found.paths[0])

    def truth(name: str, index: int, shape: Any) -> Any:
        if name not in found.truths:
            raise DataError(f"The frame {name} has no truth; give --truth with --frames first.")
        stream = pictures.stream([found.truths[name]], shape[2], lambda *_: shape[:2], rules, notes)
        return next(stream).image

    return truth


def _truths_of_array(
    found: inputs.Given, count: int, rules: pictures.Rules
) -> Callable[[str, int, Any], Any]:
    read: list[Any] = []

    def truth(name: str, index: int, shape: Any) -> Any:
        if not read:
            images = pictures.read(found.truth, shape, rules, prefer=TRUTHS).images
            if len(images) != count:
                raise DataError(
                    f"{found.truth} holds {len(images)} truths of the {count} pictures in "
                    f"{found.array}."
                )
            read.append(images)
        return read[0][index]

    return truth
