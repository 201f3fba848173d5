"""The same seed on TensorFlow, JAX and PyTorch: are the pictures the same, and how long it takes.

    python examples/three_backends/three_backends.py

A process has one backend, so the script starts one process for each that is installed.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from ganzoo import plots
from ganzoo.cli.script import Script

BACKENDS = ("tensorflow", "jax", "torch")


def sample(backend: str, name: str, n: int, seed: int, path: Path) -> tuple[np.ndarray, float]:
    """Return `n` samples drawn by `ganzoo sample` on a backend, and the seconds that it took."""
    start = time.monotonic()
    command = "from ganzoo.cli import main; main()"
    arguments = ["sample", name, "-n", str(n), "--seed", str(seed), "-o", str(path)]
    subprocess.run(
        [sys.executable, "-c", command, *arguments],
        env={**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return np.load(path), time.monotonic() - start


@click.command(cls=Script, help=__doc__)
@click.option("--name", default="dcgan_mnist", show_default=True)
@click.option("-n", "count", default=64, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path),
              default=Path("three_backends.png"), show_default=True)  # fmt: skip
def main(name: str, count: int, seed: int, output: Path) -> None:
    installed = [backend for backend in BACKENDS if importlib.util.find_spec(backend)]
    made: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as folder:
        for backend in installed:
            path = Path(folder) / f"{backend}.npy"
            made[backend], seconds = sample(backend, name, count, seed, path)
            print(f"{backend}: {count} samples in {seconds:.1f} s, start of Python included")
    first = installed[0]
    for backend in installed[1:]:
        most = np.abs(made[first] - made[backend]).max()
        print(f"{first} and {backend} differ by at most {most:.1e} (black to white is 2)")
    rows = np.concatenate([images[:10] for images in made.values()])
    plots.save(plots.grid(rows, min(10, count), scale=2), output)
    print(f"a row per backend, {', '.join(installed)}: {output}")


if __name__ == "__main__":
    main()
