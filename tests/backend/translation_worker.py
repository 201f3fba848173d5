"""Trains a translator on pairs of real glyphs: python -m tests.backend.translation_worker.

    python -m tests.backend.translation_worker FAMILY FOLDER [--steps 200] [--die-after N]

The clerical and the semi-cursive form of the characters that both fonts have, 48 x 48. The folder
gets `states/` and, when the steps are done, `weights.npz`, `preset/` and `pictures.png`: sources,
what was made of them, targets. Started again, it goes on from the newest state.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import plots
from ganzoo.batches import Batches, ShuffledBatches, StyledBatches, UnpairedBatches
from ganzoo.callbacks import StopAfter
from ganzoo.data.scripts import SCRIPTS, scaled, script_glyphs
from ganzoo.models.cyclegan import CycleGAN
from ganzoo.models.pix2pix import Pix2Pix
from ganzoo.models.zi2zi import Zi2Zi
from ganzoo.training import TrainingState


def pairs() -> tuple[np.ndarray, np.ndarray]:
    """Return both forms of the shared characters, float32 (n, 48, 48, 1) each."""
    found = []
    for script in SCRIPTS:
        made = script_glyphs(script)
        found.append(dict(zip(made.characters, scaled(made.images), strict=True)))
    shared = [character for character in found[0] if character in found[1]]
    clerical, cursive = (np.stack([forms[c] for c in shared]) for forms in found)
    return clerical, cursive


def pix2pix(a: np.ndarray, b: np.ndarray) -> tuple[Any, Batches]:
    """Return a model and its batches."""
    gan = Pix2Pix((48, 48, 1), 1, (32, 64, 128, 128), (32, 64, 128), ema_momentum=0.99, seed=1)
    return gan, ShuffledBatches((a, b), 8, seed=1)


def cyclegan(a: np.ndarray, b: np.ndarray) -> tuple[Any, Batches]:
    """Return a model and its batches; the sets differ in length."""
    gan = CycleGAN((48, 48, 1), 16, 3, (32, 64, 128), pool_size=20, ema_momentum=0.99, seed=1)
    return gan, UnpairedBatches(a, b[:3000], 4, seed=1)


def zi2zi(a: np.ndarray, b: np.ndarray) -> tuple[Any, Batches]:
    """Return a model of two styles, the second of them mirrored, and its batches of bytes."""
    gan = Zi2Zi(
        (48, 48, 1), ("as it is", "mirrored"), (32, 64, 128, 128), (32, 64, 128), shuffled=0.5,
        ema_momentum=0.99, seed=1,
    )  # fmt: skip
    gan.compile(simultaneous=True)
    sources, targets = map(plots.to_uint8, (a, b))
    both = np.concatenate([targets, targets[:, :, ::-1]])
    labels = np.repeat([0, 1], len(b))
    return gan, StyledBatches(sources, both, np.tile(np.arange(len(b)), 2), labels, 8, seed=1)


class DieAfter(keras.callbacks.Callback):
    """Kills the process after a number of steps of this run."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser()
    parser.add_argument("family", choices=["pix2pix", "cyclegan", "zi2zi"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--die-after", type=int, default=0)
    given = parser.parse_args()
    keras.utils.set_random_seed(1)
    a, b = pairs()
    gan, batches = {"pix2pix": pix2pix, "cyclegan": cyclegan, "zi2zi": zi2zi}[given.family](a, b)
    callbacks: list[Any] = [DieAfter(given.die_after)] if given.die_after else []
    begun = time.monotonic()
    with TrainingState(given.folder / "states", batches=batches, every_steps=20) as state:
        begin = state.restore(gan)
        done = begin.epoch * batches.steps_per_epoch + begin.step
        stop = StopAfter(given.steps, done=done)
        gan.fit(
            batches, initial_epoch=begin.epoch, epochs=begin.epoch + 2, verbose=0,
            callbacks=[stop, *callbacks, state],
        )  # fmt: skip
    seconds = time.monotonic() - begun
    print(f"{given.family}: steps {done} to {given.steps} in {seconds:.0f} s", flush=True)
    values = [keras.ops.convert_to_numpy(variable) for variable in gan.variables]
    np.savez(given.folder / "weights.npz", *values)
    gan.save(given.folder / "gan.keras")
    gan.save_to_preset(given.folder / "preset", overwrite=True)
    rows = [a[:8], gan.translate(a[:8]), b[:8]]
    plots.save(
        plots.grid(np.concatenate(rows), 8, scale=2, invert=True), given.folder / "pictures.png"
    )


if __name__ == "__main__":
    main()
