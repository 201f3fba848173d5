"""Faults of a preset's config.json: what is no plain description of a ganzoo model is refused."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import one_line

from ganzoo.errors import PresetError
from ganzoo.presets import preflight

pytestmark = pytest.mark.fault

HASHES = {"model.weights.h5": "0" * 64}


def config(**changes: Any) -> dict[str, Any]:
    """Return a right config.json with changed top-level entries."""
    right = {
        "format": 2,
        "class": "DCGAN",
        "task": "sampling",
        "config": {"image_shape": [8, 8, 1], "generator_filters": [6, 5, 4]},
        "networks": {"generator": ["generator/0"], "discriminator": ["discriminator/0"]},
        "keras": "3.15.1",
        "sha256": HASHES,
    }
    return {key: value for key, value in {**right, **changes}.items() if value is not ...}


def arguments(**changes: Any) -> str:
    """Return a config.json with these constructor arguments."""
    return json.dumps(config(config=changes))


def lists(generator: Any, **others: Any) -> str:
    """Return a config.json with these lists of data sets."""
    return json.dumps(config(networks={"generator": generator, **others}))


def canary_code(canary: Path) -> str:
    """Return code that would leave a trace if anything ran it."""
    return f"__import__('pathlib').Path({str(canary)!r}).touch()"


TEXTS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is not JSON"),
    "malformed": ('{"format": 1,', "is not JSON"),
    "trailing": (json.dumps(config()) + "{}", "is not JSON"),
    "not UTF-8": (b'{"format": 1, "class": "\xff\xfe"}', "is not JSON"),
    "NUL": (b"\0" * 100, "is not JSON"),
    "byte order mark": (b"\xef\xbb\xbf{}", "is not JSON"),
    "list": ("[1, 2]", "must hold a JSON object, not a list"),
    "number": ("3", "must hold a JSON object"),
    "duplicate key": ('{"format": 1, "format": 1}', "'format' is there more than once"),
    "duplicate argument": (
        json.dumps(config()).replace('"image_shape"', '"seed": 1, "seed": 2, "image_shape"'),
        "'seed' is there more than once",
    ),
    "100 MB": ("[" + " " * 100_000_000 + "]", "at most 65536"),
    "10,000 deep": ("[" * 10_000 + "]" * 10_000, "nested deeper"),
    "10,000 deep, open": ('{"a":' * 10_000, "nested deeper"),
    "10,000 deep in an argument": (
        json.dumps(config()).replace('"image_shape": ', '"image_shape": ' + "[" * 10_000),
        "nested deeper",
    ),
    "unknown key": (json.dumps(config(kerass="3")), "unknown key 'kerass'"),
    "missing class": (json.dumps({**config(**{"class": ...})}), "'class' is missing"),
    "missing hash": (json.dumps(config(sha256=...)), "'sha256' is missing"),
    "no hash of the weights": (json.dumps(config(sha256={})), "hash of model.weights.h5"),
    "hash of another folder": (
        json.dumps(config(sha256={**HASHES, "../x": "0" * 64})),
        "'../x' is refused",
    ),
    "malformed hash": (
        json.dumps(config(sha256={"model.weights.h5": "00"})),
        "64 hexadecimal digits",
    ),
    "format 1": (
        json.dumps(config(format=1, task=..., networks=...)),
        "format 1 is unknown; 2 is accepted",
    ),
    "format 3": (json.dumps(config(format=3)), "format 3 is unknown"),
    "format true": (json.dumps(config(format=True)), "must be an integer, not a boolean"),
    "format 1.0": (json.dumps(config(format=1.0)), "must be an integer, not a number"),
    "keras no version": (json.dumps(config(keras="x; rm")), "must be a version"),
    "4,000 digits": (arguments(seed=7).replace("7", "7" * 4000), "of 4000 digits"),
    "config a list": (json.dumps(config(config=[])), "must be an object, not a list"),
    "missing task": (json.dumps(config(task=...)), "'task' is missing"),
    "task of another class": (json.dumps(config(task="events")), "task 'events' is not that of"),
    "long task": (json.dumps(config(task="x" * 30_000)), "is not that of DCGAN"),
    "missing lists": (json.dumps(config(networks=...)), "'networks' is missing"),
    "no network": (json.dumps(config(networks={})), "lists 0 networks"),
    "17 networks": (json.dumps(config(networks={f"n{i}": [] for i in range(17)})), "17 networks"),
    "name of a network": (json.dumps(config(networks={"a/b": ["x"]})), "'a/b' is no name"),
    "lists a list": (json.dumps(config(networks=["generator/0"])), "must be an object"),
    "list a string": (lists("generator/0"), "must be a list, not a string"),
    "list an object": (lists({"0": "generator/0"}), "must be a list, not an object"),
    "number in a list": (lists([0]), "must list strings, not an integer"),
    "list in a list": (lists([["generator/0"]]), "must list strings, not a list"),
    "null in a list": (lists([None]), "must list strings, not null"),
    "absolute path": (lists(["/generator/0"]), "no plain relative path"),
    "parent in a path": (lists(["generator/../0"]), "no plain relative path"),
    "dot in a path": (lists(["./0"]), "no plain relative path"),
    "empty path": (lists([""]), "no plain relative path"),
    "empty part": (lists(["generator//0"]), "no plain relative path"),
    "trailing slash": (lists(["generator/"]), "no plain relative path"),
    "NUL in a path": (lists(["generator\0/0"]), "no plain relative path"),
    "newline in a path": (lists(["generator/0\n"]), "no plain relative path"),
    "not ASCII": (lists(["generator/\u0660"]), "no plain relative path"),
    "blank in a path": (lists(["a b"]), "no plain relative path"),
    "long path": (lists(["x/" * 99 + "xxx"]), "no plain relative path"),
    "deep path": (lists(["x/" * 20 + "x"]), "no plain relative path"),
    "data set twice": (lists(["a", "a"]), "'a' is there more than once"),
    "data set of two networks": (lists(["a"], discriminator=["a"]), "more than once"),
    "data set in a data set": (lists(["a/b", "a"]), "'a/b' lies inside another data set"),
    "10,000 data sets": (lists([f"g/{i}" for i in range(10_000)]), "at most 65536"),
    "os.system": (json.dumps(config(**{"class": "os.system"})), "is none of ganzoo's"),
    "near class": (json.dumps(config(**{"class": "DCGan"})), "Did you mean 'DCGAN'"),
    "long class": (json.dumps(config(**{"class": "x" * 30_000})), "is none of ganzoo's"),
    "Keras module": (
        json.dumps({"module": "os", "class_name": "system", "config": "touch canary"}),
        "unknown key 'module'",
    ),
    "registered name": (
        json.dumps(config(registered_name="os>system")),
        "unknown key 'registered_name'",
    ),
}

ARGUMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"imageshape": [8, 8, 1]}, "Did you mean 'image_shape'"),
    "base class's network": ({"generator": "x"}, "takes no argument 'generator'"),
    "boolean": ({"latent_dim": True}, "must be int, not a boolean"),
    "boolean in a list": ({"image_shape": [8, 8, True]}, "must be"),
    "float": ({"latent_dim": 100.0}, "must be int, not a number"),
    "string": ({"latent_dim": "100"}, "must be int, not a string"),
    "null": ({"latent_dim": None}, "must be int, not null"),
    "number for a list": ({"generator_filters": 64}, "must be"),
    "zero": ({"latent_dim": 0}, "within 1 and 8192"),
    "negative": ({"latent_dim": -1}, "within 1 and 8192"),
    "10**9 channels": ({"generator_filters": [10**9, 1, 1]}, "within 1 and 8192"),
    "10**18": ({"latent_dim": 10**18}, "within 1 and 8192"),
    "side": ({"image_shape": [2000, 8, 1]}, "within 1 and 1024"),
    "kernel": ({"kernel_size": 1000}, "within 1 and 64"),
    "stride": ({"generator_strides": [1, 2, 1000]}, "within 1 and 16"),
    "long list": ({"generator_filters": [1] * 17}, "has 17 entries"),
    "long list of names": ({"classes": ["x"] * 201}, "has 201 entries"),
    "long list of numbers": ({"feature_mean": [0.5] * 201}, "has 201 entries"),
    "width 8192, depth 8192": ({"width": 8192, "depth": 8192}, "'depth' must be within"),
    "nested list": ({"generator_filters": [[1, 2], 3]}, "flat list"),
    "object": ({"dropout": {"rate": 0.3}}, "a schedule of from, to"),
    "long string": ({"use_bias": "x" * 1000}, "printable string"),
    "control characters": ({"use_bias": "\x1b[2J"}, "printable string"),
    "large float": ({"dropout": 1e300}, "finite and at most"),
    "too many parameters": (
        {"image_shape": [1024, 1024, 3], "generator_strides": [1, 1, 1], "latent_dim": 8192},
        "parameters; at most",
    ),
    "wide everywhere": (
        {"generator_filters": [8192] * 3, "discriminator_filters": [8192] * 3},
        "parameters; at most",
    ),
}


@pytest.mark.parametrize("fault", TEXTS)
def test_text(fault: str, tmp_path: Path) -> None:
    text, part = TEXTS[fault]
    path = tmp_path / "config.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    start = time.monotonic()
    with pytest.raises(PresetError) as caught:
        preflight.check_config(path)
    assert time.monotonic() - start < 2
    one_line(caught.value, "config.json", part)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_number_that_is_not_finite(constant: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(arguments(dropout=0.25).replace("0.25", constant))
    with pytest.raises(PresetError) as caught:
        preflight.check_config(path)
    one_line(caught.value, "finite")


@pytest.mark.parametrize("fault", ARGUMENTS)
def test_argument(fault: str, tmp_path: Path) -> None:
    changes, part = ARGUMENTS[fault]
    path = tmp_path / "config.json"
    path.write_text(arguments(**changes))
    with pytest.raises(PresetError) as caught:
        preflight.check_constructor(path, preflight.check_config(path))
    one_line(caught.value, "config.json", part)
    assert len(str(caught.value)) < 1000


def test_right_config(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config()))
    content = preflight.check_config(path)
    preflight.check_constructor(path, content)
    assert content == config()


def lambda_layer(canary: Path) -> dict[str, Any]:
    """Return Keras' serialised form of a lambda."""
    code = {"class_name": "__lambda__", "config": {"code": canary_code(canary)}}
    return {"module": "keras.layers", "class_name": "Lambda", "config": {"function": code}}


def system_call(canary: Path) -> dict[str, Any]:
    """Return the form that Keras would resolve to `os.system`."""
    return {"module": "os", "class_name": "system", "config": f"touch {canary}"}


def saved_model(canary: Path) -> dict[str, Any]:
    """Return a layer that loads a TensorFlow SavedModel, whose graph may write files."""
    return {
        "module": "keras.layers",
        "class_name": "TFSMLayer",
        "config": {"filepath": str(canary)},
    }


@pytest.mark.parametrize("place", ["class", "config", "argument", "list", "networks", "top"])
@pytest.mark.parametrize("payload", [lambda_layer, system_call, saved_model])
def test_code_is_never_run(
    payload: Callable[[Path], dict[str, Any]], place: str, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    hostile = payload(canary)
    changed = {
        "class": config(**{"class": hostile}),
        "config": config(config=hostile),
        "argument": config(config={"dropout": hostile}),
        "list": config(config={"generator_filters": [hostile, 5, 4]}),
        "networks": config(networks={"generator": [hostile]}),
        "top": hostile,
    }[place]
    path = tmp_path / "config.json"
    path.write_text(json.dumps(changed))
    with pytest.raises(PresetError) as caught:
        preflight.check_constructor(path, preflight.check_config(path))
    one_line(caught.value, "config.json")
    assert not canary.exists()


@pytest.mark.parametrize("kind", ["missing", "link", "fifo", "folder", "device"])
def test_config_that_is_no_regular_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    if kind == "link":
        (tmp_path / "right.json").write_text(json.dumps(config()))
        path.symlink_to(tmp_path / "right.json")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    with pytest.raises(PresetError) as caught:
        preflight.check_config(path)
    one_line(caught.value, "config.json")
