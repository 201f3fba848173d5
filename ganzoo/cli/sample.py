"""`ganzoo sample`: draw from a model into a picture, an array, or a file of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ganzoo import tasks
from ganzoo.checks import MAX_SAMPLES
from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.options import at_option, check_given
from ganzoo.cli.output import check_output
from ganzoo.presets import find
from ganzoo.tasks.task import Drawing


@click.command()
@click.pass_context
@click.argument("name")
@click.option("-n", "--samples", "count", type=click.IntRange(1, MAX_SAMPLES), default=64,
              show_default=True, help="How many samples.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=None,
              help="The same seed gives the same samples on every backend. "
              "Without it they differ each time.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.png (a grid), FILE.npy or FILE.npz (float32 in [-1, 1]), or "
              "a folder (one PNG each). Default: NAME.png. For events: FILE.npz (the default), "
              ".h5, .csv, .parquet or .root. For text: FILE.txt (the default), .npy or "
              ".npz. For notes: FILE.wav (the default), .npy, .npz, or a folder (one WAV "
              "each).")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Samples per forward pass; changes memory and speed only.  [default: 256; for "
              "events 131072]")  # fmt: skip
@click.option("--label", help="What a conditional model draws: the name of a class, its index, or "
              "a number between two.  [default: all in turn]")  # fmt: skip
@click.option("--truncation", type=click.FloatRange(0.0, 2.0), default=None,
              help="Of a style-based model: distance from the mean style, in each style's own. "
              "Below 1: better pictures, fewer kinds of them.")  # fmt: skip
@click.option("--columns", type=click.IntRange(1), default=None, help="Samples per row of a grid.")
@click.option("--scale", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Enlarge each pixel of a grid by this whole factor.")  # fmt: skip
@click.option("--invert", is_flag=True, help="Draw dark on light in pictures.")
@click.option("--q2min", type=float, default=None,
              help="For events: those with at least this Q2 in GeV2; -n is after it, with --part "
              "before it.")  # fmt: skip
@click.option("--part", default=None, metavar="K/N",
              help="For events, with --seed: the K-th of N parts of the run of -n events, for jobs "
              "of a farm; see `ganzoo merge`.")  # fmt: skip
@at_option()
@click.option("--weights", is_flag=True,
              help="For events: a further column, `weight`, by a classifier that tells true from "
              "generated events, and the effective number of events.")  # fmt: skip
@click.option("--reference", metavar="SOURCE|FILE", default=None,
              help="True events of --weights: pythia, electrons_sample (4,000 that are shipped), "
              "or a file of ganzoo's.  [default: pythia, 100,000]")  # fmt: skip
def sample(
    ctx: click.Context,
    name: str,
    count: int,
    seed: int | None,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    **options: Any,
) -> None:
    """Draw samples of a model into a file.

    NAME is a pretrained model, a preset, a run, or a .keras file.

    \b
    ganzoo sample dcgan_mnist -n 64 --seed 0 -o digits.png
    ganzoo sample dcgan_mnist -n 10000 --seed 1 -o digits.npz
    ganzoo sample cdcgan_mnist --label 7 -o sevens.png
    ganzoo sample runs/notes_gan --label C4 -n 4 -o notes.wav
    ganzoo sample stylegan2_cartoons --truncation 0.7
    ganzoo sample runs/mine/preset -n 16 -o pictures/
    ganzoo sample fatgan_electrons -n 1000000 --seed 1 --q2min 2 -o events.root
    ganzoo sample fatgan_electrons -n 100000 --seed 1 --weights -o events.npz
    ganzoo sample fatgan_electrons_beams -n 100000 --at 10 275 -o events.npz
    ganzoo sample fatgan_electrons -n 1000000000 --seed 1 --part 17/200 -o part-17.root

    The parts of a run of events are the run, event by event, and each can be drawn again alone.
    They divide what is generated: with --part, -n counts events of all parts before --q2min.
    """
    found = find.resolve(name)
    task = tasks.get(found.task)
    check_given(ctx, task, name)
    endings = tuple(task.writers)
    output = output or Path(f"{Path(name).resolve().name}{endings[0]}")
    ending = check_output(output, overwrite, endings)
    drawing = Drawing(name, count, seed, output, ending, batch_size, options)
    task.check(drawing)
    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    model = find.load(folder)  # imports a backend: after all that can fail without one
    with Counts(task.makes) as counts:
        lines = task.draw(model, drawing, counts.update)
    what = next(iter(task.outputs))
    part = "" if options.get("part") is None else f"part {options['part']} of "
    click.echo(f"{part}{count} {what} of {name} written to {output}", err=True)
    for line in lines:
        click.echo(line, err=True)
