"""The arrays that a training reads: those of the recipe, or the user's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ganzoo import tasks
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.presets.find import Resolved
from ganzoo.tasks import Task
from ganzoo.training import runs
from ganzoo.zoo import own
from ganzoo.zoo.forms import Recipe


def chosen(
    found: Resolved,
    task: Task,
    recipe: Recipe,
    wanted: runs.Wanted,
    is_new: bool,
    say: Callable[[str], None],
) -> tuple[Resolved, tuple[Any, ...]]:
    """Return the arrays to train on, and what is trained: a family is planned by its data."""
    if task.planned and is_new and found.entry is None and wanted.images is not None:
        found = task.planned(found, wanted.images, wanted.reading, say)
    examples = _examples(found, task, recipe, wanted.images, wanted.reading)
    if is_new and found.name in own.SAMPLERS:  # a family, not an entry
        found = _planned(found, len(examples[0]), say)
    return found, examples


def _examples(
    found: Resolved, task: Task, recipe: Recipe, images: Any, reading: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return the arrays to train on: those of the recipe, or the user's own."""
    two = isinstance(images, tuple | list)
    given = ["--data", "--data-b"] if two else ["--data"] if images is not None else []
    given += tasks.reading_options(reading)
    tasks.check_options(task, "train", found.name, given)
    if reading and images is None:
        raise InvalidArgumentError(
            f"reading says how data of your own are read; there are none. Got {dict(reading)!r}."
        )
    return task.examples(found, recipe, images, reading)


def _planned(found: Resolved, pictures: int, say: Callable[[str], None]) -> Resolved:
    """Give a family that draws from latents the recipe for so many pictures, and say it."""
    grey = found.config["image_shape"][-1] == 1
    recipe = own.recipe(found.family, pictures, grey)
    say(own.plan(found.family, recipe, found.config, pictures))
    return dataclasses.replace(found, recipe=recipe)


def enough(task: Task, recipe: Recipe, examples: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arrays, repeated if the recipe says so; refuse fewer than a batch."""
    if recipe.repeats > 1:
        examples = tuple(np.concatenate([array] * recipe.repeats) for array in examples)
    if len(examples[0]) < recipe.batch_size:
        raise DataError(
            f"The recipe's batch has {recipe.batch_size} {task.makes}; the data have "
            f"{len(examples[0])}."
        )
    return examples
