"""`torchrun -m ganzoo train`: two processes train what one does, and a killed one loses nothing."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo.data import electrons

ROOT = Path(__file__).parents[2]
TORCH = keras.backend.backend() == "torch"
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "ganzoo")
only_torch = pytest.mark.skipif(not TORCH, reason="only PyTorch trains in several processes")


def start(*arguments: Any, several: bool) -> subprocess.Popen[str]:
    command = [sys.executable, *(TORCHRUN if several else ("-m", "ganzoo")), *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def train(*arguments: Any, several: bool) -> str:
    output, _ = (process := start("train", *arguments, several=several)).communicate(timeout=300)
    assert process.returncode == 0, output
    return output


def losses(folder: Path) -> dict[str, float]:
    with open(folder / "losses.csv", newline="") as file:
        *_, last = csv.DictReader(file)
    return {name: float(value) for name, value in last.items() if value not in ("", "NA")}


@pytest.fixture
def own_data(tmp_path: Path) -> dict[str, tuple[Any, ...]]:
    """By family, what it is trained on."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    random = np.random.default_rng(0)
    for number in range(16):
        pixels = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(pictures / f"{number}.png")
    momenta = electrons().momenta[:4000]
    np.savetxt(tmp_path / "events.csv", momenta, delimiter=",", header="px,py,pz", comments="")
    return {
        "DCGAN": ("--data", pictures, "--size", 16),
        "FATGAN": ("--data", tmp_path / "events.csv", "--unit", "GeV", "--beam", 50, 50),
    }


@only_torch
@pytest.mark.parametrize("family", ["DCGAN", pytest.param("FATGAN", marks=pytest.mark.slow)])
def test_two_processes_have_the_losses_of_one(family, own_data, tmp_path):
    folders = {several: tmp_path / f"{several}" for several in (False, True)}
    for several, folder in folders.items():
        said = train(family, *own_data[family], "--steps", 4, "-o", folder, several=several)
        assert said.count("Done. Use it with") == 1
        assert said.count("Stops after 4 steps") == 1
    alone, together = (losses(folder) for folder in folders.values())
    assert alone.keys() == together.keys()
    assert together == pytest.approx(alone, abs=1e-5)
    first, second = (ganzoo.load(folder / "preset") for folder in folders.values())
    for one, other in zip(first.generator.weights, second.generator.weights, strict=True):
        assert np.abs(one.numpy() - other.numpy()).max() < 1e-4


@only_torch
@pytest.mark.slow
def test_a_killed_process_ends_all_and_the_training_goes_on(own_data, tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    options = (*own_data["DCGAN"], "--save-steps", 5)
    train("DCGAN", *options, "--steps", 30, "-o", whole, several=True)
    process = start("train", "DCGAN", *options, "-o", cut, several=True)
    deadline = time.monotonic() + 200
    while not [*cut.glob("states/state-*-*/manifest.json")]:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[1]), signal.SIGKILL)
    output, _ = process.communicate(timeout=200)
    assert process.returncode != 0, output
    assert not (cut / "preset").exists()
    done = max(int(path.name[-6:]) for path in cut.glob("states/state-*"))
    assert done < 250
    if done >= 30:
        pytest.skip(f"the process was killed late, after step {done}")
    said = train("-o", cut, "--resume", "--steps", 30, several=True)
    assert said.count("Resuming after step") == 1
    first, second = (ganzoo.load(folder / "preset") for folder in (whole, cut))
    for one, other in zip(first.generator.weights, second.generator.weights, strict=True):
        assert np.array_equal(one.numpy(), other.numpy())


@pytest.mark.skipif(TORCH, reason="PyTorch trains in several processes")
def test_other_backends_refuse_several(monkeypatch, tmp_path):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")
    command = [sys.executable, "-m", "ganzoo", "train", "gan_mnist", "-o", str(tmp_path / "run")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: torchrun has begun 2 processes, and only PyTorch trains in")
