"""Colour your own photograph: a grey picture of any size, whose lightness stays as it is.

    python examples/colour_your_photograph/colour_your_photograph.py PHOTO.jpg ...

Of a photograph that has colours already, only the lightness is used, and what was made is compared
with the truth. Without one, ten flowers that are in no training are coloured, two of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from PIL import Image

import ganzoo
from ganzoo import data, lab, plots
from ganzoo.cli.script import Script
from ganzoo.data.photographs import FLOWERS
from ganzoo.errors import InvalidArgumentError

SHOWN = 128  # pixels, height of a photograph on the sheet
GREY = 2.0  # of Lab's a and b: what is less than this on average is a grey picture


@click.command(cls=Script, help=__doc__)
@click.argument("photographs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", default="colorize_flowers", show_default=True)
@click.option("--strength", type=click.FloatRange(0.0, 4.0), default=1.0, show_default=True,
              help="Multiplies the colours: 0 is grey, 2 twice as strong.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("coloured"),
              show_default=True)  # fmt: skip
def main(photographs: tuple[Path, ...], model: str, strength: float, output: Path) -> None:
    sheet = []
    gan = ganzoo.load(model)
    if not hasattr(gan, "colorize"):
        raise InvalidArgumentError(f"{model} colours no pictures, as colorize_flowers does.")
    output.mkdir(parents=True, exist_ok=True)
    for name, photograph in given(photographs) if photographs else held_out_flowers():
        light = lab.lightness(photograph)
        made = lab.from_rgb(gan.colorize(photograph[None])[0])[..., 1:] / lab.SCALE
        coloured = lab.join(light, np.clip(strength * made, -1.0, 1.0))
        plots.save(plots.to_image(plots.to_uint8(coloured)), output / f"{name}_coloured.png")
        row = [lab.join(light, 0.0 * made), coloured]
        true = lab.from_rgb(photograph)[..., 1:]
        if np.abs(true).mean() < GREY:
            print(f"{name}: grey, {chroma(coloured)} of chroma were added")
        else:
            row.append(photograph)
            far, none = distance(coloured, photograph), distance(row[0], photograph)
            print(f"{name}: {far} from the true colours in Lab; grey is {none} from them")
        sheet.append(np.concatenate([reduced(picture) for picture in row], axis=1))

    widest = max(row.shape[1] for row in sheet)
    rows = [np.pad(row, ((0, 0), (0, widest - row.shape[1]), (0, 0)), constant_values=1.0)
            for row in sheet]  # fmt: skip
    plots.save(plots.grid(np.stack(rows), 2 if len(rows) > 3 else 1), output / "sheet.png")
    print(f"Grey, coloured, and the truth where it is known: {output / 'sheet.png'}")


def given(paths: tuple[Path, ...]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield names and photographs (height, width, 3) in [-1, 1] of files."""
    for path in paths:
        yield path.stem, data.images(path, (*data.picture_size(path), 3))[0]


def held_out_flowers(each: int = 2) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the first held-out photographs of each kind of flower."""
    images, kinds = data.flowers("test", labels=True)
    for kind, name in enumerate(FLOWERS):
        for index, row in enumerate(np.flatnonzero(kinds == kind)[:each], start=1):
            yield f"{name}_{index}", images[row]


def chroma(picture: np.ndarray) -> str:
    """Return the mean chroma of a picture, 0 for grey; flowers have about 31."""
    return f"{np.hypot(*np.moveaxis(lab.from_rgb(picture)[..., 1:], -1, 0)).mean():.1f}"


def distance(picture: np.ndarray, truth: np.ndarray) -> str:
    """Return the mean distance of the colours (a, b) of two pictures."""
    apart = lab.from_rgb(picture)[..., 1:] - lab.from_rgb(truth)[..., 1:]
    return f"{np.hypot(apart[..., 0], apart[..., 1]).mean():.1f}"


def reduced(picture: np.ndarray) -> np.ndarray:
    """Return a picture (height, width, 3) with the height of the sheet."""
    width = max(1, round(SHOWN * picture.shape[1] / picture.shape[0]))
    image = plots.to_image(plots.to_uint8(picture))
    return plots.from_uint8(np.asarray(image.resize((width, SHOWN), Image.Resampling.LANCZOS)))


if __name__ == "__main__":
    main()
