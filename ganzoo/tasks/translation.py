"""The tasks "translation", pictures into pictures by pairs, and "unpaired translation", without."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, pictures
from ganzoo.tasks.task import CardWords, Drawing, Progress, Task, shuffled
from ganzoo.zoo.forms import Recipe

BATCH = 16
WATCHED = 24  # pictures that are drawn after every epoch
DIRECTION = "ab"  # where none is given


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    height, width, channels = config.get("source_shape") or config["image_shape"]
    made = config.get("channels", channels)
    return {
        "pictures in": f"(n, {height}, {width}, {channels}), in [-1, 1]",
        "pictures out": f"(n, {height}, {width}, {made}), in [-1, 1]",
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the two arrays of a recipe's source, or pairs of the user's own.

    Args:
        found, recipe: The model and its recipe.
        path: One path, or two, of sources and of targets; see `ganzoo.data.own_pairs`.
        reading: How pictures are read.
    """
    from ganzoo import data

    if path is not None:
        source, target = path if isinstance(path, tuple | list) else (path, None)
        source_shape = tuple(found.config["source_shape"])
        target_shape = (*source_shape[:2], found.config["channels"])
        return data.own_pairs(source, target, source_shape, target_shape, **(reading or {}))
    return tuple(data.source(recipe.data)()[:2])  # without the names of what they show


def unpaired_examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return two sets: those of a recipe's source, or two of the user's own."""
    if path is None:
        return examples(found, recipe)
    from ganzoo import data

    first, second = path if isinstance(path, tuple | list) else (path, None)
    shape = tuple(found.config["image_shape"])
    return data.own_sets(first, second, shape, shape, **(reading or {}))


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch sources, what is made of them, and the targets."""
    from ganzoo import plots

    del recipe, source
    sources, targets = (plots.some(part, WATCHED) for part in examples)
    return movie(folder, lambda model: in_a_row(sources, model.translate(sources), targets))


def watch_unpaired(
    recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path
) -> list[Any]:
    """Return callbacks: after every epoch pictures of each set and what is made of them."""
    from ganzoo import plots

    del recipe, source
    a, b = (plots.some(part, WATCHED) for part in examples)
    return movie(
        folder,
        lambda model: in_a_row(a, model.translate(a, "ab"), b, model.translate(b, "ba")),
    )


def movie(folder: Path, draw: Callable[[Any], Any]) -> list[Any]:
    """Return the callback that draws pictures of the model after every epoch."""
    from ganzoo.callbacks import Movie

    return [Movie(folder / "samples", folder / "movie.gif", draw=draw, columns=4, scale=2)]


def in_a_row(*pictures: Any) -> Any:
    """Return pictures side by side."""
    from ganzoo import plots

    return functools.reduce(plots.beside, pictures)


def check(drawing: Drawing) -> None:
    """Refuse what cannot be translated or written; see `ganzoo.tasks.given`."""
    from ganzoo.tasks import given

    given.check(drawing)


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Turn sources into targets and write them."""
    network = model.inference_network("generator")
    return translate(model.translate, model.source_shape, drawing, progress, network=network)


def draw_unpaired(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Turn pictures of one set into those of the other and write them."""
    direction = drawing.options.get("direction") or DIRECTION
    turn = functools.partial(model.translate, direction=direction)
    network = model.inference_network(f"generator_{direction}")
    return translate(turn, model.shape_of(direction[0]), drawing, progress, network=network)


def translate(
    turn: Callable[..., Any],
    shape: Sequence[int | None],
    drawing: Drawing,
    progress: Progress,
    **options: Any,
) -> list[str]:
    """Translate pictures and write them; see `ganzoo.tasks.translating`."""
    from ganzoo.tasks import translating

    return translating.translate(turn, shape, drawing, progress, **options)


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


def unpaired(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches of two sets, each in an order of its own."""
    from ganzoo.batches import UnpairedBatches

    return UnpairedBatches(examples[0], examples[1], batch_size, seed, **variation)


TASK = Task(
    name="translation",
    kind="translators",
    makes="translated images",
    verb="translate",
    example="pictures/ -o translated/",
    inputs={"source": "(n, height, width, channels), in [-1, 1]"},
    outputs={"target": "(n, height, width, channels), in [-1, 1]"},
    commands={
        "info": ("--json",),
        "translate": options.TRANSLATE,
        "train": (*options.TRAIN, "--data", "--data-b", *options.OWN, *options.PICTURES),
        "evaluate": (*options.EVALUATE, "--beside", "--pairs"),
    },
    describe=describe,
    examples=examples,
    batches=shuffled,
    watch=watch,
    writers=pictures.WRITERS,
    check=check,
    draw=draw,
    evaluation="ganzoo.evaluation.translations:evaluate",
    holds=lambda path: False,
    tiny_data=paired_data,
    card=CardWords(
        samples="pictures in and out are in [-1, 1].",
        data=pictures.data_words,
        picture="pairs.png",
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
    commands={**TASK.commands, "translate": (*options.TRANSLATE, "--direction")},
    examples=unpaired_examples,
    batches=unpaired,
    watch=watch_unpaired,
    draw=draw_unpaired,
    evaluation="ganzoo.evaluation.unpaired:evaluate",
    tiny_data=unpaired_data,
)
