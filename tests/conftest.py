"""Set-up for all tests: quiet TensorFlow, and where the real data are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests import turns

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# On JAX nearly all the time would go into optimising programs that run a few times.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false")  # compiles in half of it
# JAX compiles a program once per function; each new model is one, and the same program as the last.
_programs = tempfile.TemporaryDirectory(prefix="ganzoo-jax-")  # removed as the process ends
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", _programs.name)
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what has its turn on another backend."""
    turns.take(items)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data that GANZOO_DATA names; the test is skipped without it."""
    folder = os.environ.get("GANZOO_DATA")
    if not folder:
        pytest.skip("GANZOO_DATA is not set: name a folder with mnist/ and fashion_mnist/ in it")
    return Path(folder)
