"""Explore what `dcgan_mnist` has learnt: sweeps, paths, the ways that matter, and the way back.

    python examples/latent_space/latent_space.py

draws the lecture's sweeps, an arc against a straight line, the directions on which a digit changes
most, and real test digits beside the nearest that the generator can make (with `GANZOO_DATA` set,
or Keras downloads them).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

import ganzoo
from ganzoo import data, latent, plots
from ganzoo.cli.script import Script


@click.command(cls=Script, help=__doc__)
@click.option("--steps", default=300, show_default=True, help="Of the search for real digits.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/latent_space"),
              show_default=True, help="Folder of the pictures.")  # fmt: skip
def main(steps: int, seed: int, output: Path) -> None:
    gan = ganzoo.load("dcgan_mnist")
    output.mkdir(parents=True, exist_ok=True)

    def draw(name: str, images: np.ndarray, **options: Any) -> None:
        plots.save(plots.grid(images, columns=10, scale=2, **options), output / f"{name}.png")

    # 1. Means that go from -5 to 5 along the latent, and back: other digits than around 0.
    rows = [latent.sweep(20, gan.latent_dim, means, stds, seed) for means, stds in latent.SWEEPS]
    draw("sweeps", gan.generate(np.concatenate(rows)))

    # 2. The same ends by a straight line and by an arc.
    ends = latent.draw(2, gan.latent_dim, seed)
    for path in (latent.linear, latent.spherical):
        halfway = np.linalg.norm(path(*ends, 3)[1])
        print(f"{path.__name__}: halfway, the latent is {halfway:.1f} long")
    paths = [path(*ends, 10) for path in (latent.linear, latent.spherical)]
    draw("paths", gan.generate(np.concatenate(paths)))

    # 3. The directions on which the picture changes most: a few of a hundred do nearly all.
    found = latent.directions(gan, 8, seed=seed)
    share = np.cumsum(found.gains**2) / found.total**2
    print("share of all change in 1 to 8 directions:", " ".join(f"{s:.2f}" for s in share))
    ways = [latent.along(ends[0], way, 4.0, 10) for way in found.vectors]
    draw("directions", gan.generate(np.concatenate(ways)))

    # 4. The way back: real digits that the generator never saw, and the nearest that it makes.
    real = data.mnist("test")[:10]
    back = latent.invert(gan, real, steps=steps, seed=seed)
    draw("found", np.stack([real, back.images], axis=1).reshape(-1, *gan.data_shape))
    own = latent.invert(gan, gan.sample(10, seed=seed), steps=steps, seed=seed + 1)
    for name, errors in (("real test digits", back.errors), ("its own", own.errors)):
        error = errors.std(ddof=1) / len(errors) ** 0.5
        print(f"{name}: found to {errors.mean():.3f} ± {error:.3f} (root mean square)")
    print(f"sweeps.png, paths.png, directions.png and found.png are in {output}")


if __name__ == "__main__":
    main()
