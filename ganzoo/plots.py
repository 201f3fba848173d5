"""Pictures: grids and movies of arrays in [-1, 1] with Pillow, figures with matplotlib.

matplotlib comes with the extra `plot` and is imported by the functions that need it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.errors import InvalidArgumentError

MAX_PIXELS = 2**28
RGBA = 4  # channels, the last of which is an opacity
MOVIES = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Map images from [-1, 1] to uint8 in [0, 255], rounding; values outside are clipped."""
    scaled = np.asarray(np.asarray(images) + 1.0)
    scaled *= 127.5  # in place, as a large picture is the most that is held
    return np.clip(np.rint(scaled, out=scaled), 0, 255, out=scaled).astype(np.uint8)


def from_uint8(pixels: np.ndarray) -> np.ndarray:
    """Map pixels from [0, 255] to float32 in [-1, 1]: the way back of `to_uint8`."""
    return pixels.astype(np.float32) / 127.5 - 1.0


def to_image(pixels: np.ndarray) -> Image.Image:
    """Return a Pillow image of uint8 pixels (height, width, 1 or 3 or 4)."""
    if pixels.ndim != 3 or pixels.shape[-1] not in (1, 3, 4):
        raise InvalidArgumentError(
            "A picture needs shape (height, width, channels) with 1, 3 or 4 channels; "
            f"got {pixels.shape}."
        )
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def some(images: Any, count: int) -> Any:
    """Return at most so many rows of an array, evenly taken: files are sorted by what they show."""
    rows = np.linspace(0, len(images) - 1, min(count, len(images))).astype(int)
    return np.asarray(images)[rows]


def beside(left: Any, right: Any) -> np.ndarray:
    """Return images with others on their right; grey beside colours becomes colours.

    Args:
        left: Shape (n, height, width, channels).
        right: The same n and height, any width.

    Returns:
        float32 array (n, height, both widths, channels).

    Raises:
        InvalidArgumentError: The shapes do not fit.
    """
    pair = [np.asarray(images, np.float32) for images in (left, right)]
    shapes = [images.shape for images in pair]
    channels = max(shape[-1] for shape in shapes)
    if shapes[0][:2] != shapes[1][:2] or not {shape[-1] for shape in shapes} <= {1, channels}:
        raise InvalidArgumentError(
            "Images lie beside others of as many, of the same height, grey or of the same colours; "
            f"got {shapes[0]} and {shapes[1]}."
        )
    wide = [images.repeat(channels // images.shape[-1], axis=-1) for images in pair]
    return np.concatenate(wide, axis=2)


def inverted(images: Any) -> np.ndarray:
    """Return pictures (..., channels) with dark and light exchanged; an opacity stays."""
    made = -np.asarray(images)
    if made.shape[-1] == RGBA:
        made[..., 3:] = -made[..., 3:]
    return made


def grid(
    images: np.ndarray,
    columns: int | None = None,
    *,
    gap: int = 2,
    scale: int = 1,
    invert: bool = False,
) -> Image.Image:
    """Lay images out in rows, as square a grid as possible by default.

    Args:
        images: Shape (n, height, width, channels), in [-1, 1].
        columns: Images per row.
        gap: Pixels between images.
        scale: Whole factor by which each pixel is enlarged.
        invert: Draw dark on light: -1 becomes white.

    Returns:
        A Pillow image.
    """
    images = np.asarray(images)
    if images.ndim != 4 or not len(images):
        raise InvalidArgumentError(
            f"A grid needs images of shape (n, height, width, channels); got {images.shape}."
        )
    n, height, width, channels = images.shape
    columns = min(columns or math.ceil(math.sqrt(n)), n)
    rows = math.ceil(n / columns)
    size = rows * columns * (height + gap) * (width + gap) * scale**2
    if size > MAX_PIXELS:
        raise InvalidArgumentError(
            f"A picture of {size:,} pixels is too large; at most {MAX_PIXELS:,}. "
            "Draw fewer images or at a smaller scale."
        )
    pixels = to_uint8(inverted(images) if invert else images)
    canvas = np.full(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, channels),
        255 if invert else 0,
        np.uint8,
    )
    for index, picture in enumerate(pixels):
        top, left = (index // columns) * (height + gap), (index % columns) * (width + gap)
        canvas[top : top + height, left : left + width] = picture
    return to_image(canvas.repeat(scale, axis=0).repeat(scale, axis=1))


def save(image: Image.Image, path: Any) -> None:
    """Write a picture as PNG, whole or not at all."""
    from ganzoo.files.writing import written

    with written(path) as temporary:
        image.save(temporary, format="PNG")


def movie_format(path: Any) -> str:
    """Return Pillow's name for the format of a movie, by its ending."""
    ending = Path(path).suffix.lower()
    if ending not in MOVIES:
        raise InvalidArgumentError(
            f"Cannot write a movie to {path}: the ending must be .gif, or .png or .apng for an "
            "animated PNG."
        )
    return MOVIES[ending]


def movie(
    pictures: Sequence[Image.Image], path: Any, *, seconds: float = 0.2, last: float = 10.0
) -> None:
    """Join pictures of one size to an animated GIF or PNG that repeats for ever.

    Args:
        pictures: One or more.
        path: FILE.gif (at most 256 colours in a picture), FILE.png or FILE.apng (all colours).
        seconds: Duration of a picture, 0.02 or more.
        last: The last picture is shown longer by this factor, from 1 to 1,000.
    """
    from ganzoo.files.writing import written

    kind = movie_format(path)
    if not len(pictures) or len({picture.size for picture in pictures}) > 1:
        raise InvalidArgumentError(
            f"A movie needs pictures of one size; got {len(pictures)} of the sizes "
            f"{sorted({picture.size for picture in pictures})}."
        )
    if not 0.02 <= seconds <= 60:
        raise InvalidArgumentError(f"seconds must be from 0.02 to 60; got {seconds!r}.")
    if not 1.0 <= last <= 1000.0:
        raise InvalidArgumentError(f"last must be from 1 to 1000; got {last!r}.")
    durations = [round(1000 * seconds)] * (len(pictures) - 1) + [round(1000 * seconds * last)]
    with written(path) as temporary:
        pictures[0].save(
            temporary,
            format=kind,
            save_all=True,
            append_images=pictures[1:],
            duration=durations if len(pictures) > 1 else durations[0],
            loop=0,
        )


def figure(size: tuple[float, float], *, layout: Any = "constrained") -> Any:
    """Return a matplotlib figure that is drawn into a file, never into a window.

    Args:
        size: Width and height in inches.
        layout: How matplotlib places the panels, "constrained" or "tight".
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=size, layout=layout)
    FigureCanvasAgg(made)  # no window, whatever the user's settings are
    return made


def save_figure(figure: Any, path: Any, *, dpi: int) -> None:
    """Write a figure of matplotlib, whole or not at all; the same numbers give the same file.

    Args:
        figure: The figure.
        path: FILE.png or FILE.pdf.
        dpi: Pixels per inch.
    """
    from ganzoo.files.writing import written

    kind = Path(path).suffix[1:].lower()
    # Without dates and versions in it.
    metadata = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    with written(path) as temporary:
        figure.savefig(temporary, format=kind, dpi=dpi, metadata=metadata)
