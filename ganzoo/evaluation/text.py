"""`ganzoo evaluate` for models of numerals: how many lines are numerals, new ones, different."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ganzoo import data
from ganzoo.checks import check_count
from ganzoo.data import numerals
from ganzoo.environment import require_backend
from ganzoo.errors import DataError
from ganzoo.evaluation.subject import Subject, no_source, stated
from ganzoo.metrics.estimate import Estimate, share_estimate
from ganzoo.metrics.table import FLOOR, HIGHER, Row, Table
from ganzoo.random import random_generator
from ganzoo.tasks.pictures import samples as draw
from ganzoo.tasks.task import Progress

SAMPLES, SOURCE = 10_000, "chinese_numerals"


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    reading: Any = None,
) -> Table:
    """Measure a model of numerals.

    - The share of lines that are numerals from 1 to 9,999.
    - Of these, the share that no training saw; its floor is that of an even choice of all numerals.
    - Of these, the share that are of four digits; its floor is the same of an even choice.
    - The share of lines that are numerals and were drawn no second time, which a model that knows
      few loses; its floor is that of an even choice.

    Args:
        subject: A model.
        reference: "chinese_numerals", or None for the recipe's.
        samples: How many lines are drawn, at least 100; 10,000 by default.
        seed: Seeds the latents and the even choice.
        progress: Told how many lines are drawn.
        reading: Nothing: no files of the user's are read.

    Raises:
        InvalidArgumentError: Another reference.
        DataError: The model's lines are of other characters.
    """
    del reading
    begun = time.monotonic()
    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    if name != SOURCE:
        raise no_source(subject, name, "numerals", [SOURCE])
    count = SAMPLES if samples is None else check_count("samples", samples, least=100)
    model = subject.load()
    if model.vocabulary != numerals.VOCABULARY:
        raise DataError(
            f"{subject.name} draws characters of {model.vocabulary!r}; those of numerals are "
            f"{numerals.VOCABULARY!r}."
        )
    lines = model.texts(draw(model, count, seed, progress=progress))
    known = set(model.texts(data.source(name)()))
    every = list(numerals.numbers_of())
    chosen = random_generator(seed).integers(0, len(every), count)
    rows = _rows(lines, [every[index] for index in chosen], known)
    facts = stated(
        subject,
        begun,
        n=count,
        seed=seed,
        samples=count,
        reference=name,
        features_of="none",
        held_out="an even choice of all numerals",
        backend=require_backend(),
    )
    return Table({row.name: row for row in rows}, (), facts)


def _rows(lines: Sequence[str], real: Sequence[str], known: set[str]) -> list[Row]:
    """Return the rows of lines beside those of real numerals."""
    numbers = numerals.numbers_of()
    both = [[line for line in some if line in numbers] for some in (lines, real)]

    def share(which: int, test: Any) -> Estimate:
        found = np.array([test(line) for line in both[which]], bool)
        nothing = Estimate(float("nan"), float("inf"), len(found), "no numerals")
        return share_estimate(found) if len(found) > 1 else nothing

    valid = [share_estimate(np.array([line in numbers for line in some])) for some in (lines, real)]
    new = [share(which, lambda line: line not in known) for which in (0, 1)]
    long = [share(which, lambda line: numbers[line] >= 1000) for which in (0, 1)]
    counts = Counter(lines), Counter(real)
    once = [
        share_estimate(np.array([line in numbers and count[line] == 1 for line in some]))
        for count, some in zip(counts, (lines, real), strict=True)
    ]
    told = [
        ("valid", "lines that are numerals", valid, HIGHER),
        ("new", "of these, not in the training", new, FLOOR),
        ("thousands", "of these, of four digits", long, FLOOR),
        ("once", "lines that are numerals and were drawn once", once, HIGHER),
    ]
    return [Row(name, title, own, floor, way) for name, title, (own, floor), way in told]
