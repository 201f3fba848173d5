"""A doodle to an emoji: your drawing is brought to the form of OpenMoji's outlines and coloured.

    python examples/doodle_to_emoji/doodle_to_emoji.py DRAWING.png ...

A drawing has any size, dark lines on light or light on dark, of any pen. Without one, six doodles
are drawn by code: with a fine pen, a thick one, chalk on a board.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw, ImageOps

import ganzoo
from ganzoo import data, plots
from ganzoo.cli.script import Script
from ganzoo.data import origins
from ganzoo.data.arrays import read_array
from ganzoo.errors import DataError
from strokes import outline

# Lines through points, of 0 to 100; an ellipse is given by its box: (left, top, right, bottom).
DOODLES = {
    "face": [(5, 5, 95, 95), (28, 32, 38, 46), (62, 32, 72, 46),
             [(26, 62), (36, 75), (50, 80), (64, 75), (74, 62)]],
    "house": [[(12, 48), (50, 10), (88, 48)], [(20, 42), (20, 92), (80, 92), (80, 42)],
              [(42, 92), (42, 64), (58, 64), (58, 92)]],
    "cup": [[(15, 30), (22, 90), (66, 90), (73, 30), (15, 30)],
            [(71, 42), (88, 44), (90, 62), (84, 70), (68, 72)], [(32, 20), (36, 12), (32, 4)],
            [(52, 20), (56, 12), (52, 4)]],
    "fish": [(8, 25, 72, 75), (22, 42, 28, 48), [(69, 50), (94, 28), (88, 50), (94, 72), (69, 50)]],
    "apple": [[(50, 30), (34, 22), (16, 32), (12, 56), (26, 86), (42, 94), (50, 90), (58, 94),
               (74, 86), (88, 56), (84, 32), (66, 22), (50, 30)],
              [(50, 30), (53, 16), (58, 6)], [(56, 14), (70, 6), (78, 12), (66, 18), (56, 14)]],
    "umbrella": [[(6, 52), (14, 28), (32, 12), (50, 8), (68, 12), (86, 28), (94, 52), (6, 52)],
                 [(50, 52), (50, 86), (45, 93), (37, 92), (34, 84)]],
}  # fmt: skip
PENS = ((200, 3), (640, 44), (320, 8), (90, 5), (480, 24), (1200, 6))  # size, width, in turn


@click.command(cls=Script, help=__doc__)
@click.argument("drawings", nargs=-1, type=click.Path(path_type=Path))
@click.option("--quickdraw", metavar="NAME", help="Also six of Google's Quick, Draw!: flamingo, "
              "apple, ... of $GANZOO_DATA/quickdraw/quickdraw_28.npz")  # fmt: skip
@click.option("--model", default="pix2pix_emoji", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path),
              default=Path("doodle_to_emoji.png"), show_default=True)  # fmt: skip
def main(drawings: tuple[Path, ...], quickdraw: str | None, model: str, output: Path) -> None:
    found = [*given(drawings), *(quick_drawings(quickdraw) if quickdraw else ())]
    found = found or list(drawn())
    outlines = np.stack([formed(name, picture) for name, picture in found])
    coloured = ganzoo.load(model).translate(outlines)

    shown = np.stack([thumbnail(picture, outlines.shape[1]) for _, picture in found])
    rows = plots.beside(plots.beside(shown, -outlines), coloured)
    plots.save(plots.grid(rows, 2, scale=2), output)
    names = ", ".join(name for name, _ in found)
    print(f"{names}: drawing, outline, emoji, two in a row: {output}")


def given(paths: tuple[Path, ...]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield names and pictures (height, width, 1) in [-1, 1] of files."""
    for path in paths:
        yield path.name, data.images(path, (*data.picture_size(path), 1))[0]


def quick_drawings(name: str, count: int = 6) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the first bitmaps of a name, white on black, (28, 28, 1)."""
    path = origins.folder() / "quickdraw" / "quickdraw_28.npz"
    names = [str(one) for one in read_array(path, "names")]
    if name == "flamingo":
        bitmaps = read_array(path, "flamingo")
    elif name in names:
        bitmaps = read_array(path)[read_array(path, "labels") == names.index(name)]
    else:
        raise DataError(f"{path} has no {name!r}; it has: flamingo, {', '.join(names)}.")
    for index, bitmap in enumerate(bitmaps[:count], start=1):
        yield f"{name} {index}", plots.from_uint8(bitmap)[..., None]


def drawn() -> Iterator[tuple[str, np.ndarray]]:
    """Yield the doodles of this file, each with another pen, every third as with chalk."""
    for index, (name, parts) in enumerate(DOODLES.items()):
        size, pen = PENS[index % len(PENS)]
        picture = Image.new("L", (size + 6 * pen, size + 2 * pen), "white")
        draw = ImageDraw.Draw(picture)
        for part in parts:
            place = size * np.array(part, float) / 100.0 + pen
            if isinstance(part, tuple):
                draw.ellipse(place.tolist(), outline="black", width=pen)
            else:
                draw.line([tuple(point) for point in place], "black", pen, joint="curve")
        pixels = plots.from_uint8(np.asarray(picture))[..., None]
        yield name, -pixels if index % 3 == 2 else pixels


def formed(name: str, picture: np.ndarray) -> np.ndarray:
    """Return a drawing as an outline; an error says which it is."""
    try:
        return outline(picture)
    except DataError as error:
        raise DataError(f"{name}: {error}.") from None


def thumbnail(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a picture fitted into a square (side, side, 1), on the paper it has."""
    image = plots.to_image(plots.to_uint8(picture))
    image = ImageOps.contain(image, (side, side), Image.Resampling.BOX)
    square = Image.new("L", (side, side), round(float(np.median(np.asarray(image)))))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return plots.from_uint8(np.asarray(square))[..., None]


if __name__ == "__main__":
    main()
