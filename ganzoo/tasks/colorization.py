"""The task "colorization": colours for pictures of any size, whose lightness stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError
from ganzoo.tasks import options, pictures, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import BATCH, WATCHED, in_a_row, movie
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
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
    """Return lightness and colours of a recipe's pictures, or of the user's own."""
    if path is None:
        return translation.examples(found, recipe)
    from ganzoo import data, lab

    shape = (*found.config["image_size"], 3)
    return lab.split(data.images(path, shape, **(reading or {})))


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch grey pictures, their colours made, and the true ones."""
    del recipe, source
    from ganzoo import lab

    light, colours = (part[:WATCHED] for part in examples)
    grey, true = lab.join(light, 0.0 * colours), lab.join(light, colours)
    return movie(
        folder, lambda model: in_a_row(grey, lab.join(light, model.translate(light)), true)
    )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
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


TASK = dataclasses.replace(
    translation.TASK,
    name="colorization",
    kind="colourisers",
    makes="coloured pictures",
    inputs={"source": "pictures (n, height, width, 1 or 3) of any size, in [-1, 1]"},
    outputs={"target": "the same with colours, (n, height, width, 3), in [-1, 1]"},
    commands={
        **translation.TASK.commands,
        "train": (*options.TRAIN, "--data", *options.OWN, *options.PICTURES),
    },
    describe=describe,
    examples=examples,
    watch=watch,
    draw=draw,
)
