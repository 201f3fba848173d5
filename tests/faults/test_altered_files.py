"""Altered, linked and foreign files in the cache, in a mirror and in a checkout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_server import FaultServer
from harness import Checkpoint, command_line, one_line

from ganzoo.errors import DownloadError, IntegrityError, OfflineError, PresetError
from ganzoo.store import checkpoints as store

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX links and FIFOs"),
]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 4
    path.write_bytes(content)


def _cut(path: Path) -> None:
    os.truncate(path, 1000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _link(path: Path) -> None:
    target = path.parent.parent / "private"
    path.rename(target)  # even with the right content a link is not followed
    path.symlink_to(target)


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _missing(path: Path) -> None:
    path.unlink()


ALTERATIONS: dict[str, Callable[[Path], None]] = {
    "flipped": _flip,
    "cut": _cut,
    "empty": _empty,
    "link": _link,
    "fifo": _fifo,
    "folder": _folder,
    "missing": _missing,
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_cache_is_fetched_again_online(alteration: str, checkpoint: Checkpoint) -> None:
    checkpoint.fill()
    ALTERATIONS[alteration](checkpoint.weights)
    if alteration == "folder":  # nothing that ganzoo did not write is removed
        with pytest.raises(DownloadError) as caught:
            store.checkpoint_folder(checkpoint.name, checkpoint.files)
        one_line(caught.value, "model.weights.h5", "remove what is in the way")
        assert checkpoint.weights.is_dir()
        return
    store.checkpoint_folder(checkpoint.name, checkpoint.files)
    assert not checkpoint.weights.is_symlink()
    assert checkpoint.is_right()
    if alteration == "link":
        private = checkpoint.folder.parent / "private"
        assert private.read_bytes() == checkpoint.contents["model.weights.h5"]


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_altered_cache_is_refused_offline(
    alteration: str, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.fill()
    ALTERATIONS[alteration](checkpoint.weights)
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    kind = OfflineError if alteration == "missing" else IntegrityError
    with pytest.raises(kind) as caught:
        store.checkpoint_folder(checkpoint.name, checkpoint.files)
    one_line(caught.value, "model.weights.h5", "GANZOO_OFFLINE")
    assert command_line("verify").exit_code == 1


@pytest.mark.parametrize("alteration", ["flipped", "cut", "empty", "link", "fifo", "folder"])
def test_altered_mirror_is_refused(
    alteration: str, checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = tmp_path / "mirror" / "v1"
    mirror.mkdir(parents=True)
    for name, content in checkpoint.contents.items():
        (mirror / f"toy_mnist--{name}").write_bytes(content)
    ALTERATIONS[alteration](mirror / "toy_mnist--model.weights.h5")
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", mirror.as_uri())
    with pytest.raises((DownloadError, IntegrityError)) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "model.weights.h5")
    assert not checkpoint.weights.exists()


@pytest.mark.parametrize("part", ["name", "key", "lock"])
def test_link_in_the_way_to_the_cache(part: str, checkpoint: Checkpoint, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = {
        "name": checkpoint.folder.parent,
        "key": checkpoint.folder,
        "lock": checkpoint.folder / ".lock",
    }[part]
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere / "lock" if part == "lock" else elsewhere)
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, str(checkpoint.folder.parent))
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("source", ["checkout_weights", "package_weights"])
@pytest.mark.parametrize("alteration", ["flipped", "cut", "link", "fifo", "folder"])
def test_damaged_checkout_or_package_is_refused(
    alteration: str,
    source: str,
    server: FaultServer,
    checkpoint: Checkpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "zoo_weights" / checkpoint.name
    folder.mkdir(parents=True)
    for name, content in checkpoint.contents.items():
        (folder / name).write_bytes(content)
    monkeypatch.setattr(store, source, lambda: folder.parent)
    assert store.checkpoint_folder(checkpoint.name, checkpoint.files) == folder
    ALTERATIONS[alteration](folder / "model.weights.h5")
    with pytest.raises(IntegrityError) as caught:
        store.checkpoint_folder(checkpoint.name, checkpoint.files)
    command = {"checkout_weights": "git checkout", "package_weights": "pip install --force"}
    one_line(caught.value, "model.weights.h5", "restore it", command[source])
    assert not server.requests


def test_what_the_package_lacks_is_downloaded(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights").mkdir()
    monkeypatch.setattr(store, "package_weights", lambda: tmp_path / "weights")
    assert store.checkpoint_folder(checkpoint.name, checkpoint.files) == checkpoint.folder
    assert checkpoint.is_right()


def test_clear_removes_nothing_that_is_not_ganzoos(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "home" / "checkpoints" / "toy" / "thesis"
    mine.mkdir(parents=True)
    (mine / "only_copy.txt").write_text("years of work")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "home"))
    with pytest.raises(PresetError) as caught:
        store.clear_cache()
    one_line(caught.value, "CACHEDIR.TAG")
    assert command_line("cache", "--clear").exit_code == 1
    assert (mine / "only_copy.txt").read_text() == "years of work"


def test_clear_follows_no_link(checkpoint: Checkpoint, tmp_path: Path) -> None:
    checkpoint.fill()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "only_copy.txt").write_text("years of work")
    (checkpoint.folder / "link").symlink_to(mine)
    (checkpoint.cache / "other.txt").write_text("not ganzoo's")
    result = command_line("cache", "--clear")
    assert (result.exit_code, result.stdout) == (0, "freed 0.3 MB\n")
    assert [path.name for path in checkpoint.cache.iterdir()] == ["other.txt"]
    assert (mine / "only_copy.txt").exists()
