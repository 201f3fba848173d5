"""Pictures one after another, so that no more than one is held; `reader.read` gathers them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ganzoo.data.pictures import decoding
from ganzoo.data.pictures.fitting import fitted
from ganzoo.data.pictures.notes import Notes
from ganzoo.data.pictures.rules import Rules
from ganzoo.errors import DataError
from ganzoo.plots import from_uint8

Size = tuple[int, int]
Sizes = Callable[[str, Size], Size]  # of a picture's name and size, to the wanted size


class Picture(NamedTuple):
    """One picture that was read.

    Attributes:
        name: Its path, "#2" behind a second frame.
        image: float32 (height, width, channels) in [-1, 1].
        opacity: uint8 (height, width), 0 where nothing is seen; None where all is, or where it was
            not asked for.
    """

    name: str
    image: np.ndarray
    opacity: np.ndarray | None = None


def stream(
    paths: Sequence[Path],
    channels: int,
    sizes: Sizes,
    rules: Rules,
    notes: Notes,
    *,
    opacity: bool = False,
) -> Iterator[Picture]:
    """Yield the pictures of some files, each frame of them in its turn.

    Args:
        paths: The files.
        channels: 1, 3 or 4.
        sizes: Says which size each becomes, as `rules` have it; the same is left alone.
        rules: How they are read.
        notes: Told what was done.
        opacity: Whether how opaque a picture is is given beside what is seen of it over the
            background; of 4 channels it is one.

    Raises:
        DataError: A file is damaged, or of another form; it is named.
    """
    if channels not in decoding.MODES:
        raise DataError(f"Pictures have 1, 3 or 4 channels; the model takes {channels}.")
    opacity = opacity and channels != 4
    clear = dataclasses.replace(rules, background="black")  # what pads an opacity
    for path in paths:
        for name, picture in decoding.frames(path, str(path), channels, rules, notes, opacity):
            alpha = None
            if opacity and picture.mode == "RGBA":
                picture, alpha = decoding.apart(picture, name, channels, rules, notes)
            shape = (*sizes(name, (picture.height, picture.width)), channels)
            pixels = np.asarray(fitted(picture, shape, rules, name, notes))
            if alpha is not None:
                alpha = fitted(alpha, shape, clear, name, Notes(notes.source))
            yield Picture(
                name, _scaled(pixels, channels), None if alpha is None else np.asarray(alpha)
            )


def _scaled(pixels: np.ndarray, channels: int) -> np.ndarray:
    """Return uint8, or floats from 0 to 255, as float32 (height, width, channels) in [-1, 1]."""
    if pixels.dtype != np.uint8:
        pixels = np.clip(pixels, 0.0, 255.0)  # Lanczos goes beyond the range at edges
    pixels = from_uint8(pixels)
    if pixels.ndim == 3:
        return pixels
    colours = np.repeat(pixels[..., None], min(channels, 3), axis=-1)
    opaque = np.ones((*pixels.shape, channels - colours.shape[-1]), np.float32)
    return np.concatenate([colours, opaque], axis=-1)
