"""Models at addresses, such as `hf://user/name`: a table says which module knows which scheme.

A module of this table has `folder(address, check)`, which returns a folder on this machine with the
model's files, and `push(folder, address, overwrite)`, which returns the address of what it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganzoo.errors import UnknownModelError, nearest
from ganzoo.extras import at

SOURCES = {"hf": "ganzoo.store.hub"}  # scheme: module
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")

Check = Callable[[Path], Any]
"""Called with the path of `config.json` once it has arrived, before larger files are fetched."""


def is_address(name: object) -> bool:
    """Whether a name of a model is an address, of a known scheme or not."""
    return isinstance(name, str) and _ADDRESS.match(name) is not None


def folder(address: str, check: Check) -> Path:
    """Return a folder on this machine with the files of the model at an address.

    Args:
        address: Such as `hf://user/name@revision`.
        check: Refuses a wrong `config.json`.

    Raises:
        UnknownModelError: No source knows the scheme, or nothing is at the address.
        InvalidArgumentError: The address is malformed.
        DownloadError: A file could not be fetched or written.
        MissingExtraError: A package that the source needs is not installed.
    """
    found: Path = at(f"{_module(address)}:folder")(address, check)
    return found


def push(preset: Path, address: str, overwrite: bool) -> str:
    """Send a checked preset folder to an address; return the address of exactly this state.

    Args:
        preset: The folder.
        address: Such as `hf://user/name`.
        overwrite: Replace a model that is there.

    Raises:
        UnknownModelError: No source knows the scheme.
        InvalidArgumentError: The address is malformed.
        OutputError: A model is there already, or it could not be written.
        MissingExtraError: A package that the source needs is not installed.
    """
    written: str = at(f"{_module(address)}:push")(preset, address, overwrite)
    return written


def _module(address: str) -> str:
    match = _ADDRESS.match(address)
    scheme = "" if match is None else match[1]
    if scheme not in SOURCES:
        accepted = ", ".join(f"{known}://user/name" for known in SOURCES)
        raise UnknownModelError(
            f"There is no source of models for {address!r}; {accepted} is accepted."
            + nearest(scheme, SOURCES)
        )
    return SOURCES[scheme]
