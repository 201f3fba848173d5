"""The task "sampling": pictures from latents, without a condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.tasks import options, pictures
from ganzoo.tasks.task import CardWords, Task, shuffled
from ganzoo.zoo.forms import Recipe


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the pictures of a recipe, or those of a path."""
    if path is not None:
        return pictures.own_images(found, path, reading)
    from ganzoo import data

    return (data.source(recipe.data)(),)


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random examples in (-1, 1) of the model's shape."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64(seed))
    drawn = random.standard_normal((n, *model.data_shape), dtype=np.float32)
    return (np.tanh(drawn),)


TASK = Task(
    name="sampling",
    kind="unconditional models",
    makes="images",
    verb="sample",
    example="-n 64 --seed 0 -o samples.png",
    inputs={"latents": "(n, latent_dim), standard normal"},
    outputs={"images": "(n, height, width, channels), in [-1, 1]"},
    commands={
        "info": ("--json",),
        "sample": (*options.SAMPLE, "--columns", "--scale", "--invert"),
        "train": (*options.TRAIN, "--data", *options.OWN, *options.PICTURES),
        "evaluate": (*options.EVALUATE, "--features", "--neighbours", *options.PICTURES),
        "explore": options.EXPLORE,
    },
    describe=pictures.describe,
    examples=examples,
    batches=shuffled,
    watch=pictures.watch,
    writers=pictures.WRITERS,
    check=pictures.check,
    draw=pictures.draw,
    evaluation="ganzoo.evaluation.pictures:evaluate",
    holds=lambda path: True,  # a folder of pictures or an array, unless another task knows better
    tiny_data=tiny_data,
    card=CardWords(
        samples="latents are standard normal, pictures in [-1, 1], ink = 1.",
        data=pictures.data_words,
        picture="samples.png",
        caption="samples, seed 0",
        hub_task="unconditional-image-generation",
        tags=("image-generation",),
    ),
)
