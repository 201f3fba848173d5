"""Callbacks that show a training: pictures of every epoch, a movie of them, curves of its figures.

Users import them from `ganzoo.callbacks`. What is drawn when a training ends never ends it with an
error: a full disk or a missing matplotlib costs the picture and a warning.
"""

from __future__ import annotations

import csv
import importlib.util
import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from ganzoo import plots
from ganzoo.callbacks.needs import check_model
from ganzoo.callbacks.timing import is_due
from ganzoo.checks import check_count, check_drawing_seed
from ganzoo.random import draw_latents

NO_MATPLOTLIB = (
    "There will be no picture of the curves: matplotlib is not installed; install it with: "
    'pip install "keras-ganzoo[plot]"'
)


class SampleGrid(keras.callbacks.Callback):
    """Draw the same latents after every epoch, as `epoch-0001.png` and so on.

    Args:
        folder: Where the pictures go; made if missing.
        n: How many samples.
        seed: Seeds the latents.
        every: Drawn after every so many epochs: 3 after the third, the sixth, and so on.
        draw: From the model to other pictures than samples, (n, height, width, channels).
        **grid: Further arguments of `ganzoo.plots.grid`.
    """

    def __init__(
        self,
        folder: Any,
        n: int = 64,
        seed: int = 0,
        every: int = 1,
        draw: Callable[[Any], Any] | None = None,
        **grid: Any,
    ) -> None:
        super().__init__()
        self.folder = Path(folder)
        self.n, self.seed = check_count("n", n), check_drawing_seed(seed)
        self.draw, self.grid = draw, grid
        self.every = check_count("every", every)

    def set_model(self, model: Any) -> None:
        """Take the model; one that draws nothing from latents is refused."""
        if self.draw is None:
            check_model(self, model, "generate", "latent_dim")
        super().set_model(model)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one picture; `epoch` counts from 0, the file name from 1."""
        if not is_due(epoch, self.every):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        images = self._samples() if self.draw is None else self.draw(self.model)
        plots.save(plots.grid(images, **self.grid), self.folder / f"epoch-{epoch + 1:04d}.png")

    def _samples(self) -> Any:
        latents = draw_latents(self.n, self.model.latent_dim, self.seed)
        return self.model.generate(latents)


class Movie(SampleGrid):
    """Draw like `SampleGrid`, and join the pictures of all epochs to a movie at the end of `fit`.

    The movie is made from the pictures in the folder. A training that was stopped and resumed
    therefore has its first epochs in it.

    Args:
        folder: Where the pictures go; made if missing.
        path: The movie, FILE.gif or FILE.png (animated, in all colours); `movie.gif` in the folder
            by default.
        seconds: How long a picture is shown; the last one stays for ten times as long.
        most: At most so many pictures are in the movie, spread over the epochs.
        **sample_grid: Further arguments of `SampleGrid`.
    """

    def __init__(
        self,
        folder: Any,
        path: Any = None,
        *,
        seconds: float = 0.2,
        most: int = 100,
        **sample_grid: Any,
    ) -> None:
        super().__init__(folder, **sample_grid)
        self.path = self.folder / "movie.gif" if path is None else Path(path)
        plots.movie_format(self.path)  # a wrong ending is refused before the training
        self.seconds, self.most = seconds, check_count("most", most)
        self.epochs = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write one picture; `epoch` counts from 0, the file name from 1."""
        super().on_epoch_end(epoch, logs)
        self.epochs = epoch + 1

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Write the movie."""
        with _at_most_a_warning(f"The movie {self.path}"):
            pictures = self._pictures()
            if pictures:
                plots.movie(pictures, self.path, seconds=self.seconds)

    def _pictures(self) -> list[Image.Image]:
        """Read the pictures up to the last epoch; files of a longer training before are left out.

        All are of the size of the newest: of a training with other settings none is.
        """
        found = sorted(self.folder.glob("epoch-*.png"))
        # A `fit` that was resumed after its last epoch has none of its own.
        last = self.epochs or (self.params or {}).get("epochs", 0)
        paths = [path for path in found if path.stem[6:].isdigit() and _epoch(path) <= last]
        if len(paths) > self.most:
            chosen = np.linspace(0, len(paths) - 1, self.most).round().astype(int)
            paths = [paths[index] for index in chosen]
        pictures = []
        for path in paths:
            with Image.open(path) as picture:
                pictures.append(picture.copy())
        return [picture for picture in pictures if picture.size == pictures[-1].size]


class Curves(keras.callbacks.Callback):
    """Draw the losses, accuracies and whatever else is in the logs, by epoch, at the end of `fit`.

    Needs matplotlib (`pip install "keras-ganzoo[plot]"`); without it, a warning says so when the
    training begins, and there is no picture.

    Args:
        path: FILE.png.
        log: The file of a `keras.callbacks.CSVLogger` that is given before this callback. With
            `append=True` it has the epochs of a training from before it was resumed, too. Without
            it the curves are those of this `fit`.
    """

    def __init__(self, path: Any, log: Any = None) -> None:
        super().__init__()
        self.path, self.log = Path(path), None if log is None else Path(log)
        self.able = importlib.util.find_spec("matplotlib") is not None
        self.rows: list[dict[str, float]] = []
        self._warned = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Say now what will be missing in the end."""
        if not self.able and not self._warned:
            warnings.warn(NO_MATPLOTLIB, stacklevel=2)
            self._warned = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep the figures; an epoch that is trained once more replaces the earlier one."""
        self.rows = [row for row in self.rows if row["epoch"] < epoch]
        self.rows.append({"epoch": epoch, **{name: float(v) for name, v in (logs or {}).items()}})

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Draw."""
        if self.able:
            with _at_most_a_warning(f"The picture of the curves, {self.path},"):
                rows = self.rows if self.log is None else _read(self.log)
                if rows:
                    draw_curves(rows, self.path)


def draw_curves(rows: Sequence[Mapping[str, float]], path: Any) -> None:
    """Draw figures by epoch as PNG: one panel of losses, one of shares, one per other figure.

    The dotted line among the losses is log 2: d_loss and g_loss of the original game where the
    discriminator says 1/2 everywhere. Other losses have other values there.

    Args:
        rows: One per epoch: `epoch`, counted from 0, and figures by name. Names that end in
            "_error" are the errors of the figures before that ending, and become bars.
        path: FILE.png.
    """
    figures = [name for name in rows[-1] if name not in ("epoch", "step")]
    # CSVLogger has columns `val_...` without a number in them where there is no validation.
    names = [n for n in figures if any(math.isfinite(row.get(n, math.nan)) for row in rows)]
    panels = _panels([name for name in names if not name.endswith("_error")])
    columns = min(3, len(panels))
    figure = plots.figure((5 * columns, 3.2 * math.ceil(len(panels) / columns)), layout="tight")
    epochs = [row["epoch"] + 1 for row in rows]
    for index, (title, chosen) in enumerate(panels.items(), start=1):
        axes = figure.add_subplot(math.ceil(len(panels) / columns), columns, index)
        for name in chosen:
            errors = [row.get(f"{name}_error", 0.0) for row in rows]
            values = [row.get(name, math.nan) for row in rows]
            bars = errors if any(errors) else None
            axes.errorbar(epochs, values, bars, label=name, marker="." if len(rows) < 30 else None)
        if title == "losses" and {"d_loss", "g_loss"} & {*chosen}:
            # Where a discriminator that cannot tell has the loss of the original game.
            axes.axhline(math.log(2), color="grey", linestyle=":", linewidth=1, label="log 2")
        axes.set(title=title, xlabel="epoch")
        axes.legend()
    plots.save_figure(figure, path, dpi=100)


def _panels(names: Sequence[str]) -> dict[str, list[str]]:
    panels: dict[str, list[str]] = {}
    for name in names:
        title = next(
            (title for word, title in (("loss", "losses"), ("accuracy", "accuracies"))
             if word in name), name)  # fmt: skip
        panels.setdefault(title, []).append(name)
    return panels


def _read(log: Path) -> list[dict[str, float]]:
    """Read a CSVLogger's file."""
    with open(log, encoding="utf-8", newline="") as file:
        return [
            {name: _number(value) for name, value in row.items() if name}
            for row in csv.DictReader(file)
        ]


def _number(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan  # CSVLogger writes NA for what an epoch does not have


def _epoch(path: Path) -> int:
    return int(path.stem[6:])


@contextmanager
def _at_most_a_warning(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever it is: no picture is worth the end of a training
        warnings.warn(f"{what} could not be made: {error}", stacklevel=3)
