"""`ganzoo evaluate` for models of pairs: how much the two pictures of a pair agree."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ganzoo import data, metrics
from ganzoo.checks import check_count
from ganzoo.environment import require_backend
from ganzoo.errors import DataError
from ganzoo.evaluation.subject import Subject, no_source, stated
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.random import some_rows
from ganzoo.tasks.task import Progress

SAMPLES = 2000
# What the second picture of a pair is of the first one, and the words for it.
MADE_OF: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "mnist_edges": (data.contours, "a contour"),
    "mnist_negatives": (np.negative, "a negative"),
}


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    reading: Mapping[str, Any] | None = None,
) -> Table:
    """Measure a model of digits and their contours, or their negatives.

    - The share of pixels on which the second picture of a pair agrees with the contour, or the
      negative, of the first one: both above half of the ink or both below it (section 4 of
      arXiv:1606.07536). Beside it stands the same of pairs whose second pictures were exchanged at
      random; the floor is that of real pairs, 1.
    - For each side, the Fréchet distance and a classifier that is to tell it from real pictures.

    Args:
        subject: A model.
        reference: "mnist_edges", "mnist_negatives", or None for the recipe's source.
        samples: How many pairs; 2,000 by default.
        seed: Seeds the latents and every choice.
        progress: Told how many are drawn.
        reading: Nothing: no files of the user's are read.

    Raises:
        InvalidArgumentError: Another reference.
        DataError: The pictures are of another shape than the model's.
    """
    del reading
    begun = time.monotonic()
    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    if name not in MADE_OF:
        raise no_source(subject, name, "digits and their contours or negatives", list(MADE_OF))
    make, words = MADE_OF[name]
    count = check_count("samples", samples or SAMPLES, least=100)
    model = subject.load()
    made = model.sample(count, seed=seed)
    if progress is not None:
        progress("sampling", count, count)
    known, test = data.source(name)("train"), data.source(name)("test")
    if made.a.shape[1:] != known.a.shape[1:] or made.b.shape[1:] != known.b.shape[1:]:
        raise DataError(
            f"{subject.name} draws pictures of shapes {made.a.shape[1:]} and {made.b.shape[1:]}; "
            f"the reference has {known.a.shape[1:]}."
        )
    order = np.random.Generator(np.random.PCG64(seed)).permutation(count)
    wanted = make(made.a)
    own, chance = _agreement(wanted, made.b), _agreement(wanted, made.b[order])
    known, test = (
        part._replace(
            a=part.a[some_rows(len(part.a), count, seed)],
            b=part.b[some_rows(len(part.b), count, seed)],
        )
        for part in (known, test)
    )
    real = make(test.a)
    rows = {
        "agreement": Row(
            "agreement",
            f"pixels on which {words} agrees with its digit",
            own,
            _agreement(real, real),
            HIGHER,
        )
    }
    for which, word in zip("ab", known.names, strict=True):
        drawn, reference_of, held_out = (
            metrics.oriented_gradients(getattr(part, which)) for part in (made, known, test)
        )
        for key, title, measure in (
            ("frechet", "Fréchet distance", metrics.frechet_distance),
            ("auc", "classifier AUC (1/2: as real)", classifier_auc),
        ):
            own, floor = (measure(reference_of, part, seed=seed) for part in (drawn, held_out))
            label = f"{key}_{which}"
            rows[label] = Row(label, f"{word}: {title}", own, floor, LOWER)
    facts = stated(
        subject,
        begun,
        n=count,
        seed=seed,
        samples=count,
        reference=name,
        features_of="oriented gradients",
        backend=require_backend(),
    )
    return Table(rows, (), facts, beside={"exchanged": {"agreement": chance}})


def _agreement(wanted: np.ndarray, drawn: np.ndarray) -> Any:
    """Return the mean share of pixels on which two pictures are both ink or both none."""
    agree = ((wanted > 0) == (drawn > 0)).mean(axis=(1, 2, 3))
    return metrics.pictures.mean_estimate(agree)
