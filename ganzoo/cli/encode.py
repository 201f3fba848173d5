"""`ganzoo encode`: the latents of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ganzoo import tasks
from ganzoo.checks import MAX_SAMPLES
from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.options import check_given, picture_options, taken_reading
from ganzoo.cli.output import check_output
from ganzoo.errors import DataError
from ganzoo.presets import find
from ganzoo.tasks.given import refuse_input
from ganzoo.tasks.task import Drawing

ENDINGS = (".npz", ".npy")


@click.command()
@click.pass_context
@click.argument("name")
@click.argument("pictures", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.npz (key `latents`) or FILE.npy, float32 (n, latent_dim).  "
              "[default: NAME.npz]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@picture_options()
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Pictures per forward pass; changes memory and speed only.  "
              "[default: 256]")  # fmt: skip
def encode(
    ctx: click.Context,
    name: str,
    pictures: Path,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    **options: Any,
) -> None:
    """Find the latents of pictures with a model that has an encoder.

    NAME is a pretrained model, a preset, a run, or a .keras file. PICTURES is a folder of pictures,
    one picture, or a .npy or .npz file (uint8 in [0, 255], or floats in [-1, 1]); the latents come
    in the order of the names.

    \b
    ganzoo encode bigan_mnist digits/ -o codes.npz
    ganzoo encode bigan_mnist digits.npy --resize -o codes.npy

    In Python: gan.encode(images), and gan.generate(latents) for the way back.
    """
    found = find.resolve(name)
    task = tasks.get(found.task)
    check_given(ctx, task, name)
    output = output or Path(f"{Path(name).resolve().name}{ENDINGS[0]}")
    ending = check_output(output, overwrite, ENDINGS)
    if not pictures.exists():
        raise DataError(f"There are no pictures to encode: {pictures} does not exist.")
    refuse_input(output, [pictures], is_folder=False)
    options |= {"pictures": pictures, "reading": taken_reading(options)}
    drawing = Drawing(name, MAX_SAMPLES, None, output, ending, batch_size, options)
    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    model = find.load(folder)  # imports a backend: after all that can fail without one
    assert task.encode is not None  # a task that knows the command has it
    with Counts("pictures", quick=1, after=1.0) as counts:
        lines = task.encode(model, drawing, counts.update)
    for line in lines:
        click.echo(line, err=True)
    click.echo(f"Written to {output}", err=True)
