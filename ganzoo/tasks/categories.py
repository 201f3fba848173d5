"""Tasks "semi-supervised encoding" and "clustering": pictures from a class and a style, and back.

The classes come from few labels, or are clusters that were found without any.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import encoding, few_labels, options, sampling
from ganzoo.zoo.forms import Recipe

STYLES = 8  # that are drawn after every epoch, each in all classes


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the clusters."""
    return {**sampling.TASK.describe(config), "clusters": f"{config['clusters']} (--label)"}


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch a row for each class, a column for each style."""
    del source
    from ganzoo.callbacks import BalanceMonitor, Measure, Movie

    movie = Movie(
        folder / "samples",
        folder / "movie.gif",
        draw=lambda model: model.sheet(STYLES),
        columns=STYLES,
    )
    measured = [Measure(examples[0], every=recipe.measure_every)] if recipe.best_by else []
    return [movie, BalanceMonitor(examples[0]), *measured]


_COMMANDS: dict[str, tuple[str, ...]] = {
    **sampling.TASK.commands,
    "sample": (*sampling.TASK.commands["sample"], "--label"),
    "explore": (*sampling.TASK.commands["explore"], "--label"),
    "encode": encoding.TASK.commands["encode"],
    "classify": options.CLASSIFY,
}
TASK = dataclasses.replace(
    few_labels.TASK,
    name="semi-supervised encoding",
    kind="semi-supervised autoencoders",
    inputs={**few_labels.TASK.inputs, "label": "a class, its index, or a number between two"},
    outputs={**few_labels.TASK.outputs, "codes": "styles (n, latent_dim)"},
    commands={**_COMMANDS, "train": options.TRAIN},
    watch=watch,
    encode=encoding.encode,
)
CLUSTERING = dataclasses.replace(
    sampling.TASK,
    name="clustering",
    kind="models that cluster",
    verb="classify",
    example=few_labels.TASK.example,
    inputs={**few_labels.TASK.inputs, "label": "a cluster, or a number between two"},
    outputs={
        "images": "(n, height, width, channels)",
        "clusters": "probabilities (n, clusters)",
        "codes": "styles (n, latent_dim)",
    },
    commands=_COMMANDS,
    describe=describe,
    watch=watch,
    evaluation="ganzoo.evaluation.classes:evaluate_clusters",
    holds=lambda path: False,
    encode=encoding.encode,
)
