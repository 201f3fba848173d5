"""`ganzoo explore`: pictures of a model's latent space."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ganzoo import tasks
from ganzoo.cli.bars import Bars
from ganzoo.cli.options import check_given, check_used, picture_options, taken_reading
from ganzoo.errors import InvalidArgumentError, OutputError
from ganzoo.presets import find as presets
from ganzoo.tasks.given import refuse_input

NAMES = (
    "sweeps", "paths", "corners", "truncation", "mixing", "codes", "directions", "walk",
    "plane", "found",
)  # fmt: skip


@click.command()
@click.pass_context
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Folder of the pictures.  [default: latent/NAME]")  # fmt: skip
@click.option("--only", type=click.Choice(NAMES), multiple=True,
              help="One of the pictures; may be given several times.  [default: all]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
              help="Other latents.")  # fmt: skip
@click.option("--label", help="What a conditional model draws: the name of a class, its index, or "
              "a number between two.")  # fmt: skip
@click.option("--find", type=click.Path(path_type=Path), default=None, metavar="PATH",
              help="Find the latents of these pictures: FILE.png, a folder of pictures, a .npy or "
              "a .npz file. They are resized.")  # fmt: skip
@picture_options(resize=False)
@click.option("--steps", type=click.IntRange(1, 100_000), default=300, show_default=True,
              help="Of that search.")  # fmt: skip
@click.option("--columns", type=click.IntRange(2, 100), default=10, show_default=True,
              help="Samples per row.")  # fmt: skip
@click.option("--scale", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Enlarge each pixel by this whole factor.")  # fmt: skip
@click.option("--film", type=click.Choice(["gif", "apng"]), default="gif", show_default=True,
              help="Form of the walk: 256 colours in a picture, or all.")  # fmt: skip
@click.option("--invert", is_flag=True, help="Draw dark on light.")
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def explore(
    ctx: click.Context,
    name: str,
    output: Path | None,
    only: tuple[str, ...],
    seed: int,
    label: str | None,
    find: Path | None,
    steps: int,
    columns: int,
    scale: int,
    film: str,
    invert: bool,
    overwrite: bool,
    **options: Any,
) -> None:
    """Draw the latent space of a model.

    NAME is a pretrained model, a preset folder, or the folder of a training.

    \b
    ganzoo explore dcgan_mnist -o latent/
    ganzoo explore cdcgan_mnist --label 7 --only walk
    ganzoo explore dcgan_mnist --only found --find my_digits/
    ganzoo explore dcgan_fonts --invert

    A generator turns every point of its latent space into a picture. What lies between two
    pictures, and which ways lead where?

    \b
    sweeps      means and deviations that change along the latent (M. Hjorth-Jensen's five)
    paths       straight lines and arcs between the same ends
    corners     all that lies between four pictures
    truncation  latents, or styles, close to the middle: typical pictures; beyond: all kinds
    mixing      of style-based models: rows give pose and form, columns the rest
    codes       of InfoGAN: what each code means, and what the continuous ones change
    directions  the ways on which the picture changes most, and a random one
    walk        a film of walks without an end
    plane       where a latent has two numbers only: all of them
    found       pictures of yours (--find), and the nearest that the generator makes

    latents.npz keeps the latents of each; of what style-based models find, the styles. In
    Python: `ganzoo.latent`.
    """
    resolved = presets.resolve(name)
    check_given(ctx, tasks.get(resolved.task), name)
    reading = taken_reading(options, resize=find is not None)
    check_used(reading, find, "--find")
    if "found" in only and find is None:
        raise InvalidArgumentError("--only found needs pictures: --find PATH.")
    if find is not None and only and "found" not in only:
        raise InvalidArgumentError(f"--find {find} is for the picture found; add --only found.")
    if find is None and ctx.get_parameter_source("steps") is ParameterSource.COMMANDLINE:
        raise InvalidArgumentError("--steps is of the search for pictures of yours; give --find.")
    folder = output or Path("latent") / Path(name).resolve().name
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"Cannot write into {folder}: it is not a folder.")
    if (folder / "latents.npz").exists() and not overwrite:
        raise OutputError(f"{folder} has been explored already; pass --overwrite to replace it.")
    if find is not None:
        refuse_input(folder, [find], is_folder=True)
    with Bars() as bars:
        preset = presets.preset_folder(resolved.folder or name, bars.update)
    from ganzoo import data  # imports a backend: after all that can fail
    from ganzoo.latent import explorer as exploring

    gan = presets.load(preset)
    images = None if find is None else data.images(find, gan.data_shape, **reading)
    explorer = exploring.Explorer(
        gan,
        folder,
        seed=seed,
        label=label,
        columns=columns,
        find=images,
        steps=steps,
        film=film,
        scale=scale,
        invert=invert,
    )
    explorer.draw(only, lambda line: click.echo(line, err=True))
    click.echo(f"Pictures of {name} written to {folder}", err=True)
