"""`ganzoo translate`: pictures into pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ganzoo import tasks
from ganzoo.checks import MAX_SAMPLES
from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.options import check_given, picture_options, taken_reading
from ganzoo.cli.output import check_output
from ganzoo.presets import find
from ganzoo.tasks.task import Drawing


@click.command()
@click.pass_context
@click.argument("name")
@click.argument("pictures", metavar="INPUT", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.png (a grid), FILE.npy or FILE.npz (float32 in [-1, 1]), or "
              "a folder (one PNG each).  [default: NAME.png]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@click.option("--direction", type=click.Choice(("ab", "ba")), default=None,
              help="Of a model between two sets of pictures, a and b: from which to which.  "
              "[default: ab]")  # fmt: skip
@click.option("--label", help="Of a model of many styles: the name of one, its index, or a number "
              "between two.  [default: all in a row]")  # fmt: skip
@click.option("--text", metavar="CHARACTERS", default=None,
              help="Of a model of many styles: write these instead of INPUT, a row for each "
              "style.")  # fmt: skip
@click.option("--font", type=click.Path(path_type=Path), default=None, metavar="FILE",
              help="With --text: another source font.  [default: that of the training, in "
              "$GANZOO_DATA/fonts/styles]")  # fmt: skip
@picture_options()
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Pictures per forward pass; changes memory and speed only.  "
              "[default: 16]")  # fmt: skip
@click.option("--beside", is_flag=True, help="Draw each picture on the left of what is made of it.")
@click.option("--columns", type=click.IntRange(1), default=None, help="Pictures per row of a grid.")
@click.option("--scale", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Enlarge each pixel of a grid by this whole factor.")  # fmt: skip
@click.option("--invert", is_flag=True, help="Draw dark on light in pictures.")
def translate(
    ctx: click.Context,
    name: str,
    pictures: Path | None,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    **options: Any,
) -> None:
    """Turn pictures into pictures with a model.

    NAME is a pretrained model, a preset folder, or the folder of a training. INPUT is a picture,
    a folder of pictures, or a .npy or .npz file of the model's sources (uint8 in [0, 255], or
    floats in [-1, 1]).

    \b
    ganzoo translate my_pix2pix photos/ -o drawings.png
    ganzoo translate my_pix2pix photo.jpg --fit crop -o drawing.png
    ganzoo translate my_pix2pix photos/ -o drawings/
    ganzoo translate my_pix2pix photos/ --beside -o my_pix2pix/samples.png
    ganzoo translate my_cyclegan winter.npy --direction ba -o summer.npy
    ganzoo translate zi2zi_fonts --text 人工智慧 --invert -o word.png

    The pictures of a folder come in the order of their names; those of its subfolders are
    translated too. How to make such a model, in Python:

    \b
    model = ganzoo.Pix2Pix((48, 48, 1))
    model.fit(sources, targets, epochs=30)    # pairs, in [-1, 1]
    model.save_to_preset("my_pix2pix")
    """
    found = find.resolve(name)
    task = tasks.get(found.task)
    check_given(ctx, task, name)
    endings = tuple(task.writers)
    output = output or Path(f"{Path(name).resolve().name}{endings[0]}")
    ending = check_output(output, overwrite, endings)
    options |= {"pictures": pictures, "reading": taken_reading(options)}
    drawing = Drawing(name, MAX_SAMPLES, None, output, ending, batch_size, options)
    task.check(drawing)
    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    model = find.load(folder)  # imports a backend: after all that can fail without one
    with Counts(task.makes) as counts:
        lines = task.draw(model, drawing, counts.update)
    for line in lines:
        click.echo(line, err=True)
    click.echo(f"Written to {output}", err=True)
