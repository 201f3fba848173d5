"""Data: sources to arrays. No model knows them.

`SOURCES` maps the `data` of a recipe to the function that loads it; each takes no required
argument and returns training data, float32: images in [-1, 1], channels last, or momenta in GeV.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganzoo.data.electrons import electrons, held_out_electrons, training_electrons
from ganzoo.data.fonts import glyphs
from ganzoo.data.images import images
from ganzoo.data.mnist import fashion_mnist, mnist
from ganzoo.errors import InvalidArgumentError, nearest

SOURCES: dict[str, Callable[..., Any]] = {
    "mnist": mnist,
    "fashion_mnist": fashion_mnist,
    "electrons": training_electrons,
    "electrons_held_out": held_out_electrons,
}

__all__ = ["SOURCES", "electrons", "fashion_mnist", "glyphs", "images", "mnist", "source"]


def source(name: str) -> Callable[..., Any]:
    """Return the loader of a named data source."""
    if name not in SOURCES:
        raise InvalidArgumentError(
            f"Unknown data source {name!r}; there are: {', '.join(SOURCES)}."
            + nearest(name, SOURCES)
        )
    return SOURCES[name]
