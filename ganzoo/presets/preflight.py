"""Checks of a preset folder before Keras touches it: loading is reading, never running.

`check_config` reads `config.json` as plain, bounded data about ganzoo's own classes; `check_hashes`
compares the folder's files with the SHA-256 that `config.json` states; `check_weights` looks
through the HDF5 file. None of them builds a model or deserialises an object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganzoo import zoo
from ganzoo.errors import IntegrityError, PresetError, nearest
from ganzoo.files.reading import MISSING, kind_problem, read_bounded, sha256_of
from ganzoo.presets.arguments import MAX_ENTRIES, MAX_STRING, TYPE_NAMES, check_arguments, describe
from ganzoo.presets.hdf5 import check_weights as check_weights
from ganzoo.presets.hdf5 import expected_from_model as expected_from_model
from ganzoo.presets.hdf5 import weights_image as weights_image
from ganzoo.presets.npz import read_probe as read_probe
from ganzoo.store.cache import check_name

FORMAT = 1
MAX_CONFIG_BYTES = 1 << 16
MAX_FILE_BYTES = 1 << 30  # of any other file of a preset folder
MAX_DEPTH = 6
_KEYS = {"format": int, "class": str, "config": dict, "keras": str, "sha256": dict}
_WEIGHTS = "model.weights.h5"


def check_config(path: str | Path) -> dict[str, Any]:
    """Read a preset's `config.json` and refuse whatever ganzoo would not have written.

    Args:
        path: The file; at most 64 KiB, nested at most 6 deep.

    Returns:
        The content: `format`, `class` (a key of `zoo.FAMILIES`), `config` (arguments of that
        class), `keras` (a version) and `sha256` (file name -> hex, the weights file's at least).

    Raises:
        PresetError: The file is malformed, out of bounds, or names something else than a class of
            ganzoo with arguments that it takes.
    """
    path = Path(path)
    content = _parse(path)
    _check_keys(path, content)
    family = content["class"]
    if content["format"] != FORMAT:
        raise PresetError(f"{path}: format {content['format']!r} is unknown; {FORMAT} is accepted")
    if family not in zoo.FAMILIES:
        raise PresetError(
            f"{path}: class {family[:MAX_STRING]!r} is none of ganzoo's"
            f" ({', '.join(zoo.FAMILIES)}).{nearest(family[:MAX_STRING], zoo.FAMILIES)}"
        )
    if not re.fullmatch(r"\d{1,4}(\.\w{1,16}){0,4}", content["keras"], re.ASCII):
        raise PresetError(f"{path}: keras must be a version such as '3.15.1'")
    try:
        _check_hash_table(content["sha256"])
        check_arguments(family, content["config"])
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error
    return content


def check_hashes(folder: str | Path, config: Mapping[str, Any]) -> None:
    """Compare the files of a preset folder with the SHA-256 in its checked `config.json`.

    Args:
        folder: The preset folder.
        config: What `check_config` returned.

    Raises:
        IntegrityError: A file is missing, or has another hash than when it was saved.
        PresetError: A file is no regular file, cannot be read, or is larger than 1 GiB.
    """
    for name, sha256 in config["sha256"].items():
        path = Path(folder) / name
        if kind_problem(path) == MISSING:
            raise IntegrityError(f"{path} {MISSING}, but config.json states its SHA-256")
        found = sha256_of(path, MAX_FILE_BYTES)
        if found != sha256:
            raise IntegrityError(
                f"{path} has SHA-256 {found[:12]}..., config.json states {sha256[:12]}...; "
                "the file was damaged or exchanged after it was saved"
            )


def _parse(path: Path) -> dict[str, Any]:
    content = read_bounded(path, MAX_CONFIG_BYTES)
    try:
        text = content.decode("utf-8")
        _check_depth(text)
        parsed = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_short_int,
        )
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error
    except ValueError as error:  # malformed JSON or UTF-8
        raise PresetError(f"{path} is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise PresetError(f"{path} must hold a JSON object, not {describe(parsed)}")
    return parsed


def _check_depth(text: str) -> None:
    """Count brackets outside of strings, so that the parser never recurses deeply."""
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        token = match.group()
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            raise PresetError(f"nested deeper than the {MAX_DEPTH} accepted levels")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PresetError(f"the key {twice[:MAX_STRING]!r} is there more than once")
    return result


def _no_constant(text: str) -> float:
    raise PresetError(f"{text} is no JSON number; finite numbers are accepted")


def _short_int(text: str) -> int:
    if len(text) > 20:
        raise PresetError(f"an integer of {len(text)} digits is out of bounds")
    return int(text)


def _check_keys(path: Path, content: Mapping[str, Any]) -> None:
    for key, value in content.items():
        if key not in _KEYS:
            raise PresetError(
                f"{path}: unknown key {key[:MAX_STRING]!r};"
                f" {', '.join(_KEYS)} are accepted.{nearest(key[:MAX_STRING], _KEYS)}"
            )
        if type(value) is not _KEYS[key]:
            raise PresetError(
                f"{path}: {key} must be {TYPE_NAMES[_KEYS[key]]}, not {describe(value)}"
            )
    for key in _KEYS:
        if key not in content:
            raise PresetError(f"{path}: the key {key!r} is missing")


def _check_hash_table(table: Mapping[str, Any]) -> None:
    if len(table) > MAX_ENTRIES:
        raise PresetError(f"sha256 lists {len(table)} files; {MAX_ENTRIES} are accepted")
    if _WEIGHTS not in table:
        raise PresetError(f"sha256 must state the hash of {_WEIGHTS}")
    for name, sha256 in table.items():
        check_name("file", name)
        if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
            raise PresetError(f"sha256 of {name!r} must be 64 hexadecimal digits")
