"""The tasks "translation", pictures into pictures by pairs, and "unpaired translation", without."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError, OutputError
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


def describe_colours(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the same of a model that colours pictures."""
    height, width = config["image_size"]
    return {
        "pictures in": "(n, any height, any width, 1 or 3), in [-1, 1]",
        "pictures out": "the same with colours, (n, height, width, 3), in [-1, 1]",
        "trained at": f"{height}x{width}",
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the two arrays of a recipe's source: pairs, or two sets."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return tuple(data.source(recipe.data)()[:2])  # without the names of what they show


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch sources, what is made of them, and the targets."""
    del recipe, source
    sources, targets = (part[:WATCHED] for part in examples)
    return _movie(folder, lambda model: _in_a_row(sources, model.translate(sources), targets))


def watch_colours(
    recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path
) -> list[Any]:
    """Return callbacks: after every epoch grey pictures, their colours made, and the true ones."""
    del recipe, source
    from ganzoo import lab

    light, colours = (part[:WATCHED] for part in examples)
    grey, true = lab.join(light, 0.0 * colours), lab.join(light, colours)
    return _movie(
        folder, lambda model: _in_a_row(grey, lab.join(light, model.translate(light)), true)
    )


def watch_unpaired(
    recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path
) -> list[Any]:
    """Return callbacks: after every epoch pictures of each set and what is made of them."""
    del recipe, source
    a, b = (part[:WATCHED] for part in examples)
    return _movie(
        folder,
        lambda model: _in_a_row(a, model.translate(a, "ab"), b, model.translate(b, "ba")),
    )


def _movie(folder: Path, draw: Callable[[Any], Any]) -> list[Any]:
    from ganzoo.callbacks import Movie

    return [Movie(folder / "samples", folder / "movie.gif", draw=draw, columns=4, scale=2)]


def _in_a_row(*pictures: Any) -> Any:
    from ganzoo import plots

    return functools.reduce(plots.beside, pictures)


def check(drawing: Drawing) -> None:
    """Refuse to translate nothing, or to write where the pictures come from.

    Raises:
        DataError: No pictures are given, or there is nothing of that name.
        OutputError: The output is the input, or a folder in it, which would be read the next time.
    """
    given = drawing.options.get("pictures")
    if given is None:
        raise DataError(f"{drawing.name} turns pictures into pictures; give it some.")
    if not Path(given).exists():
        raise DataError(f"There are no pictures to translate: {given} does not exist.")
    source, output = Path(given).resolve(), drawing.output.resolve()
    into = not drawing.ending and (
        source in output.parents or (source.is_file() and source.parent == output)
    )
    if source == output or into:
        raise OutputError(f"Cannot write into {drawing.output}: the pictures come from there.")


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Turn sources into targets and write them."""
    return translate(model.translate, model.source_shape, drawing, progress)


def draw_unpaired(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Turn pictures of one set into those of the other and write them."""
    direction = drawing.options.get("direction") or DIRECTION
    turn = functools.partial(model.translate, direction=direction)
    return translate(turn, model.shape_of(direction[0]), drawing, progress)


def translate(
    turn: Callable[..., Any], shape: tuple[int, ...], drawing: Drawing, progress: Progress
) -> list[str]:
    """Translate the pictures of `drawing.options["pictures"]`, a path, and write them.

    Args:
        turn: The model's `translate`.
        shape: (height, width, channels) of what it takes.
        drawing: What is written where; no more than `count` pictures are translated.
        progress: Told how many pictures are translated and written.

    Returns:
        A line for the user: how many pictures of which path.

    Raises:
        DataError: There are no pictures, or one is damaged or of another form; it is named.
    """
    import numpy as np

    from ganzoo import data, plots

    path = drawing.options["pictures"]
    found = data.images(path, shape, **drawing.options.get("reading", {}))[: drawing.count]
    count = len(found)
    pictures.check(dataclasses.replace(drawing, count=count))
    made = []
    for start in range(0, count, pictures.CHUNK):
        part = found[start : start + pictures.CHUNK]
        made.append(turn(part, batch_size=drawing.batch_size or BATCH))
        progress("translating", start + len(part), count)
    images = np.concatenate(made)
    if drawing.options.get("beside"):
        images = plots.beside(found, images)
    pictures.WRITERS[drawing.ending](images, drawing, progress)
    return [f"{count} {'picture' if count == 1 else 'pictures'} of {path} translated"]


def draw_colours(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Colour pictures of any size and write them; a grid or an array wants them of one size."""
    import numpy as np

    from ganzoo import data, plots
    from ganzoo.data.pictures import find_pictures

    path = Path(drawing.options["pictures"])
    sources = find_pictures(path) if path.is_dir() else [path]
    made: list[Any] = []
    for number, source in enumerate(sources[: drawing.count], 1):
        shape = (*data.picture_size(source), 3)
        found = data.images(source, shape, **drawing.options.get("reading", {}))
        coloured = model.colorize(found, batch_size=drawing.batch_size or BATCH)
        made += list(plots.beside(found, coloured) if drawing.options.get("beside") else coloured)
        progress("colouring", number, len(sources))
    sizes = {picture.shape[:2] for picture in made}
    if drawing.ending == ".png" and len(made) == 1:
        plots.save(plots.to_image(plots.to_uint8(made[0])), drawing.output)
    elif drawing.ending and len(sizes) > 1:
        raise DataError(
            f"The pictures of {path} are of {len(sizes)} sizes; one file holds pictures of one "
            "size: write them into a folder, -o FOLDER."
        )
    else:
        images = np.stack(made) if len(sizes) == 1 else made
        pictures.WRITERS[drawing.ending](images, drawing, progress)
    return [f"{len(made)} {'picture' if len(made) == 1 else 'pictures'} of {path} coloured"]


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

    return UnpairedBatches(examples[0], examples[1], batch_size, seed)


TASK = Task(
    name="translation",
    kind="translators",
    makes="translated images",
    verb="translate",
    example="pictures/ -o translated.png",
    inputs={"source": "(n, height, width, channels), in [-1, 1]"},
    outputs={"target": "(n, height, width, channels), in [-1, 1]"},
    commands={
        "info": ("--json",),
        "translate": options.TRANSLATE,
        "train": options.TRAIN,
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
COLOURS = dataclasses.replace(
    TASK,
    name="colorization",
    kind="colourisers",
    makes="coloured pictures",
    inputs={"source": "pictures (n, height, width, 1 or 3) of any size, in [-1, 1]"},
    outputs={"target": "the same with colours, (n, height, width, 3), in [-1, 1]"},
    describe=describe_colours,
    watch=watch_colours,
    draw=draw_colours,
)
UNPAIRED = dataclasses.replace(
    TASK,
    name="unpaired translation",
    kind="unpaired translators",
    inputs={"a": "(n, height, width, channels), in [-1, 1]", "b": "the same"},
    outputs={"b": "(n, height, width, channels), in [-1, 1]", "a": "the same"},
    commands={**TASK.commands, "translate": (*options.TRANSLATE, "--direction")},
    batches=unpaired,
    watch=watch_unpaired,
    draw=draw_unpaired,
    tiny_data=unpaired_data,
)
