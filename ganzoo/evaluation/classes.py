"""`ganzoo evaluate` by the classes of held-out pictures: codes, few labels, other domains."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ganzoo import data, metrics, plots
from ganzoo.environment import require_backend
from ganzoo.evaluation import held_out as measured_on
from ganzoo.evaluation import pictures, requested
from ganzoo.evaluation.subject import Subject, no_source, stated
from ganzoo.evaluation.taught import Teaching, taught
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.table import HIGHER, LOWER, Row, Table
from ganzoo.random import some_rows
from ganzoo.tasks.task import Progress

SHOWN = 48
FEW = "mnist_100"  # the source of few labels
LABELS_ALONE = Teaching(epochs=400, batch_size=100, learning_rate=1e-3)
# By family and number of classes, as the papers state them: arXiv:1511.05644 (sections 5 and 6),
# arXiv:1606.03498 and arXiv:1612.05424.
_PAPERS = {
    ("SemiSupervisedAAE", 10): Estimate(0.0190, 0.0010, 10_000, "over trainings"),
    ("ClusteringAAE", 16): Estimate(0.0955, 0.0205, 10_000, "over trainings"),
    ("ClusteringAAE", 30): Estimate(0.0410, 0.0113, 10_000, "over trainings"),
    ("SGAN", 10): Estimate(0.0093, 0.00065, 10_000, "over trainings"),
    ("PixelDA", 10): Estimate(0.982, 0.0014, 9_001, "binomial"),
}


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
    used = measured_on.held_out(subject, reference)
    model = subject.load()
    measured_on.check_shape(subject, model.classified_shape, used.images)
    own = metrics.assigned_accuracy(model.classify(used.images), used.labels, seed=seed)
    judge = measured_on.judge_of(used.name)
    best = _best(judge, used, lambda told: metrics.assigned_accuracy(told, used.labels, seed=seed))
    row = Row("assigned", "the code tells the class", own, best, HIGHER)
    return _unlabelled(_before([row], subject, reference, samples, seed, options))


def evaluate_few_labels(
    subject: Subject, *, reference: Any = None, samples: int | None = None, seed: int = 1,
    **options: Any,
) -> Table:  # fmt: skip
    """Measure a semi-supervised classifier: its error on held-out pictures, and its samples.

    The floor of the error is that of a classifier that was trained with all labels. Beside it
    stand the error of the same network that has seen nothing but the few labelled pictures
    (`LABELS_ALONE`, trained here), and the paper's.

    Args, errors: as of `ganzoo.evaluation.pictures.evaluate`; and of `held_out`.
    """
    used = measured_on.held_out(subject, reference)
    model = subject.load()
    measured_on.check_shape(subject, model.classified_shape, used.images)
    own = metrics.error_rate(model.classify(used.images), used.labels)
    judge = measured_on.judge_of(used.name)
    best = _best(judge, used, lambda told: metrics.error_rate(told, used.labels))
    row = Row("error", "error on held-out pictures", own, best, LOWER)
    table = _before([row], subject, used.name, samples, seed, options)
    if used.name != "mnist":
        return table
    few = data.source(FEW)()
    told = options.get("progress")
    alone = taught(model, few.labelled, few.labels, LABELS_ALONE, seed=seed, progress=told)
    column = {"error": metrics.error_rate(alone.classify(used.images), used.labels)}
    beside = {"the labels alone": column, **_published(model, "error")}
    return dataclasses.replace(table, beside=beside)


def evaluate_clusters(
    subject: Subject, *, reference: Any = None, samples: int | None = None, seed: int = 1,
    **options: Any,
) -> Table:  # fmt: skip
    """Measure a model that clusters: whether its clusters are classes, and its samples.

    The first row is the paper's: a cluster means the class of the one training picture that is the
    surest to belong to it. In the second it means the class of most of its training pictures. The
    floor of both is the error of a classifier that was trained with labels.

    Args, errors: as of `ganzoo.evaluation.pictures.evaluate`; and of `held_out`.
    """
    used = measured_on.held_out(subject, reference)
    model = subject.load()
    measured_on.check_shape(subject, model.classified_shape, used.images)
    known = model.classify(used.known), used.known_labels
    told = model.classify(used.images), used.labels
    judge = measured_on.judge_of(used.name)
    best = _best(judge, used, lambda told: metrics.error_rate(told, used.labels))
    titles = {"error": "by the surest picture", "error_by_most": "by most pictures"}
    rows = [
        Row(name, f"error, clusters named {title}", error, best, LOWER)
        for name, title in titles.items()
        for error in [metrics.cluster_error(*known, *told, by_most=name != "error")]
    ]
    table = _unlabelled(_before(rows, subject, used.name, samples, seed, options))
    beside = _published(model, "error") if used.name == "mnist" else {}
    return dataclasses.replace(table, beside=beside)


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

    Beside it stand two classifiers that are trained here like the model's own, in as many epochs of
    the recipe, batches and rates: of sources alone ("source only", what a game must gain upon) and
    of targets with their labels ("target only", the most that can be hoped for). They are left out
    where no recipe is known. Published on MNIST and MNIST-M: about 0.6, about 0.96, and PixelDA
    0.982 (arXiv:1612.05424). The floor is the model's own accuracy on held-out sources.

    Args:
        subject: A model.
        reference: Name of a source of two domains, or None for the recipe's.
        samples: Use at most so many held-out pictures, a seeded choice.
        seed: Seeds that choice, and the latents of `pairs`.
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
        raise no_source(subject, name, "two domains", ["mnist_to_mnist_m"])
    test = data.source(name)("test")
    model = subject.load()
    rows = some_rows(len(test.targets), samples, seed)
    sources, targets = test.sources[rows], test.targets[rows]
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
        metrics.requested_accuracy(told, labels[rows])
        for told, labels in zip(read, (test.target_labels, test.labels), strict=True)
    )
    row = Row("accuracy", "target pictures read rightly", own, known, HIGHER)
    columns: dict[str, dict[str, Estimate]] = {}
    if recipe is not None:
        teaching = Teaching.of_recipe(recipe, "classifier")
        for title, images, labels in _lessons(model, name):
            alone = taught(
                model, images, labels, teaching, seed=seed, progress=progress, what=title
            )
            reached = metrics.requested_accuracy(alone.classify(targets), test.target_labels[rows])
            columns[title] = {"accuracy": reached}
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
    return Table({"accuracy": row}, (), facts, beside={**columns, **_published(model, "accuracy")})


def _lessons(model: Any, source: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield a title, pictures and labels of each classifier that is trained beside an adapter."""
    taken = data.source(source)()
    yield "source only", model.as_colours(taken.sources), taken.labels
    yield "target only", taken.targets, taken.target_labels


def _best(judge: Any, used: measured_on.HeldOut, measure: Any) -> Estimate:
    """Return what a classifier with all labels reaches; 0 ± inf where there is none."""
    if judge is None:
        return Estimate(float("nan"), float("inf"), len(used.images), "no classifier")
    found: Estimate = measure(judge.judgements(used.images))
    return found


def _before(
    rows: Sequence[Row],
    subject: Subject,
    reference: Any,
    samples: int | None,
    seed: int,
    options: Any,
) -> Table:
    """Return the table of a model's pictures with other rows before its own."""
    table = pictures.evaluate(subject, reference=reference, samples=samples, seed=seed, **options)
    return dataclasses.replace(table, rows={**{row.name: row for row in rows}, **table.rows})


def _unlabelled(table: Table) -> Table:
    """Return a table without the rows of requested labels: a code is none."""
    rows = {name: row for name, row in table.rows.items() if name not in requested.ROWS}
    return dataclasses.replace(table, rows=rows)


def _published(model: Any, row: str) -> dict[str, dict[str, Estimate]]:
    """Return a column with the figure of a family's paper for as many classes, where it has one."""
    figure = _PAPERS.get((type(model).__name__, len(model.classes)))
    return {} if figure is None else {measured_on.PUBLISHED: {row: figure}}
