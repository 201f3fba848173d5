"""The shipped checkpoints: equal on all backends, each backend in a process of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganzoo import event_files, registry
from ganzoo.environment import installed_backends
from ganzoo.presets import TOLERANCE

PRETRAINED = registry.list_models(pretrained=True)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, dict[str, np.ndarray]]:
    """64 samples of every checkpoint by every backend, through the command line."""
    folder = tmp_path_factory.mktemp("parity")
    drawn: dict[str, dict[str, np.ndarray]] = {}
    for backend, name in itertools.product(installed_backends(), PRETRAINED):
        drawn.setdefault(name, {})[backend] = draw(folder, backend, name)
    return drawn


def draw(folder: Path, backend: str, name: str) -> np.ndarray:
    """Run `ganzoo sample` and return what it wrote."""
    events = registry.data_kind(name) == "events"
    output = folder / f"{name}-{backend}.{'npz' if events else 'npy'}"
    command = [sys.executable, "-c", "from ganzoo.cli import main; main()", "sample", name]
    subprocess.run(
        [*command, "-n", "64", "--seed", "0", "-o", str(output)],
        env={**os.environ, "KERAS_BACKEND": backend},
        check=True,
        timeout=300,
    )
    return event_files.read(output).momenta if events else np.load(output)


@pytest.mark.parametrize("name", PRETRAINED)
def test_same_samples_on_all_backends(samples, name):
    if len(samples[name]) < 2:
        pytest.skip("needs two backends; installed: " + ", ".join(samples[name]))
    differences = {
        f"{a}-{b}": float(np.abs(samples[name][a] - samples[name][b]).max())
        for a, b in itertools.combinations(samples[name], 2)
    }
    print(f"{name}: largest differences {differences}")
    assert max(differences.values()) <= TOLERANCE


@pytest.mark.parametrize(
    "name", [name for name in PRETRAINED if registry.data_kind(name) == "images"]
)
def test_samples_are_pictures(samples, name):
    for drawn in samples[name].values():
        assert drawn.shape == (64, *registry.entry(name).config["image_shape"])
        assert np.isfinite(drawn).all()
        assert -1.0 <= drawn.min() < -0.9
        assert 0.9 < drawn.max() <= 1.0
        assert drawn.std(axis=0).mean() > 0.1  # not one picture 64 times
