"""A hundred faces: one small GAN without augmentation, with the fixed one, with the adaptive one.

    python examples/hundred_faces/hundred_faces.py                3,000 steps each, three trainings
    python examples/hundred_faces/hundred_faces.py --steps 3      to see that it works
    python examples/hundred_faces/hundred_faces.py --only none,adaptive

FastGAN (Liu et al. 2021, arXiv:2101.04775) learns from the hundred cartoon faces of the recipe
`fastgan_cartoons_100`, by that recipe; only its augmentation is another. What each draws is judged
against faces that none of them saw. The faces are drawn on the spot: pip install
"keras-ganzoo[cartoons,metrics]". A training that was stopped goes on where it was.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np

from ganzoo import data, metrics, plots
from ganzoo.cli.script import Script
from ganzoo.metrics.colours import features_for
from ganzoo.presets.find import resolve
from ganzoo.training.train import train
from ganzoo.zoo.forms import DTYPES

RECIPE = "fastgan_cartoons_100"
KINDS = ("none", "fixed", "adaptive")
SHOWN = 10


def with_augmentation(kind: str) -> Any:
    """Return the entry of the recipe, with an augmentation of this kind."""
    found = resolve(RECIPE)
    (stage,) = found.recipe.stages
    changes = {"name": "AdaptiveAugmentation", **stage.compile["augmentation"]}
    compile = {"fixed": stage.compile, "adaptive": {"augmentation": changes}, "none": {}}[kind]
    stage = dataclasses.replace(stage, compile=compile)
    return dataclasses.replace(found, recipe=dataclasses.replace(found.recipe, stages=(stage,)))


def trained(kind: str, steps: int, dtype: str, seed: int, run: Path) -> Any:
    """Return the GAN after so many steps; a run that is in the folder is gone on with."""
    if not (run / "preset").is_dir():
        again = (run / "recipe.json").is_file()
        options: dict[str, Any] = {"resume": True} if again else {"dtype": dtype, "seed": seed}
        found = with_augmentation(kind)

        def say(line: str) -> None:
            click.echo(f"{kind}: {line}", err=True)

        train(found, run, steps=steps, verbose=0, say=say, **options)
    return ganzoo.load(run / "preset")


@click.command(cls=Script, help=__doc__)
@click.option("--steps", type=click.IntRange(1), default=3000, show_default=True)
@click.option("--only", help="Kinds of augmentation, by commas.  [default: all three]")
@click.option("--dtype", type=click.Choice(DTYPES), default="float32", show_default=True,
              help="In which all are trained.")  # fmt: skip
@click.option("-n", "--samples", type=click.IntRange(100), default=2000, show_default=True,
              help="Faces that are measured, of each.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/hundred_faces"),
              show_default=True, help="Folder of the trainings, and of the picture.")  # fmt: skip
def main(steps: int, only: str | None, dtype: str, samples: int, seed: int, output: Path) -> None:
    kinds = only.split(",") if only else list(KINDS)
    for kind in kinds:
        if kind not in KINDS:
            raise click.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}.")
    output.mkdir(parents=True, exist_ok=True)
    seen, unseen = data.hundred_cartoons(), data.cartoon_faces("test")
    others = data.cartoon_faces()[len(seen) :]
    features = features_for(3, min(samples, len(unseen)))
    of_unseen = features(unseen)

    def row(name: str, made: np.ndarray) -> None:
        distance = metrics.frechet_distance(of_unseen, features(made), seed=seed)
        nearer = metrics.memorisation(seen, made, unseen, seed=seed)
        click.echo(f"| {name} | {distance} | {nearer} |")

    click.echo("| augmentation | Fréchet distance | P(nearer to training data) |")
    click.echo("|" + " --- |" * 3)
    row("other faces that none learned from", others[:samples])
    row("the training faces themselves", seen.repeat(-(-samples // 100), axis=0)[:samples])
    rows = []
    for kind in kinds:
        run = output / f"{kind}-{steps}-steps-{dtype}-seed-{seed}"
        made = trained(kind, steps, dtype, seed, run).sample(samples, seed=seed)
        row(kind, made)
        rows.append(metrics.neighbour_pairs(seen, made, SHOWN, closest=False))
    picture = plots.grid(np.concatenate(rows), columns=2 * SHOWN)
    plots.save(picture, output / "hundred_faces.png")
    click.echo(f"Rows: {', '.join(kinds)}; each face beside the nearest that it learned from: "
               f"{output / 'hundred_faces.png'}")  # fmt: skip


if __name__ == "__main__":
    main()
