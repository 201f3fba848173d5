"""Quality during `fit`: samples against real data by the functions of `ganzoo.metrics`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from ganzoo import metrics
from ganzoo.callbacks.needs import check_model
from ganzoo.callbacks.timing import is_due
from ganzoo.checks import check_count, check_drawing_seed


class Measure(keras.callbacks.Callback):
    """Measure samples against real data every few epochs, and log it as `val_<name>`.

    So `keras.callbacks.ModelCheckpoint(path, monitor="val_frechet", mode="min",
    save_best_only=True)`, given after this one, keeps the best generator rather than the last. The
    error is logged as `val_<name>_error`. Between two measurements the last one is logged again.

    Args:
        real: Real examples, shape (m, ...); `n` of them are used.
        measures: Functions of `ganzoo.metrics`, or any of (real, generated) features that return
            an `Estimate` or a number, by name.
        features: Maps examples to features (n, d); oriented gradients of pictures by default.
        n: How many examples are compared; gradients of 48x48 pictures need 1156.
        every: Measured after every so many epochs, as `ganzoo.callbacks.timing` counts; the last
            figures are logged between, and before the first measurement one is made at once.
        seed: Seeds the latents and the choice of real examples.
    """

    def __init__(
        self,
        real: Any,
        measures: Mapping[str, Callable[[Any, Any], Any]] | None = None,
        *,
        features: Callable[[Any], Any] = metrics.oriented_gradients,
        n: int = 2000,
        every: int = 1,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.measures = {"frechet": metrics.frechet_distance} if measures is None else measures
        self.features, self.seed = features, check_drawing_seed(seed)
        self.n, self.every = check_count("n", n), check_count("every", every)
        self.real = features(metrics.split(real, n, seed)[0] if len(real) >= 2 * n else real[:n])
        self.last: dict[str, float] = {}

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws nothing from latents is refused."""
        check_model(self, model, "sample")
        super().set_model(model)

    def recall(self, history: Mapping[str, list[float]]) -> None:
        """Take up the last measurement of a resumed training; `TrainingState.history` has it."""
        names = [f"val_{name}" for name in self.measures]
        names += [f"{name}_error" for name in names]
        self.last = {name: history[name][-1] for name in names if name in history}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the measurements to `logs`, which later callbacks and the history see."""
        if is_due(epoch, self.every) or not self.last:
            generated = self.features(self.model.sample(self.n, seed=self.seed))
            for name, measure in self.measures.items():
                found = measure(self.real, generated)
                if isinstance(found, metrics.Estimate):
                    self.last[f"val_{name}_error"] = found.error
                    found = found.value
                self.last[f"val_{name}"] = float(np.asarray(found))
        if logs is not None:
            logs.update(self.last)
