"""A mirror on 127.0.0.1, small archives of the sources' layouts, and a folder for the data."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ganzoo.data.downloads import Download
from ganzoo.store import fetch as _fetch
from tests.faults.fault_server import FaultServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server that GANZOO_DATA_URL names."""
    for variable in [*os.environ]:
        if variable.lower().endswith("_proxy"):
            monkeypatch.delenv(variable)
    monkeypatch.delenv("GANZOO_OFFLINE", raising=False)
    monkeypatch.setattr(_fetch, "TIMEOUT_S", 1.0)
    monkeypatch.setattr(_fetch, "BACKOFF_S", 0.01)
    with FaultServer() as running:
        monkeypatch.setenv("GANZOO_DATA_URL", running.url)
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that GANZOO_DATA names; it is not there yet."""
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def serve(server: FaultServer, folder: Path) -> Callable[..., Download]:
    """Put a file on the server; return the download of it, by default with its hash.

    The folder of the data is one of the test's own.
    """

    def served(name: str, content: bytes, hashed: bool = True) -> Download:
        server.files[f"/{name}"] = content
        digest = hashlib.sha256(content).hexdigest() if hashed else ""
        size = len(content) if hashed else 1 << 24
        return Download(name, ("https://nowhere.invalid/",), size, digest)

    return served
