"""Two devices, two halves of a CPU: the losses are those of one device."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CLOSE = 1e-5
# Instance norm of 2x2 pixels blows rounding up, from 1e-7 in the first step to 2.5e-4 in the tenth.
AFTER_INSTANCE_NORM = 1e-3
QUICK = ("dropout_and_batch_norm",)
MORE = ("plain", "penalty", "augmented", "conditional", "translation")


@pytest.fixture(scope="module")
def differences(tmp_path_factory) -> Any:
    """Return what device_worker.py found for a case; several cases per process."""
    found: dict[str, dict[str, float]] = {}

    def look_up(case: str) -> dict[str, float]:
        if case not in found:
            path = tmp_path_factory.mktemp("devices") / "found.json"
            (together,) = (names for names in (QUICK, MORE) if case in names)
            done = subprocess.run(
                [sys.executable, "-m", "tests.backend.device_worker", str(path), *together],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                timeout=500,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            found.update(json.loads(path.read_text(encoding="utf-8")))
        return found[case]

    return look_up


@pytest.mark.parametrize(
    "case", [*QUICK, *(pytest.param(case, marks=pytest.mark.slow) for case in MORE)]
)
def test_ten_steps_on_two_devices_have_the_losses_of_one(case, differences):
    found = differences(case)
    close = AFTER_INSTANCE_NORM if case == "translation" else CLOSE
    assert found["losses"] < close
    assert found["evaluated"] < close
    assert found["samples"] < 10 * close
    assert found["spread"] == 0.0
