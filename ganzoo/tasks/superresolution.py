"""The task "superresolution": pictures of any size into larger ones."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.tasks import options, translation
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.tasks.translation import in_a_row, movie
from ganzoo.zoo.forms import Recipe

WATCHED, SIDE = 12, 48  # pictures that are drawn after every epoch, and pixels of a small one


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    channels, scale = config["channels"], config["scale"]
    return {
        "pictures in": f"(n, any height, any width, {channels}), in [-1, 1]",
        "pictures out": f"{scale} times as high and as wide, in [-1, 1]",
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the crops of a recipe's photographs, or of those of the user's own.

    Args:
        found, recipe: The model and its recipe.
        path: A folder of pictures of any sizes, or one.
        reading: `background`: what transparent ones are laid over.
    """
    from ganzoo import data
    from ganzoo.data.crops import Crops
    from ganzoo.data.gallery import gallery

    channels = found.config["channels"]
    if path is None:
        photographs = data.source(recipe.data)()
    else:
        photographs = gallery(path, channels, **(reading or {}))
    return (Crops(photographs, found.config["scale"]),)


def batches(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return batches of random crops, others in each epoch, flipped and turned in any case."""
    del variation
    from ganzoo.data.crops import CropBatches

    return CropBatches(examples[0], batch_size, seed)


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: after every epoch pictures enlarged bicubically and by the model, and true.

    They are middles of photographs, held-out ones where the recipe's data have such.
    """
    from ganzoo import data

    gallery = examples[0].gallery if source is None else data.source(source)("test")
    small, large = middles(gallery, examples[0].scale)
    bicubic = _enlarged(small, examples[0].scale)
    return movie(folder, lambda model: in_a_row(bicubic, model.translate(small), large))


def middles(gallery: Any, scale: int, count: int = WATCHED) -> tuple[Any, Any]:
    """Return the middles of some photographs, small and large: float32 in [-1, 1].

    Args:
        gallery: A `ganzoo.data.gallery.Gallery`.
        scale: How many times as large the large ones are.
        count: Of how many photographs at most, the first.
    """
    import numpy as np

    from ganzoo import plots, resampling

    side = min(SIDE, *(min(size) // scale for size in gallery.sizes))
    made = []
    for index in range(min(count, len(gallery))):
        picture = resampling.cropped(gallery[index], scale)
        small = resampling.reduced(picture, scale)
        top, left = ((length - side) // 2 for length in small.shape[:2])
        rows, columns = (slice(begin, begin + side) for begin in (top, left))
        true = picture[scale * top : scale * (top + side), scale * left : scale * (left + side)]
        made.append((small[rows, columns], true))
    parts = zip(*made, strict=True)
    small, large = (plots.from_uint8(np.stack(part)) for part in parts)
    return small, large


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Enlarge pictures of any size and write them."""
    turn = functools.partial(enlarge, model, progress=functools.partial(progress, "tiles"))
    return translation.translate(
        turn,
        (None, None, model.channels),
        drawing,
        progress,
        shown=lambda image: _enlarged(image, model.scale),
        done=f"made {model.scale} times as large",
        scale=model.scale,
    )


def enlarge(model: Any, images: Any, **options: Any) -> Any:
    """Return `model.translate`; colour pictures in which all is grey stay grey.

    Args:
        model: One that enlarges.
        images: (n, h, w, channels) in [-1, 1].
        **options: Of `translate`.
    """
    import numpy as np

    if images.shape[-1] != 3 or (images != images[..., :1]).any():
        return model.translate(images, **options)
    return np.broadcast_to(
        grey := model.translate(images[..., :1], **options), (*grey.shape[:-1], 3)
    )


def _enlarged(images: Any, scale: int) -> Any:
    """Return pictures enlarged bicubically, in [-1, 1]."""
    import numpy as np

    from ganzoo import resampling

    return np.clip(resampling.enlarged(images, scale), -1.0, 1.0)


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n random pairs in (-1, 1), small ones of 6x6."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64(seed))
    shapes = [(n, 6 * scale, 6 * scale, model.channels) for scale in (1, model.scale)]
    return tuple(np.tanh(random.standard_normal(shape, dtype=np.float32)) for shape in shapes)


TASK = dataclasses.replace(
    translation.TASK,
    name="superresolution",
    kind="models that enlarge",
    makes="enlarged pictures",
    example="photo.jpg -o large.png",
    inputs={"source": "pictures (n, height, width, channels) of any size, in [-1, 1]"},
    outputs={"target": "the same, 2, 3 or 4 times as large, in [-1, 1]"},
    commands={
        **translation.TASK.commands,
        "train": (*options.TRAIN, "--data", "--background"),
        "evaluate": (*options.EVALUATE, "--beside", "--pairs", "--background"),
    },
    describe=describe,
    examples=examples,
    batches=batches,
    watch=watch,
    draw=draw,
    evaluation="ganzoo.evaluation.superresolution:evaluate",
    tiny_data=tiny_data,
    card=dataclasses.replace(
        translation.TASK.card,
        caption="middles of photographs, enlarged bicubically, by the model, and true",
    ),
)
