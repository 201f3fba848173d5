"""Pictures as they come to where they go: a folder at once, one file when all are there.

Pictures are float32 (height, width, channels) in [-1, 1].
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ganzoo.errors import DataError, OutputError
from ganzoo.tasks import pictures
from ganzoo.tasks.given import refuse_taken, target
from ganzoo.tasks.task import Drawing

SCALE = 2  # of a grid, where none is given


class Made(NamedTuple):
    """A picture that was made.

    Attributes:
        name: What it is called, without an ending.
        image: float32 (height, width, channels) in [-1, 1].
        opacity: uint8 (height, width) of the picture that it was made of, or None.
    """

    name: str
    image: Any
    opacity: Any = None


def check(drawing: Drawing, count: int, sizes: int = 1) -> None:
    """Refuse one file of pictures of several sizes, and a grid of too many.

    Args:
        drawing: Where to.
        count: How many pictures.
        sizes: Of how many sizes.
    """
    if drawing.ending and sizes > 1:
        raise DataError(
            f"The pictures are of {sizes} sizes, and one file holds pictures of one size; write "
            "them into a folder, -o FOLDER."
        )
    pictures.check(dataclasses.replace(drawing, count=count))


def write_folder(made: Iterable[Made], drawing: Drawing) -> int:
    """Write one PNG per picture, by its name; return how many are transparent somewhere."""
    kept = 0
    for one in made:
        path = target(drawing, one.name)
        refuse_taken(drawing, path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot make the folder {path.parent}: {error.strerror}.") from error
        kept += _write(one, drawing, path, drawing.options.get("scale") or 1)
    return kept


def write_png(made: Iterable[Made], drawing: Drawing) -> int:
    """Write one picture as it is, or several in rows; return how many are transparent somewhere."""
    pictures_made = list(made)
    options = drawing.options
    if len(pictures_made) == 1:
        return _write(pictures_made[0], drawing, drawing.output, options.get("scale") or 1)
    options = {**options, "scale": options.get("scale") or SCALE}
    drawing = dataclasses.replace(drawing, options=options)
    pictures.write_grid(_stacked(pictures_made, drawing), drawing, _quiet)
    return 0


def write_array(made: Iterable[Made], drawing: Drawing) -> int:
    """Write one array (n, height, width, channels)."""
    pictures.write_array(_stacked(list(made), drawing), drawing, _quiet)
    return 0


def _stacked(made: list[Made], drawing: Drawing) -> Any:
    import numpy as np

    check(drawing, len(made), len({one.image.shape for one in made}))
    return np.stack([one.image for one in made])


def _write(one: Made, drawing: Drawing, path: Any, scale: int) -> bool:
    """Write a PNG; return whether it has the opacity of the picture that it was made of."""
    from PIL import Image

    from ganzoo import plots

    pixels = plots.to_uint8(-one.image if drawing.options.get("invert") else one.image)
    picture = plots.to_image(pixels)
    kept = one.opacity is not None and pixels.shape[-1] != 4
    if kept:
        opacity = Image.fromarray(one.opacity)
        picture.putalpha(opacity.resize(picture.size, Image.Resampling.BICUBIC))
    if scale > 1:
        size = (picture.width * scale, picture.height * scale)
        picture = picture.resize(size, Image.Resampling.NEAREST)
    plots.save(picture, path)
    return kept


def _quiet(what: str, done: int, total: int) -> None:
    """Tell nothing: one file is written at once."""


Writer = Callable[[Iterable[Made], Drawing], int]
WRITERS: dict[str, Writer] = {
    ".png": write_png, ".npy": write_array, ".npz": write_array, "": write_folder,
}  # fmt: skip
