"""What is evaluated: a model, or data that are there already. No Keras is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo import tasks
from ganzoo.presets import find
from ganzoo.presets.find import Resolved
from ganzoo.tasks import Task

_ARRAYS = (".npy", ".npz")


@dataclass(frozen=True)
class Subject:
    """What is evaluated.

    Attributes:
        name: As the user named it.
        task: What kind of model or of data it is.
        found: What is known of the model, or None for data.
    """

    name: str
    task: Task
    found: Resolved | None

    def load(self) -> Any:
        """Return the model."""
        return find.load(self.name if self.found is None else self.found.folder or self.found.name)


def subject_of(name: Any) -> Subject:
    """Say what a name in the zoo, a folder or a file is.

    Raises:
        UnknownModelError: Neither a name nor a path; the nearest names are offered.
        PresetError: A preset folder whose `config.json` is not what ganzoo writes.
    """
    if _is_data(name):
        return Subject(str(name), tasks.of_data(name), None)
    found = find.resolve(name)
    return Subject(str(name), tasks.get(found.task), found)


def _is_data(name: Any) -> bool:
    """Whether a path holds data rather than a model."""
    if find.is_model(name):
        return False
    path = Path(name)
    return path.is_dir() or path.suffix.lower() in _ARRAYS or path.is_file()
