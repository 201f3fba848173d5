"""A process that starts trainings in children made by fork, and kills them.

Importing takes long and starts no thread, so a fork is a cheap process of its own, before a backend
has begun to run. A line of JSON on standard input is a job, the child's wait status the answer.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import zoo
from ganzoo.batches import ShuffledBatches
from ganzoo.callbacks import StopAfter
from ganzoo.errors import TrainingStopped
from ganzoo.training import TrainingState
from ganzoo.training import states as training_state
from ganzoo.training.states import Position, StateFolder
from ganzoo.zoo import registry

EPOCHS, STEPS, BATCH = 3, 5, 8


def build() -> Any:
    """Return the GAN that the tests train, always with the same initial weights."""
    keras.utils.set_random_seed(5)
    return registry.model_class("VanillaGAN")(
        **zoo.FAMILIES["VanillaGAN"].tiny, ema_momentum=0.9, seed=3
    )


def batches(seed: int = 1) -> ShuffledBatches:
    """Return data for 5 steps an epoch."""
    examples = np.random.default_rng(2).standard_normal((STEPS * BATCH, 8, 8, 1))
    return ShuffledBatches(np.tanh(examples).astype(np.float32), BATCH, seed)


def train(
    gan: Any, folder: Path, *, before: Any = (), stop: int | None = None, **options: Any
) -> TrainingState:
    """Train for 3 epochs as a user's script does, from the newest state on if there is one."""
    data = options.pop("batches", None) or batches()
    losses = folder / "losses.csv"
    options = {"every_steps": 1, "files": [losses], **options}
    with TrainingState(folder / "states", batches=data, **options) as state:
        begin = state.restore(gan)
        stops = [] if stop is None else [StopAfter(stop, done=begin.epoch * STEPS + begin.step)]
        gan.fit(
            data,
            initial_epoch=begin.epoch,
            epochs=EPOCHS,
            verbose=0,
            callbacks=[*before, *stops, keras.callbacks.CSVLogger(losses, append=True), state],
        )
    return state


class Slowly(keras.callbacks.Callback):
    """Gives the one who kills time to choose the moment."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        time.sleep(0.02)


def train_job(job: dict[str, Any]) -> int:
    """Train; exit as the command line does after a signal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        train(build(), Path(job["folder"]), before=[Slowly()])
    except TrainingStopped as stopped:
        return stopped.exit_code
    return 0


def save_job(job: dict[str, Any]) -> int:
    """Save one state and die at hook number `hook`: around each write, flush, rename, removal."""
    left = job["hook"]
    me = os.getpid()

    def hook() -> None:
        nonlocal left
        left -= 1
        if left == -1:
            os.kill(me, signal.SIGKILL)

    def audit(event: str, arguments: Any) -> None:
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
            hook()

    fsync, write = os.fsync, training_state._write

    def flush_with_hooks(descriptor: int) -> None:
        hook()
        fsync(descriptor)
        hook()

    def write_with_hooks(path: Path, data: bytes) -> None:
        if left == 0:
            path.write_bytes(data[: len(data) // 2])  # torn
        hook()
        write(path, data)

    states = pickle.loads(Path(job["saves"]).read_bytes())
    image, record, files = states[job["index"]]
    os.fsync, training_state._write = flush_with_hooks, write_with_hooks
    sys.addaudithook(audit)
    StateFolder(job["folder"]).save(Position(*job["position"]), image, record, files)
    return 0


def _wait_until(folder: Path, name: str, child: int) -> None:
    """Wait for a state at least as new as this one, then for a random moment of the next steps."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if any(path.name >= name for path in folder.glob("states/state-*")):
            break
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return
        time.sleep(0.001)
    time.sleep(random.random() * 0.05)


def main() -> None:
    """Do the jobs, one after the other."""
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = {"train": train_job, "save": save_job}[job["do"]](job)
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        if job["do"] == "train":
            _wait_until(Path(job["folder"]), job["until"], child)
            for number in job["signals"]:
                os.kill(child, number)
                time.sleep(0.005)
        print(json.dumps(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])), flush=True)


if __name__ == "__main__":
    main()
