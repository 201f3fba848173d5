"""The count of faults in the summary, and what the fault tests share."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer
from harness import Checkpoint

from ganzoo.store import fetch as _fetch
from ganzoo.zoo import registry
from ganzoo.zoo.forms import File


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many faults were tried and survived."""
    counts = {
        outcome: sum(
            "fault" in getattr(report, "keywords", ())
            for report in terminalreporter.stats.get(outcome, ())
            if getattr(report, "when", "call") == "call" or outcome in ("error", "skipped")
        )
        for outcome in ("passed", "failed", "error", "skipped")
    }
    tried = counts["passed"] + counts["failed"] + counts["error"]
    skipped = f", {counts['skipped']} could not be tried here" if counts["skipped"] else ""
    terminalreporter.write_line(f"faults survived: {counts['passed']} of {tried} tried{skipped}")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server on 127.0.0.1 that misbehaves as told."""
    with FaultServer() as running:
        yield running


@pytest.fixture
def checkpoint(server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """A registered checkpoint of random bytes that the server has, and an empty cache."""
    generator = random.Random(3)
    sizes = {"config.json": 400, "model.weights.h5": 300_000, "probe.npz": 5000}
    contents = {name: generator.randbytes(size) for name, size in sizes.items()}
    files = tuple(
        File(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    )
    for name, content in contents.items():
        server.files[f"/toy_mnist--{name}"] = content
    for variable in list(os.environ):
        if variable.lower().endswith("_proxy"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", server.url)
    monkeypatch.delenv("GANZOO_OFFLINE", raising=False)
    monkeypatch.setattr(_fetch, "TIMEOUT_S", 1.0)
    monkeypatch.setattr(_fetch, "BACKOFF_S", 0.02)
    monkeypatch.setattr(registry, "checkpoints", lambda: {"toy_mnist": files})
    return Checkpoint("toy_mnist", files, contents, tmp_path / "cache")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command")
    if done.returncode:
        pytest.skip("mounting a small tmpfs is not permitted")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="session")
def right_preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A preset folder of a small DCGAN, as ganzoo writes it."""
    from ganzoo import zoo

    folder = tmp_path_factory.mktemp("presets") / "tiny_dcgan"
    gan = registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny)
    gan.save_to_preset(folder)
    return folder
