"""`ganzoo evaluate` for translators of many styles: held-out characters in each style.

Whether a picture is found among all real characters of its style, and whether a classifier of real
characters takes it for its style; each beside the same of real ones.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from ganzoo import data, plots
from ganzoo.checks import check_count
from ganzoo.data.styles import StyledGlyphs
from ganzoo.environment import require_backend
from ganzoo.errors import DataError
from ganzoo.evaluation.subject import Subject, held_out_source, stated, subject_of
from ganzoo.metrics import paired
from ganzoo.metrics.estimate import Estimate, grouped_mean, share_estimate
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.random import some_rows
from ganzoo.tasks.task import Progress

CHUNK = 256
SHOWN = 8  # characters of each style in the picture
INPUT = "the input itself"
EPOCHS, BATCH, FILTERS = 3, 128, (24, 48, 96, 96)  # of the classifier
_TITLES = {
    "found_1": ("found: the truth is the nearest", HIGHER),
    "found_5": ("found: among the nearest 5", HIGHER),
    "recognised": ("recognised as its style", HIGHER),
    "l1": ("L1 distance from the truth", LOWER),
    "ssim": ("SSIM", HIGHER),
}
_SHARES = ("found_1", "found_5", "recognised")


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    beside: Sequence[Any] = (),
    reading: Mapping[str, Any] | None = None,
    pairs: Any = None,
) -> Table:
    """Measure a translator of many styles on characters that no training saw.

    Args:
        subject: A model with `styles`.
        reference: Name of a source of glyphs in styles, or None for the recipe's.
        samples: Use at most so many characters, at least 100, a seeded choice; None for all of the
            test split.
        seed: Seeds that choice, and the classifier of styles, a small convolutional network that is
            trained on the real characters of the training split.
        progress: Told how many pictures are translated, and how far the classifier is.
        beside: Other models of the same styles, by name or folder: further columns.
        reading: Nothing: no files of the user's are read.
        pairs: Path of a picture to write: sources, and in each style what was made beside the
            truths.

    Returns:
        A table of averages over all styles, whose errors are those of other characters, and in its
        details those of each style.

    Raises:
        InvalidArgumentError: There are no held-out characters to compare with.
        DataError: The styles are others, or the pictures of another size.
    """
    del reading
    begun = time.monotonic()
    name = held_out_source(subject, reference, ("StyledGlyphs",), "characters in its styles")
    load = data.source(name)
    train, test = load("train"), load("test")
    if samples is not None:
        test = _some(test, check_count("samples", samples, least=100), seed)
    models = [subject, *(subject_of(model) for model in beside)]
    columns = {one.name: _translated(one, test, progress) for one in models}
    columns[INPUT] = plots.from_uint8(test.sources[test.source_of])
    truths = plots.from_uint8(test.targets)
    if pairs is not None:
        plots.save(_picture(columns[subject.name], truths, test), pairs)
    classifier = trained_classifier(train, seed, progress)
    measured = {
        title: _outcomes(made, truths, test, classifier)
        for title, made in {**columns, "": truths}.items()
    }
    real, own = measured.pop(""), measured.pop(subject.name)
    details = {}
    for label, style in enumerate(test.styles):
        rows = test.labels == label
        details[style] = {_TITLES[key][0]: _row(key, own, real, test, rows) for key in _TITLES}
    everything = np.ones(len(truths), bool)
    table = Table(
        {key: _row(key, own, real, test, everything) for key in _TITLES},
        details=details,
        beside={
            title: {key: _mean(key, outcome, test, everything) for key in _TITLES}
            for title, outcome in measured.items()
        },
    )
    facts = stated(
        subject,
        begun,
        n=len(truths),
        seed=seed,
        samples=len(test.characters),
        reference=name,
        each="style",
        features_of="oriented gradients, and a convolutional network that tells the styles",
        backend=require_backend(),
    )
    return dataclasses.replace(table, facts=facts)


def trained_classifier(
    train: StyledGlyphs, seed: int, progress: Progress | None = None
) -> keras.Model:
    """Return a network from uint8 pictures (n, h, w, 1) to logits of their styles (n, styles).

    Four convolutions and a mean over the picture, trained for three epochs of all real characters.
    """
    keras.utils.set_random_seed(seed)
    pictures = keras.Input(train.targets.shape[1:], dtype="uint8")
    x = layers.Rescaling(1.0 / 127.5, -1.0)(pictures)
    for filters, kernel, strides in zip(FILTERS, (5, 4, 4, 3), (2, 2, 2, 1), strict=True):
        x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    logits = layers.Dense(len(train.styles))(layers.GlobalAveragePooling2D()(x))
    classifier = keras.Model(pictures, logits)
    steps = EPOCHS * -(-len(train.targets) // BATCH)
    classifier.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    callbacks = [] if progress is None else [_Told(progress, steps)]
    classifier.fit(train.targets, train.labels, BATCH, EPOCHS, verbose=0, callbacks=callbacks)
    return classifier


class _Told(keras.callbacks.Callback):
    """Tells how far the training of the classifier is."""

    def __init__(self, progress: Progress, steps: int) -> None:
        super().__init__()
        self.progress, self.steps, self.done = progress, steps, 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.done += 1
        if self.done % 10 == 0 or self.done == self.steps:
            self.progress("learning the styles", self.done, self.steps)


def _some(test: StyledGlyphs, count: int, seed: int) -> StyledGlyphs:
    """Return so many characters of a split."""
    chosen = some_rows(len(test.sources), count, seed)
    rows = np.isin(test.source_of, chosen)
    return test._replace(
        sources=test.sources[chosen],
        targets=test.targets[rows],
        source_of=np.searchsorted(chosen, test.source_of[rows]),
        labels=test.labels[rows],
        characters="".join(test.characters[row] for row in chosen),
    )


def _translated(subject: Subject, test: StyledGlyphs, progress: Progress | None) -> np.ndarray:
    model = subject.load()
    if getattr(model, "styles", None) != test.styles:
        found = ", ".join(getattr(model, "styles", ())) or "none"
        raise DataError(
            f"{subject.name} has other styles than the characters: {found}; these are in "
            f"{', '.join(test.styles)}."
        )
    made, count = [], len(test.targets)
    for start in range(0, count, CHUNK):
        rows = slice(start, start + CHUNK)
        sources = plots.from_uint8(test.sources[test.source_of[rows]])
        made.append(model.translate(sources, test.labels[rows].tolist()))
        if progress is not None:
            progress("translating", min(start + CHUNK, count), count)
    return np.concatenate(made)


def _outcomes(
    made: np.ndarray, truths: np.ndarray, test: StyledGlyphs, classifier: keras.Model
) -> dict[str, np.ndarray]:
    """Return a number for each picture, by measure."""
    place = np.empty(len(made))
    for label in range(len(test.styles)):
        rows = test.labels == label
        place[rows] = paired.places(made[rows], truths[rows])
    logits = classifier.predict(plots.to_uint8(made), batch_size=CHUNK, verbose=0)
    return {
        "found_1": (place <= 1).astype(float),
        "found_5": (place <= 5).astype(float),
        "recognised": (np.asarray(logits).argmax(axis=1) == test.labels).astype(float),
        "l1": np.abs(made - truths).mean(axis=(1, 2, 3)),
        "ssim": paired.similarities(made, truths),
    }


def _row(
    key: str,
    own: Mapping[str, np.ndarray],
    real: Mapping[str, np.ndarray],
    test: StyledGlyphs,
    rows: np.ndarray,
) -> Row:
    title, better = _TITLES[key]
    estimate, floor = (_mean(key, outcome, test, rows) for outcome in (own, real))
    return Row(key, title, estimate, floor, better)


def _mean(
    key: str, outcome: Mapping[str, np.ndarray], test: StyledGlyphs, rows: np.ndarray
) -> Estimate:
    """Return the mean of some pictures, with the error of other characters."""
    values, characters = outcome[key][rows], test.source_of[rows]
    if key in _SHARES and len(np.unique(characters)) == len(characters):
        return share_estimate(values > 0)
    return grouped_mean(values, characters)


def _picture(made: np.ndarray, truths: np.ndarray, test: StyledGlyphs) -> Any:
    """Return a row per style, what was made on the left and truths on the right, sources above."""
    known = [set(test.source_of[test.labels == label]) for label in range(len(test.styles))]
    shared = sorted(set.intersection(*known))
    chosen = shared[:: -(-len(shared) // SHOWN)]
    lines = [plots.from_uint8(test.sources[chosen])] * 2
    for label in range(len(test.styles)):
        where = {test.source_of[row]: row for row in np.flatnonzero(test.labels == label)}
        rows = [where[character] for character in chosen]
        lines += [made[rows], truths[rows]]
    return plots.grid(np.concatenate(lines), 2 * len(chosen), invert=True)
