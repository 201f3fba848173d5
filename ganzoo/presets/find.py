"""From a name or a folder to what it is, its files, its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError, UnknownModelError
from ganzoo.presets.preflight import check_config
from ganzoo.store import checkpoints as store
from ganzoo.zoo import registry
from ganzoo.zoo.forms import Entry, Recipe, Stage


@dataclass(frozen=True)
class Resolved:
    """What a name or a folder is about."""

    name: str
    entry: Entry | None
    folder: Path | None
    family: str
    task: str
    recipe: Recipe | None
    config: Mapping[str, Any]


def resolve(name_or_folder: Any) -> Resolved:
    """Say what a name or a folder is about."""
    name = str(name_or_folder)
    if name in zoo.ENTRIES:
        entry = registry.entry(name)
        task = registry.family(entry.family).task
        return Resolved(name, entry, None, entry.family, task, entry.recipe, entry.config)
    folder = _folder(name_or_folder)
    content = check_config(folder / "config.json")
    run, recipe = None, None
    try:
        facts = json.loads((folder.resolve().parent / "recipe.json").read_text(encoding="utf-8"))
        run = facts.get("name")
        names = {field.name for field in fields(Recipe)}
        arguments = {key: value for key, value in facts.items() if key in names}
        stages = tuple(Stage(**stage) for stage in arguments.pop("stages"))
        recipe = Recipe(stages=stages, **arguments)
        if facts.get("images"):
            recipe = replace(recipe, data=str(facts["images"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    found = next((name for name in (run, folder.resolve().name) if name in zoo.ENTRIES), None)
    entry_ = None if found is None else registry.entry(found)
    return Resolved(
        found or folder.resolve().name,
        entry_,
        folder,
        content["class"],
        registry.family(content["class"]).task,
        recipe or (None if entry_ is None else entry_.recipe),
        content["config"],
    )


def preset_folder(name_or_folder: Any, progress: Any = None) -> Path:
    """Return the folder of a preset, fetched where needed."""
    if not isinstance(name_or_folder, str | Path) or not str(name_or_folder):
        raise InvalidArgumentError(f"A model is named by a string; got {name_or_folder!r}.")
    name = str(name_or_folder)
    if name in zoo.ENTRIES:
        files = registry.checkpoints().get(name)
        if files is None:
            raise UnknownModelError(f"{name!r} has no pretrained weights.")
        return store.checkpoint_folder(name, files, progress)
    return _folder(name_or_folder)


def _folder(name_or_folder: Any) -> Path:
    path, name = Path(name_or_folder), str(name_or_folder)
    if path.is_dir():
        return path if (path / "config.json").exists() else path / "preset"
    if isinstance(name_or_folder, Path) or "/" in name:
        raise UnknownModelError(f"There is no preset folder {name!r}.")
    registry.entry(name)
    raise AssertionError("unreachable")


def load(name_or_folder: Any, **overrides: Any) -> Any:
    """Return a pretrained model."""
    folder = preset_folder(name_or_folder)
    from ganzoo.presets import folder as presets

    return presets.load(folder, **overrides)
