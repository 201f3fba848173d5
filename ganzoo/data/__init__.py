"""Data: from sources to arrays. Models do not import this.

`SOURCES` maps the `data` of a recipe to the function that loads it; each takes no required
argument and returns training data, float32: images in [-1, 1], channels last, pairs
or two sets of such, or momenta in GeV. Glyphs of many styles stay uint8, see `styled_glyphs`;
photographs stay in their files, see `ganzoo.data.gallery`.
Those with classes return the images and integer labels when called with `labels=True`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganzoo.data.cartoons import cartoon_faces, hundred_cartoons
from ganzoo.data.digit_sets import (
    binary_mnist,
    contours,
    few_digits,
    mnist_edges,
    mnist_m,
    mnist_negatives,
    mnist_to_mnist_m,
)
from ganzoo.data.doodles import flamingos, quickdraw
from ganzoo.data.faces import faces
from ganzoo.data.fonts import glyphs
from ganzoo.data.gallery import photo_gallery
from ganzoo.data.images import images, picture_size
from ganzoo.data.mnist import fashion_mnist, mnist
from ganzoo.data.notes import notes
from ganzoo.data.numerals import chinese_numerals
from ganzoo.data.own_pairs import own_pairs, own_sets
from ganzoo.data.pairs import glyph_pairs
from ganzoo.data.photographs import (
    apple_tomato,
    clothing,
    clothing_edges,
    flower_colours,
    flowers,
    openmoji,
)
from ganzoo.data.scripts import clerical_glyphs, mixed_glyphs
from ganzoo.data.stacked import stacked_mnist
from ganzoo.data.styles import styled_glyphs
from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.events.truth import (
    collider_electrons,
    electrons,
    held_out_collider_electrons,
    held_out_electrons,
    training_electrons,
)

SOURCES: dict[str, Callable[..., Any]] = {
    "mnist": mnist,
    "fashion_mnist": fashion_mnist,
    "stacked_mnist": stacked_mnist,
    "binary_mnist": binary_mnist,
    "mnist_100": few_digits,
    "mnist_edges": mnist_edges,
    "mnist_negatives": mnist_negatives,
    "mnist_m": mnist_m,
    "mnist_to_mnist_m": mnist_to_mnist_m,
    "clerical_glyphs": clerical_glyphs,
    "mixed_glyphs": mixed_glyphs,
    "glyph_pairs": glyph_pairs,
    "styled_glyphs": styled_glyphs,
    "openmoji": openmoji,
    "flowers": flowers,
    "flower_colours": flower_colours,
    "clothing": clothing,
    "clothing_edges": clothing_edges,
    "apple_tomato": apple_tomato,
    "quickdraw": quickdraw,
    "flamingos": flamingos,
    "faces": faces,
    "cartoon_faces": cartoon_faces,
    "cartoons_100": hundred_cartoons,
    "photographs": photo_gallery,
    "chinese_numerals": chinese_numerals,
    "notes": notes,
    "electrons": training_electrons,
    "electrons_held_out": held_out_electrons,
    "collider_electrons": collider_electrons,
    "collider_electrons_held_out": held_out_collider_electrons,
}

__all__ = [
    "SOURCES",
    "apple_tomato",
    "binary_mnist",
    "cartoon_faces",
    "chinese_numerals",
    "clerical_glyphs",
    "clothing",
    "clothing_edges",
    "contours",
    "electrons",
    "faces",
    "fashion_mnist",
    "few_digits",
    "flamingos",
    "flower_colours",
    "flowers",
    "glyph_pairs",
    "glyphs",
    "hundred_cartoons",
    "images",
    "mixed_glyphs",
    "mnist",
    "mnist_edges",
    "mnist_m",
    "mnist_negatives",
    "mnist_to_mnist_m",
    "openmoji",
    "own_pairs",
    "own_sets",
    "photo_gallery",
    "picture_size",
    "quickdraw",
    "source",
    "stacked_mnist",
    "styled_glyphs",
]


def source(name: str) -> Callable[..., Any]:
    """Return the loader of a named data source."""
    if not isinstance(name, str) or name not in SOURCES:
        raise InvalidArgumentError(
            f"Unknown data source {name!r}; there are: {', '.join(SOURCES)}."
            + nearest(str(name), SOURCES)
        )
    return SOURCES[name]
