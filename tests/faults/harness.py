"""What the fault tests share: the toy checkpoint, worker processes, and the command line."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ganzoo.cli import main
from ganzoo.store import cache as _cache
from ganzoo.zoo.forms import File

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Checkpoint:
    """A registered checkpoint, its right contents and the cache that it belongs to."""

    name: str
    files: tuple[File, ...]
    contents: Mapping[str, bytes]
    cache: Path

    @property
    def folder(self) -> Path:
        """The checkpoint's folder in the cache, which need not exist."""
        return _cache.checkpoint_path(self.name, self.files)

    @property
    def weights(self) -> Path:
        """The weights file's place in the cache."""
        return self.folder / "model.weights.h5"

    def asset(self, file: str = "model.weights.h5") -> str:
        """The file's path on the server."""
        return f"/{self.name}--{file}"

    def fill(self) -> None:
        """Put the right files into the cache."""
        self.folder.mkdir(parents=True)
        (self.cache / "checkpoints" / _cache.TAG_NAME).write_text("", "ascii")
        for name, content in self.contents.items():
            (self.folder / name).write_bytes(content)

    def is_right(self) -> bool:
        """Whether the cache holds exactly the right files and nothing partial."""
        found = {path.name for path in self.folder.iterdir()} - {".lock"}
        return found == set(self.contents) and all(
            (self.folder / name).read_bytes() == content for name, content in self.contents.items()
        )

    def partial_files(self) -> list[Path]:
        """Files that a transfer left behind."""
        return sorted(self.cache.rglob("*.part"))

    def largest_partial(self) -> int:
        """Return the bytes of the largest unfinished download; one may be finished meanwhile."""
        sizes = [0]
        for path in self.partial_files():
            with contextlib.suppress(FileNotFoundError):
                sizes.append(path.stat().st_size)
        return max(sizes)


def one_line(error: BaseException | str, *parts: str) -> None:
    """Assert that a message is one actionable line that holds these parts."""
    text = str(error)
    assert text
    assert "\n" not in text
    assert "Traceback" not in text
    for part in parts:
        assert part in text, text


def command_line(*arguments: str) -> Result:
    """Run `ganzoo ARGUMENTS` in this process."""
    return CliRunner().invoke(main, list(arguments))


def start_worker(
    checkpoint: Checkpoint,
    *,
    faults: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    **environment: str,
) -> subprocess.Popen[str]:
    """Start a process that asks the store for the checkpoint's folder; see `worker.py`."""
    job = {
        "name": checkpoint.name,
        "files": [asdict(file) for file in checkpoint.files],
        "faults": list(faults),
        "settings": {"TIMEOUT_S": 2.0, "BACKOFF_S": 0.02, **(settings or {})},
    }
    return subprocess.Popen(
        [sys.executable, str(WORKER), json.dumps(job)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_worker(checkpoint: Checkpoint, **options: Any) -> tuple[int, str, str]:
    """Run a worker to its end; return exit code, output and error output."""
    worker = start_worker(checkpoint, **options)
    output, errors = worker.communicate(timeout=60)
    return worker.returncode, output.strip(), errors.strip()
