"""The task "text": lines of a few characters from latents."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, pictures, sampling
from ganzoo.tasks.task import CardWords, Drawing, Progress
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the characters."""
    return {
        "latents": f"(n, {config['latent_dim']}), standard normal",
        "samples": f"lines of at most {config['length']} characters",
        "characters": config["vocabulary"],
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the one-hot lines of a recipe."""
    del found, path, reading  # --data is none of the options of this task
    from ganzoo import data

    return (data.source(recipe.data)(),)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: lines of every epoch, and the balance."""
    del recipe, source
    from ganzoo.callbacks import BalanceMonitor, SampleLines

    return [SampleLines(folder / "samples"), BalanceMonitor(examples[0])]


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Draw lines and write them: a text of one line each, or one-hot characters."""
    batch_size = drawing.batch_size or pictures.BATCH
    made = pictures.samples(
        model, drawing.count, drawing.seed, batch_size=batch_size, progress=progress
    )
    WRITERS[drawing.ending](
        model.texts(made) if drawing.ending == ".txt" else made, drawing, progress
    )
    return []


def write_lines(lines: Sequence[str], drawing: Drawing, progress: Progress) -> None:
    """Write a text of one line each."""
    del progress
    from ganzoo.files.writing import write_text

    write_text(drawing.output, "".join(f"{line}\n" for line in lines))


WRITERS: dict[str, Callable[..., None]] = {
    ".txt": write_lines,
    ".npy": pictures.write_array,
    ".npz": pictures.write_array,
}


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random lines, one-hot."""
    import numpy as np

    length, characters = model.data_shape
    chosen = np.random.Generator(np.random.PCG64(seed)).integers(0, characters, (n, length))
    return (np.eye(characters, dtype=np.float32)[chosen],)


TASK = dataclasses.replace(
    sampling.TASK,
    name="text",
    kind="models of text",
    makes="lines",
    example="-n 100 --seed 0 -o lines.txt",
    outputs={"lines": "(n, length, vocabulary), one-hot"},
    commands={
        "info": ("--json",),
        "sample": options.SAMPLE,
        "train": options.TRAIN,
        "evaluate": options.EVALUATE,
    },
    describe=describe,
    examples=examples,
    watch=watch,
    writers=WRITERS,
    check=lambda drawing: None,
    draw=draw,
    evaluation="ganzoo.evaluation.text:evaluate",
    holds=lambda path: False,
    tiny_data=tiny_data,
    card=CardWords(
        samples="latents are standard normal, samples are one-hot characters.",
        data=pictures.data_words,
        picture="samples.png",
        caption="",
        hub_task="text-generation",
        tags=("text-generation",),
    ),
    hints={"--data": "In Python: gan.fit(gan.encoded(lines))."},
)
