"""The task "styled translation": pictures into pictures of a style that is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, translation
from ganzoo.zoo.forms import Recipe

SHOWN = 4  # pictures of each style that are drawn after every epoch


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the styles."""
    styles = config["styles"]
    return {**translation.describe(config), "styles": f"{len(styles)}: {', '.join(styles)}"}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return sources, targets, which source belongs to each target, and labels."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)()[:4])


def batches(examples: tuple[Any, ...], batch_size: int, seed: int) -> Any:
    """Return whole batches in a new order each epoch, which are made of uint8 pictures."""
    from ganzoo.batches import StyledBatches

    sources, targets, source_of, labels = examples
    return StyledBatches(sources, targets, source_of, labels, batch_size, seed)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pictures of each style beside source and target."""
    del recipe, source
    import numpy as np

    sources, targets, source_of, labels = examples
    rows = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    shown = np.concatenate([of_one[:: -(-len(of_one) // SHOWN)] for of_one in rows])
    asked = [int(label) for label in labels[shown]]
    given, truths = (part.astype(np.float32) / 127.5 - 1.0
                     for part in (sources[source_of[shown]], targets[shown]))  # fmt: skip
    return translation.movie(
        folder,
        lambda model: translation.in_a_row(given, model.translate(given, asked), truths),
    )


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pairs in (-1, 1), with labels in turn."""
    import numpy as np

    sources, targets = translation.paired_data(model, n, seed)
    labels = np.arange(n) % len(model.styles)
    return ({"source": sources, "target": targets, "label": labels},)


TASK = dataclasses.replace(
    translation.TASK,
    name="styled translation",
    kind="translators of many styles",
    inputs={**translation.TASK.inputs, "label": "a style, its index, or a number between two"},
    commands={
        **translation.TASK.commands,
        "translate": (*options.TRANSLATE, "--label"),
        "train": options.TRAIN,
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    tiny_data=tiny_data,
    beforehand="The fonts are drawn, which takes one to three minutes the first time.",
    hints={
        "--data": "It is trained with labels, which --data does not bring; in Python: "
        'gan = ganzoo.load("{name}"); gan.fit({{"source": ..., "target": ..., "label": ...}}).'
    },
)
