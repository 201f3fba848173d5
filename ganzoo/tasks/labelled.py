"""The task "labelled": pictures from latents and a label."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ganzoo.tasks import options, sampling
from ganzoo.zoo.forms import Recipe


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the pictures of a recipe and their labels."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)(labels=True))


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random examples in (-1, 1) of the model's shape, and labels in turn."""
    import numpy as np

    return (*sampling.tiny_data(model, n, seed), np.arange(n) % len(model.classes))


_COMMANDS = sampling.TASK.commands
TASK = dataclasses.replace(
    sampling.TASK,
    name="labelled",
    kind="conditional models",
    inputs={**sampling.TASK.inputs, "label": "a class, its index, or a number between two"},
    commands={
        **_COMMANDS,
        "sample": (*_COMMANDS["sample"], "--label"),
        "train": options.TRAIN,
        "explore": (*_COMMANDS["explore"], "--label"),
        "classify": options.CLASSIFY,  # of families with a classifier
    },
    examples=examples,
    holds=lambda path: False,
    tiny_data=tiny_data,
    hints={
        "--data": "It is trained with labels, which --data does not bring; in Python: "
        "gan.fit(images, labels)."
    },
)
