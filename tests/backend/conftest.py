"""These tests run once per backend, in a process each: KERAS_BACKEND=jax pytest tests/backend."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.backend import kills


def pytest_report_header() -> str:
    """Say which backend is under test."""
    return f"KERAS_BACKEND: {os.environ.get('KERAS_BACKEND', '(default)')}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many trainings were killed and went on."""
    if kills.count["tried"]:
        backend = os.environ.get("KERAS_BACKEND", "the default backend")
        survived = f"{kills.count['survived']} of {kills.count['tried']} tried"
        terminalreporter.write_line(f"kills survived on {backend}: {survived}")


@pytest.fixture(autouse=True)
def _seeded() -> None:
    import keras

    keras.utils.set_random_seed(20)
    keras.config.set_dtype_policy("float32")
