"""What is said of a training's time: an estimate after its first steps, and slow half precision."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import keras

from ganzoo._backend import on_cpu

_LONG = 60.0  # seconds; shorter trainings need no estimate
_FLAGS = ("avx512_bf16", "amx_bf16", "avx_ne_convert", "bf16")  # bf16: of ARM


class Estimate(keras.callbacks.Callback):
    """Say once how long the whole training takes, from the time of its first steps.

    Steps 6 and more are measured, for at least two seconds: before them the step is compiled. What
    comes between epochs (pictures, measurements) is not in it.

    Args:
        steps: Steps of the whole training from here on.
        say: Receives the line.
    """

    def __init__(self, steps: int, say: Callable[[str], Any]) -> None:
        super().__init__()
        self.steps, self.say = steps, say
        self._done, self._begun, self._first, self._said = 0, 0.0, 0, False
        self._batch = -1

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Begin to count the epoch's steps."""
        self._batch = -1

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Measure; say it when it is known."""
        self._done += batch - self._batch
        self._batch = batch
        if self._said or self._done < 5:
            return
        now = time.monotonic()
        if not self._first:
            self._begun, self._first = now, self._done
        elif now - self._begun >= 2.0:
            self._said = True
            each = (now - self._begun) / (self._done - self._first)
            left = each * (self.steps - self._done)
            if left >= _LONG:
                until = datetime.now() + timedelta(seconds=left)
                self.say(
                    f"About {spoken(left)} to go, until {until:%H:%M on %d %B}: "
                    f"{self.steps:,} steps of {lasting(each)} each. Ctrl-C saves a state, "
                    "--resume goes on."
                )


def spoken(seconds: float) -> str:
    """Return a duration as one says it: "40 minutes", "2 h 10 min", "3 days 4 h"."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} day{'s' if days > 1 else ''} {hours} h"


def of_slow_precision(dtype_policy: str, processor: Path = Path("/proc/cpuinfo")) -> str | None:
    """Return a line where a policy's half precision is slow on this machine's processor.

    Args:
        dtype_policy: Of the training.
        processor: Linux's list of what the processor can do; where it is missing, nothing is said.
    """
    if "16" not in dtype_policy or not on_cpu() or not processor.is_file():
        return None
    words = set(processor.read_text(encoding="utf-8", errors="replace").split())
    if dtype_policy == "mixed_bfloat16" and words & set(_FLAGS):
        return None
    return (
        f"This training computes in {dtype_policy}, which is several times slower than float32 on "
        "this processor (it has no AMX or AVX512_BF16): --dtype float32 begins a faster one."
    )


def until(steps: Any, per_epoch: int, epochs: int, done: int) -> str:
    """Say where `--steps` ends a training, since the progress bar counts the steps of an epoch."""
    epoch = min(-(-steps // per_epoch), epochs)
    if steps > per_epoch * epochs:
        return f"The {epochs} epochs have {per_epoch * epochs} steps, fewer than --steps {steps}."
    if steps <= done:
        return f"The training has had {done} steps already; --steps {steps} is over."
    return (
        f"Stops after {steps} steps in all, in epoch {epoch} of {epochs}; an epoch has {per_epoch}."
    )


def lasting(seconds: float) -> str:
    """Return how long a step lasts: "12.3 ms" or "1.23 s"."""
    return f"{seconds:.3g} s" if seconds >= 0.9995 else f"{1000 * seconds:.3g} ms"
