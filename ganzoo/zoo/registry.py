"""From a name to its entry, its family, its class and the sizes and hashes of its files."""

from __future__ import annotations

import fnmatch
import json
from functools import cache
from importlib import resources
from typing import Any

from ganzoo import zoo
from ganzoo.errors import UnknownModelError, nearest
from ganzoo.extras import at
from ganzoo.zoo.forms import Entry, Family, File


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


def model_class(name: str) -> type[Any]:
    """Import and return the class of a family. Needs a backend."""
    from ganzoo.environment import require_backend

    require_backend()
    found: type[Any] = at(family(name).class_path)
    return found


@cache
def checkpoints() -> dict[str, tuple[File, ...]]:
    """Return the files of every pretrained name, from `checkpoints.json`."""
    text = resources.files("ganzoo.zoo").joinpath("checkpoints.json").read_text(encoding="utf-8")
    return {
        name: tuple(File(file, facts["size"], facts["sha256"]) for file, facts in files.items())
        for name, files in json.loads(text).items()
    }
