"""From a name or a folder to what it is (`resolve`), to its files and to its model (`load`).

Only `load` imports Keras, so that commands can say what is wrong before a backend is there.
"""

from __future__ import annotations

import os
import shlex
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo import zoo
from ganzoo.errors import InvalidArgumentError, PresetError, UnknownModelError
from ganzoo.presets.preflight import check_config, parse, whole_model
from ganzoo.store import checkpoints as store
from ganzoo.store import sources
from ganzoo.zoo import own, registry
from ganzoo.zoo.forms import Entry, Recipe, Stage

if TYPE_CHECKING:
    from ganzoo.store.checkpoints import Progress

_OF_ANY_MODEL = ("ema_momentum", "seed", "name", "dtype", "quantised")  # a preset states none
CONFIG, RECIPE, PRESET = "config.json", "recipe.json", "preset"


@dataclass(frozen=True)
class Resolved:
    """What a name or a folder is about.

    Attributes:
        name: The zoo's name where it has one, else the folder's.
        entry: The entry of the zoo: that of the name, or that which a run was trained from.
        folder: The preset folder, or the `.keras` file; None for a name, whose files are not looked
            for.
        family: Key of `zoo.FAMILIES`.
        task: Name of the kind of model, as the family states it.
        recipe: How it was trained: the run's own recipe where the folder is a run's, else the
            entry's. Its `data` is the path that the run was given instead of a source's name.
        config: Constructor arguments.
    """

    name: str
    entry: Entry | None
    folder: Path | None
    family: str
    task: str
    recipe: Recipe | None
    config: Mapping[str, Any]


def resolve(name_or_folder: Any) -> Resolved:
    """Say what a name or a folder is about. No name is downloaded, and Keras is not imported.

    Args:
        name_or_folder: A name in the zoo, a preset folder, the folder of a training, a `.keras`
            file, or an address such as `hf://user/name@revision`, whose files are fetched.

    Raises:
        UnknownModelError: Neither a name nor such a folder; the nearest names are offered.
        DownloadError: What is at the address could not be fetched.
        PresetError: The folder's `config.json` is not what ganzoo writes, or the file's.
    """
    name = _checked(name_or_folder)
    if isinstance(name_or_folder, str) and name in zoo.ENTRIES:
        entry = registry.entry(name)
        task = registry.family(entry.family).task
        return Resolved(name, entry, None, entry.family, task, entry.recipe, entry.config)
    if is_keras_file(name):
        return _of_keras_file(Path(name))
    folder = _local_folder(name_or_folder)
    content = check_config(folder / CONFIG)
    run, recipe = _run_of(folder)
    found = next((name for name in (run, folder.resolve().name) if name in zoo.ENTRIES), None)
    own = None if found is None else registry.entry(found)
    if own is not None and own.family != content["class"]:
        found, own = None, None  # a folder that is called like an entry of another family
    return Resolved(
        name=found or folder.resolve().name,
        entry=own,
        folder=folder,
        family=content["class"],
        task=content["task"],
        recipe=recipe or (None if own is None else own.recipe),
        config=content["config"],
    )


def of_own_data(
    family: str, size: int | None = None, grey: bool = False, config: Any = None
) -> Resolved:
    """Say what a family is that is trained on data of the user's own; see `ganzoo.zoo.own`.

    Args:
        family: Such as "CycleGAN".
        size: Side of the pictures in pixels; 64 by default.
        grey: Whether they have one channel.
        config: The constructor arguments that a run has begun with, instead of both.
    """
    made = config or own.config(family, own.SIZE if size is None else size, grey)
    recipe = registry.entry(own.LIKE[family]).recipe
    return Resolved(family, None, None, family, registry.family(family).task, recipe, made)


def is_model(name_or_folder: Any) -> bool:
    """Whether this is a name in the zoo or a folder of a preset or a training, right or not."""
    path = Path(name_or_folder)
    own = any((path / file).exists() for file in (CONFIG, RECIPE))
    known = str(name_or_folder) in zoo.ENTRIES or sources.is_address(name_or_folder)
    return known or own or is_keras_file(str(name_or_folder))


def preset_folder(name_or_folder: Any, progress: Progress | None = None) -> Path:
    """Return where a model lies, with the files of a name verified (and fetched if needed).

    Args:
        name_or_folder: As for `resolve`.
        progress: Told how a download goes: name, file, bytes done, bytes in all.

    Raises:
        UnknownModelError: Neither a name with weights nor a folder with a preset.
        DownloadError: The files are not here and could not be fetched.
    """
    name = _checked(name_or_folder)
    if isinstance(name_or_folder, str) and name in zoo.ENTRIES:
        return _checkpoint(name, progress)
    return _existing(Path(name)) if is_keras_file(name) else _local_folder(name_or_folder)


def load(name_or_folder: Any, **overrides: Any) -> Any:
    """Return a pretrained model, compiled and ready to be used or to be fine-tuned.

    Args:
        name_or_folder: A pretrained name in the zoo, a preset folder, the folder of a training, a
            `.keras` file that `save` wrote, or an address such as `hf://user/name@revision`. A
            name is looked for in a checkout's `zoo_weights/`, then in the package, then in the
            cache, and is downloaded last.
        **overrides: Constructor arguments that do not change the networks' weights, such as
            `dropout=0.0`, `ema_momentum=0.999` or `seed=1`; not for `.keras` files.

    Raises:
        UnknownModelError: Neither a name nor a folder nor a file.
        PresetError: The folder, or a file in it, is damaged or of another form.
        DownloadError: The files are not here and could not be fetched.
        InvalidArgumentError: An override is not an argument of the model, or changes the weights.
    """
    name = _checked(name_or_folder)
    if is_keras_file(name):
        return _load_keras_file(Path(name), overrides)
    folder = preset_folder(name_or_folder)
    from ganzoo.presets import folder as presets  # imports Keras

    return presets.load(folder, **overrides)


def _checked(name_or_folder: Any) -> str:
    if not isinstance(name_or_folder, str | os.PathLike):
        raise InvalidArgumentError(
            f"A model is named by a string or a preset folder; got {name_or_folder!r}."
        )
    name = os.fspath(name_or_folder)
    if not isinstance(name, str) or not name:
        raise InvalidArgumentError(f"A model is named by a name or a folder; got {name!r}.")
    return name


def _say_if_older(run: Path) -> None:
    """Warn where a training went on after its preset was written."""
    states = [state.stat().st_mtime for state in (run / "states").glob("*")]
    if states and max(states) > (run / PRESET).stat().st_mtime + 1.0:
        warnings.warn(
            f"The preset of {run} is older than the run's newest state: `ganzoo train -o "
            f"{shlex.quote(str(run))} --resume --steps 1` writes a new one.",
            stacklevel=4,
        )


def _local_folder(name_or_folder: Any) -> Path:
    """Return the preset folder that a path names, a training's included."""
    name, path = os.fspath(name_or_folder), Path(name_or_folder)
    if sources.is_address(name):
        return sources.folder(name, check_config)
    if path.is_dir():
        if (path / CONFIG).exists() or not (path / RECIPE).is_file():
            return path  # one without config.json is refused when it is read
        if (path / PRESET).is_dir():
            _say_if_older(path)
            return path / PRESET
        raise UnknownModelError(
            f"The training in {name!r} has no preset yet. Go on with `ganzoo train -o "
            f"{shlex.quote(name)} --resume`, or end it as it is with --resume --steps 1."
        )
    if not isinstance(name_or_folder, str) or "/" in name or "\\" in name:
        raise UnknownModelError(f"There is no preset folder {name!r}.")
    registry.entry(name)  # refuses an unknown name, with the nearest ones
    raise AssertionError("unreachable")


def _checkpoint(name: str, progress: Progress | None) -> Path:
    files = registry.checkpoints().get(name)
    if files is None:
        task = _task_of(name)
        alike = [other for other in registry.checkpoints() if _task_of(other) == task]
        raise UnknownModelError(
            f"{name!r} has no pretrained weights; train it with `ganzoo train {name}`. "
            f"Pretrained of its task, {task}: {', '.join(alike) or 'none'}."
        )
    return store.checkpoint_folder(name, files, progress)


def _task_of(name: str) -> str:
    return registry.family(registry.entry(name).family).task


def run_facts(folder: Any) -> dict[str, Any] | None:
    """Return what the folder of a training says of it in `recipe.json`; None where it has none."""
    try:
        return parse(Path(folder) / RECIPE, depth=12)  # it may hold recipes of before
    except PresetError:
        return None  # no training, or the file is not one of ours


def recipe_of(facts: Mapping[str, Any]) -> Recipe | None:
    """Return the recipe that a training's `recipe.json` states; None where it is none."""
    names = {field.name for field in fields(Recipe)}
    arguments = {name: value for name, value in facts.items() if name in names}
    try:
        stages = tuple(Stage(**stage) for stage in arguments.pop("stages"))
        return Recipe(stages=stages, **arguments)
    except (TypeError, KeyError):
        return None


def _run_of(folder: Path) -> tuple[str | None, Recipe | None]:
    """Return the entry's name and the recipe of the training that a preset folder lies in."""
    facts = run_facts(folder.resolve().parent)
    if facts is None:
        return None, None
    recipe, images = recipe_of(facts), facts.get("images")
    if recipe is not None and images is not None:
        recipe = replace(recipe, data=str(images))
    return str(facts.get("name")), recipe


def is_keras_file(name: str) -> bool:
    """Whether a name is that of a whole model which `model.save` writes."""
    return name.endswith(".keras") and not Path(name).is_dir()


def _load_keras_file(path: Path, overrides: Mapping[str, Any]) -> Any:
    """Load a whole model; Keras finds a class only when its module has been imported."""
    _existing(path)
    if overrides:
        raise InvalidArgumentError(
            f"{str(path)!r} is a whole model, which is loaded as it was saved; arguments such as "
            f"{next(iter(overrides))!r} can be changed for a name or a preset folder only."
        )
    for family in zoo.FAMILIES:
        registry.model_class(family)
    import keras

    return keras.saving.load_model(path)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UnknownModelError(f"There is no file {str(path)!r}.")
    return path


def _of_keras_file(path: Path) -> Resolved:
    """Say what a `.keras` file holds, from the part of it that is plain data."""
    content = whole_model(_existing(path))
    family, config = content.get("class_name"), content.get("config")
    own = content.get("registered_name") == f"ganzoo>{family}" and isinstance(config, dict)
    if not own or family not in zoo.FAMILIES or not isinstance(config, dict):
        raise InvalidArgumentError(
            f"{path} holds a {family}, none of ganzoo's families ({', '.join(zoo.FAMILIES)}): "
            "commands know what these draw. In Python, ganzoo.load reads it where its class is "
            "imported."
        )
    arguments = {name: value for name, value in config.items() if name not in _OF_ANY_MODEL}
    task = registry.family(family).task
    return Resolved(path.stem, None, path, family, task, None, arguments)
