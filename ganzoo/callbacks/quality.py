"""Callbacks for `model.fit`: pictures of the progress, its quality, and a state to resume from.

They work on every backend and in any script that calls `fit` on a `GAN`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import metrics
from ganzoo.callbacks.balance import BalanceMonitor as BalanceMonitor
from ganzoo.callbacks.balance import EquilibriumStopping as EquilibriumStopping
from ganzoo.callbacks.balance import GeneratorEMA as GeneratorEMA
from ganzoo.callbacks.watching import Curves as Curves
from ganzoo.callbacks.watching import Movie as Movie
from ganzoo.callbacks.watching import SampleGrid as SampleGrid
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError, TrainingError, nearest
from ganzoo.files.writing import write_text
from ganzoo.training.resume import TrainingState as TrainingState


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
        every: Epochs between two measurements; the first epoch is always measured.
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
        self.features, self.seed = features, seed
        self.n, self.every = check_count("n", n), check_count("every", every)
        self.real = features(metrics.split(real, n, seed)[0] if len(real) >= 2 * n else real[:n])
        self.last: dict[str, float] = {}

    def recall(self, history: Mapping[str, list[float]]) -> None:
        """Take up the last measurement of a resumed training; `TrainingState.history` has it."""
        names = [f"val_{name}" for name in self.measures]
        names += [f"{name}_error" for name in names]
        self.last = {name: history[name][-1] for name in names if name in history}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the measurements to `logs`, which later callbacks and the history see."""
        if epoch % self.every == 0 or not self.last:
            generated = self.features(self.model.sample(self.n, seed=self.seed))
            for name, measure in self.measures.items():
                found = measure(self.real, generated)
                if isinstance(found, metrics.Estimate):
                    self.last[f"val_{name}_error"] = found.error
                    found = found.value
                self.last[f"val_{name}"] = float(np.asarray(found))
        if logs is not None:
            logs.update(self.last)


class EventQuality(keras.callbacks.Callback):
    """Compare generated events with true ones after every epoch, and add the figures to the logs.

    `chi2_per_bin` is the worst of the nine panels, `mean_chi2_per_bin` their mean, `ks` the worst
    Kolmogorov-Smirnov distance (see `ganzoo.events.panels`); `unphysical` and `q2_leak` are
    shares of all events, `step` counts generator updates since `compile`. Callbacks after this one
    see them, such as CSVLogger.

    Args:
        truth: Events that the model is not trained on, (px, py, pz) in GeV, shape (n, 3).
        n: How many events to generate; by default as many as there are true ones.
        seed: Seeds the latents.
        q2_min: Least Q2 of the truth in GeV2; by default its least event's.
        every: Epochs between two comparisons; between them the figures are repeated.
    """

    def __init__(
        self,
        truth: Any,
        n: int | None = None,
        seed: int = 0,
        q2_min: float | None = None,
        every: int = 1,
    ) -> None:
        super().__init__()
        self.truth = truth
        self.n, self.seed, self.q2_min, self.every = n or len(truth), seed, q2_min, every
        self.figures: dict[str, float] = {}

    def recall(self, history: Mapping[str, list[float]]) -> None:
        """Take up the last figures of a resumed training; `TrainingState.history` has them."""
        names = ("chi2_per_bin", "mean_chi2_per_bin", "ks", "unphysical", "q2_leak")
        self.figures = {name: history[name][-1] for name in names if name in history}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the figures to `logs`."""
        from ganzoo.events import panels
        from ganzoo.events import stream as event_sampling

        step = int(keras.ops.convert_to_numpy(self.model.optimizer.iterations))
        if not self.figures or (epoch + 1) % self.every == 0:
            beams = self.model.beams
            truth = panels.quantities(self.truth, beams)
            q2_min = float(truth["Q2"].min()) if self.q2_min is None else self.q2_min
            made = event_sampling.draw(self.model, self.n, self.seed).momenta
            far = panels.distances(truth, panels.quantities(made, beams)).values()
            shares = panels.shares(made, beams, q2_min)
            chi2 = [panel.chi2_per_bin for panel in far]
            self.figures = {
                "chi2_per_bin": max(chi2),
                "mean_chi2_per_bin": sum(chi2) / len(chi2),
                "ks": max(panel.ks for panel in far),
                "unphysical": shares["unphysical"],
                "q2_leak": shares["q2_leak"],
            }
        if logs is not None:
            logs.update(self.figures, step=step)


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
        steps: Generator updates in all, >= 1.
        done: How many of them were done before, where a training is resumed.
    """

    def __init__(self, steps: int, done: int = 0) -> None:
        super().__init__()
        self.steps = steps
        self.done = done

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count; ask the trainer to stop when the steps are done."""
        self.done += 1
        if self.done >= self.steps:
            self.model.stop_training = True
