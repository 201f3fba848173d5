"""The tasks "translation", pictures into pictures by pairs, and "unpaired translation", without."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError
from ganzoo.tasks import pictures
from ganzoo.tasks.task import CardWords, Drawing, Progress, Task, shuffled
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    height, width, channels = config.get("source_shape") or config["image_shape"]
    made = config.get("channels", channels)
    return {
        "pictures in": f"(n, {height}, {width}, {channels}), in [-1, 1]",
        "pictures out": f"(n, {height}, {width}, {made}), in [-1, 1]",
    }


def examples(found: Any, recipe: Recipe, path: Any = None, resize: bool = False) -> tuple[Any, ...]:
    """Return the two arrays of a recipe's source: pairs, or two sets."""
    del found, path, resize  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)())


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return no callbacks: the losses and distances in the logs are what is watched."""
    del recipe, source, examples, folder
    return []


def check(drawing: Drawing) -> None:
    """Refuse to translate nothing.

    Raises:
        DataError: No pictures are given.
    """
    if drawing.options.get("pictures") is None:
        raise DataError(f"{drawing.name} turns pictures into pictures; give it some.")


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Translate the pictures of `drawing.options["pictures"]`, a path, and write them."""
    from ganzoo import data

    direction = drawing.options.get("direction")
    shape = model.source_shape if direction is None else model.shape_of(direction[0])
    resize = bool(drawing.options.get("resize"))
    found = data.images(drawing.options["pictures"], shape, resize=resize)[: drawing.count]
    size = {"batch_size": drawing.batch_size or 16}
    made = model.translate(found, **({} if direction is None else {"direction": direction}), **size)
    pictures.WRITERS[drawing.ending](made, drawing, progress)
    return []


def paired_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pairs in (-1, 1)."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64(seed))
    shapes = (model.source_shape, model.target_shape)
    return tuple(np.tanh(random.standard_normal((n, *shape), dtype=np.float32)) for shape in shapes)


def unpaired_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return an epoch of batches of at most 8 of two random sets in (-1, 1), one half larger."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64(seed))
    sets = [
        np.tanh(random.standard_normal((count, *model.shape_of(which)), dtype=np.float32))
        for which, count in (("a", n + n // 2), ("b", n))
    ]
    return (unpaired((sets[0], sets[1]), min(8, n), seed),)


def unpaired(examples: tuple[Any, ...], batch_size: int, seed: int) -> Any:
    """Return whole batches of two sets, each in an order of its own."""
    from ganzoo.batches import UnpairedBatches

    return UnpairedBatches(*examples, batch_size, seed)


TASK = Task(
    name="translation",
    kind="translators",
    makes="translated images",
    verb="translate",
    example="pictures/ -o translated.png",
    inputs={"source": "(n, height, width, channels), in [-1, 1]"},
    outputs={"target": "(n, height, width, channels), in [-1, 1]"},
    commands={"info": ("--json",)},
    describe=describe,
    examples=examples,
    batches=shuffled,
    watch=watch,
    writers=pictures.WRITERS,
    check=check,
    draw=draw,
    evaluation="",
    holds=lambda path: False,
    tiny_data=paired_data,
    card=CardWords(
        samples="pictures in and out are in [-1, 1].",
        data=pictures.data_words,
        picture="samples.png",
        caption="sources, what was made of them, targets",
        hub_task="image-to-image",
        tags=("image-to-image",),
    ),
)
UNPAIRED = dataclasses.replace(
    TASK,
    name="unpaired translation",
    kind="unpaired translators",
    inputs={"a": "(n, height, width, channels), in [-1, 1]", "b": "the same"},
    outputs={"b": "(n, height, width, channels), in [-1, 1]", "a": "the same"},
    batches=unpaired,
    tiny_data=unpaired_data,
)
