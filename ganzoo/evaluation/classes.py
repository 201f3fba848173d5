"""`ganzoo evaluate` by the classes of held-out pictures: codes, few labels, other domains."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from ganzoo import data, metrics, plots
from ganzoo.environment import require_backend
from ganzoo.errors import InvalidArgumentError
from ganzoo.evaluation import held_out as measured_on
from ganzoo.evaluation import pictures
from ganzoo.evaluation.subject import Subject, stated
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.tasks.task import Progress

SHOWN = 48


def evaluate_codes(
    subject: Subject, *, reference: Any = None, samples: int | None = None, seed: int = 1,
    **options: Any,
) -> Table:  # fmt: skip
    """Measure a model with codes: its samples, and whether its code tells the classes.

    The table has the rows of any pictures, and first "the code tells the class": Q's most probable
    code of held-out pictures, each code meaning the class of the best assignment. Its floor is that
    of a classifier that was trained with labels.

    Args, errors: as of `ganzoo.evaluation.pictures.evaluate`; and of `held_out`.
    """
    used = measured_on.held_out(subject, reference, None)
    model = subject.load()
    measured_on.check_shape(subject, model.classified_shape, used.images)
    own = metrics.assigned_accuracy(model.classify(used.images), used.labels, seed=seed)
    judge = measured_on.judge_of(used.name)
    best = _best(judge, used, lambda told: metrics.assigned_accuracy(told, used.labels, seed=seed))
    row = Row("assigned", "the code tells the class", own, best, HIGHER)
    return _before(row, subject, reference, samples, seed, options)


def evaluate_few_labels(
    subject: Subject, *, reference: Any = None, samples: int | None = None, seed: int = 1,
    **options: Any,
) -> Table:  # fmt: skip
    """Measure a semi-supervised classifier: its error on held-out pictures, and its samples.

    The floor of the error is that of a classifier that was trained with all labels.

    Args, errors: as of `ganzoo.evaluation.pictures.evaluate`; and of `held_out`.
    """
    used = measured_on.held_out(subject, reference, None)
    model = subject.load()
    measured_on.check_shape(subject, model.classified_shape, used.images)
    own = metrics.error_rate(model.classify(used.images), used.labels)
    judge = measured_on.judge_of(used.name)
    best = _best(judge, used, lambda told: metrics.error_rate(told, used.labels))
    row = Row("error", "error on held-out pictures", own, best, LOWER)
    return _before(row, subject, used.name, samples, seed, options)


def evaluate_adaptation(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    pairs: Any = None,
    reading: Any = None,
) -> Table:
    """Measure a domain adapter: how many held-out target pictures its classifier reads.

    Beside it stands a classifier of sources alone (the shipped one, of the targets' mean over
    channels), where there is one. The floor is the model's own accuracy on held-out sources.

    Args:
        subject: A model.
        reference: Name of a source of two domains, or None for the recipe's.
        samples: Use at most so many held-out pictures, the first.
        seed: Nothing is drawn but the latents of `pairs`.
        progress: Told how far it is.
        pairs: Path of a picture to write: sources, and what is made of them.
        reading: Nothing: no files of the user's are read.

    Raises:
        InvalidArgumentError: The reference is of another form.
        DataError: The pictures are of another shape than the model's.
    """
    del reading
    begun = time.monotonic()
    recipe = None if subject.found is None else subject.found.recipe
    name = str(reference) if reference is not None else None if recipe is None else recipe.data
    if name != "mnist_to_mnist_m":
        raise InvalidArgumentError(
            f"{subject.name} is measured on two domains, and {name} is none; name a source with "
            "reference= (--reference): mnist_to_mnist_m."
        )
    test = data.mnist_to_mnist_m("test")
    model = subject.load()
    sources, targets = test.sources[:samples], test.targets[:samples]
    measured_on.check_shape(subject, model.source_shape, sources)
    measured_on.check_shape(subject, model.target_shape, targets)
    if progress is not None:
        progress("reading pictures", len(targets), len(targets))
    if pairs is not None:
        shown = plots.some(sources, SHOWN)
        made = model.translate(shown, seed=seed)
        beside = plots.beside(model.as_colours(shown), made)
        plots.save(plots.grid(beside, columns=8, scale=2), pairs)
    read = [model.classify(images) for images in (targets, model.as_colours(sources))]
    own, known = (
        metrics.requested_accuracy(told, labels[:samples])
        for told, labels in zip(read, (test.target_labels, test.labels), strict=True)
    )
    row = Row("accuracy", "target pictures read rightly", own, known, HIGHER)
    judge = measured_on.judge_of("mnist")
    beside_it = {}
    if judge is not None:
        told = judge.judgements(targets.mean(axis=-1, keepdims=True))
        alone = metrics.requested_accuracy(told, test.target_labels[:samples])
        beside_it = {"a classifier of sources": {"accuracy": alone}}
    facts = stated(
        subject,
        begun,
        n=len(targets),
        seed=seed,
        samples=len(targets),
        reference=name,
        features_of="the model's own classifier",
        backend=require_backend(),
    )
    return Table({"accuracy": row}, (), facts, beside=beside_it)


def _best(judge: Any, used: measured_on.HeldOut, measure: Any) -> Estimate:
    """Return what a classifier with all labels reaches; 0 ± inf where there is none."""
    if judge is None:
        return Estimate(float("nan"), float("inf"), len(used.images), "no classifier")
    found: Estimate = measure(judge.judgements(used.images))
    return found


def _before(
    row: Row, subject: Subject, reference: Any, samples: int | None, seed: int, options: Any
) -> Table:
    """Return the table of a model's pictures with another row before its own."""
    table = pictures.evaluate(subject, reference=reference, samples=samples, seed=seed, **options)
    return dataclasses.replace(table, rows={row.name: row, **table.rows})
