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
@click.argument("pictures", metavar="INPUT...", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: a folder (one PNG each, by the name of its input), FILE.png (one "
              "picture as it is, several in a grid), FILE.npy or FILE.npz (float32 in [-1, 1]).  "
              "[default: NAME.png]")  # fmt: skip
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
@click.option("--mask", default=None, metavar="FILE|center|random",
              help="Of a model that fills holes: a picture that is white in the hole, half of the "
              "sides in the middle, or a rectangle at random.")  # fmt: skip
@picture_options()
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Pictures per forward pass; changes memory and speed only.  "
              "[default: 16]")  # fmt: skip
@click.option("--compare", is_flag=True, help="Draw each input, what is made of it, and its "
              "truth where --truth has it, side by side.")  # fmt: skip
@click.option("--truth", type=click.Path(path_type=Path), default=None, metavar="FOLDER|FILE",
              help="With --compare: what should be made of the inputs, found by their names "
              "without the ending; for an array an array.")  # fmt: skip
@click.option("--columns", type=click.IntRange(1), default=None, help="Pictures per row of a grid.")
@click.option("--scale", type=click.IntRange(1, 64), default=None,
              help="Enlarge each pixel by this whole factor.  [default: 2 in a grid, else 1]",
              )  # fmt: skip
@click.option("--invert", is_flag=True, help="Draw dark on light in pictures.")
def translate(
    ctx: click.Context,
    name: str,
    pictures: tuple[Path, ...],
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    **options: Any,
) -> None:
    """Turn pictures into pictures with a model.

    NAME is a pretrained model, a preset folder, or the folder of a training. INPUT is a picture,
    a folder of pictures, several of these, or one .npy or .npz file of the model's sources (uint8
    in [0, 255], or floats in [-1, 1]).

    \b
    ganzoo translate my_pix2pix photo.png -o drawing.png
    ganzoo translate my_pix2pix photos/ more/*.jpg --fit crop -o drawings/
    ganzoo translate my_pix2pix photos/ --compare -o contact_sheet.png
    ganzoo translate my_pix2pix photos/ --compare --truth drawn/ -o compared/
    ganzoo translate my_cyclegan winter.npy --direction ba -o summer.npy
    ganzoo translate my_colorizer album/ -o in_colours/
    ganzoo translate my_srgan photo.jpg -o four_times_as_large.png
    ganzoo translate zi2zi_fonts --text 人工智慧 --invert -o word.png
    ganzoo translate my_context_encoder photo.png --mask mask.png -o completed.png

    The pictures of a folder come in the order of their names, those of its subfolders too, and
    are written under the same names. A transparent picture gives one that is as transparent,
    unless --background says otherwise.

    Pictures of another size than the model's are refused, or resized with --resize or --fit.
    Larger ones are cut into overlapping tiles where the model's network looks at a neighbourhood
    only, which gives the same as the whole; most networks see all of a picture. Colourisers take
    any size, and leave the lightness as it is; models that enlarge take any size too, and --compare
    shows a bicubic enlargement beside. Where holes are filled, all outside of them stays as it
    was.

    How to make such a model, in Python:

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
    options |= {"pictures": pictures, "overwrite": overwrite, "reading": taken_reading(options)}
    drawing = Drawing(name, MAX_SAMPLES, None, output, ending, batch_size, options)
    task.check(drawing)
    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    model = find.load(folder)  # imports a backend: after all that can fail without one
    with Counts(task.makes, quick=1, after=1.0) as counts:
        lines = task.draw(model, drawing, counts.update)
    for line in lines:
        click.echo(line, err=True)
    click.echo(f"Written to {output}", err=True)
