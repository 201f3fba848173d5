"""Glyphs: a font and a list of characters to pictures.

Rendered with Pillow and FreeType, supersampled, all in one em-box, so that a small character stays
small beside a large one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ganzoo.checks import check_count
from ganzoo.data.characters import characters as character_list
from ganzoo.errors import DataError
from ganzoo.random import random_generator

MAX_SIZE = 512
SUPERSAMPLING = 4
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


def glyphs(font: Any, characters: Any = "moe-4808", size: int = 48, cache: Any = None) -> Glyphs:
    """Render characters.

    The em-box of the font is `size` pixels; it is moved up or down as a whole, the same for all,
    so that the ink of all characters together is centred, and shrunk if ink would be cut off.

    Args:
        font: Path of a TrueType or OpenType font.
        characters: A built-in list, a file or a string; see `ganzoo.data.characters`.
        size: Side of the pictures in pixels, 4 to 512.
        cache: Folder for the results, keyed by the font's content; None for no cache.

    Returns:
        The pictures, the characters in them, and those left out.

    Raises:
        DataError: Not a font, no characters, or none of them in the font.
        InvalidArgumentError: `size` is out of bounds.
    """
    size = check_count("size", size, most=MAX_SIZE)
    if size < 4:
        raise DataError(f"size must be from 4 to {MAX_SIZE} pixels; got {size}.")
    wanted = character_list(characters)
    content = _font_content(font)
    if cache is None:
        return _render(font, wanted, size)
    key = hashlib.sha256(content + f"|{FORM}|{size}|{wanted}".encode()).hexdigest()[:32]
    path = Path(cache) / f"glyphs-{key}.npz"
    return _cached(path) or _store(_render(font, wanted, size), path)


def sheet(rendered: Glyphs, n: int = 100, seed: int = 0) -> Image.Image:
    """Return a contact sheet of `n` random glyphs, dark on light."""
    from ganzoo import plots

    chosen = random_generator(seed).permutation(len(rendered.images))[:n]
    pictures = rendered.images[chosen, ..., None].astype(np.float32) / 127.5 - 1.0
    return plots.grid(pictures, invert=True)


def _font_content(font: Any) -> bytes:
    path = Path(font)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"The font {path} cannot be read ({error.strerror}).") from None


def _open(font: Any, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(font), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise DataError(f"{font} is not a font that FreeType reads ({error}).") from None


def _render(font: Any, wanted: str, size: int) -> Glyphs:
    side = size * SUPERSAMPLING
    opened = _open(font, side)
    present, missing = _present(opened, wanted)
    if not present:
        raise DataError(f"{font} has none of the {len(wanted)} characters, such as {wanted[0]!r}.")
    boxes = np.array([opened.getbbox(character, anchor="ls") for character in present])
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    extent = max(side, right - min(left, 0), bottom - top)
    x = (extent - side) / 2 if left >= 0 and right <= side else (extent - left - right) / 2
    y = (extent - top - bottom) / 2
    images = np.empty((len(present), size, size), np.uint8)
    for index, character in enumerate(present):
        canvas = Image.new("L", (int(extent), int(extent)))
        ImageDraw.Draw(canvas).text((x, y), character, fill=255, font=opened, anchor="ls")
        images[index] = np.asarray(canvas.resize((size, size), Image.Resampling.BOX))
    return Glyphs(images, "".join(present), "".join(missing))


def _present(opened: ImageFont.FreeTypeFont, wanted: str) -> tuple[list[str], list[str]]:
    """Split characters into those with ink of their own and the rest.

    A character that the font lacks is drawn as the glyph .notdef, and so is the noncharacter
    U+FFFF, which no font has.
    """
    absent = _ink(opened, "\uffff")
    present: list[str] = []
    missing: list[str] = []
    for character in wanted:
        ink = _ink(opened, character)
        (missing if ink is None or ink == absent else present).append(character)
    return present, missing


def _ink(opened: ImageFont.FreeTypeFont, character: str) -> tuple[Any, bytes] | None:
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
