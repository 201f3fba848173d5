"""The task "semi-supervised": classes of pictures, learned from few labels and many pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, sampling
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the classes."""
    classes = config["classes"]
    return {**sampling.TASK.describe(config), "classes": f"{len(classes)}: {', '.join(classes)}"}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return all pictures of a recipe, those with labels, and the labels."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)())


def batches(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches of pictures without labels, and as many with labels."""
    from ganzoo.batches import GroupedBatches

    images, labelled, labels = examples
    groups = [{"real": images}, {"labelled": labelled, "label": labels}]
    return GroupedBatches(groups, batch_size, seed, **variation)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks as of unconditional models; the generator is not what this is about."""
    return sampling.TASK.watch(recipe, source, examples[:1], folder)


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pictures in (-1, 1) with labels in turn, and n without."""
    import numpy as np

    named = {
        "real": sampling.tiny_data(model, n, seed)[0],
        "labelled": sampling.tiny_data(model, n, seed + 1)[0],
        "label": np.arange(n) % len(model.classes),
    }
    return (named,)


TASK = dataclasses.replace(
    sampling.TASK,
    name="semi-supervised",
    kind="semi-supervised classifiers",
    verb="classify",
    example="pictures/ -o classes.csv",
    inputs={**sampling.TASK.inputs, "pictures": "(n, height, width, channels), in [-1, 1]"},
    outputs={"images": "(n, height, width, channels)", "classes": "probabilities (n, classes)"},
    commands={
        **sampling.TASK.commands,
        "train": options.TRAIN,
        "classify": options.CLASSIFY,
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    evaluation="ganzoo.evaluation.classes:evaluate_few_labels",
    holds=lambda path: False,
    tiny_data=tiny_data,
    hints={
        "--data": "It is trained with labels, which --data does not bring; in Python: "
        "gan.fit(ganzoo.batches.GroupedBatches(...))."
    },
)
