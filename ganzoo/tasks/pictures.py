"""What the tasks that make pictures share: their data, what is watched, how they are written.

Pictures are float32 (n, height, width, channels) in [-1, 1].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.zoo.forms import Entry, Recipe

CHUNK = 4096  # samples between two reports of the progress
MAX_GRID = 10_000
BATCH = 256


def shape_of(config: Mapping[str, Any]) -> tuple[int, ...]:
    """Return (height, width, channels) from a model's constructor arguments."""
    return tuple(config.get("image_shape") or config["data_shape"])


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    return {
        "latents": f"(n, {config['latent_dim']}), standard normal",
        "samples": f"(n, {', '.join(map(str, shape_of(config)))}), in [-1, 1]",
    }


def data_words(entry: Entry) -> str:
    """Return what a card says of the data."""
    return (
        f"{entry.data}; (c) {entry.credit}, {entry.licence}. The weights are passed on under the "
        "same licence."
    )


def own_images(found: Any, path: Any, reading: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Return pictures of the user's in the model's size; `reading` as for `ganzoo.data.images`."""
    from ganzoo import data

    return (data.images(path, shape_of(found.config), **(reading or {})),)


def given(drawing: Drawing, shape: Sequence[int]) -> tuple[Any, tuple[str, ...]]:
    """Return the pictures that a user gave a model, and what each is called; warn of what was done.

    Args:
        drawing: Its options say `pictures`, a path, and `reading`; at most `count` are returned.
        shape: (height, width, channels) that the model takes.

    Raises:
        DataError: There are none, or one is damaged or of another form; it is named.
    """
    import warnings

    from ganzoo.data import pictures as reader

    rules = reader.Rules(**drawing.options.get("reading", {}))
    found = reader.read(drawing.options["pictures"], shape, rules)
    for note in found.notes:
        warnings.warn(note, stacklevel=3)
    return found.images[: drawing.count], found.names[: drawing.count]


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return callbacks: pictures of every epoch, the balance, and the quality where it decides."""
    del source
    from ganzoo.callbacks import BalanceMonitor, Measure, Movie

    callbacks = [Movie(folder / "samples", folder / "movie.gif"), BalanceMonitor(examples[0])]
    if recipe.best_by is not None:
        callbacks.append(Measure(examples[0], every=recipe.measure_every))
    return callbacks


def check(drawing: Drawing) -> None:
    """Refuse a grid that is too large."""
    if drawing.ending == ".png" and drawing.count > MAX_GRID:
        raise InvalidArgumentError(
            f"A grid holds at most {MAX_GRID} pictures; got {drawing.count}. Write a .npy or a "
            "folder instead."
        )


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Draw samples and write them."""
    images = samples(
        model,
        drawing.count,
        drawing.seed,
        batch_size=drawing.batch_size or BATCH,
        label=drawing.options.get("label"),
        progress=progress,
    )
    WRITERS[drawing.ending](images, drawing, progress)
    return []


def samples(
    model: Any,
    count: int,
    seed: int | None,
    *,
    batch_size: int = BATCH,
    label: Any = None,
    progress: Progress | None = None,
    generate: Any = None,
) -> Any:
    """Return `model.sample(count, seed)`, drawn in parts whose number is reported.

    Args:
        model, count, seed, batch_size, label: As for `sample`.
        progress: Is told.
        generate: From latents and `batch_size` to pictures; `model.generate` by default.
    """
    import numpy as np

    from ganzoo.random import draw_latents

    model.check_memory(count)
    latents = draw_latents(count, model.latent_dim, seed)
    condition = model.condition(count, label)
    parts = []
    for start in range(0, count, CHUNK):
        part = slice(start, start + CHUNK)
        options = {} if condition is None else {"label": condition[part]}
        make = generate or model.generate
        parts.append(make(latents[part], batch_size=batch_size, **options))
        if progress is not None:
            progress("sampling", min(start + CHUNK, count), count)
    return np.concatenate(parts)


# --- writers -------------------------------------------------------------------------------------


def write_grid(images: Any, drawing: Drawing, progress: Progress) -> None:
    """Write one PNG with all samples in rows."""
    del progress
    from ganzoo import plots

    options = drawing.options
    picture = plots.grid(
        images,
        options.get("columns"),
        scale=options.get("scale", 1),
        invert=options.get("invert", False),
    )
    plots.save(picture, drawing.output)


def write_array(images: Any, drawing: Drawing, progress: Progress) -> None:
    """Write samples as .npy, or as .npz under the key `samples`."""
    del progress
    import numpy as np

    from ganzoo.files.writing import written

    with written(drawing.output) as temporary, open(temporary, "wb") as file:
        if drawing.ending == ".npz":
            np.savez_compressed(file, samples=images)
        else:
            np.save(file, images)


def write_folder(images: Any, drawing: Drawing, progress: Progress) -> None:
    """Write one PNG per sample: 00000.png and so on; drop numbered pictures of an earlier run."""
    from ganzoo import plots

    output = drawing.output
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {output}: {error.strerror}.") from error
    count = len(images)
    for index, image in enumerate(images):
        pixels = plots.to_uint8(plots.inverted(image) if drawing.options.get("invert") else image)
        plots.save(plots.to_image(pixels), output / f"{numbered(index, count)}.png")
        progress("writing", index + 1, count)
    drop_numbered(output, count)


def numbered(index: int, count: int) -> str:
    """Return the name of one of `count` pictures: 00000 and so on."""
    return f"{index:0{max(5, len(str(count - 1)))}d}"


def drop_numbered(folder: Path, count: int, ending: str = ".png") -> None:
    """Remove numbered files of an earlier run that are none of these `count`."""
    width = len(numbered(0, count))
    for earlier in folder.glob(f"*{ending}"):
        if earlier.stem.isdigit() and (len(earlier.stem) != width or int(earlier.stem) >= count):
            earlier.unlink()


WRITERS = {".png": write_grid, ".npy": write_array, ".npz": write_array, "": write_folder}
