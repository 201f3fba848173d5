"""`ganzoo sample`: draw from a pretrained model into a picture or an array."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ganzoo.checks import MAX_SAMPLES
from ganzoo.cli.weights import Bars
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.presets import find
from ganzoo.zoo import registry

ARRAYS = (".npy", ".npz")
PICTURES = (".png", *ARRAYS)
CHUNK = 4096


@click.command()
@click.argument("name")
@click.option("-n", "count", type=click.IntRange(1, MAX_SAMPLES), default=64, show_default=True,
              help="How many samples.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=None,
              help="The same seed gives the same samples on every backend. "
              "Without it they differ each time.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.png (a grid), FILE.npy or FILE.npz (float32 in [-1, 1]), or "
              "a folder (one PNG each). Default: NAME.png. For events: FILE.npz (the default), "
              ".h5, .csv, .parquet or .root.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Samples per forward pass; changes memory and speed only.  [default: 256; for "
              "events 131072]")  # fmt: skip
@click.option("--label", help="What a conditional model draws: the name of a class, its index, or "
              "a number between two.  [default: all in turn]")  # fmt: skip
@click.option("--columns", type=click.IntRange(1), default=None, help="Samples per row of a grid.")
@click.option("--scale", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Enlarge each pixel of a grid by this whole factor.")  # fmt: skip
@click.option("--invert", is_flag=True, help="Draw dark on light in pictures.")
@click.option("--q2min", type=float, default=None,
              help="For events: those with at least this Q2 in GeV2; -n is after it.")  # fmt: skip
def sample(
    name: str,
    count: int,
    seed: int | None,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    label: str | None,
    columns: int | None,
    scale: int,
    invert: bool,
    q2min: float | None,
) -> None:
    """Draw samples from NAME, a pretrained model or a preset folder.

    \b
    ganzoo sample dcgan_mnist -n 64 --seed 0 -o digits.png
    ganzoo sample dcgan_mnist -n 10000 --seed 1 -o digits.npz
    ganzoo sample cdcgan_mnist --label 7 -o sevens.png
    ganzoo sample runs/mine/preset -n 16 -o pictures/
    ganzoo sample fatgan_electrons -n 1000000 --seed 1 --q2min 2 -o events.root
    """
    if find.resolve(name).task == "events":
        draw_events(name, count, seed, output, overwrite, batch_size, q2min)
        return
    if q2min is not None:
        raise InvalidArgumentError(f"--q2min is for events; {name} draws images.")
    output = output or Path(f"{Path(name).resolve().name}.png")
    kind = check_output(output, overwrite)
    if kind == ".png" and count > 10_000:
        raise InvalidArgumentError(
            f"A grid holds at most 10000 samples; got -n {count}. Write a .npy or a folder instead."
        )
    with Bars() as bars:
        folder = find.preset_folder(name, bars.update)
    from ganzoo.presets import (
        folder as presets,  # imports a backend: after all that can fail without one
    )

    gan = presets.load(folder)
    images = draw(gan, count, seed, batch_size or 256, label)
    if kind == ".png":
        from ganzoo import plots

        plots.save(plots.grid(images, columns, scale=scale, invert=invert), output)
    elif kind in ARRAYS:
        write_array(images, output)
    else:
        write_folder(-images if invert else images, output)
    click.echo(f"{count} samples of {name} written to {output}", err=True)


def check_output(output: Path, overwrite: bool, endings: Sequence[str] = PICTURES) -> str:
    """Return the kind of output (a suffix, or "" for a folder); refuse before any work is done."""
    kind = "" if output.is_dir() and endings == PICTURES else output.suffix.lower()
    if kind not in endings and (kind or endings != PICTURES):
        folder = ", or name a folder" if endings == PICTURES else ""
        raise InvalidArgumentError(
            f"Cannot write {output}: the ending must be {', '.join(endings[:-1])} or {endings[-1]}"
            f"{folder}."
        )
    if output.exists() and kind and not output.is_file():
        raise OutputError(f"Cannot write {output}: it is not a regular file.")
    taken = any(output.glob("*.png")) if output.is_dir() else output.exists()
    if taken and not overwrite:
        raise OutputError(f"{output} exists already; pass --overwrite to replace it.")
    if kind and not output.parent.is_dir():
        raise OutputError(f"Cannot write {output}: there is no folder {output.parent}.")
    if not kind and output.exists() and not output.is_dir():
        raise OutputError(f"Cannot write into {output}: it is not a folder.")
    return kind


def draw(gan: Any, count: int, seed: int | None, batch_size: int, label: str | None = None) -> Any:
    """Return `gan.sample(count, seed)`, with a progress bar where it takes a while."""
    import numpy as np
    from tqdm import trange

    from ganzoo.random import draw_latents

    gan.check_memory(count)
    latents = draw_latents(count, gan.latent_dim, seed)
    conditions = None
    if hasattr(gan, "classes"):
        conditions = gan.condition(count, label)
    elif label is not None:
        raise InvalidArgumentError(
            f"--label is for conditional models; {type(gan).__name__} has no classes. "
            f"Conditional: {', '.join(registry.conditional_models())}."
        )
    starts = trange(0, count, CHUNK, desc="sampling", unit_scale=CHUNK, disable=count <= CHUNK)
    chunks = []
    for start in starts:
        part = slice(start, start + CHUNK)
        options = {} if conditions is None else {"label": conditions[part]}
        chunks.append(gan.generate(latents[part], batch_size, **options))
    return np.concatenate(chunks)


def write_array(images: Any, output: Path) -> None:
    """Write samples as .npy, or as .npz under the key `samples`."""
    import numpy as np

    from ganzoo.files.writing import written

    with written(output) as temporary, open(temporary, "wb") as file:
        if output.suffix.lower() == ".npz":
            np.savez_compressed(file, samples=images)
        else:
            np.save(file, images)


def write_folder(images: Any, output: Path) -> None:
    """Write one PNG per sample: 00000.png and so on; drop numbered pictures of an earlier run."""
    from tqdm import tqdm

    from ganzoo import plots

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {output}: {error.strerror}.") from error
    width = max(5, len(str(len(images) - 1)))
    numbered = tqdm(plots.to_uint8(images), desc="writing", disable=len(images) <= 1000)
    for index, pixels in enumerate(numbered):
        plots.save(plots.to_image(pixels), output / f"{index:0{width}d}.png")
    for earlier in output.glob("*.png"):
        if earlier.stem.isdigit() and (
            len(earlier.stem) != width or int(earlier.stem) >= len(images)
        ):
            earlier.unlink()


def draw_events(
    name: str,
    count: int,
    seed: int | None,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    q2_min: float | None,
) -> None:
    """Stream events of a model into a file; memory does not grow with their number."""
    from ganzoo.events import files as event_files

    output = output or Path(f"{Path(name).resolve().name}.npz")
    check_output(output, overwrite, event_files.ENDINGS)
    event_files.check_library(output)
    with Bars() as bars:
        folder = find.preset_folder(name, bars.update)
    from tqdm import tqdm

    from ganzoo.events import stream as event_sampling
    from ganzoo.presets import folder as presets

    stream = event_sampling.EventStream(presets.load(folder), count, seed, q2_min=q2_min)
    note = stream.metadata(name)
    with (
        event_files.event_writer(output, note, count) as append,
        tqdm(total=count, desc="sampling", unit="event", unit_scale=True, disable=None) as bar,
    ):
        for events in stream.batches(batch_size or event_sampling.DEFAULT_BATCH):
            append(events)
            bar.update(len(events))
    click.echo(f"{count} events of {name} written to {output}", err=True)
    if q2_min is not None:
        share = stream.efficiency
        click.echo(
            f"{share:.4%} of {stream.generated} generated events have Q2 >= {q2_min:g} GeV2",
            err=True,
        )
