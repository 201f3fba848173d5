"""`ganzoo evaluate`: from a name, a folder or a file to a table of metrics with floors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo import tasks
from ganzoo.evaluation.subject import Subject, subject_of
from ganzoo.extras import at, require
from ganzoo.metrics.table import Table
from ganzoo.tasks.task import Progress


def evaluate(
    name: Any,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    reading: Mapping[str, Any] | None = None,
    **options: Any,
) -> Table:
    """Measure a pretrained model, a preset, or data that are there already.

    Args:
        name: A name in the zoo, a preset folder, a folder of pictures, or a `.npy` or `.npz` file
            with pictures, with features (n, d), or with events; or what `subject_of` made of it.
        reference: Name of a data source, or a path as above. By default the data of the recipe
            that the model was trained with; for events see `ganzoo.evaluation.events`.
        samples: How many examples are drawn, or used of the data; by default 10,000 pictures or
            100,000 events.
        seed: Seeds the latents and every choice of the metrics.
        progress: Told how many samples are drawn.
        reading: How files are read: arguments of `ganzoo.data.images` or of
            `ganzoo.events.files.read`.
        **options: Of the task: `features` and `neighbours` for pictures, see
            `ganzoo.evaluation.pictures`; `panels` for events, see `ganzoo.evaluation.events`.

    Returns:
        A table; its facts say sizes, seed, backend, features and seconds.

    Raises:
        UnknownModelError: Neither a name nor a path.
        InvalidArgumentError: There is no reference to be known, or the task knows no such option.
        DataError: Too few examples, or of another form than the reference.
        MissingExtraError: The extra `metrics` is not installed.
    """
    subject = name if isinstance(name, Subject) else subject_of(name)
    given = {option: value for option, value in options.items() if value is not None}
    flags = [*(f"--{option}" for option in given), *tasks.reading_options(reading or {})]
    tasks.check_options(subject.task, "evaluate", subject.name, flags)
    require("sklearn", "`ganzoo evaluate`")
    require("scipy", "`ganzoo evaluate`")
    measure = at(subject.task.evaluation)
    table: Table = measure(
        subject,
        reference=reference,
        samples=samples,
        seed=seed,
        progress=progress,
        reading=reading or {},
        **given,
    )
    return table
