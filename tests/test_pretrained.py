"""The shipped checkpoints: equal on all backends, each backend in a process of its own.

One of each task is drawn in the usual run, by PyTorch and, in turns, by one of the others, as
`tests/backend/test_probes.py` compares the networks; all are drawn by all in the slow one.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganzoo import tasks
from ganzoo.environment import installed_backends
from ganzoo.events import files as event_files
from ganzoo.presets import find
from ganzoo.presets.folder import TOLERANCE
from ganzoo.zoo import registry

PRETRAINED = registry.list_models(pretrained=True)
FIRST = {find.resolve(name).task: name for name in reversed(PRETRAINED)}.values()
OTHERS = ("jax", "tensorflow")
# What draws all; the others are compared with it.
HUB = next(name for name in ("torch", *OTHERS) if name in installed_backends())


def each(names: Iterable[str]) -> list[Any]:
    """Return the names as parameters, slow where another one has the same task."""
    return [pytest.param(n, marks=() if n in FIRST else pytest.mark.slow) for n in names]


def with_each_other_backend() -> list[Any]:
    """Return names and backends beside PyTorch; not slow are the first of each task, in turns."""
    turns = dict(zip(FIRST, itertools.cycle(OTHERS), strict=False))
    return [
        pytest.param(name, other, marks=() if turns.get(name) == other else pytest.mark.slow)
        for name, other in itertools.product(PRETRAINED, OTHERS)
    ]


@pytest.fixture(scope="module")
def samples(request, tmp_path_factory) -> dict[str, dict[str, np.ndarray]]:
    """16 samples of every checkpoint that is asked for, by its backends, by the command line."""
    folder = tmp_path_factory.mktemp("parity")
    items = [item for item in request.session.items if "samples" in item.fixturenames]
    asked = [item.callspec.params for item in items]
    drawn: dict[str, dict[str, np.ndarray]] = {}
    for backend in installed_backends():
        names = {one["name"] for one in asked if backend in (HUB, one.get("other"))}
        for name, sample in draw(sorted(names), folder, backend).items():
            drawn.setdefault(name, {})[backend] = sample
    return drawn


SAMPLE_EACH = """
import sys
DRAWN = ["-n", "16", "--seed", "0"]
from ganzoo.cli import main
for name, given, output in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    what = ["translate", name, *given.split(",")] if given else ["sample", name, *DRAWN]
    main([*what, "-o", output], standalone_mode=False)
"""


def draw(names: Sequence[str], folder: Path, backend: str) -> dict[str, np.ndarray]:
    """Run `ganzoo sample` or `translate` for each checkpoint, in one process of a backend."""
    events = {name: makes(name, "events") for name in names}
    given = {name: sources(name, folder) for name in names}
    outputs = {
        name: folder / f"{name}-{backend}.{'npz' if events[name] else 'npy'}" for name in names
    }
    arguments = [str(part) for name in names for part in (name, given[name], outputs[name])]
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


def makes(name: str, *what: str) -> bool:
    return tasks.get(find.resolve(name).task).makes in what


def sources(name: str, folder: Path) -> str:
    """Return a file of 16 drawings, and further arguments, of what to translate; "" to sample."""
    config = registry.entry(name).config
    known = tasks.get(find.resolve(name).task).commands.get("translate")
    if known is None:
        return ""
    random, path = np.random.default_rng(0), folder / f"{name}-sources.npy"
    scale = config.get("scale", 1)
    height, width, channels = config.get("source_shape") or shape_of(name)
    height, width = height // scale, width // scale
    drawn = np.full((16, height, width, channels), -1.0, "float32")
    for picture in drawn:  # a few strokes
        for row, column in random.integers(4, (height - 8, width - 20), (4, 2)):
            picture[row : row + 3, column : column + 16] = 1.0
    np.save(path, drawn)
    return f"{path},--mask,center" if "--mask" in known else str(path)


def shape_of(name: str) -> tuple[int, ...]:
    config = registry.entry(name).config
    if "source_shape" in config:
        return (*config["source_shape"][:2], config["channels"])
    if "scale" in config:  # takes pictures of any size
        return (24 * config["scale"], 32 * config["scale"], config["channels"])
    shape = config.get("image_shape") or config.get("data_shape")
    return tuple(shape or (*config["image_size"], 3))


@pytest.mark.parametrize(("name", "other"), with_each_other_backend())
def test_same_samples_on_all_backends(samples, name, other):
    if len(samples[name]) < 2:
        pytest.skip(f"needs two backends; {other} is not installed beside {HUB}")
    differences = {
        f"{a}-{b}": float(np.abs(samples[name][a] - samples[name][b]).max())
        for a, b in itertools.combinations(samples[name], 2)
    }
    print(f"{name}: largest differences {differences}")
    assert max(differences.values()) <= TOLERANCE


@pytest.mark.parametrize("name", each(n for n in PRETRAINED if not makes(n, "events", "lines")))
def test_samples_are_pictures(samples, name):
    for drawn in samples[name].values():
        height, width, channels = shape_of(name)
        side_by_side = len(registry.entry(name).config.get("styles", [None]))
        if find.resolve(name).task == "coupled":
            side_by_side = 2
        assert drawn.shape == (16, height, width * side_by_side, channels)
        assert np.isfinite(drawn).all()
        assert -1.0 <= drawn.min() < -0.9
        assert 0.9 < drawn.max() <= 1.0
        assert drawn.std(axis=0).mean() > 0.1  # not one picture 16 times
