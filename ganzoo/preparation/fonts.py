"""Fonts out of Debian packages, and the clerical one out of its publisher's zip, unchanged."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from ganzoo.data.downloads import CLERICAL, PACKAGES
from ganzoo.data.styles import SOURCE, STYLES, StyleFont
from ganzoo.errors import DataError
from ganzoo.files.archives import members
from ganzoo.files.writing import written
from ganzoo.preparation.pieces import Piece, Told, of_one

CLERICAL_SHA256 = "f3ac16c2e239b1195367c0bd6d49ba314bca2c4d4cb361d4bbd7493218a455b0"
_SEMI_CURSIVE = STYLES["brush_semi_cursive"]


def glyphs() -> list[Piece]:
    """Return the two fonts of the two scripts."""
    return [_clerical(), _of_package(_SEMI_CURSIVE, "fonts")]


def styles() -> list[Piece]:
    """Return the fonts of `ganzoo.data.styles`, each once."""
    fonts = dict.fromkeys([SOURCE, *STYLES.values()])
    return [_of_package(font, "fonts/styles") if font.package else _clerical() for font in fonts]


def _clerical() -> Piece:
    return of_one(f"fonts/{STYLES['clerical'].file}", CLERICAL, _only_font)


def _of_package(font: StyleFont, folder: str) -> Piece:
    make = functools.partial(_font, font.path)
    return of_one(f"{folder}/{font.file}", PACKAGES[font.package], make)


def _font(path: str, archive: Path, target: Path, told: Told) -> None:
    found = next(members(archive, lambda name: name == path), None)
    if found is None:
        raise DataError(f"{archive.name} has no file {path}; it is another package.")
    _write(found[1], target)


def _only_font(archive: Path, target: Path, told: Told) -> None:
    fonts = [content for _, content in members(archive, lambda name: name.endswith(".ttf"))]
    for content in fonts:
        if hashlib.sha256(content).hexdigest() == CLERICAL_SHA256:
            return _write(content, target)
    raise DataError(
        f"{archive.name} has {len(fonts)} fonts, none with the SHA-256 {CLERICAL_SHA256[:12]}... "
        f"of version 3.00 of {target.name}; it is another version."
    )


def _write(content: bytes, target: Path) -> None:
    with written(target) as temporary:
        temporary.write_bytes(content)
