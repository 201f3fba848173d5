"""The shipped checkpoints: equal on all backends, each backend in a process of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganzoo.environment import installed_backends
from ganzoo.events import files as event_files
from ganzoo.presets import find
from ganzoo.presets.folder import TOLERANCE
from ganzoo.zoo import registry

PRETRAINED = registry.list_models(pretrained=True)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> dict[str, dict[str, np.ndarray]]:
    """64 samples of every checkpoint by every backend, through the command line."""
    folder = tmp_path_factory.mktemp("parity")
    drawn: dict[str, dict[str, np.ndarray]] = {}
    for backend in installed_backends():
        for name, sample in draw(folder, backend).items():
            drawn.setdefault(name, {})[backend] = sample
    return drawn


SAMPLE_EACH = """
import sys
from ganzoo.cli import main
for name, output in zip(sys.argv[1::2], sys.argv[2::2]):
    main(["sample", name, "-n", "64", "--seed", "0", "-o", output], standalone_mode=False)
"""


def draw(folder: Path, backend: str) -> dict[str, np.ndarray]:
    """Run `ganzoo sample` for each checkpoint, in one process of a backend; return the samples."""
    events = {name: find.resolve(name).task == "events" for name in PRETRAINED}
    outputs = {
        name: folder / f"{name}-{backend}.{'npz' if events[name] else 'npy'}" for name in PRETRAINED
    }
    arguments = [str(part) for pair in outputs.items() for part in pair]
    subprocess.run(
        [sys.executable, "-c", SAMPLE_EACH, *arguments],
        env={**os.environ, "KERAS_BACKEND": backend},
        check=True,
        timeout=600,
    )
    return {
        name: event_files.read(path).momenta if events[name] else np.load(path)
        for name, path in outputs.items()
    }


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
    "name", [name for name in PRETRAINED if find.resolve(name).task != "events"]
)
def test_samples_are_pictures(samples, name):
    for drawn in samples[name].values():
        assert drawn.shape == (64, *registry.entry(name).config["image_shape"])
        assert np.isfinite(drawn).all()
        assert -1.0 <= drawn.min() < -0.9
        assert 0.9 < drawn.max() <= 1.0
        assert drawn.std(axis=0).mean() > 0.1  # not one picture 64 times
