"""`ganzoo evaluate` for models that fill holes: what is in the hole, and what was there."""

from __future__ import annotations

import dataclasses
import inspect
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo import data, metrics, plots
from ganzoo.checks import check_count
from ganzoo.data.masks import centre, random_masks
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation.subject import Subject, no_source, stated, subject_of
from ganzoo.metrics.colours import title_for
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.random import some_rows
from ganzoo.tasks.inpainting import with_holes
from ganzoo.tasks.task import Progress

CHUNK, SHOWN = 64, 48
MEAN = "the mean picture"
_TITLES = {
    "l1_random": ("L1 in random holes", LOWER),
    "psnr_random": ("PSNR in random holes, dB", HIGHER),
}


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
    """Measure a model on held-out pictures, inside of the holes alone.

    The rows of `ganzoo.metrics.paired_table` are of the hole in the middle, cut out; two more are
    of random holes. Beside the model is the mean of the training pictures, which looks at nothing.

    Args:
        subject: A model that completes pictures.
        reference: Name of a source of pictures with a test split, or None for the recipe's.
        samples: Use at most so many held-out pictures, at least 100, a seeded choice; None for
            all.
        seed: Seeds the random holes and the choices of the metrics.
        progress: Told how many pictures are completed.
        beside: Other models of the same pictures, by name or folder: further columns.
        reading: Nothing: no files of the user's are read.
        pairs: Path of a picture to write: pictures with a hole, completed, and the truths.

    Raises:
        InvalidArgumentError: There are no held-out pictures to compare with.
        DataError: Fewer than 100 pictures, or of another shape than the model's.
    """
    del reading
    begun = time.monotonic()
    name = _source(subject, reference)
    load = data.source(name)
    truths, train = load("test"), load("train")
    count = None if samples is None else check_count("samples", samples, least=100)
    truths = truths[some_rows(len(truths), count, seed)]
    height, width = truths.shape[1:3]
    middle = centre(height, width)
    holes = {"": middle[None].repeat(len(truths), axis=0),
             "random": random_masks(len(truths), height, width, seed=seed)}  # fmt: skip
    made = {subject.name: _completed(subject, truths, holes, progress)}
    for other in map(subject_of, beside):
        title = other.name if other.found is None else other.found.name
        title = other.name if title in made else title
        made[title] = _completed(other, truths, holes, progress)
    mean = train.mean(axis=0, keepdims=True).repeat(len(truths), axis=0)
    made[MEAN] = {kind: np.where(masks == 1.0, mean, truths) for kind, masks in holes.items()}

    if pairs is not None:
        shown = [with_holes(truths, holes[""]), made[subject.name][""], truths]
        row = plots.some(plots.beside(plots.beside(shown[0], shown[1]), shown[2]), SHOWN)
        plots.save(plots.grid(row, columns=4, scale=2), pairs)
    inside = _window(middle)
    columns = {title: one[""][:, *inside] for title, one in made.items()}
    own = columns.pop(subject.name)
    table = metrics.paired_table(own, truths[:, *inside], train[:, *inside], columns, seed=seed)
    further = {
        title: _in_holes(one["random"], truths, holes["random"]) for title, one in made.items()
    }
    exact = _in_holes(truths, truths, holes["random"])
    rows = {
        row: Row(row, text, further[subject.name][row], exact[row], better)
        for row, (text, better) in _TITLES.items()
    }
    facts = stated(
        subject,
        begun,
        **table.facts,
        samples=len(truths),
        reference=name,
        features_of=title_for(truths.shape[-1]),
        backend=require_backend(),
    )
    others = {title: {**cells, **further[title]} for title, cells in table.beside.items()}
    return dataclasses.replace(table, rows={**table.rows, **rows}, facts=facts, beside=others)


def _source(subject: Subject, reference: Any) -> str:
    """Return the name of a source of pictures with a test split: the user's, else the recipe's."""
    if subject.found is None:
        raise InvalidArgumentError(
            f"A model is measured on held-out pictures; {subject.name} is data."
        )
    recipe = subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    fit = [
        known
        for known, load in data.SOURCES.items()
        if "split" in inspect.signature(load).parameters
        and inspect.signature(load).return_annotation in ("np.ndarray", "Any")
    ]
    if name not in fit:
        raise no_source(subject, name, "held-out pictures", fit)
    return name


def _window(mask: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of a rectangular hole (height, width, 1)."""
    rows, columns = (np.flatnonzero(mask[..., 0].any(axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _completed(
    subject: Subject,
    truths: np.ndarray,
    holes: Mapping[str, np.ndarray],
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """Return what a model makes of pictures, by the kind of their holes."""
    model = subject.load()
    if not hasattr(model, "inpaint"):
        raise InvalidArgumentError(f"{subject.name} fills no holes.")
    if model.image_shape != truths.shape[1:]:
        raise DataError(
            f"{subject.name} completes pictures of shape {model.image_shape}; the held-out ones "
            f"have {truths.shape[1:]}."
        )
    made: dict[str, np.ndarray] = {}
    for number, (kind, masks) in enumerate(holes.items()):
        parts = []
        for start in range(0, len(truths), CHUNK):
            rows = slice(start, start + CHUNK)
            parts.append(model.inpaint(truths[rows], masks[rows]))
            if progress is not None:
                done = number * len(truths) + min(start + CHUNK, len(truths))
                progress("completing", done, len(holes) * len(truths))
        made[kind] = np.concatenate(parts)
    return made


def _in_holes(made: np.ndarray, truth: np.ndarray, masks: np.ndarray) -> dict[str, Estimate]:
    """Return L1 and PSNR inside of holes of any form, means over pictures."""
    pixels = masks.sum(axis=(1, 2, 3)) * truth.shape[-1]
    far = np.abs(made.astype(np.float64) - truth) * masks
    noise = np.square(far).sum(axis=(1, 2, 3)) / pixels
    return {
        "l1_random": metrics.pictures.mean_estimate(far.sum(axis=(1, 2, 3)) / pixels),
        "psnr_random": metrics.pictures.mean_estimate(metrics.paired.decibels(noise)),
    }
