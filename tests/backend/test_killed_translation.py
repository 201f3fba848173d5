"""Translators on real glyphs, killed in the middle: `pytest -m slow tests/backend`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo.presets import folder as presets

STEPS = int(os.environ.get("GANZOO_STEPS", "40"))


def run(family: str, folder: Path, *options: str) -> int:
    """Train in a process of its own; return its exit status."""
    command = [sys.executable, "-m", "tests.backend.translation_worker", family, str(folder)]
    return subprocess.run([*command, "--steps", str(STEPS), *options], check=False).returncode


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("family", ["pix2pix", "cyclegan", "zi2zi"])
def test_killed_and_resumed_is_the_one_that_was_not(family, data_folder, tmp_path: Path):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    assert run(family, straight) == 0
    assert run(family, killed, "--die-after", str(STEPS // 2 + 3)) == -signal.SIGKILL
    assert run(family, killed) == 0
    pair = [np.load(folder / "weights.npz") for folder in (straight, killed)]
    assert pair[0].files == pair[1].files
    assert all(np.array_equal(pair[0][name], pair[1][name]) for name in pair[0].files)
    loaded = ganzoo.load(straight / "preset")
    assert presets.check_probe(loaded, straight / "preset") <= 1e-4
    whole = keras.saving.load_model(straight / "gan.keras")
    inputs = loaded.probe_inputs()
    for name, output in whole.probe(inputs).items():
        assert np.allclose(output, loaded.probe(inputs)[name], atol=1e-5)
