"""Pairs of pictures that belong together: what a translator learns from and is judged by."""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple

import numpy as np

from ganzoo.data.scripts import SCRIPTS, scaled, script_glyphs
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.files.cache import cache_folder

SPLITS = ("train", "test")


class Pairs(NamedTuple):
    """Sources and the targets that belong to them.

    Attributes:
        sources: float32 (n, height, width, channels) in [-1, 1].
        targets: The same, row by row.
        names: What each pair shows, n strings.
    """

    sources: np.ndarray
    targets: np.ndarray
    names: tuple[str, ...]


class Sets(NamedTuple):
    """Two sets of pictures without pairs.

    Attributes:
        a: float32 (n, height, width, channels) in [-1, 1].
        b: float32 (m, height, width, channels) in [-1, 1].
        names: What the sets are called.
    """

    a: np.ndarray
    b: np.ndarray
    names: tuple[str, str]


def glyph_pairs(split: str = "train") -> Pairs:
    """Return characters in clerical and in semi-cursive script, 48x48, ink = 1.

    Of the 4,126 characters that both fonts have, the 413 of `held_out_characters` are the test
    split; a seeded choice, written down once. What was drawn is kept in ganzoo's cache.

    Args:
        split: "train" (3,713) or "test" (413).

    Raises:
        DataError: A font is not there; the message says where to get it.
        InvalidArgumentError: There is no such split.
    """
    check_split(split)
    cache = cache_folder() / "glyphs"
    clerical, semi_cursive = (script_glyphs(script, cache=cache) for script in SCRIPTS)
    held_out, known = set(held_out_characters()), set(semi_cursive.characters)
    chosen = [
        character
        for character in clerical.characters
        if character in known and (character in held_out) == (split == "test")
    ]
    sources, targets = (
        scaled(script.images[[script.characters.index(character) for character in chosen]])
        for script in (clerical, semi_cursive)
    )
    return Pairs(sources, targets, tuple(chosen))


def held_out_characters() -> str:
    """Return the 413 characters on which nothing of the zoo's translators is trained."""
    folder = resources.files("ganzoo.data")
    return (folder / "held_out_characters.txt").read_text(encoding="utf-8").strip()


def check_split(split: str) -> None:
    """Refuse a split that there is not."""
    if split not in SPLITS:
        raise InvalidArgumentError(
            f"There is no split {split!r}; there are: {', '.join(SPLITS)}."
            + nearest(str(split), SPLITS)
        )
