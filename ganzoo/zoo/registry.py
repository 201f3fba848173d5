"""From a name to its entry, its class, its files and its model."""

from __future__ import annotations

import fnmatch
import importlib
import json
import os
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo.errors import InvalidArgumentError, UnknownModelError, nearest
from ganzoo.zoo import families as zoo
from ganzoo.zoo.forms import Entry, Family, File

if TYPE_CHECKING:
    from ganzoo.game.latent import GAN
    from ganzoo.store.checkpoints import Progress


def list_models(pattern: str | None = None, *, pretrained: bool | None = None) -> list[str]:
    """Return the names in the zoo, sorted; no backend is imported.

    Args:
        pattern: Shell-style pattern, such as "*mnist*".
        pretrained: True for names with weights only, False for names without only.
    """
    shipped = checkpoints()
    return sorted(
        name
        for name in zoo.ENTRIES
        if (pattern is None or fnmatch.fnmatchcase(name, pattern))
        and (pretrained is None or (name in shipped) == pretrained)
    )


def entry(name: str) -> Entry:
    """Return the entry of a name.

    Raises:
        UnknownModelError: There is no such name; the nearest ones are offered.
    """
    if name not in zoo.ENTRIES:
        raise UnknownModelError(
            f"Unknown model {name!r}.{nearest(name, zoo.ENTRIES)} "
            f"The zoo has: {', '.join(sorted(zoo.ENTRIES))}."
        )
    return zoo.ENTRIES[name]


def family(name: str) -> Family:
    """Return a family of GANs by its class name."""
    if name not in zoo.FAMILIES:
        raise UnknownModelError(
            f"Unknown family {name!r}.{nearest(name, zoo.FAMILIES)} "
            f"There are: {', '.join(sorted(zoo.FAMILIES))}."
        )
    return zoo.FAMILIES[name]


def data_kind(name_or_folder: Any) -> str:
    """Return what a model's samples are, "images" or "events"; no backend is imported.

    What is neither a name nor a preset folder counts as images: loading it will say what is wrong.
    """
    if str(name_or_folder) in zoo.ENTRIES:
        return family(zoo.ENTRIES[str(name_or_folder)].family).data
    if not (Path(name_or_folder) / "config.json").is_file():
        return "images"
    from ganzoo.presets.preflight import check_config

    return family(check_config(Path(name_or_folder) / "config.json")["class"]).data


def model_class(name: str) -> type[GAN]:
    """Import and return the class of a family. Needs a backend."""
    from ganzoo.environment import require_backend

    require_backend()
    module, _, attribute = family(name).class_path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def load(name_or_folder: Any, **overrides: Any) -> GAN:
    """Return a pretrained model, compiled and ready to sample or to fine-tune.

    Args:
        name_or_folder: A pretrained name in the zoo, a preset folder, or a `.keras` file that
            `save` wrote. A name is looked for in a checkout's `zoo_weights/`, then in the cache,
            and is downloaded last.
        **overrides: Constructor arguments that do not change the networks' weights, such as
            `dropout=0.0`, `ema_momentum=0.999` or `seed=1`.

    Raises:
        UnknownModelError: Neither a name nor a folder.
        PresetError: The folder, or a file in it, is damaged or of another form.
        DownloadError: The files are not here and could not be fetched.
    """
    from ganzoo.presets import folder as presets

    if str(name_or_folder).endswith(".keras") and not overrides:
        return _load_keras_file(name_or_folder)
    return presets.load(preset_folder(name_or_folder), **overrides)


def _load_keras_file(path: Any) -> GAN:
    """Load a whole model; Keras finds a class only when its module has been imported."""
    for name in zoo.FAMILIES:
        model_class(name)
    import keras

    if not Path(path).is_file():
        raise UnknownModelError(f"There is no file {str(path)!r}.")
    return keras.saving.load_model(path)


def conditional_models() -> list[str]:
    """Return the names of the models that take a label."""
    return [name for name, entry in zoo.ENTRIES.items() if "classes" in entry.config]


def preset_folder(name_or_folder: Any, progress: Progress | None = None) -> Path:
    """Return the folder of a preset, with the files of a name verified (and fetched if needed).

    Args:
        name_or_folder: As for `load`.
        progress: Told how a download goes: name, file, bytes done, bytes in all.
    """
    if not isinstance(name_or_folder, str | os.PathLike):
        raise InvalidArgumentError(
            f"A model is named by a string or a preset folder; got {name_or_folder!r}."
        )
    name = str(name_or_folder)
    if not name:
        raise InvalidArgumentError("A model is named by a name in the zoo or a folder; got ''.")
    if isinstance(name_or_folder, str) and name in zoo.ENTRIES:
        return _checkpoint(name, progress)
    path = Path(name_or_folder)
    if path.is_dir():
        return path
    if isinstance(name_or_folder, Path) or "/" in name or "\\" in name:
        raise UnknownModelError(f"There is no preset folder {name!r}.")
    entry(name)
    raise AssertionError("unreachable")


def _checkpoint(name: str, progress: Progress | None) -> Path:
    from ganzoo.store import checkpoints as store

    files = checkpoints().get(name)
    if files is None:
        pretrained = list_models(pretrained=True)
        raise UnknownModelError(
            f"{name!r} has no pretrained weights; train it with `ganzoo train {name}`. "
            f"Pretrained: {', '.join(pretrained) or 'none'}."
        )
    return store.checkpoint_folder(name, files, progress)


@cache
def checkpoints() -> dict[str, tuple[File, ...]]:
    """Return the files of every pretrained name, from `checkpoints.json`."""
    text = resources.files("ganzoo.zoo").joinpath("checkpoints.json").read_text(encoding="utf-8")
    return {
        name: tuple(File(file, facts["size"], facts["sha256"]) for file, facts in files.items())
        for name, files in json.loads(text).items()
    }
