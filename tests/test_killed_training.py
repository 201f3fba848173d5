"""A real training that is killed five times: `pytest -m slow tests/test_killed_training.py`."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import ganzoo

STEPS = int(os.environ.get("GANZOO_STEPS", "200"))
# The recipe's dtype by default; processors without bfloat16 are ten times faster in float32.
DTYPE = os.environ.get("GANZOO_DTYPE")
KILLS = 5


def start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start `ganzoo train dcgan_mnist`."""
    program = "from ganzoo.cli import main; main()"
    command = [sys.executable, "-c", program, "train", "dcgan_mnist", "-o", str(folder)]
    fixed = ["--steps", str(STEPS), "--save-steps", "3", "--quiet"]
    fixed += ["--dtype", DTYPE] if DTYPE else []
    return subprocess.Popen([*command, *fixed, *options])


def wait_for(folder: Path, step: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the training has saved this step."""
    while not any(path.name >= f"state-000000-{step:06d}" for path in folder.glob("states/s*")):
        assert process.poll() is None, f"ended before step {step}"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_dcgan_mnist_killed_five_times_is_the_one_that_was_not(data_folder, tmp_path: Path):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    assert start(straight).wait() == 0
    for turn in range(KILLS):
        process = start(killed, *(["--resume"] if turn else []))
        wait_for(killed, 1 + turn * (STEPS - 6) // KILLS, process)
        time.sleep(random.random())
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert start(killed, "--resume").wait() == 0
    a, b = ganzoo.load(straight / "preset"), ganzoo.load(killed / "preset")
    for left, right in zip(a.get_weights(), b.get_weights(), strict=True):
        assert np.array_equal(left, right)
    assert (straight / "losses.csv").read_text() == (killed / "losses.csv").read_text()
