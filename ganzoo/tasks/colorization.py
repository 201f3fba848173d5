"""The task "colorization": colours for pictures of any size, whose lightness stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import WATCHED, in_a_row, movie
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the same of a model that colours pictures."""
    height, width = config["image_size"]
    return {
        "pictures in": "(n, any height, any width, 1 or 3), in [-1, 1]",
        "pictures out": "the same with colours, (n, height, width, 3), in [-1, 1]",
        "trained at": f"{height}x{width}",
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return lightness and colours of a recipe's pictures, or of the user's own."""
    if path is None:
        return translation.examples(found, recipe)
    from ganzoo import data, lab

    shape = (*found.config["image_size"], 3)
    return lab.split(data.images(path, shape, **(reading or {})))


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch grey pictures, their colours made, and the true ones."""
    del recipe, source
    from ganzoo import lab, plots

    light, colours = (plots.some(part, WATCHED) for part in examples)
    grey, true = lab.join(light, 0.0 * colours), lab.join(light, colours)
    return movie(
        folder, lambda model: in_a_row(grey, lab.join(light, model.translate(light)), true)
    )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Colour pictures of any size and write them."""
    from ganzoo import lab

    def shown(image: Any) -> Any:
        light = lab.lightness(image)
        return lab.join(light, 0.0 * light[..., [0, 0]])

    shape = (None, None, 3)
    return translation.translate(
        model.colorize, shape, drawing, progress, shown=shown, done="coloured"
    )


TASK = dataclasses.replace(
    translation.TASK,
    name="colorization",
    kind="colourisers",
    makes="coloured pictures",
    inputs={"source": "pictures (n, height, width, 1 or 3) of any size, in [-1, 1]"},
    outputs={"target": "the same with colours, (n, height, width, 3), in [-1, 1]"},
    commands={
        **translation.TASK.commands,
        "train": (*options.TRAIN, "--data", *options.OWN, *options.PICTURES),
    },
    describe=describe,
    examples=examples,
    watch=watch,
    draw=draw,
    evaluation="ganzoo.evaluation.translations:evaluate_colours",
)
