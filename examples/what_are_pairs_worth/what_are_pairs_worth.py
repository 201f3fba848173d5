"""What are pairs worth? Systems that were shown pairs of characters, and systems that were not.

    python examples/what_are_pairs_worth/what_are_pairs_worth.py

Each turns the same held-out characters from clerical into semi-cursive script, and is held against
the truth. MODELS are names, presets or folders of trainings; by default, all of the zoo that have
weights. Needs the two fonts in `$GANZOO_DATA/fonts` and the extra `metrics`.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

import ganzoo
from ganzoo import data, plots, zoo
from ganzoo.cli.script import Script
from ganzoo.evaluation.evaluate import evaluate

COLUMNS = {"l1": "L1", "ssim": "SSIM", "found_1": "found, top 1", "found_5": "found, top 5",
           "frechet": "Fréchet distance", "auc": "classifier AUC"}  # fmt: skip
SHOWN = 14  # characters of the picture


def trained_on_glyph_pairs() -> list[str]:
    """Return the names in the zoo with weights whose recipe reads these pairs."""
    return [
        name
        for name in ganzoo.list_models(pretrained=True)
        if (recipe := zoo.ENTRIES[name].recipe) is not None and recipe.data == "glyph_pairs"
    ]


@click.command(cls=Script, help=__doc__)
@click.argument("models", nargs=-1)
@click.option("-n", "--samples", type=click.IntRange(100, 413), default=413, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path),
              default=Path("what_are_pairs_worth.png"), show_default=True)  # fmt: skip
def main(models: tuple[str, ...], samples: int, seed: int, output: Path) -> None:
    names = list(models) or trained_on_glyph_pairs()
    table = evaluate(names[0], beside=names[1:], samples=samples, seed=seed)
    sources, truths, held_out = data.glyph_pairs("test")

    own = {row: estimate.estimate for row, estimate in table.rows.items()}
    floor = {row: estimate.floor for row, estimate in table.rows.items()}
    lines = {table.facts["name"]: own, **table.beside, "real characters": floor}
    print("| | " + " | ".join(COLUMNS.values()) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, estimates in lines.items():
        print(f"| {name} | " + " | ".join(str(estimates[row]) for row in COLUMNS) + " |")

    chosen = np.random.default_rng(seed).permutation(len(held_out))[:SHOWN]
    rows = [sources[chosen]]
    rows += [ganzoo.load(name).translate(sources[chosen]) for name in names]
    rows.append(truths[chosen])
    plots.save(plots.grid(np.concatenate(rows), len(chosen), scale=2, invert=True), output)
    print(f"\nFrom above: clerical script, {', '.join(names)}, semi-cursive script: {output}")


if __name__ == "__main__":
    main()
