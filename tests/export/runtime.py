"""The runtime of pages for tests: the npm package, fetched once by npm into the user's cache."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pooch
import pytest

from ganzoo.export.page.runtime import RUNTIME, VERSION

PACKAGE = f"onnxruntime-web@{VERSION}"


def runtime_files() -> Path:
    """Return a folder of the registered files; the test is skipped where npm cannot get them."""
    folder = Path(pooch.os_cache("ganzoo-tests")) / RUNTIME.name
    if not all((folder / file.name).is_file() for file in RUNTIME.files):
        _unpack(folder)
    return folder


def _unpack(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, which fetches onnxruntime-web for these tests")
    with tempfile.TemporaryDirectory() as made:
        command = [npm, "pack", PACKAGE, "--silent"]
        done = subprocess.run(command, cwd=made, capture_output=True, timeout=300)
        packed = [*Path(made).glob("*.tgz")]
        if done.returncode or not packed:
            pytest.skip(f"`npm pack {PACKAGE}` gives no package here")
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed[0]) as archive:
            for file in RUNTIME.files:
                member = archive.extractfile(f"package/dist/{file.name}")
                assert member is not None
                partial = folder / f".{file.name}.part"
                partial.write_bytes(member.read())
                partial.replace(folder / file.name)
