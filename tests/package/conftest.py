"""The sdist and the wheel, built from a copy of the sources: nothing is left in the checkout."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The build's date is that of every file in it, so that two wheels of the same content are equal.
REPRODUCIBLE = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout."""
    sources = tmp_path_factory.mktemp("distributions") / "sources"
    ignore = shutil.ignore_patterns("__pycache__", ".*", "runs", "build", "dist", "*.egg-info")
    shutil.copytree(ROOT, sources, ignore=ignore)
    return sources


@pytest.fixture(scope="session")
def sdist(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, as a file."""
    return build("sdist", sources, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, as a file."""
    return build("wheel", sources, tmp_path_factory.mktemp("wheel"))


def build(kind: str, sources: Path, folder: Path) -> Path:
    """Build an "sdist" or a "wheel" by the interface that pip uses; return the file."""
    if int(importlib.metadata.version("setuptools").partition(".")[0]) < 77:
        pytest.skip(
            "setuptools in this environment is older than 77, which pyproject.toml asks for"
        )
    code = f"from setuptools import build_meta; build_meta.build_{kind}({str(folder)!r})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=sources, env=REPRODUCIBLE, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built
