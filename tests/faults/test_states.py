"""Faults of the disk and of other processes under the states of a training."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from harness import one_line

from ganzoo.errors import TrainingError
from ganzoo.files.lock import FolderLock
from ganzoo.training.states import MANIFEST, WEIGHTS, Position, StateFolder

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files and locks"),
]
CONTENT = bytes(range(256)) * 400


@pytest.fixture
def states(tmp_path: Path) -> StateFolder:
    """Two states, after step 5 and after epoch 1."""
    folder = StateFolder(tmp_path / "states")
    folder.save(Position(0, 5), CONTENT, {"facts": {}}, {"losses.csv": b"epoch,d_loss\n"})
    folder.save(Position(1), CONTENT[::-1], {"facts": {}}, {"losses.csv": b"epoch,d_loss\n0,1\n"})
    return folder


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _other_step(path: Path) -> None:
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "metrics": [1.0]}))


DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "weights flipped": (WEIGHTS, _flip),
    "weights cut": (WEIGHTS, _cut),
    "weights empty": (WEIGHTS, _empty),
    "weights missing": (WEIGHTS, Path.unlink),
    "weights a link": (WEIGHTS, _link),
    "weights a pipe": (WEIGHTS, _fifo),
    "losses flipped": ("losses.csv", _flip),
    "manifest cut": (MANIFEST, _cut),
    "manifest empty": (MANIFEST, _empty),
    "manifest missing": (MANIFEST, Path.unlink),
    "manifest changed": (MANIFEST, _other_step),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_state_before_a_damaged_one_is_used(damage: str, states: StateFolder) -> None:
    name, spoil = DAMAGE[damage]
    spoil(states.folder / "state-000001-000000" / name)
    said: list[str] = []
    found = states.newest(said.append)
    assert found is not None
    assert found.position == (0, 5)
    assert found.weights.read_bytes() == CONTENT
    (line,) = said
    one_line(line, "the state after epoch 1;", "after the state after step 5 of epoch 1 is lost")
    # The next one takes the damaged one's place; two intact ones are kept.
    states.save(Position(0, 9), CONTENT, {})
    assert [tuple(position) for position in states.positions()] == [(0, 9), (0, 5)]


def test_all_states_damaged_is_an_error(states: StateFolder) -> None:
    for weights in states.folder.rglob(WEIGHTS):
        _flip(weights)
    with pytest.raises(TrainingError) as caught:
        states.newest(print)
    one_line(caught.value, "no state to resume from", "2 there, all damaged", "another folder")


def test_states_of_an_earlier_version(tmp_path: Path) -> None:
    (tmp_path / "state-000007").mkdir()
    with pytest.raises(TrainingError) as caught:
        StateFolder(tmp_path).newest(print)
    one_line(caught.value, "earlier version", "another folder")


def test_disk_full_while_a_state_is_saved(small_disk: Path) -> None:
    states = StateFolder(small_disk / "states")
    states.save(Position(0, 5), CONTENT[:50_000], {})
    with pytest.raises(TrainingError) as caught:
        states.save(Position(0, 6), CONTENT, {})
    one_line(caught.value, "No space left on device", "go on with --resume")
    found = states.newest(pytest.fail)
    assert found is not None
    assert found.position == (0, 5)
    assert not list(states.folder.glob(".*.part"))
    states.save(Position(0, 6), CONTENT[:50_000], {})


def test_what_a_killed_process_left_is_removed(states: StateFolder) -> None:
    shutil.copytree(
        states.folder / "state-000001-000000", states.folder / ".state-000001-000003.part"
    )
    newest = states.newest(pytest.fail)
    assert newest is not None
    assert newest.position == (1, 0)
    states.save(Position(1, 3), CONTENT, {})
    assert sorted(path.name for path in states.folder.iterdir()) == [
        "state-000001-000000",
        "state-000001-000003",
    ]


HOLD = """
import os, sys, time
from ganzoo.files.lock import FolderLock
FolderLock(sys.argv[1]).acquire()
if os.fork() == 0:  # a child, such as one that loads data, that outlives the training
    time.sleep(60)
print(os.getpid(), flush=True)
time.sleep(60)
"""


def test_a_folder_belongs_to_one_process_until_it_dies(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert holder.stdout is not None
        assert int(holder.stdout.readline()) == holder.pid
        lock = FolderLock(tmp_path)
        with pytest.raises(TrainingError) as caught:
            lock.acquire()
        one_line(caught.value, "Another training is running", f"process {holder.pid}")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        lock.acquire()
        FolderLock(tmp_path).acquire()  # the same process may have it twice
        lock.release()
    finally:
        os.killpg(holder.pid, signal.SIGKILL)
        holder.stdout.close()
        holder.wait()
