"""The task "inpainting": holes in pictures filled; what is outside of a hole stays as it was."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.tasks import options, pictures, translation
from ganzoo.tasks.given import rules_of
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import WATCHED, in_a_row, movie
from ganzoo.zoo.forms import Recipe

CENTRE, RANDOM = ("center", "centre"), "random"
SEED = 0  # of random holes: the same for the same pictures


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    height, width, channels = config["image_shape"]
    shape = f"(n, {height}, {width}, {channels}), in [-1, 1]"
    masks = f"(n, {height}, {width}, 1), 1 in the hole, 0 elsewhere"
    return {"pictures in": shape, "masks in": masks, "pictures out": shape}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the pictures of a recipe's source, or of the user's own."""
    if path is not None:
        return pictures.own_images(found, path, reading)
    from ganzoo import data

    return (data.source(recipe.data)(),)


def batches(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches in a new order each epoch, with a new random hole in each picture."""
    from ganzoo.data.masked import MaskedBatches

    return MaskedBatches(examples[0], batch_size, seed, **variation)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pictures with holes, completed, and as they were."""
    del recipe, source
    from ganzoo import plots
    from ganzoo.data.masks import random_masks

    images = plots.some(examples[0], WATCHED)
    height, width = images.shape[1:3]
    masks = random_masks(len(images), height, width, seed=SEED)
    holed = with_holes(images, masks)
    return movie(folder, lambda model: in_a_row(holed, model.inpaint(images, masks), images))


def with_holes(images: Any, masks: Any) -> Any:
    """Return pictures that are grey in their holes."""
    return images * (1.0 - masks)


def check(drawing: Drawing) -> None:
    """Refuse what cannot be completed or written.

    Raises:
        InvalidArgumentError: It is not said where the hole is.
        DataError: There is no such mask; or as of `ganzoo.tasks.given.check`.
    """
    mask = drawing.options.get("mask")
    words = f"give --mask FILE (white is the hole), --mask {CENTRE[0]} or --mask {RANDOM}"
    if mask is None:
        raise InvalidArgumentError(f"{drawing.name} fills holes; say where they are: {words}.")
    if str(mask) not in (*CENTRE, RANDOM) and not Path(mask).is_file():
        known = (CENTRE[0], RANDOM)
        raise DataError(f"There is no mask {mask}; {words}.{nearest(str(mask), known)}")
    translation.check(drawing)


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Complete pictures and write them."""
    from ganzoo.data.masks import masks_of, random_boxes
    from ganzoo.random import random_generator

    height, width = model.image_shape[:2]
    mask, random = drawing.options["mask"], random_generator(SEED)
    fixed = None if str(mask) == RANDOM else _mask(mask, height, width, drawing)
    waiting: deque[Any] = deque()  # masks of pictures that are not shown yet

    def turn(images: Any, **options: Any) -> Any:
        n = len(images)
        masks = masks_of(random_boxes(n, height, width, random), height, width)
        masks = masks if fixed is None else fixed[None].repeat(n, axis=0)
        waiting.extend(masks)
        return model.inpaint(images, masks, **options)

    def shown(image: Any) -> Any:
        return with_holes(image, waiting.popleft())

    return translation.translate(
        turn, model.image_shape, drawing, progress, shown=shown, done="completed"
    )


def _mask(mask: Any, height: int, width: int, drawing: Drawing) -> Any:
    """Return the mask (height, width, 1) that a file or a word says: 1 where it is white."""
    import numpy as np

    from ganzoo.data import masks
    from ganzoo.data import pictures as reading

    if str(mask) in CENTRE:
        return masks.centre(height, width)
    found = reading.read(Path(mask), (height, width, 1), rules_of(drawing.options))
    if len(found.images) != 1:
        raise DataError(f"{mask} must hold one mask; got {len(found.images)}.")
    hole = (found.images[0] > 0.0).astype(np.float32)
    if not hole.any():
        raise DataError(f"{mask} marks no hole: nothing in it is white.")
    return hole


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pictures in (-1, 1), and masks of random holes."""
    import numpy as np

    from ganzoo.data.masks import random_masks

    random = np.random.Generator(np.random.PCG64(seed))
    images = np.tanh(random.standard_normal((n, *model.image_shape), dtype=np.float32))
    height, width = model.image_shape[:2]
    return images, random_masks(n, height, width, seed=seed)


TASK = dataclasses.replace(
    translation.TASK,
    name="inpainting",
    kind="models that fill holes",
    makes="completed pictures",
    example="photo.png --mask mask.png -o completed.png",
    inputs={
        "image": "(n, height, width, channels), in [-1, 1]",
        "mask": "(n, height, width, 1), 1 in the hole, 0 elsewhere",
    },
    outputs={"completed": "(n, height, width, channels), in [-1, 1]"},
    commands={
        "info": ("--json",),
        "translate": (*options.TRANSLATE, "--mask"),
        "train": (*options.TRAIN, "--data", *options.OWN, *options.PICTURES),
        "evaluate": (*options.EVALUATE, "--beside", "--pairs"),
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    check=check,
    draw=draw,
    evaluation="ganzoo.evaluation.inpainting:evaluate",
    tiny_data=tiny_data,
    card=dataclasses.replace(
        translation.TASK.card,
        caption="held-out pictures with a hole, completed, and as they were",
    ),
)
