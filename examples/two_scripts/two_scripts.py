"""行書 + 隸書 = ? One latent vector, written in clerical script, in semi-cursive, and between.

    python examples/two_scripts/two_scripts.py

draws ten latents down and the style across, with `cdcgan_fonts_mix`.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import ganzoo
from ganzoo import plots
from ganzoo.cli.script import Script
from ganzoo.random import draw_latents


@click.command(cls=Script, help=__doc__)
@click.option("--latents", "rows", default=10, show_default=True, help="Rows of the picture.")
@click.option("--styles", "columns", default=9, show_default=True, help="Steps across.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("two_scripts.png"),
              show_default=True)  # fmt: skip
def main(rows: int, columns: int, seed: int, output: Path) -> None:
    gan = ganzoo.load("cdcgan_fonts_mix")
    latents = draw_latents(rows, gan.latent_dim, seed)

    # Each latent once per style; a label between 0 (clerical) and 1 (semi-cursive) mixes both.
    styles = np.linspace(0.0, 1.0, columns)
    images = gan.generate(latents.repeat(columns, axis=0), label=np.tile(styles, rows))

    plots.save(plots.grid(images, columns, scale=2, invert=True), output)
    print(f"{rows} latents, {columns} styles from 隸書 to 行書: {output}")


if __name__ == "__main__":
    main()
