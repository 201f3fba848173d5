"""Quality of a GAN of electron events during `fit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo.callbacks.timing import is_due
from ganzoo.checks import check_count, check_drawing_seed
from ganzoo.events import panels, stream

FIGURES = ("chi2_per_bin", "mean_chi2_per_bin", "ks", "unphysical", "q2_leak")


class EventQuality(keras.callbacks.Callback):
    """Compare generated events with true ones after an epoch, and add the figures to the logs.

    `chi2_per_bin` is the worst of the nine panels, `mean_chi2_per_bin` their mean, `ks` the worst
    Kolmogorov-Smirnov distance (see `ganzoo.events.panels`); `unphysical` and `q2_leak` are
    shares of all events, `step` counts generator updates since `compile`. Callbacks after this one
    see them, such as CSVLogger.

    Args:
        truth: Events that the model is not trained on, (px, py, pz) in GeV, shape (n, 3).
        n: How many events to generate; by default as many as there are true ones.
        seed: Seeds the latents.
        q2_min: Least Q2 of the truth in GeV2; by default its least event's.
        every: Compared after every so many epochs; the last figures are logged between, and before
            the first comparison one is made at once.
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
        self.n, self.q2_min = check_count("n", len(truth) if n is None else n), q2_min
        self.seed = check_drawing_seed(seed)
        self.every = check_count("every", every)
        self.figures: dict[str, float] = {}

    def recall(self, history: Mapping[str, list[float]]) -> None:
        """Take up the last figures of a resumed training; `TrainingState.history` has them."""
        self.figures = {name: history[name][-1] for name in FIGURES if name in history}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the figures to `logs`."""
        step = int(keras.ops.convert_to_numpy(self.model.optimizer.iterations))
        if is_due(epoch, self.every) or not self.figures:
            beams = self.model.beams
            truth = panels.quantities(self.truth, beams)
            q2_min = float(truth["Q2"].min()) if self.q2_min is None else self.q2_min
            made = stream.draw(self.model, self.n, self.seed).momenta
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
