"""What there is to know of a kind of model; see README.md in this folder. No Keras is imported."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ganzoo.errors import InvalidArgumentError, nearest
from ganzoo.tasks import (
    adaptation,
    beams,
    categories,
    codes,
    colorization,
    coupled,
    encoding,
    events,
    few_labels,
    inpainting,
    labelled,
    mapped,
    notes,
    options,
    sampling,
    styles,
    superresolution,
    text,
    translation,
)
from ganzoo.tasks.options import reading_options
from ganzoo.tasks.task import Task

# The last one takes any data that no other task recognises.
_RECORDS = (
    labelled.TASK,
    events.TASK,
    beams.TASK,
    translation.TASK,
    styles.TASK,
    colorization.TASK,
    inpainting.TASK,
    superresolution.TASK,
    translation.UNPAIRED,
    codes.TASK,
    encoding.TASK,
    few_labels.TASK,
    categories.TASK,
    categories.CLUSTERING,
    coupled.TASK,
    adaptation.TASK,
    mapped.TASK,
    text.TASK,
    notes.TASK,
    sampling.TASK,
)
# Those that `ganzoo.export.page` has controls for. No record states it, as others are made of it.
PAGED = (
    "sampling",
    "labelled",
    "translation",
    "unpaired translation",
    "styled translation",
    "colorization",
    "superresolution",
    "events",
)


def _with_page(task: Task) -> Task:
    commands = {**task.commands, "page": options.PAGE}
    return dataclasses.replace(task, commands=commands) if task.name in PAGED else task


TASKS: dict[str, Task] = {task.name: _with_page(task) for task in _RECORDS}

__all__ = ["PAGED", "TASKS", "Task", "check_options", "get", "of_data", "reading_options"]


def get(name: str) -> Task:
    """Return the record of a task.

    Raises:
        InvalidArgumentError: There is no such task; the nearest name is offered.
    """
    if name not in TASKS:
        raise InvalidArgumentError(
            f"There is no task {name!r}.{nearest(name, TASKS)} There are: {', '.join(TASKS)}."
        )
    return TASKS[name]


def of_data(path: Any) -> Task:
    """Return the task that data in a folder or a file belong to."""
    return next(task for task in TASKS.values() if task.holds(Path(path)))


def check_options(task: Task, command: str, name: Any, given: Iterable[str] = ()) -> None:
    """Refuse a command, or options of it, that a task does not know, in one line.

    Raises:
        InvalidArgumentError: It names the options and those that are accepted.
    """
    options.check_options(TASKS, task, command, name, given)
