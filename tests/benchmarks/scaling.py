"""A DCGAN's step against batch, image size and width: time, memory, and how far from a limit.

The limit is the fastest of nine matrix products of the same framework on the same cores. Each point
is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.timing import interleaved

NAME = "dcgan_mnist"
# What is varied, one thing at a time; the rest is the recipe's: batch 64, side 28, width 1.
POINTS: dict[str, tuple[float, ...]] = {
    "batch": (16, 32, 64, 128),
    "side": (20, 28, 40, 56),
    "width": (0.25, 0.5, 1, 2),
}
_MATRIX = 1536


def measured(backend: str, batch: int = 64, side: int = 28, width: float = 1.0) -> dict[str, Any]:
    """Return one point, measured in a process of its own."""
    line = [sys.executable, "-m", "tests.benchmarks.scaling", str(batch), str(side), str(width)]
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(line, check=True, env=environment, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def scaling(backends: tuple[str, ...], points: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    """Return for each backend and each thing that is varied a list of points."""
    return {
        backend: {
            what: [{what: value, **measured(backend, **{what: value})} for value in values]  # type: ignore[arg-type]
            for what, values in points.items()
        }
        for backend in backends
    }


def arithmetic(gan: Any) -> float:
    """Return the floating-point operations of a simultaneous step per example.

    With G and D for one forward pass: the generator forward and back, 3 G; the discriminator
    forward and back on real and generated examples, 6 D; back through it to the generator, 1 D.
    What is not a matrix product (norms, activations, Adam) is left out, and so are products with
    the margins of images.
    """
    return 3 * sum(map(_forward, gan.generator.layers)) + 7 * sum(
        map(_forward, gan.discriminator.layers)
    )


def _forward(layer: Any) -> float:
    from keras import layers

    if isinstance(layer, layers.Dense):
        return 2.0 * math.prod(layer.kernel.shape)
    if not isinstance(layer, layers.Conv2D | layers.Conv2DTranspose):
        return 0.0
    small, large = layer.output, layer.input
    if isinstance(layer, layers.Conv2DTranspose):
        small, large = large, small
    axes = zip(
        small.shape[1:3], large.shape[1:3], layer.kernel.shape, layer.strides, strict=False
    )  # a kernel's shape is (rows, columns, channels, channels)
    return 2.0 * math.prod(layer.kernel.shape[2:]) * math.prod(map(_products, axes))


def _products(axis: tuple[int, int, int, int]) -> int:
    """Return how often a weight of a kernel's axis meets an image: not where it meets a margin."""
    small, large, kernel, stride = axis
    before = max((small - 1) * stride + kernel - large, 0) // 2
    places = (step * stride - before + tap for step in range(small) for tap in range(kernel))
    return sum(0 <= place < large for place in places)


def _median(job: Callable[[], Any], rounds: int) -> float:
    return statistics.median(interleaved({"job": job}, rounds)["job"])


def _peak_of_products() -> float:
    """Return operations per second of a product of two matrices of _MATRIX rows, in float32."""
    import numpy as np
    from keras import ops

    a = ops.convert_to_tensor(np.ones((_MATRIX, _MATRIX), np.float32))
    job = {"job": lambda: ops.convert_to_numpy(ops.matmul(a, a)[0, 0])}
    return 2.0 * _MATRIX**3 / min(interleaved(job, 9)["job"])


def point(batch: int, side: int, width: float) -> dict[str, Any]:
    """Return seconds per step, peak memory, arithmetic, and the share of the products' speed."""
    from ganzoo import zoo
    from tests.benchmarks import portable

    config = zoo.ENTRIES[NAME].config
    changes = {
        "image_shape": (side, side, 1),
        **{
            key: tuple(int(filters * width) for filters in config[key])
            for key in ("generator_filters", "discriminator_filters")
        },
    }
    gan = portable.model(NAME, changes=changes)
    (data,) = portable.batches(NAME, batch, 1, image_shape=(side, side, 1))
    step = portable.BareStep(gan)
    seconds = _median(lambda: step.run([data]), 5)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    operations, peak = batch * arithmetic(gan), _peak_of_products()
    return {
        "seconds": seconds,
        "peak MiB": memory,
        "GFLOP": operations / 1e9,
        "products GFLOP/s": peak / 1e9,
        "share": operations / seconds / peak,
    }


def picture(found: dict[str, Any], path: Path) -> None:
    """Draw seconds per step, peak memory and the share of the products' speed."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    varied = list(next(iter(found.values())))
    figure, axes = plt.subplots(3, len(varied), figsize=(3.4 * len(varied), 8), squeeze=False)
    labels = ("seconds", "peak MiB", "share")
    for column, what in enumerate(varied):
        for row, label in enumerate(labels):
            panel = axes[row, column]
            for backend, curves in found.items():
                xs, ys = zip(*((p[what], p[label]) for p in curves[what]), strict=True)
                panel.plot(xs, ys, "o-", label=backend)
            panel.set(xscale="log", xlabel=what, ylabel=label if not column else "")
            panel.set_xticks(xs, [f"{x:g}" for x in xs], minor=False)
            panel.minorticks_off()
            panel.set(**({"yscale": "log"} if label == "seconds" else {"ylim": (0, None)}))
    axes[0, 0].legend()
    figure.tight_layout()
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    print(json.dumps(point(int(float(sys.argv[1])), int(float(sys.argv[2])), float(sys.argv[3]))))
