"""`ganzoo evaluate` for translators of two sets without pairs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo import data, metrics, plots
from ganzoo.checks import check_count
from ganzoo.data.pairs import Sets
from ganzoo.environment import require_backend
from ganzoo.errors import DataError
from ganzoo.evaluation import translations
from ganzoo.evaluation.subject import Subject, held_out_source, stated, subject_of
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import LOWER, Row, Table
from ganzoo.random import some_rows
from ganzoo.tasks.task import Progress

WAYS = ("ab", "ba")


def evaluate(subject: Subject, *, reference: Any = None, **options: Any) -> Table:
    """Measure a translator of two sets, by the truths from a to b where there are any.

    Other arguments and errors as of `translations.measured`; `reference` may be a source of two
    sets as well.
    """
    forms = ("Pairs", "Sets")
    if subject.found is not None:
        name = held_out_source(subject, reference, forms, "held-out pairs or sets")
        test = data.source(name)("test")
        if isinstance(test, Sets):
            return _of_sets(subject, name, test, **options)
    return translations.measured(subject, reference=reference, cycle=True, **options)


def _of_sets(
    subject: Subject,
    name: str,
    test: Sets,
    *,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    beside: Sequence[Any] = (),
    reading: Mapping[str, Any] | None = None,
    pairs: Any = None,
) -> Table:
    """Measure how much what is made of either set looks like the other one."""
    del reading
    begun = time.monotonic()
    count = None if samples is None else check_count("samples", samples, least=100)
    sources = tuple(side[some_rows(len(side), count, seed)] for side in (test.a, test.b))
    model = translations.translator(subject)
    made = _both(subject, model, sources, progress)
    columns: dict[str, Any] = {}
    for other in map(subject_of, beside):
        title = translations.free_title(other, subject, columns)
        columns[title] = _both(other, translations.translator(other), sources, progress)
    columns[translations.INPUT] = sources
    known = data.source(name)("train")
    table = metrics.unpaired_table(sources, made, known[:2], columns, words=test.names, seed=seed)
    rows = dict(table.rows)
    for aim, way in enumerate(WAYS):
        back = model.translate(made[aim], WAYS[1 - aim])
        far, none = metrics.l1(back, sources[aim]), Estimate(0.0, 0.0, len(back), "exact")
        title = f"{test.names[aim]}: L1 distance of the way back"
        rows[f"cycle_{way}"] = Row(f"cycle_{way}", title, far, none, LOWER)
    if pairs is not None:
        plots.save(_shown(sources, made), pairs)
    facts = stated(
        subject,
        begun,
        **table.facts,
        samples=len(sources[0]),
        reference=name,
        features_of="oriented gradients and colours",
        backend=require_backend(),
    )
    return dataclasses.replace(table, rows=rows, facts=facts)


def _both(
    subject: Subject, model: Any, sources: tuple[np.ndarray, np.ndarray], progress: Progress | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return what a model makes of each set."""
    if not hasattr(model, "shape_of"):
        raise DataError(f"{subject.name} translates one way; models of two sets are compared here.")
    a, b = (
        translations.translated(subject, model, part, part, progress, way)
        for part, way in zip(sources, WAYS, strict=True)
    )
    return a, b


def _shown(sources: Sequence[np.ndarray], made: Sequence[np.ndarray]) -> Any:
    """Return a picture: some of each set, evenly taken, beside what was made of them."""
    half = translations.SHOWN // 2
    parts = []
    for given, turned in zip(sources, made, strict=True):
        parts.append(plots.some(plots.beside(given, turned), half))
    return plots.grid(np.concatenate(parts), columns=6, scale=2)
