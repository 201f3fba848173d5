"""Your own name in sixteen hands.

    python examples/your_name/your_name.py 王小明

draws the name with one font (`ganzoo prepare styles`), and `zi2zi_fonts` writes it in each of its
styles. Most of the 4,808 commonly used characters were in the training; those that were not are
said.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import ganzoo
from ganzoo import plots
from ganzoo.cli.script import Script
from ganzoo.data.pairs import held_out_characters
from ganzoo.data.styles import text_glyphs

COLUMNS = 2  # of words


@click.command(cls=Script, help=__doc__)
@click.argument("name")
@click.option("--font", type=click.Path(path_type=Path), default=None,
              help="Draws the source.  [default: LXGW WenKai]")  # fmt: skip
@click.option("--model", default="zi2zi_fonts", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("your_name.png"),
              show_default=True)  # fmt: skip
def main(name: str, font: Path | None, model: str, output: Path) -> None:
    sources = text_glyphs(name, font)  # (characters, 48, 48, 1)
    gan = ganzoo.load(model)

    # One call for all: each style once for each character.
    labels = np.repeat(np.arange(len(gan.styles)), len(sources))
    made = gan.translate(np.tile(sources, (len(gan.styles), 1, 1, 1)), labels)

    words = made.reshape(len(gan.styles), len(sources), 48, 48, 1)
    words = np.concatenate(list(words.swapaxes(0, 1)), axis=2)  # characters side by side
    plots.save(plots.grid(words, COLUMNS, scale=2, invert=True), output)
    unseen = [character for character in name if character in held_out_characters()]
    print(f"{name} in {len(gan.styles)} hands, two in a row: {', '.join(gan.styles)}: {output}")
    if unseen:
        print(f"Never seen in any training: {''.join(unseen)}")


if __name__ == "__main__":
    main()
