"""These tests run once per backend, in a process each: KERAS_BACKEND=jax pytest tests/backend."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.backend import kills

HERE = Path(__file__).parent
# What has no line of its own for a backend is tested in the usual run where nothing is compiled and
# on one backend that compiles; `pytest -m slow` has the other.
TURNS = {
    "jax": {
        "test_augmentation", "test_classics", "test_conditional", "test_detector",
        "test_fit_options", "test_growing", "test_quality",
    },
    "tensorflow": {
        "test_beams", "test_event_models", "test_members", "test_modulation", "test_new_layers",
        "test_preset_form", "test_watching",
    },
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what has its turn on another backend."""
    import keras

    own = keras.backend.backend()
    others = set().union(*(names for turn, names in TURNS.items() if turn != own))
    for item in items:
        if own in TURNS and item.path.parent == HERE and item.path.stem in others:
            item.add_marker(pytest.mark.slow)


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
