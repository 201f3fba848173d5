"""The task "coupled": pairs of pictures from latents, learned from two sets without pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, pictures, sampling, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.zoo.forms import Recipe

WATCHED = 32  # pairs that are drawn after every epoch


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    lines = pictures.describe(config)
    return {"latents": lines["latents"], "pairs": f"two times {lines['samples']}"}


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pairs side by side."""
    del recipe, source, examples
    return translation.movie(
        folder, lambda model: translation.in_a_row(*model.sample(WATCHED, seed=0))
    )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Draw pairs and write them side by side; in arrays of shape (n, height, 2 width, channels)."""
    import numpy as np

    from ganzoo.random import draw_latents

    latents = draw_latents(drawing.count, model.latent_dim, drawing.seed)
    parts = []
    for start in range(0, drawing.count, pictures.CHUNK):
        some = latents[start : start + pictures.CHUNK]
        made = model.generate(some, batch_size=drawing.batch_size or pictures.BATCH)
        parts.append(translation.in_a_row(*made))
        progress("sampling", start + len(some), drawing.count)
    pictures.WRITERS[drawing.ending](np.concatenate(parts), drawing, progress)
    return []


_COMMANDS = sampling.TASK.commands
TASK = dataclasses.replace(
    sampling.TASK,
    name="coupled",
    kind="models of pairs",
    makes="pairs of images",
    outputs={"pairs": "two times (n, height, width, channels), in [-1, 1]"},
    commands={
        "info": _COMMANDS["info"],
        "sample": _COMMANDS["sample"],
        "train": options.TRAIN,
        "evaluate": options.EVALUATE,
    },
    describe=describe,
    examples=translation.examples,
    batches=translation.unpaired,
    watch=watch,
    draw=draw,
    evaluation="ganzoo.evaluation.coupled:evaluate",
    holds=lambda path: False,
    tiny_data=translation.unpaired_data,
    card=dataclasses.replace(sampling.TASK.card, caption="pairs, seed 0"),
)
