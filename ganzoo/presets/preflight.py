"""Checks of a preset folder before anything is built: loading is reading, never running.

`check_config` reads `config.json` as plain, bounded data, without Keras; `check_hashes` compares
the folder's files with the SHA-256 that it states; `check_constructor` compares the arguments with
those that the class takes. None of them builds a model or deserialises an object.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganzoo import zoo
from ganzoo.errors import IntegrityError, PresetError, nearest
from ganzoo.files.reading import MISSING, kind_problem, read_bounded, sha256_of
from ganzoo.presets.arguments import (
    MAX_STRING,
    TYPE_NAMES,
    check_arguments,
    check_values,
    describe,
)
from ganzoo.store.cache import check_name

FORMAT = 2
MAX_CONFIG_BYTES = 1 << 16
MAX_WHOLE_CONFIG_BYTES = 1 << 24  # of a `.keras` file, which states every layer
MAX_FILE_BYTES = 1 << 30  # of any other file of a preset folder
MAX_FILES, MAX_NETWORKS = 16, 16
MAX_DEPTH = 6
_KEYS = {
    "format": int,
    "class": str,
    "task": str,
    "config": dict,
    "networks": dict,
    "keras": str,
    "sha256": dict,
}
_WEIGHTS = "model.weights.h5"
_NETWORK = re.compile(r"[A-Za-z]\w{0,63}", re.ASCII)
_DATA_SET = re.compile(r"[\w.-]{1,100}(/[\w.-]{1,100}){0,14}", re.ASCII)


def check_config(path: str | Path) -> dict[str, Any]:
    """Read a preset's `config.json` and refuse whatever ganzoo would not have written.

    Args:
        path: The file; at most 64 KiB, nested at most 6 deep.

    Returns:
        The content: `format`, `class` (a key of `zoo.FAMILIES`), `task` (that of the class),
        `config` (constructor arguments, plain and bounded), `networks` (name -> data sets of the
        weights file), `keras` (a version) and `sha256` (file name -> hex, the weights file's at
        least).

    Raises:
        PresetError: The file is malformed, out of bounds, or names something else than a class of
            ganzoo.
    """
    path = Path(path)
    content = parse(path)
    try:
        _check_format(content)
        _check_keys(content, _KEYS)
        _check_class(content["class"], content["task"])
        if not re.fullmatch(r"\d{1,4}(\.\w{1,16}){0,4}", content["keras"], re.ASCII):
            raise PresetError("keras must be a version such as '3.15.1'")
        check_hash_table(content["sha256"])
        check_values(content["config"])
        check_lists(content["networks"])
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error
    return content


def check_constructor(path: str | Path, content: Mapping[str, Any]) -> None:
    """Compare the arguments in a checked `config.json` with those of its class. Imports Keras.

    Args:
        path: The file, for the message.
        content: What `check_config` returned.

    Raises:
        PresetError: An argument is unknown, missing or of another type, or the model would have
            more than about 10**8 parameters.
    """
    try:
        check_arguments(content["class"], content["config"])
    except PresetError as error:
        raise PresetError(f"{path}: {error}") from error


def check_lists(networks: Mapping[str, Any]) -> None:
    """Refuse lists of data sets that cannot be those of a plain weights file.

    Args:
        networks: Name of a network -> paths such as `generator/0`.

    Raises:
        PresetError: A name or a path is malformed, is there twice, or lies inside another one.
    """
    if not 1 <= len(networks) <= MAX_NETWORKS:
        raise PresetError(f"networks lists {len(networks)} networks; 1 to {MAX_NETWORKS} can be")
    found: set[str] = set()
    for name, paths in networks.items():
        if not _NETWORK.fullmatch(name):
            raise PresetError(f"networks: {name[:MAX_STRING]!r} is no name of a network")
        if not isinstance(paths, list):
            raise PresetError(f"networks: {name!r} must be a list, not {describe(paths)}")
        for path in paths:
            _check_data_set(name, path)
            if path in found:
                raise PresetError(f"networks: {path!r} is there more than once")
            found.add(path)
    for path in found:
        parts = path.split("/")
        for count in range(1, len(parts)):
            if "/".join(parts[:count]) in found:
                raise PresetError(f"networks: {path!r} lies inside another data set")


def _check_data_set(name: str, path: Any) -> None:
    if not isinstance(path, str):
        raise PresetError(f"networks: {name!r} must list strings, not {describe(path)}")
    plain = len(path) <= MAX_STRING and _DATA_SET.fullmatch(path)
    if not plain or {".", ".."} & {*path.split("/")}:
        raise PresetError(f"networks: {path[:MAX_STRING]!r} is no plain relative path")


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


def parse(path: Path, depth: int = MAX_DEPTH) -> dict[str, Any]:
    """Return a small JSON object from a regular file; nested little, no key twice, all finite.

    Raises:
        PresetError: The file is missing, too large, or anything else.
    """
    content = read_bounded(path, MAX_CONFIG_BYTES)
    try:
        text = content.decode("utf-8")
        _check_depth(text, depth)
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


def whole_model(path: Path) -> dict[str, Any]:
    """Return what a `.keras` file says of its model: `class_name`, `config` and so on, unchecked.

    Raises:
        PresetError: It is no such file, or says too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo("config.json")
            if member.file_size > MAX_WHOLE_CONFIG_BYTES:
                raise PresetError(f"{path}: its config.json has {member.file_size} bytes")
            parsed = json.loads(archive.read(member))
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, OSError) as error:
        if isinstance(error, PresetError):
            raise
        raise PresetError(f"{path} is no whole model that model.save wrote: {error}") from error
    if not isinstance(parsed, dict):
        raise PresetError(f"{path} must hold a JSON object, not {describe(parsed)}")
    return parsed


def _check_depth(text: str, most: int) -> None:
    """Count brackets outside of strings, so that the parser never recurses deeply."""
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        token = match.group()
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        if depth > most:
            raise PresetError(f"nested deeper than the {most} accepted levels")


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


def _check_format(content: Mapping[str, Any]) -> None:
    """Refuse another format first, as its other keys may be others."""
    found = content.get("format", FORMAT)
    if type(found) is int and found != FORMAT:
        raise PresetError(f"format {found} is unknown; {FORMAT} is accepted")


def _check_keys(content: Mapping[str, Any], keys: Mapping[str, type]) -> None:
    for key, value in content.items():
        if key not in keys:
            raise PresetError(
                f"unknown key {key[:MAX_STRING]!r};"
                f" {', '.join(keys)} are accepted.{nearest(key[:MAX_STRING], keys)}"
            )
        if type(value) is not keys[key]:
            raise PresetError(f"{key} must be {TYPE_NAMES[keys[key]]}, not {describe(value)}")
    for key in keys:
        if key not in content:
            raise PresetError(f"the key {key!r} is missing")


def _check_class(family: str, task: str) -> None:
    if family not in zoo.FAMILIES:
        raise PresetError(
            f"class {family[:MAX_STRING]!r} is none of ganzoo's"
            f" ({', '.join(zoo.FAMILIES)}).{nearest(family[:MAX_STRING], zoo.FAMILIES)}"
        )
    if task != zoo.FAMILIES[family].task:
        raise PresetError(
            f"task {task[:MAX_STRING]!r} is not that of {family}, {zoo.FAMILIES[family].task!r}"
        )


def check_hash_table(table: Any) -> None:
    """Refuse anything but file names with 64 hexadecimal digits, the weights file among them."""
    if not isinstance(table, dict):
        raise PresetError(f"sha256 must be an object, not {describe(table)}")
    if len(table) > MAX_FILES:
        raise PresetError(f"sha256 lists {len(table)} files; {MAX_FILES} are accepted")
    if _WEIGHTS not in table:
        raise PresetError(f"sha256 must state the hash of {_WEIGHTS}")
    for name, sha256 in table.items():
        check_name("file", name)
        if not isinstance(sha256, str) or not re.fullmatch("[0-9a-f]{64}", sha256):
            raise PresetError(f"sha256 of {name!r} must be 64 hexadecimal digits")
