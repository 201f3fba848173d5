"""What is evaluated: a model, or data that are there already. No Keras is imported."""

from __future__ import annotations

import inspect
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganzoo import tasks
from ganzoo.errors import InvalidArgumentError, nearest
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


def stated(
    subject: Subject,
    begun: float,
    *,
    samples: int,
    reference: str,
    features_of: str,
    backend: str | None,
    held_out: str = "test split",
    **others: Any,
) -> dict[str, Any]:
    """Return what a table says of where its numbers come from.

    Args:
        subject: What was measured.
        begun: `time.monotonic()` of the beginning.
        samples: How many were measured.
        reference: Name of what they were compared with.
        features_of: What was compared, in words.
        backend: That drew them, or None.
        held_out: What the floor was measured on.
        **others: Further facts, such as `n` and `seed`, which come first.
    """
    return {
        **others,
        "name": subject.name,
        "samples": samples,
        "reference": reference,
        "held_out": held_out,
        "features_of": features_of,
        "backend": backend,
        "seconds": round(time.monotonic() - begun, 1),
    }


def held_out_source(subject: Subject, reference: Any, forms: Sequence[str], words: str) -> str:
    """Return the name of a data source with a test split: the user's, else the recipe's.

    Args:
        subject: A model.
        reference: What the user says, or None.
        forms: What the source's function may return: "Pairs", "Sets" or "StyledGlyphs".
        words: What the model is measured on, for the error.

    Raises:
        InvalidArgumentError: It is of none of these forms; those that are, are named.
    """
    from ganzoo import data

    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    fit = [
        known
        for known, load in data.SOURCES.items()
        if inspect.signature(load).return_annotation in forms
    ]
    if name not in fit:
        raise no_source(subject, name, words, fit)
    return name


def no_source(
    subject: Subject, name: str | None, words: str, fit: Sequence[str]
) -> InvalidArgumentError:
    """Return the error of a source that a model cannot be measured on.

    Args:
        subject: The model.
        name: Of the source; None where neither the user nor a recipe names one.
        words: What the model is measured on.
        fit: Names of the sources that have it.
    """
    from ganzoo import data

    if name is None:
        why = "and nothing says on which"
    elif name in data.SOURCES:
        why = f"and {name} has none"
    else:
        why = f"and there is no source {name!r}"
    return InvalidArgumentError(
        f"{subject.name} is measured on {words}, {why}; name a source with reference= "
        f"(--reference): {', '.join(fit)}.{'' if name is None else nearest(name, fit)}"
    )


def _is_data(name: Any) -> bool:
    """Whether a path holds data rather than a model."""
    if find.is_model(name):
        return False
    path = Path(name)
    return path.is_dir() or path.suffix.lower() in _ARRAYS or path.is_file()
