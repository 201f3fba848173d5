"""`ganzoo classify`: the classes of pictures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from ganzoo import tasks
from ganzoo.checks import MAX_SAMPLES
from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.options import check_given, picture_options, taken_reading
from ganzoo.cli.output import check_output
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.presets import find
from ganzoo.tasks import classifying
from ganzoo.tasks.given import refuse_input
from ganzoo.tasks.task import Drawing

FEW = 20  # pictures, of which each has a line where no output is named


@click.command()
@click.pass_context
@click.argument("name")
@click.argument("pictures", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None,
              help="Where to: FILE.csv (file, class, probability) or FILE.npz (files, labels, "
              "probabilities of all classes, their names).  [default: a line per picture, "
              f"of more than {FEW} a line per class]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
@picture_options()
@click.option("--batch-size", type=click.IntRange(1, 10**7), default=None,
              help="Pictures per forward pass; changes memory and speed only.  "
              "[default: 256]")  # fmt: skip
def classify(
    ctx: click.Context,
    name: str,
    pictures: Path,
    output: Path | None,
    overwrite: bool,
    batch_size: int | None,
    **options: Any,
) -> None:
    """Tell the classes of pictures with a model that has a classifier.

    NAME is a pretrained model, a preset, a run, or a .keras file. PICTURES is a folder of pictures,
    one picture, or a .npy or .npz file (uint8 in [0, 255], or floats in [-1, 1]).

    \b
    ganzoo classify sgan_mnist_100 seven.png
    ganzoo classify sgan_mnist_100 digits/ --resize -o classes.csv
    ganzoo classify my_pixelda digits.npy -o classes.npz

    The probabilities are the model's own: it may be sure and wrong, and it knows no "none of
    them". A picture must look like those of the training: a classifier of light digits on black
    reads no dark ones on white. Classes without names, as InfoGAN and ClusteringAAE find them
    without labels, are numbers; which class a number means is for you to see.

    In Python: gan.classify(images), float32 (n, classes); gan.classes has the names.
    """
    found = find.resolve(name)
    classifying.refuse_without_classifier(name, found.family)
    check_given(ctx, tasks.get(found.task), name)
    if overwrite and output is None:
        raise InvalidArgumentError("--overwrite replaces a file; name it with -o FILE.csv.")
    ending = "" if output is None else check_output(output, overwrite, classifying.ENDINGS)
    if not pictures.exists():
        raise DataError(f"There are no pictures to classify: {pictures} does not exist.")
    if output is not None:
        refuse_input(output, [pictures], is_folder=False)
    options |= {"pictures": pictures, "reading": taken_reading(options)}
    drawing = Drawing(name, MAX_SAMPLES, None, output or Path(), ending, batch_size, options)
    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    model = find.load(folder)  # imports a backend: after all that can fail without one
    with Counts("pictures", quick=1, after=1.0) as counts:
        made = classifying.classify(model, drawing, counts.update)
    if output is None:
        _print(made)
        return
    classifying.write(made, output, ending)
    click.echo(f"{_count(len(made.files))} of {pictures}, written to {output}", err=True)


def _print(made: classifying.Classified) -> None:
    rows = made.rows()
    if len(rows) <= FEW:
        lines = [(file, name, f"{share:.3f}") for file, name, share in rows]
    else:
        counts = Counter(name for _, name, _ in rows)
        lines = [("class", "pictures", "mean probability")]
        for name in made.classes:
            shares = [share for _, told, share in rows if told == name]
            mean = f"{sum(shares) / len(shares):.3f}" if shares else ""
            lines.append((name, str(counts[name]), mean))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if len(rows) > FEW:
        click.echo(f"{_count(len(rows))}; -o FILE.csv has a line for each", err=True)


def _count(pictures: int) -> str:
    return f"{pictures} picture{'s' if pictures > 1 else ''}"
