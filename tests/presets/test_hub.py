"""`hf://user/name@revision` and `ganzoo push`, with a server on 127.0.0.1 in the hub's place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import ganzoo
from ganzoo import zoo
from ganzoo.cli import main
from ganzoo.errors import (
    DownloadError,
    IntegrityError,
    InvalidArgumentError,
    OfflineError,
    PresetError,
    UnknownModelError,
)
from ganzoo.store import hub as source
from tests.presets.hub_server import Hub

constants = pytest.importorskip(
    "huggingface_hub.constants", reason="the extra hub is not installed"
)
FILES = ("config.json", "model.weights.h5", "probe.npz")


@pytest.fixture(scope="module")
def gan():
    return ganzoo.FATGAN(**zoo.FAMILIES["FATGAN"].tiny)


@pytest.fixture(scope="module")
def preset(gan, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("presets") / "mine"
    gan.save_to_preset(folder)
    (folder / "README.md").write_text("---\nlicense: cc0-1.0\n---\n# Mine\n")
    (folder / "states.npz").write_bytes(b"not for others")
    return folder


@pytest.fixture
def hub(monkeypatch, tmp_path) -> Iterator[Hub]:
    for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GANZOO_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)  # the older protocol, as HTTP alone
    with Hub() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def contents(preset: Path) -> dict[str, bytes]:
    return {name: (preset / name).read_bytes() for name in FILES}


def test_a_branch_is_resolved_to_a_commit_which_is_said_and_kept(hub, preset, gan, monkeypatch):
    first = hub.commit("me/my_gan", contents(preset))
    with pytest.warns(UserWarning, match=f"hf://me/my_gan is now hf://me/my_gan@{first}"):
        loaded = ganzoo.load("hf://me/my_gan")
    wanted = gan.sample(4, seed=3)
    np.testing.assert_array_equal(loaded.sample(4, seed=3), wanted)

    second = ganzoo.FATGAN(**{**zoo.FAMILIES["FATGAN"].tiny, "seed": 7})
    second.save_to_preset(preset.parent / "second")
    hub.commit("me/my_gan", contents(preset.parent / "second"))
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    hub.requests.clear()
    pinned = ganzoo.load(f"hf://me/my_gan@{first}")
    np.testing.assert_array_equal(pinned.sample(4, seed=3), wanted)
    assert hub.requests == []
    with pytest.raises(OfflineError, match="name one: hf://user/name@COMMIT"):
        ganzoo.load("hf://me/my_gan")
    monkeypatch.delenv("GANZOO_OFFLINE")
    with pytest.warns(UserWarning, match="is now"):
        now = ganzoo.load("hf://me/my_gan@main")
    assert not np.array_equal(now.sample(4, seed=3), wanted)


def test_a_command_takes_an_address(hub, preset, tmp_path):
    commit = hub.commit("me/my_gan", contents(preset))
    output = tmp_path / "events.npz"
    done = run("sample", f"hf://me/my_gan@{commit}", "-n", "5", "--seed", "1", "-o", str(output))
    assert done.exit_code == 0, done.output
    assert output.is_file()
    assert [*(tmp_path / "cache" / "hub" / "me" / commit).iterdir()] == [
        tmp_path / "cache" / "hub" / "me" / commit / "my_gan"
    ]


def test_push_sends_what_is_loaded_again_and_nothing_else(hub, preset, gan):
    done = run("push", str(preset), "hf://me/sent")
    assert done.exit_code == 0, done.output
    address = done.stdout.splitlines()[-1]
    (commit,) = hub.commits["me/sent"]
    assert address == f"hf://me/sent@{commit}"
    assert {*hub.commits["me/sent"][commit]} == {*FILES, "README.md"} | (
        {"samples.png"} & {path.name for path in preset.iterdir()}
    )
    np.testing.assert_array_equal(ganzoo.load(address).sample(4, seed=3), gan.sample(4, seed=3))
    again = run("push", str(preset), "hf://me/sent")
    assert again.exit_code == 1
    assert "--overwrite" in again.stderr
    assert len(hub.commits["me/sent"]) == 1
    assert run("push", str(preset), "hf://me/sent", "--overwrite").exit_code == 0
    done = run("push", str(preset), "hf://me/sent@try")
    assert "--overwrite" in done.stderr  # a new branch begins with what main has
    assert run("push", str(preset), "hf://me/sent@try", "--overwrite").exit_code == 0
    assert {*hub.branches["me/sent"]} == {"main", "try"}


def test_push_refuses_what_is_no_right_preset(hub, preset, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(preset, damaged)
    with open(damaged / "model.weights.h5", "r+b") as stream:
        stream.seek(1000)
        stream.write(b"x")
    for folder, text in ((damaged, "SHA-256"), ("fatgan_electrons", "is no folder")):
        done = run("push", str(folder), "hf://me/bad")
        assert done.exit_code != 0
        assert text in done.stderr
    assert run("push", str(preset), f"hf://me/sent@{'a' * 40}").exit_code == 2
    assert hub.requests == []


def test_a_strangers_config_is_refused_before_the_weights_are_fetched(hub, preset, tmp_path):
    files = contents(preset)
    config = json.loads(files["config.json"])
    files["config.json"] = json.dumps({**config, "module": "os"}).encode()
    commit = hub.commit("they/gan", files)
    with pytest.raises(PresetError, match="unknown key 'module'"):
        ganzoo.load(f"hf://they/gan@{commit}")
    assert not [line for line in hub.requests if line.endswith(".h5")]
    assert not [*(tmp_path / "cache").rglob("*.json")]


@pytest.mark.parametrize(
    ("change", "kind", "text"),
    [
        (lambda f: f.update({"model.weights.h5": f["model.weights.h5"][:-1] + b"x"}),
         IntegrityError, "SHA-256"),
        (lambda f: f.pop("model.weights.h5"), PresetError, "lacks model.weights.h5"),
        (lambda f: f.update({"config.json": b" " * 70_000}), PresetError, "70000 bytes"),
        (lambda f: f.update({"probe.npz": b""}), PresetError, "0 bytes"),
    ],
)  # fmt: skip
def test_a_wrong_repository_is_refused_in_one_line(hub, preset, change, kind, text):
    files = contents(preset)
    change(files)
    commit = hub.commit("they/gan", files)
    with pytest.raises(kind, match=text) as caught:
        ganzoo.load(f"hf://they/gan@{commit}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "kind", "text"),
    [
        ("hf://nobody/gan", UnknownModelError, "no such repository"),
        ("hf://me/gan@nothing", UnknownModelError, "no such revision"),
        ("hf://me", InvalidArgumentError, "hf://user/name is no|hf://user/name or"),
        ("hf://../x", InvalidArgumentError, "is no address"),
        ("hf://me/gan@../../x", InvalidArgumentError, "is no address"),
        ("hg://me/gan", UnknownModelError, "no source of models.*Did you mean 'hf'"),
    ],
)
def test_a_wrong_address_is_refused_in_one_line(hub, preset, address, kind, text):
    hub.commit("me/gan", contents(preset))
    with pytest.raises(kind, match=text) as caught:
        ganzoo.load(address)
    assert "\n" not in str(caught.value)


def test_an_account_that_is_refused_and_a_server_that_is_gone(hub, preset, monkeypatch):
    hub.commit("me/gan", contents(preset))
    hub.token = "another"
    with pytest.raises((DownloadError, UnknownModelError), match="HF_TOKEN"):
        ganzoo.load("hf://me/gan")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(DownloadError, match="the hub could not be used") as caught:
        ganzoo.load("hf://me/gan")
    assert "secret" not in str(caught.value)


def test_without_the_package_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ganzoo.errors.MissingExtraError, match=r"keras-ganzoo\[hub\]"):
        source.folder("hf://me/gan", print)
