"""A file that was exported, run in its own runtime beside the network of Keras."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.errors import ExportError
from ganzoo.game.run import run

ROWS = 32
TOLERANCE, TOLERANCE_HALF = 1e-4, 1e-2
_REPEATS = 3
Runner = Callable[[Sequence[np.ndarray]], Sequence[np.ndarray]]


@dataclass(frozen=True)
class Probe:
    """What a preset says that its model must give.

    Attributes:
        stated: Outputs that go by the network's name, float32, or None.
        check: Holds the whole model to the preset's probe.
    """

    stated: np.ndarray | None
    check: Callable[[], Any]


@dataclass(frozen=True)
class Compared:
    """How a file compares with the network of Keras.

    Attributes:
        difference: The largest absolute one of all outputs, as a share of the largest output
            where that is above 1.
        runtime_ms: Milliseconds per example in the file's runtime, in batches of 32; the best of 3.
        keras_ms: The same by Keras on the backend.
    """

    difference: float
    runtime_ms: float
    keras_ms: float


def compare(
    runner: Runner,
    network: Any,
    inputs: Sequence[np.ndarray],
    tolerance: float,
    probe: Probe | None = None,
) -> Compared:
    """Hold a file to its network on a batch of all rows, on one of 3, and on a single row.

    Args:
        runner: From a list of inputs to the list of the file's outputs.
        network: The `keras.Model`.
        inputs: Arrays of equally many rows.
        tolerance: The largest difference that may be.
        probe: Of the model's preset, whose inputs are the first rows.

    Raises:
        ExportError: They differ by more, or in shape, or the file gives what is not finite.
    """
    rows = len(inputs[0])

    def by_keras() -> list[np.ndarray]:
        made = run(network, *inputs, batch_size=rows)
        return made if isinstance(made, list) else [made]

    wanted = by_keras()
    worst = 0.0
    for some in (rows, min(3, rows), 1):
        made = runner([array[:some] for array in inputs])
        worst = max(worst, *(_difference(a, b[:some]) for a, b in zip(made, wanted, strict=True)))
        if some == rows and probe is not None:
            worst = max(worst, _from_probe(probe, wanted[0], made[0]))
    if not worst <= tolerance:
        raise ExportError(
            f"The file gives other numbers than the network: they differ by {worst:.2g}, and "
            f"{tolerance:g} is accepted. Nothing is written."
        )
    ours, theirs = (_milliseconds(each, rows) for each in (by_keras, lambda: runner(inputs)))
    return Compared(worst, theirs, ours)


def _from_probe(probe: Probe, wanted: np.ndarray, made: np.ndarray) -> float:
    """Return how much a file differs from the probe, where that states the network's outputs.

    Where it states what a model makes of them, the whole model is held to it.
    """
    stated, rows = probe.stated, 0 if probe.stated is None else len(probe.stated)
    same = stated is not None and wanted[:rows].shape == stated.shape
    if not same or not _difference(wanted[:rows], stated) <= TOLERANCE:
        probe.check()
        return 0.0
    return _difference(made[:rows], stated)


def _difference(made: np.ndarray, wanted: Any) -> float:
    if made.shape != wanted.shape:
        raise ExportError(
            f"The file gives outputs of shape {made.shape}, the network of {wanted.shape}. "
            "Nothing is written."
        )
    scale = max(1.0, float(np.abs(wanted).max()))
    worst = float(np.abs(made.astype(np.float64) - wanted).max()) / scale
    return worst if np.isfinite(worst) else float("inf")


def _milliseconds(function: Callable[[], Any], rows: int) -> float:
    """Return the shortest time of a call per example."""
    times = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return 1000.0 * min(times) / rows
