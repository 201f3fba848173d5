"""The task "encoding": pictures from latents, and latents from pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, pictures, sampling
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import in_a_row
from ganzoo.zoo.forms import Recipe

WATCHED = 32  # pictures whose reconstructions are drawn after every epoch


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pictures beside their reconstructions; the quality."""
    del source
    from ganzoo import plots
    from ganzoo.callbacks import Measure, Movie

    shown = plots.some(examples[0], WATCHED)
    movie = Movie(
        folder / "samples",
        folder / "movie.gif",
        draw=lambda model: in_a_row(shown, model.reconstruct(shown)),
        columns=8,
        scale=2,
    )
    measured = [Measure(examples[0], every=recipe.measure_every)] if recipe.best_by else []
    return [movie, *measured]


def encode(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Write the latents of the pictures of a path: .npy, or .npz under the key `latents`.

    Args:
        model: With `encode`.
        drawing: Where to; its options say `pictures` and `reading`.
        progress: Told how many pictures are encoded.

    Returns:
        A line for the user.
    """
    import numpy as np

    from ganzoo.files.writing import written

    images, _ = pictures.given(drawing, model.data_shape)
    source, parts = drawing.options["pictures"], []
    for start in range(0, len(images), pictures.CHUNK):
        part = images[start : start + pictures.CHUNK]
        parts.append(model.encode(part, batch_size=drawing.batch_size or pictures.BATCH))
        progress("encoding", start + len(part), len(images))
    latents = np.concatenate(parts)
    with written(drawing.output) as temporary, open(temporary, "wb") as file:
        if drawing.ending == ".npz":
            np.savez_compressed(file, latents=latents)
        else:
            np.save(file, latents)
    count = f"{len(latents)} picture{'s' if len(latents) > 1 else ''}"
    return [f"{count} of {source} as latents of length {latents.shape[1]}"]


_COMMANDS = sampling.TASK.commands
TASK = dataclasses.replace(
    sampling.TASK,
    name="encoding",
    kind="models with an encoder",
    verb="encode",
    example="pictures/ -o codes.npz",
    inputs={**sampling.TASK.inputs, "pictures": "(n, height, width, channels), in [-1, 1]"},
    outputs={"images": "(n, height, width, channels), in [-1, 1]", "codes": "(n, latent_dim)"},
    commands={
        **_COMMANDS,
        "encode": ("-o", "--overwrite", *options.PICTURES, "--batch-size"),
        "evaluate": (*_COMMANDS["evaluate"], "--pairs", "--plane"),
    },
    watch=watch,
    evaluation="ganzoo.evaluation.codes:evaluate",
    holds=lambda path: False,
    encode=encode,
    card=dataclasses.replace(
        sampling.TASK.card,
        samples="latents are standard normal, pictures in and out in [-1, 1].",
        picture="pairs.png",
        caption="held-out pictures beside their reconstructions",
    ),
)
