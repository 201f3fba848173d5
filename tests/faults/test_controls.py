"""What is right is accepted, and the tools that prove a fault do see one: these are no faults."""

from __future__ import annotations

import json
from pathlib import Path

from fault_server import FaultServer
from harness import Checkpoint, command_line, run_worker
from test_config import config

from ganzoo.errors import GanzooError
from ganzoo.presets import preflight
from ganzoo.store import checkpoints as store


def test_right_config_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config()))
    assert preflight.check_config(path) == config()


def test_online_does_open_a_socket(checkpoint: Checkpoint) -> None:
    """The hook that proves that no socket is opened offline catches the same worker online."""
    code, _, errors = run_worker(checkpoint, faults=["no-sockets"])
    assert code == 99
    assert "SOCKET USED" in errors


def test_download_verify_cache_clear(server: FaultServer, checkpoint: Checkpoint) -> None:
    assert command_line("verify").exit_code == 1
    done = command_line("download", "toy_mnist")
    assert (done.exit_code, done.stdout) == (0, f"toy_mnist: {checkpoint.folder}\n")
    assert checkpoint.is_right()
    verified = command_line("verify", "toy_mnist")
    assert verified.exit_code == 0
    assert verified.stdout.count("  ok\n") == len(checkpoint.files)
    requests = server.requests.total()
    assert command_line("download", "--all").exit_code == 0
    assert server.requests.total() == requests  # what is there is not fetched again
    assert "0.3 MB" in command_line("cache").stdout
    assert command_line("cache", "--clear").exit_code == 0
    assert not checkpoint.folder.exists()


def test_files_that_loading_does_not_need_are_not_fetched(
    server: FaultServer, checkpoint: Checkpoint
) -> None:
    card = type(checkpoint.files[0])("README.md", 10, "0" * 64)
    store.download(checkpoint.name, [*checkpoint.files, card])
    assert not server.requests[checkpoint.asset("README.md")]


def test_progress_reaches_the_size(checkpoint: Checkpoint) -> None:
    last: dict[str, tuple[int, int]] = {}

    def progress(name: str, file: str, done: int, size: int) -> None:
        assert name == checkpoint.name
        last[file] = (done, size)

    store.download(checkpoint.name, checkpoint.files, progress)
    assert last == {file.name: (file.size, file.size) for file in checkpoint.files}


def test_help_teaches() -> None:
    for command in ("download", "verify", "cache"):
        result = command_line(command, "--help")
        assert result.exit_code == 0
        assert "Examples:" in result.stdout


def test_errors_are_also_what_python_users_expect() -> None:
    from ganzoo import errors

    assert issubclass(errors.DownloadError, OSError)
    assert issubclass(errors.PresetError, ValueError)
    assert issubclass(errors.IntegrityError, GanzooError)
