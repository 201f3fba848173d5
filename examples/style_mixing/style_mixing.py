"""Mix the styles of cartoon faces: form from one face, colours from another.

    python examples/style_mixing/style_mixing.py

draws a table of faces whose first styles are those of the left column and whose last ones are those
of the upper row, once for each level at which they change; faces on their way to the mean face; and
drawn faces that the generator never saw beside what it finds for them (they are drawn by the extra
`cartoons`; `--only mixing,truncation` does without). How much of a face a level settles is printed.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import ganzoo
from ganzoo import data, latent, plots
from ganzoo.cli.script import Script

TRUNCATIONS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)


def mixed(gan: ganzoo.StyleGAN2, count: int, seed: int, output: Path) -> None:
    """Draw the tables, and print how far a face moves when a level takes another style."""
    rows, columns = (gan.styles(latent.draw(count, gan.latent_dim, seed + i)) for i in (0, 1))
    faces, above = gan.synthesize(rows), gan.synthesize(columns)
    empty = -np.ones((1, *gan.data_shape), "float32")
    for begin in range(1, gan.levels):
        table = np.concatenate([faces[:, None], gan.mix(rows, columns, begin)], axis=1)
        pictures = [empty, above, table.reshape(-1, *gan.data_shape)]
        picture = plots.grid(np.concatenate(pictures), columns=count + 1, scale=2)
        plots.save(picture, output / f"mixing_{begin}.png")
    print("level, sides   change of a face when this level alone takes another's style")
    for level in range(gan.levels):
        styles = np.repeat(rows[:, None], gan.levels, axis=1)
        styles[:, level] = columns
        apart = np.sqrt(np.mean((gan.synthesize(styles) - faces) ** 2, axis=(1, 2, 3)))
        error = apart.std(ddof=1) / count**0.5
        side = gan.data_shape[0] >> (gan.levels - 1 - level)
        print(f"{level}, {side:2} pixels   {apart.mean():.3f} ± {error:.3f} (root mean square)")


def truncated(gan: ganzoo.StyleGAN2, count: int, seed: int, output: Path) -> None:
    """Draw each face from the mean one, on the left, to beyond itself."""
    latents = latent.draw(count, gan.latent_dim, seed)
    rows = [gan.synthesize(gan.styles(latents, truncation)) for truncation in TRUNCATIONS]
    pictures = np.stack(rows, axis=1).reshape(-1, *gan.data_shape)
    plots.save(plots.grid(pictures, columns=len(rows), scale=2), output / "truncation.png")


def found(gan: ganzoo.StyleGAN2, count: int, steps: int, seed: int, output: Path) -> None:
    """Find styles of faces that are in no training set, one for all levels and one for each."""
    faces = data.cartoon_faces("test")
    real = faces[np.random.default_rng(seed).choice(len(faces), count, replace=False)]
    rows = [real]
    for each_level, name in ((False, "one style (w)"), (True, "a style for each level (w+)")):
        back = latent.invert_styles(gan, real, each_level=each_level, steps=steps, seed=seed)
        error = back.errors.std(ddof=1) / count**0.5
        print(f"{name}: found to {back.errors.mean():.3f} ± {error:.3f} (root mean square)")
        rows.append(back.images)
    plots.save(plots.grid(np.concatenate(rows), columns=count, scale=2), output / "found.png")


@click.command(cls=Script, help=__doc__)
@click.option("--name", default="stylegan2_cartoons", show_default=True,
              help="A StyleGAN2: a name, a preset or a run.")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(2), default=8, show_default=True,
              help="Faces in a row.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), default=300, show_default=True,
              help="Of the search for drawn faces.")  # fmt: skip
@click.option("--only", default="mixing,truncation,found", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/style_mixing"),
              show_default=True, help="Folder of the pictures.")  # fmt: skip
def main(name: str, count: int, steps: int, only: str, seed: int, output: Path) -> None:
    parts = only.split(",")
    for part in parts:
        if part not in ("mixing", "truncation", "found"):
            raise click.BadParameter(f"--only takes mixing, truncation and found; got {part!r}.")
    gan = ganzoo.load(name)
    if not isinstance(gan, ganzoo.StyleGAN2):
        raise click.BadParameter(f"--name is a StyleGAN2; {name} is a {type(gan).__name__}.")
    output.mkdir(parents=True, exist_ok=True)
    if "mixing" in parts:
        mixed(gan, count, seed, output)
    if "truncation" in parts:
        truncated(gan, count, seed, output)
    if "found" in parts:
        found(gan, count, steps, seed, output)
    print(f"The pictures are in {output}")


if __name__ == "__main__":
    main()
