"""Keep the best model of a training; stop after a number of steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo.errors import InvalidArgumentError, TrainingError, nearest
from ganzoo.files.writing import write_text


class KeepBest(keras.callbacks.Callback):
    """Keep the best model of a training as a preset, by a quality that is logged before this one.

    The preset is replaced as a whole, so that there is a complete one at every moment; the best
    value is in `best.json` beside it, and a training that goes on starts from there.

    Args:
        folder: Gets `best/`, which `ganzoo.load` reads, and `best.json`.
        monitor: Name of the logged value, such as "val_frechet" of `Measure` or
            "mean_chi2_per_bin" of `EventQuality`. Values that are not finite are never the best.
        mode: "min" where less is better, else "max".

    Raises:
        TrainingError: The value is not logged.
    """

    def __init__(self, folder: Any, monitor: str, mode: str = "min") -> None:
        super().__init__()
        if mode not in ("min", "max"):
            raise InvalidArgumentError(f"mode must be 'min' or 'max'; got {mode!r}.")
        self.folder, self.monitor, self.mode = Path(folder), monitor, mode
        self._steps = 0

    @property
    def preset(self) -> Path:
        """Where the best model is."""
        return self.folder / "best"

    @property
    def best(self) -> dict[str, Any]:
        """`monitor`, `value` and `epoch` (from 1) of the best model; empty before the first."""
        path = self.folder / "best.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count the steps of the epoch."""
        self._steps = batch + 1

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save the model if it is the best so far; `epoch` counts from 0.

        A resumed training comes to the ends of epochs only, so an epoch that is cut is left out.
        """
        if self._steps < ((self.params or {}).get("steps") or 0):
            return
        logs = logs or {}
        if self.monitor not in logs:
            raise TrainingError(
                f"{self.monitor} is not logged; there are {', '.join(sorted(logs))}."
                + nearest(self.monitor, logs)
            )
        value, best = float(logs[self.monitor]), self.best
        better = np.less if self.mode == "min" else np.greater
        if np.isfinite(value) and (not best or better(value, best["value"])):
            self.model.save_to_preset(self.preset, overwrite=True)
            facts = {"monitor": self.monitor, "value": value, "epoch": epoch + 1}
            write_text(self.folder / "best.json", json.dumps(facts) + "\n")


class StopAfter(keras.callbacks.Callback):
    """Stop after a number of steps.

    Args:
        steps: Steps in all, >= 1; with `steps_per_execution` the next multiple of that.
        done: How many of them were done before, where a training is resumed.
    """

    def __init__(self, steps: int, done: int = 0) -> None:
        super().__init__()
        self.steps = steps
        self.done = done
        self._batch = -1

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Begin to count the epoch's steps."""
        self._batch = -1

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count; ask the trainer to stop when the steps are done."""
        self.done += batch - self._batch  # several at once with `steps_per_execution`
        self._batch = batch
        if self.done >= self.steps:
            self.model.stop_training = True
