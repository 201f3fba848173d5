"""Characters in many hands: one source font, and the fonts of sixteen styles, in a user's folder.

The fonts are free; but for the clerical script all are in packages of Debian. `STYLES` says which
font is which style, `SOURCE` which one all are made of.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ganzoo.data.fonts import Glyphs, glyphs
from ganzoo.data.pairs import check_split, held_out_characters
from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.files.cache import cache_folder
from ganzoo.plots import from_uint8

SIZE = 48  # pixels per side
LIST = "moe-4808"
FRAME = "big5-1"  # nearly the same characters, of which Python knows
PREPARE = "ganzoo prepare styles"
_FOLDER = "usr/share/fonts/truetype"


class StyleFont(NamedTuple):
    """The font of a style.

    Attributes:
        file: Its file in `$GANZOO_DATA/fonts/styles`, or in `$GANZOO_DATA/fonts`.
        package: The Debian package that has it; empty where none has.
        path: Where it lies in the package; without one, the address of who publishes it.
        licence: SPDX, where there is one.
        credit: Whom to credit.
        face: Number or name of the face in a collection; None for the only one.
    """

    file: str
    package: str
    path: str
    licence: str
    credit: str
    face: int | str | None = None


def _debian(file: str, package: str, licence: str, credit: str) -> StyleFont:
    folder = package.removeprefix("fonts-").replace("cns11643-kai", "cns11643")
    return StyleFont(file, package, f"{_FOLDER}/{folder}/{file}", licence, credit)


_KOUZAN, _FONTWORKS = "fonts-kouzan-mouhitsu", "Fontworks"
_PUBLIC, _OFL = "public domain", "OFL-1.1"
SOURCE = _debian("LXGWWenKai-Regular.ttf", "fonts-lxgw-wenkai", _OFL, "LXGW")
STYLES: dict[str, StyleFont] = {
    "clerical": StyleFont(
        "TW-MOE-Li.ttf",
        "",
        "https://language.moe.gov.tw",
        "CC-BY-ND-3.0-TW",
        "Ministry of Education, R.O.C. (Taiwan)",
    ),
    "brush_regular": _debian("kouzan-mouhitsu.ttf", _KOUZAN, _PUBLIC, "Kouzan Aoyagi"),
    "brush_semi_cursive": _debian("kouzan-mouhitsu-gyosho.ttf", _KOUZAN, _PUBLIC, "Kouzan Aoyagi"),
    "brush_cursive": _debian("KouzanBrushFontSousyo.ttf", _KOUZAN, _PUBLIC, "Kouzan Aoyagi"),
    "brush_dry": _debian("aoyagi-soseki.ttf", "fonts-aoyagi-soseki", _PUBLIC, "Kouzan Aoyagi"),
    "regular": _debian(
        "TW-Kai-98_1.ttf", "fonts-cns11643-kai", "OGDL-Taiwan-1.0", "National Development Council"
    ),
    "old_print": _debian("dejima-mincho-r227.ttf", "fonts-dejima-mincho", "MIT", "Yoshiki Hayashi"),
    "pencil": _debian("KleeOne-Regular.ttf", "fonts-klee", _OFL, _FONTWORKS),
    "pen": _debian("kiloji.ttf", "fonts-kiloji", "BSD-3-Clause", "Kirono"),
    "child": _debian("setofont.ttf", "fonts-seto", _OFL, "Nozomi Seto"),
    "marker": _debian("YuseiMagic-Regular.ttf", "fonts-yusei-magic", _OFL, "Tanukizamurai"),
    "rounded": _debian("MTLmr3m.ttf", "fonts-motoya-l-maruberi", "Apache-2.0", "Motoya"),
    "stick": _debian("Stick-Regular.ttf", "fonts-stick", _OFL, _FONTWORKS),
    "pop": _debian("RocknRollOne-Regular.ttf", "fonts-rocknroll", _OFL, _FONTWORKS),
    "block": _debian("RampartOne-Regular.ttf", "fonts-rampart", _OFL, _FONTWORKS),
    "pixel": _debian("DotGothic16-Regular.ttf", "fonts-dotgothic16", _OFL, _FONTWORKS),
}


class StyledGlyphs(NamedTuple):
    """Characters in a source font, and the same in many styles; row i of the targets is of the
    source `source_of[i]` and in the style `labels[i]`.

    Attributes:
        sources: uint8 (characters, 48, 48, 1), ink = 255; each character once.
        targets: uint8 (n, 48, 48, 1), style by style.
        source_of: int32 (n,), indices of sources.
        labels: int32 (n,), indices of styles.
        characters: Those of the sources.
        styles: Names of the styles.
    """

    sources: np.ndarray
    targets: np.ndarray
    source_of: np.ndarray
    labels: np.ndarray
    characters: str
    styles: tuple[str, ...]


def styled_glyphs(split: str = "train") -> StyledGlyphs:
    """Return characters in the source font and in each style that has them.

    Of the 4,808 commonly used characters; the fonts have 4,126 to 4,808 of them. The 413 of
    `held_out_characters` are the test split of every style. The fonts are drawn once, which takes
    one to three minutes; what was drawn is kept in ganzoo's cache.

    Args:
        split: "train" (62,809 pictures of 4,395 characters) or "test" (6,585 of 413).

    Raises:
        DataError: A font is not there; the message says where to get it.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    paths = [font_of(style) for style in STYLES]  # all of them, before any is drawn
    held_out = set(held_out_characters())
    source = _drawn(font_of(), SOURCE)
    chosen = [c for c in source.characters if (c in held_out) == (split == "test")]
    place = {character: index for index, character in enumerate(chosen)}
    targets, source_of, labels = [], [], []
    for label, (path, font) in enumerate(zip(paths, STYLES.values(), strict=True)):
        style = _drawn(path, font)
        rows = [index for index, c in enumerate(style.characters) if c in place]
        targets.append(style.images[rows])
        source_of += [place[style.characters[row]] for row in rows]
        labels += [label] * len(rows)
    where = {character: index for index, character in enumerate(source.characters)}
    return StyledGlyphs(
        source.images[[where[character] for character in chosen], ..., None],
        np.concatenate(targets)[..., None],
        np.array(source_of, np.int32),
        np.array(labels, np.int32),
        "".join(chosen),
        tuple(STYLES),
    )


def text_glyphs(text: str, font: Path | str | None = None) -> np.ndarray:
    """Return the characters of a text as the source font draws them, as in the training.

    Args:
        text: Characters; white space is left out.
        font: Another font; None for the source font of `styled_glyphs`.

    Returns:
        float32 (n, 48, 48, 1) in [-1, 1], ink = 1.

    Raises:
        DataError: The font is not there or lacks a character, or there are none.
    """
    wanted = [character for character in text if not character.isspace()]
    if not wanted:
        raise DataError(f"A text needs a character or more; got {text!r}.")
    path = font_of() if font is None else Path(font)
    # Where a character lies in its picture depends on all that are drawn together.
    drawn = glyphs(path, FRAME, SIZE, cache_folder() / "glyphs")
    if not set(wanted) <= set(drawn.characters):
        drawn = glyphs(path, "".join(dict.fromkeys([*drawn.characters, *wanted])), SIZE)
    lacking = [character for character in wanted if character not in drawn.characters]
    if lacking:
        raise DataError(f"{path} has no {', '.join(map(repr, dict.fromkeys(lacking)))}.")
    rows = [drawn.characters.index(character) for character in wanted]
    return from_uint8(drawn.images[rows, ..., None])


def font_of(style: str | None = None) -> Path:
    """Return the path of a style's font, None for the source font.

    Raises:
        DataError: It is not there; the message says where to get it.
        InvalidArgumentError: There is no such style.
    """
    if style is not None and style not in STYLES:
        raise InvalidArgumentError(
            f"There is no style {style!r}; there are: {', '.join(STYLES)}."
            + nearest(str(style), STYLES)
        )
    font = SOURCE if style is None else STYLES[style]
    folder = Path(os.environ.get("GANZOO_DATA") or "data") / "fonts"
    for path in (folder / "styles" / font.file, folder / font.file):
        if path.is_file():
            return path
    origin = f"in the Debian package {font.package}" if font.package else f"free at {font.path}"
    raise DataError(
        f"{folder / 'styles' / font.file} is missing, the font of the "
        f"{'source' if style is None else f'style {style}'}, {origin}. `{PREPARE}` gets all of "
        "them; set GANZOO_DATA to the folder that holds fonts/."
    )


def _drawn(path: Path, font: StyleFont) -> Glyphs:
    return glyphs(path, LIST, SIZE, cache_folder() / "glyphs", face=font.face)
