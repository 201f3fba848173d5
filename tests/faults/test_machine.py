"""Faults of the machine: kills, full disks, permissions, other processes, no network."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import fault_server as server_faults
import pytest
from fault_server import FaultServer
from harness import Checkpoint, one_line, run_worker, start_worker

from ganzoo.errors import DownloadError, GanzooError
from ganzoo.store import checkpoints as store

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and permissions"),
]


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGTERM])
def test_kill_half_way_then_a_clean_second_run(
    kind: signal.Signals, server: FaultServer, checkpoint: Checkpoint
) -> None:
    server.faults[checkpoint.asset()] = [server_faults.stalled, None]
    worker = start_worker(checkpoint, settings={"TIMEOUT_S": 20.0})
    deadline = time.monotonic() + 20
    while checkpoint.largest_partial() <= 60_000:
        assert time.monotonic() < deadline
        assert worker.poll() is None
        time.sleep(0.02)
    worker.send_signal(kind)
    worker.communicate(timeout=20)
    assert worker.returncode == -kind
    assert not checkpoint.weights.exists()
    assert checkpoint.partial_files()
    assert run_worker(checkpoint)[0] == 0
    assert checkpoint.is_right()


DOWNLOAD = """
import json, sys
from ganzoo import cli
from ganzoo.zoo import registry
from ganzoo.zoo.forms import File
files = tuple(File(**file) for file in json.loads(sys.argv.pop(1)))
registry.checkpoints = lambda: {"toy_mnist": files}
cli.main()
"""


# A process in the background of a shell inherits that SIGINT is ignored, and so do its children.
HEARS_CTRL_C = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"


def test_ctrl_c_ends_at_once(server: FaultServer, checkpoint: Checkpoint) -> None:
    server.faults[checkpoint.asset()] = [server_faults.dripping]
    files = json.dumps([asdict(file) for file in checkpoint.files])
    process = subprocess.Popen(
        [sys.executable, "-c", HEARS_CTRL_C + DOWNLOAD, files, "download", "toy_mnist"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not checkpoint.partial_files() or not (checkpoint.folder / "probe.npz").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert process.returncode == 1
    one_line(errors.strip(), "Aborted!")
    assert not checkpoint.weights.exists()
    assert not checkpoint.partial_files()


def test_eight_processes_on_a_cold_cache(server: FaultServer, checkpoint: Checkpoint) -> None:
    workers = [start_worker(checkpoint) for _ in range(8)]
    for worker in workers:
        output, errors = worker.communicate(timeout=60)
        assert worker.returncode == 0, errors
        assert output.strip() == str(checkpoint.folder)
    assert checkpoint.is_right()
    assert server.requests[checkpoint.asset()] == 1  # seven waited for the first


def test_a_lock_that_is_held_for_ever_costs_traffic_only(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    checkpoint.folder.mkdir(parents=True)
    monkeypatch.setattr("ganzoo.store.cache._LOCK_WAIT_S", 0.3)
    with open(checkpoint.folder / ".lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        store.download(checkpoint.name, checkpoint.files)
    assert checkpoint.is_right()


def test_limit_on_the_size_of_files(checkpoint: Checkpoint) -> None:
    code, _, errors = run_worker(checkpoint, faults=["file-size"])
    assert code == 1
    one_line(errors, "DownloadError", "cannot write model.weights.h5", "File too large")
    assert not checkpoint.weights.exists()
    assert not checkpoint.partial_files()


def test_disk_full(
    small_disk: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANZOO_CACHE", str(small_disk))
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "No space left on device", "free some space", "GANZOO_CACHE")
    assert not list(small_disk.rglob("*.part"))
    assert not list(small_disk.rglob("model.weights.h5"))


@pytest.mark.skipif(sys.platform != "linux", reason="drops root's privileges as Linux does")
@pytest.mark.parametrize("state", ["warm", "cold", "half cold"])
def test_read_only_cache(state: str, checkpoint: Checkpoint) -> None:
    if state == "cold":
        checkpoint.cache.mkdir()
    else:
        checkpoint.fill()
    if state == "half cold":
        checkpoint.weights.unlink()
    folders = [checkpoint.cache, *(p for p in checkpoint.cache.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        code, output, errors = run_worker(checkpoint, faults=["no-privileges"])
    finally:
        for folder in folders:
            folder.chmod(0o755)
    if state == "warm":
        assert (code, output) == (0, str(checkpoint.folder))
        return
    assert code == 1
    one_line(errors, "DownloadError", "Permission denied", "GANZOO_CACHE")
    assert not checkpoint.weights.exists()


def test_cache_that_is_a_file(checkpoint: Checkpoint) -> None:
    checkpoint.cache.write_text("mine")
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "GANZOO_CACHE")
    assert checkpoint.cache.read_text() == "mine"


def test_offline_and_warm_opens_no_socket(server: FaultServer, checkpoint: Checkpoint) -> None:
    checkpoint.fill()
    code, output, errors = run_worker(checkpoint, faults=["no-sockets"], GANZOO_OFFLINE="1")
    assert code == 0, errors
    assert output.splitlines() == [str(checkpoint.folder), "0 sockets open"]
    assert not server.requests


def test_offline_and_cold_opens_no_socket(server: FaultServer, checkpoint: Checkpoint) -> None:
    code, _, errors = run_worker(checkpoint, faults=["no-sockets"], GANZOO_OFFLINE="1")
    assert code == 1
    one_line(errors, "OfflineError", "GANZOO_OFFLINE", "ganzoo download toy_mnist")
    assert not server.requests


def test_offline_from_a_mirror_folder(checkpoint: Checkpoint, tmp_path: Path) -> None:
    mirror = tmp_path / "a mirror"
    mirror.mkdir()
    for name, content in checkpoint.contents.items():
        (mirror / f"toy_mnist--{name}").write_bytes(content)
    environment = {"GANZOO_OFFLINE": "1", "GANZOO_WEIGHTS_URL": mirror.as_uri()}
    code, _, errors = run_worker(checkpoint, faults=["no-sockets"], **environment)
    assert code == 0, errors
    assert checkpoint.is_right()


def test_offline_must_be_yes_or_no(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANZOO_OFFLINE", "maybe")
    with pytest.raises(GanzooError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "GANZOO_OFFLINE must be 1 or 0")
