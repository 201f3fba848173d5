"""Fill a hole: in handwritten digits that someone else reads, or in a photograph of your own.

    python examples/fill_a_hole/fill_a_hole.py                             digits, and a table
    python examples/fill_a_hole/fill_a_hole.py PHOTO.jpg --mask MASK.png   white is the hole

Without a photograph, holes of several sizes are cut into digits that are in no training, and a
network that learned to read from a hundred labels says which digit it sees: with the hole, with the
mean digit in it, and filled. With one, the smallest square that has twice the sides of the hole is
filled in the size of the model, and put back into the photograph; nothing outside the hole changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np
from PIL import Image

from ganzoo import data, metrics, plots
from ganzoo.cli.script import Script
from ganzoo.data.masks import masks_of
from ganzoo.errors import DataError, InvalidArgumentError

DIGITS, FACES, READER = "ccgan_mnist", "context_encoder_faces", "sgan_mnist_100"
SIDES = (7, 10, 14)  # pixels of 28
SHOWN = 8  # digits


@click.command(cls=Script, help=__doc__)
@click.argument("photograph", required=False, type=click.Path(path_type=Path))
@click.option("--mask", type=click.Path(path_type=Path), default=None,
              help="A picture of the photograph's size, white in the hole.")  # fmt: skip
@click.option("--model", default=None,
              help=f"By default {DIGITS}, or {FACES} for a photograph.")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(SHOWN), default=2000, show_default=True,
              help="Digits.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("filled.png"),
              show_default=True)  # fmt: skip
def main(
    photograph: Path | None, mask: Path | None, model: str | None, count: int, output: Path
) -> None:
    if (photograph is None) != (mask is None):
        raise click.ClickException("A photograph and its --mask come together.")
    gan = ganzoo.load(model or (DIGITS if photograph is None else FACES))
    if not hasattr(gan, "inpaint"):
        raise InvalidArgumentError(f"{model} fills no holes, as {DIGITS} does.")
    if photograph is None:
        digits(gan, count, output)
    else:
        own(gan, photograph, mask, output)


def digits(gan: Any, count: int, output: Path) -> None:
    """Print how many digits are read right, and draw some."""
    images, labels = (part[:count] for part in data.mnist("test", labels=True))
    mean = data.mnist("train").mean(axis=0)
    reader = ganzoo.load(READER)

    def read(pictures: np.ndarray) -> Any:
        return metrics.estimate.share_estimate(reader.classify(pictures).argmax(axis=1) == labels)

    print(f"{len(images)} digits, read right by {READER}: {read(images)} without a hole")
    rows = []
    for side in SIDES:
        corner = (images.shape[1] - side) // 2
        hole = masks_of(np.array([[corner, corner, side, side]]), *images.shape[1:3])[0]
        cut, filled = np.where(hole == 1.0, 0.0, images), gan.inpaint(images, hole)
        guess = np.where(hole == 1.0, mean, images)
        inside = slice(corner, corner + side)
        far = [
            metrics.psnr(x[:, inside, inside], images[:, inside, inside]) for x in (guess, filled)
        ]
        print(f"hole of {side}x{side}: {read(cut)} grey, {read(guess)} with the mean digit, "
              f"{read(filled)} filled; PSNR inside {far[0]} and {far[1]} dB")  # fmt: skip
        rows += [cut[:SHOWN], filled[:SHOWN]]
    rows.append(images[:SHOWN])
    plots.save(plots.grid(np.concatenate(rows), columns=SHOWN, scale=3), output)
    print(f"Two rows for each hole, grey and filled, and last the truth: {output}")


def own(gan: Any, photograph: Path, mask: Path, output: Path) -> None:
    """Fill the hole of a photograph, in its own size."""
    height, width = data.picture_size(photograph)
    channels = gan.image_shape[-1]
    whole = data.images(photograph, (height, width, channels))[0]
    hole = data.images(mask, (height, width, 1))[0] > 0.0
    top, left, side = square(hole[..., 0])
    window = slice(top, top + side), slice(left, left + side)
    small = resized(whole[window], gan.image_shape[1])
    # A pixel that touches the hole belongs to it.
    small_hole = resized(2.0 * hole[window] - 1.0, gan.image_shape[1]) > -0.99
    made = gan.inpaint(small[None], small_hole.astype(np.float32))[0]
    filled = whole.copy()
    filled[window] = np.where(hole[window], resized(made, side), whole[window])
    plots.save(plots.to_image(plots.to_uint8(filled)), output)
    print(f"A square of {side}x{side} pixels at row {top}, column {left} was filled as "
          f"{gan.image_shape[0]}x{gan.image_shape[1]}: {output}")  # fmt: skip


def square(hole: np.ndarray) -> tuple[int, int, int]:
    """Return top, left and side of the square around a hole: of twice its sides where it fits."""
    if not hole.any():
        raise DataError("The mask marks no hole: nothing in it is white.")
    spans = [np.flatnonzero(hole.any(axis)) for axis in (1, 0)]
    reach = max(int(span[-1] - span[0] + 1) for span in spans)
    side = min(2 * reach, *hole.shape)
    if side < reach:
        raise DataError(f"The hole is {reach} pixels long; no square of the photograph holds it.")
    corners = [
        int(np.clip((span[0] + span[-1] + 1 - side) // 2, 0, length - side))
        for span, length in zip(spans, hole.shape, strict=True)
    ]
    return corners[0], corners[1], side


def resized(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a square picture (side, side, channels) in [-1, 1]."""
    image = plots.to_image(plots.to_uint8(picture))
    pixels = np.asarray(image.resize((side, side), Image.Resampling.LANCZOS))
    return plots.from_uint8(pixels).reshape(side, side, -1)


if __name__ == "__main__":
    main()
