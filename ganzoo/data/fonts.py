"""Glyphs: a font and a list of characters to pictures.

Rendered with Pillow and FreeType, supersampled, all in one em-box, so that a small character stays
small beside a large one.
"""

from __future__ import annotations

import contextlib
import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from ganzoo.checks import check_count
from ganzoo.data.characters import characters as character_list
from ganzoo.data.font_files import FontFile
from ganzoo.errors import DataError
from ganzoo.random import random_generator

MAX_SIZE = 512
SUPERSAMPLING = 4
LARGEST = 4  # em-boxes; a larger glyph is no writing, or damaged
NOTEWORTHY = 1.5  # em-boxes, from which on it is said that all glyphs are drawn smaller
FORM = 1  # raise it when the pictures change, so that older caches are not read


class Glyphs(NamedTuple):
    """Pictures of characters.

    Attributes:
        images: uint8 (n, size, size), ink = 255.
        characters: The n characters in order.
        missing: Characters that the font lacks or draws empty.
    """

    images: np.ndarray
    characters: str
    missing: str


def glyphs(
    font: Any,
    characters: Any = "moe-4808",
    size: int = 48,
    cache: Any = None,
    *,
    face: Any = None,
    axes: Mapping[str, float] | None = None,
) -> Glyphs:
    """Render characters.

    The em-box of the font is `size` pixels; it is moved up or down as a whole, the same for all,
    so that the ink of all characters together is centred, and shrunk if ink would be cut off. What
    the font offers and was not chosen (faces, axes), and what it could not draw, is said in a
    warning.

    Args:
        font: Path of a TrueType or OpenType font with outlines.
        characters: A built-in list, a file or a string; see `ganzoo.data.characters`.
        size: Side of the pictures in pixels, 4 to 512.
        cache: Folder for the results, keyed by the font's content; None for no cache.
        face: Which face of a collection (`.ttc`): its number from 0, or its name; the first one by
            default.
        axes: Of a variable font, such as `{"wght": 700}`; what is not named stays as usual.

    Returns:
        The pictures, the characters in them, and those left out.

    Raises:
        DataError: Not a font with outlines, no characters, or none of them in the font.
        InvalidArgumentError: `size` is out of bounds, or there is no such face or axis.
    """
    size = check_count("size", size, most=MAX_SIZE)
    if size < 4:
        raise DataError(f"size must be from 4 to {MAX_SIZE} pixels; got {size}.")
    wanted = character_list(characters)
    content = _font_content(font)
    file = FontFile(Path(font), content, face)
    opened = file.open(size * SUPERSAMPLING, axes)
    for note in file.notes(face, axes):
        warnings.warn(note, stacklevel=2)
    path = None
    if cache is not None:
        chosen = f"|{file.face}|{sorted((axes or {}).items())}" if file.face or axes else ""
        key = hashlib.sha256(content + f"|{FORM}|{size}|{wanted}{chosen}".encode()).hexdigest()[:32]
        path = Path(cache) / f"glyphs-{key}.npz"
        kept = _cached(path)
        if kept is not None:
            return kept
    rendered, notes = _render(font, opened, wanted, size)
    for note in notes:
        warnings.warn(note, stacklevel=2)
    return rendered if path is None else _store(rendered, path)


def sheet(rendered: Glyphs, n: int = 100, seed: int = 0) -> Image.Image:
    """Return a contact sheet of `n` random glyphs, dark on light."""
    from ganzoo import plots

    chosen = random_generator(seed).permutation(len(rendered.images))[:n]
    pictures = plots.from_uint8(rendered.images[chosen, ..., None])
    return plots.grid(pictures, invert=True)


def _font_content(font: Any) -> bytes:
    path = Path(font)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"The font {path} cannot be read ({error.strerror}).") from None


def _render(font: Any, opened: Any, wanted: str, size: int) -> tuple[Glyphs, list[str]]:
    """Return the glyphs, and lines on what could not be drawn as it should."""
    side = size * SUPERSAMPLING
    boxes, missing, notes = _present(font, opened, wanted, side)
    if not boxes:
        said = " ".join(["", *notes])
        raise DataError(
            f"{font} has none of the {len(wanted)} characters, such as {wanted[0]!r}.{said}"
        )
    ends = np.array(list(boxes.values()))
    left, top = ends[:, :2].min(axis=0)
    right, bottom = ends[:, 2:].max(axis=0)
    extent = max(side, right - min(left, 0), bottom - top)
    if extent > NOTEWORTHY * side:
        widest = max(boxes, key=lambda c: max(boxes[c][2] - boxes[c][0], boxes[c][3] - boxes[c][1]))
        notes.append(
            f"All glyphs are drawn at {side / extent:.0%} of the size, as some are larger than the "
            f"em-box, such as {widest!r}."
        )
    x = (extent - side) / 2 if left >= 0 and right <= side else (extent - left - right) / 2
    y = (extent - top - bottom) / 2
    images = np.empty((len(boxes), size, size), np.uint8)
    for index, character in enumerate(boxes):
        canvas = Image.new("L", (int(extent), int(extent)))
        ImageDraw.Draw(canvas).text((x, y), character, fill=255, font=opened, anchor="ls")
        images[index] = np.asarray(canvas.resize((size, size), Image.Resampling.BOX))
    return Glyphs(images, "".join(boxes), "".join(missing)), notes


def _present(
    font: Any, opened: Any, wanted: str, side: int
) -> tuple[dict[str, tuple[float, ...]], list[str], list[str]]:
    """Split characters into those with ink of their own, with their boxes, and the rest.

    A character that the font lacks is drawn as the glyph .notdef, and so is the noncharacter
    U+FFFF, which no font has. One that FreeType cannot draw is missing, and so is one that is
    larger than any glyph of writing, which would make all others tiny.
    """
    absent = None
    with contextlib.suppress(OSError):
        absent = _ink(opened, "\uffff")
    present: dict[str, tuple[float, ...]] = {}
    missing: list[str] = []
    broken: list[str] = []
    large: list[str] = []
    for character in wanted:
        try:
            box = opened.getbbox(character, anchor="ls")
            if max(box[2] - box[0], box[3] - box[1]) > LARGEST * side:
                large.append(character)
                continue
            ink = _ink(opened, character)
        except (OSError, ValueError, MemoryError):  # Pillow's, of FreeType's errors
            broken.append(character)
            continue
        if ink is None or ink == absent:
            missing.append(character)
        else:
            present[character] = box
    notes = [
        f"{font}: {len(several)} of the {len(wanted)} characters {why}, such as {several[0]!r} "
        f"(U+{ord(several[0]):04X}); they are left out."
        for several, why in (
            (broken, "cannot be drawn by FreeType"),
            (large, f"are larger than {LARGEST} em-boxes"),
        )
        if several
    ]
    left_out = {*missing, *broken, *large}
    return present, [character for character in wanted if character in left_out], notes


def _ink(opened: Any, character: str) -> tuple[Any, bytes] | None:
    mask = opened.getmask(character, mode="L")
    return None if mask.getbbox() is None else (mask.size, bytes(mask))


def _cached(path: Path) -> Glyphs | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            images, kept, missing = file["images"], str(file["characters"]), str(file["missing"])
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return Glyphs(images, kept, missing) if len(images) == len(kept) else None


def save(rendered: Glyphs, path: Any) -> None:
    """Write glyphs as `.npz` with `images`, `characters` and `missing`."""
    from ganzoo.files.writing import written

    with written(path, suffix=".npz") as temporary:
        np.savez_compressed(
            temporary,
            images=rendered.images,
            characters=np.array(rendered.characters),
            missing=np.array(rendered.missing),
        )


def _store(rendered: Glyphs, path: Path) -> Glyphs:
    path.parent.mkdir(parents=True, exist_ok=True)
    save(rendered, path)
    return rendered
