"""The task "adaptation": labelled pictures of one kind into another kind, and its classes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.zoo.forms import Recipe

WATCHED = 24  # pictures that are drawn after every epoch


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the classes."""
    classes = config["classes"]
    lines = translation.describe(config)
    return {**lines, "classes": f"{len(classes)}: {', '.join(classes)}"}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return source pictures, their labels, and target pictures."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)()[:3])


def batches(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches of labelled sources, and of targets in an order of their own."""
    from ganzoo.batches import GroupedBatches

    sources, labels, targets = examples
    groups = [{"source": sources, "label": labels}, {"target": targets}]
    return GroupedBatches(groups, batch_size, seed, **variation)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch sources and what is made of them."""
    from ganzoo import plots

    del recipe, source
    shown = plots.some(examples[0], WATCHED)
    return translation.movie(
        folder,
        lambda model: translation.in_a_row(model.as_colours(shown), model.translate(shown)),
    )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Turn sources into targets and write them."""

    def shown(image: Any) -> Any:
        return model.as_colours(image[None])[0]

    shape = model.source_shape
    return translation.translate(model.translate, shape, drawing, progress, shown=shown)


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random labelled sources and n targets, in (-1, 1)."""
    import numpy as np

    sources, targets = translation.paired_data(model, n, seed)
    labels = np.arange(n) % len(model.classes)
    return ({"source": sources, "label": labels, "target": targets},)


TASK = dataclasses.replace(
    translation.TASK,
    name="adaptation",
    kind="domain adapters",
    inputs={"source": "(n, height, width, channels), in [-1, 1]"},
    outputs={
        "target": "(n, height, width, channels), in [-1, 1]",
        "classes": "of targets, probabilities (n, classes)",
    },
    commands={
        **translation.TASK.commands,
        "train": options.TRAIN,
        "evaluate": (*options.EVALUATE, "--pairs"),
        "classify": options.CLASSIFY,
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    draw=draw,
    evaluation="ganzoo.evaluation.classes:evaluate_adaptation",
    tiny_data=tiny_data,
    card=dataclasses.replace(
        translation.TASK.card, caption="sources, and what was made of them beside"
    ),
    hints={
        "--data": "It is trained with labels, which --data does not bring; in Python: "
        "gan.fit(ganzoo.batches.GroupedBatches(...))."
    },
)
