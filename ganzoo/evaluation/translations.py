"""`ganzoo evaluate` for translators: held-out sources, what is made of them, and the truth."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ganzoo import data, lab, metrics, plots
from ganzoo.checks import check_count
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation.pictures import feature_network
from ganzoo.evaluation.subject import Subject, held_out_source, stated, subject_of
from ganzoo.metrics.colours import title_for
from ganzoo.metrics.table import LOWER, Row, Table
from ganzoo.presets.feature_networks import NETWORKS, FeatureNetwork
from ganzoo.random import some_rows
from ganzoo.tasks.task import Progress

CHUNK = 64
SHOWN = 48
INPUT = "the input itself"


def evaluate(subject: Subject, **options: Any) -> Table:
    """Measure a translator that learns from pairs; arguments and errors as of `measured`."""
    return measured(subject, **options)


def evaluate_colours(subject: Subject, **options: Any) -> Table:
    """Measure a colouriser by its pictures in colour; arguments and errors as of `measured`."""
    return measured(subject, joined=lab.join, **options)


def measured(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    beside: Sequence[Any] = (),
    reading: Mapping[str, Any] | None = None,
    pairs: Any = None,
    joined: Callable[[Any, Any], Any] | None = None,
    cycle: bool = False,
) -> Table:
    """Measure a translator on held-out pairs.

    Args:
        subject: A model that makes pictures of pictures; of two sets, the direction is a to b.
        reference: Name of a source of pairs with a test split, or None for the recipe's.
        samples: Use at most so many pairs, at least 100, a seeded choice; None for all of the test
            split.
        seed: Seeds the choices of the metrics.
        progress: Told how many pictures are translated.
        beside: Other models of the same pictures, by name or folder: further columns.
        reading: Nothing: no files of the user's are read.
        pairs: Path of a picture to write: sources, what is made of them, and the truths.
        joined: From sources and targets to pictures, where targets alone are none.
        cycle: Measure how far from a source is what the way back makes of its translation.

    Raises:
        InvalidArgumentError: There are no held-out pairs to compare with.
        DataError: Fewer than 100 pairs, or of other shapes than the model's.
    """
    del reading
    begun = time.monotonic()
    if subject.found is None:
        raise InvalidArgumentError(
            f"A model is measured on held-out pairs; {subject.name} is data. Compare pictures that "
            "are there already with `ganzoo.metrics.paired_table`."
        )
    name = held_out_source(subject, reference, ("Pairs",), "held-out pairs")
    load = data.source(name)
    test, train = load("test"), load("train")
    real = train[1]
    count = None if samples is None else check_count("samples", samples, least=100)
    rows = some_rows(len(test[0]), count, seed)
    sources, truths = test[0][rows], test[1][rows]
    model = translator(subject)
    columns = {subject.name: translated(subject, model, sources, truths, progress)}
    for other in map(subject_of, beside):
        title = free_title(other, subject, columns)
        columns[title] = translated(other, translator(other), sources, truths, progress)
    cycles = {}
    if cycle:
        back = model.translate(columns[subject.name], "ba")
        estimate, none = metrics.l1(back, sources), metrics.l1(sources, sources)
        cycles["cycle"] = Row("cycle", "L1 distance of the way back", estimate, none, LOWER)
    if joined is not None:
        columns = {title: joined(sources, made) for title, made in columns.items()}
        truths, real = joined(sources, truths), joined(train[0], real)
        sources = joined(sources, 0.0 * test[1][rows])
    made = columns.pop(subject.name)
    if pairs is not None:
        shown = plots.some(plots.beside(plots.beside(sources, made), truths), SHOWN)
        plots.save(plots.grid(shown, columns=4, scale=2), pairs)
    columns[INPUT] = sources
    network, used = _features(name, truths)
    features = None if network is None else network.features
    table = metrics.paired_table(made, truths, real, columns, features=features, seed=seed)
    facts = stated(
        subject,
        begun,
        **table.facts,
        samples=len(truths),
        reference=name,
        features_of=used,
        backend=require_backend(),
    )
    return dataclasses.replace(table, rows={**table.rows, **cycles}, facts=facts)


def _features(name: str, truths: np.ndarray) -> tuple[FeatureNetwork | None, str]:
    """Return the feature network of a source, where there are truths enough for it, and its name.

    Without one, gradients and colours are compared.
    """
    network, used = feature_network(None, name, truths.shape[-1])
    if network is not None and len(truths) >= 4 * (NETWORKS[used].features + 1):
        return network, used
    return None, title_for(truths.shape[-1])


def free_title(other: Subject, subject: Subject, taken: Iterable[str]) -> str:
    """Return what another model is called beside a subject: by its folder where it must be."""
    return other.name if title_of(other) in (*taken, title_of(subject)) else title_of(other)


def title_of(subject: Subject) -> str:
    """Return what a model is called in a table: a run by its entry."""
    return subject.name if subject.found is None else subject.found.name


def translator(subject: Subject) -> Any:
    """Return a model that translates; another one is refused."""
    model = subject.load()
    if not hasattr(model, "translate"):
        raise InvalidArgumentError(f"{subject.name} makes no pictures of pictures.")
    return model


def translated(
    subject: Subject,
    model: Any,
    sources: np.ndarray,
    truths: np.ndarray,
    progress: Progress | None,
    *way: str,
) -> np.ndarray:
    """Return what a model makes of sources, in one of two directions where it has them.

    Raises:
        DataError: It is of another shape than the truths.
    """
    parts = []
    for start in range(0, len(sources), CHUNK):
        parts.append(model.translate(sources[start : start + CHUNK], *way))
        if progress is not None:
            progress("translating", min(start + CHUNK, len(sources)), len(sources))
    made = np.concatenate(parts)
    if made.shape != truths.shape:
        raise DataError(
            f"{subject.name} makes pictures of shape {made.shape[1:]}; the truths have "
            f"{truths.shape[1:]}."
        )
    return made
