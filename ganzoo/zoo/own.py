"""Families on pictures of the user's own: what `ganzoo train CycleGAN --data A --data-b B` trains.

The architecture and the recipe are those of an entry; only the pictures' size and channels differ.
"""

from __future__ import annotations

from typing import Any

from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError, nearest

LIKE = {
    "Pix2Pix": "pix2pix_clothing",
    "Colorizer": "colorize_flowers",
    "CycleGAN": "cyclegan_fruits",
    "DiscoGAN": "discogan_fonts",
    "DualGAN": "dualgan_fonts",
}
SIZE, SMALLEST, LARGEST = 64, 16, 1024


def config(family: str, size: int = SIZE, grey: bool = False) -> dict[str, Any]:
    """Return constructor arguments of a family for pictures of `size` x `size` pixels.

    Args:
        family: Key of `LIKE`.
        size: Side in pixels, a multiple of 16 from 16 to 1024.
        grey: One channel instead of three; a Colorizer's pictures are in colour.

    Raises:
        InvalidArgumentError: Another family or size, or a Colorizer in grey.
    """
    if family not in LIKE:
        raise InvalidArgumentError(
            f"{family!r} is no family that is trained on two sets or pairs of your own; there are: "
            f"{', '.join(LIKE)}." + nearest(family, LIKE)
        )
    if not SMALLEST <= size <= LARGEST or size % SMALLEST:
        raise InvalidArgumentError(
            f"--size must be a multiple of {SMALLEST} from {SMALLEST} to {LARGEST}; got {size}."
        )
    made = dict(zoo.ENTRIES[LIKE[family]].config)
    channels = 1 if grey else 3
    if "image_size" in made and grey:
        raise InvalidArgumentError(f"{family} makes colours; --grey cannot be honoured.")
    sides = {
        "image_shape": (size, size, channels),
        "source_shape": (size, size, channels),
        "image_size": (size, size),
        "channels": channels,
    }
    return {**made, **{key: value for key, value in sides.items() if key in made}}
