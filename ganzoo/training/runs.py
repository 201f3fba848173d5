"""What a run's folder says of its training: `recipe.json`, read to go on and to go further."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ganzoo.environment import versions
from ganzoo.errors import TrainingError
from ganzoo.files.writing import write_text
from ganzoo.presets.find import RECIPE, Resolved, recipe_of, run_facts
from ganzoo.zoo.forms import Recipe

RUNS, EARLIER = "runs", "earlier"  # besides the facts


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks of a training; None is left to the recipe, or to the run.

    Attributes:
        epochs, seed, dtype: Instead of the recipe's.
        start: Whose weights to start from.
        images, reading: Data of the user's own, and how they are read.
    """

    epochs: int | None = None
    seed: int | None = None
    dtype: str | None = None
    start: str | None = None
    images: Any = None
    reading: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Run:
    """A training that is there.

    Attributes:
        folder: Of the run.
        facts: What its states have been saved with, the last lengthening included.
        recipe: How it is trained.
        earlier: The facts before it was made longer.
    """

    folder: Path
    facts: Mapping[str, Any]
    recipe: Recipe
    earlier: tuple[Mapping[str, Any], ...]

    def filled(self, wanted: Wanted) -> Wanted:
        """Return what is wanted, with the run's own where the user says nothing."""
        return dataclasses.replace(
            wanted,
            start=wanted.start or self.facts.get("start"),
            images=self.facts.get("images") if wanted.images is None else wanted.images,
            reading=wanted.reading or self.facts.get("reading") or {},
        )


def read(folder: Path, found: Resolved) -> Run | None:
    """Return the run of a folder; None where there is none, or one of another entry.

    The states' facts are compared with what is wanted, so that what differs is told by them.
    """
    content = run_facts(folder)
    if content is None or content.get("name") != found.name:
        return None
    recipe = recipe_of(content)
    if recipe is None or found.recipe is None:
        return None
    recipe = dataclasses.replace(recipe, backend=found.recipe.backend)
    earlier = tuple(content.get(EARLIER) or ())
    return Run(folder, facts_of(found, recipe, content), recipe, earlier)


def facts_of(found: Resolved, recipe: Recipe, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be equal for a training to go on, besides model and data.

    Args:
        found: The entry.
        recipe: How it is trained.
        given: `start`, `images` and `reading` of the run.
    """
    facts = {
        "name": found.name,
        "start": None,  # first, where it has always been
        "images": _plain(given.get("images")),
        **dataclasses.asdict(recipe),
    }
    facts["start"] = given.get("start") or recipe.start
    if found.entry is None:  # a family: the architecture is nowhere else
        facts["config"] = json.loads(json.dumps(found.config))
    if given.get("reading"):
        facts["reading"] = dict(given["reading"])
    for choice, usual in (("mirrored", False), ("shifted", 0), ("repeats", 1)):
        if facts[choice] == usual:  # a run from before there was a choice goes on
            del facts[choice]
    del facts["backend"]  # of the shipped weights; a run may go on on another one, and says so
    return facts


def _plain(images: Any) -> Any:
    """Return a path as text, two as a list of such."""
    if isinstance(images, tuple | list):
        return [str(path) for path in images]
    return None if images is None else str(images)


def lengthened(run: Run, epochs: int, say: Callable[[str], None]) -> Recipe:
    """Return a run's recipe with more epochs; its schedules end where they did.

    Raises:
        TrainingError: The run has more epochs than that.
    """
    before = run.recipe.epochs
    if epochs < before:
        raise TrainingError(
            f"The training in {run.folder} has {before} epochs; --epochs can make it longer, not "
            f"shorter (got {epochs}). --steps stops earlier."
        )
    if epochs > before:
        say(
            f"The training is made longer, from {before} to {epochs} epochs; schedules, such as "
            "the learning rate's, ended with the epochs they were made for, and their last "
            "values stay."
        )
    return run.recipe.lengthened(epochs)


def write(folder: Path, facts: Mapping[str, Any], earlier: Any = ()) -> None:
    """Write `recipe.json`: the facts, and by what software the training was begun and gone on."""
    before = run_facts(folder) or {}
    software = versions()
    runs = [one for one in before.get(RUNS, ()) if isinstance(one, dict)]
    if not runs or runs[-1] != software:
        runs.append(software)
    content = {**facts, "backend": runs[0]["backend"], RUNS: runs}
    if earlier:
        content[EARLIER] = list(earlier)
    write_text(folder / RECIPE, json.dumps(content, indent=1) + "\n")
