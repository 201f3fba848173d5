"""`ganzoo glyphs`: a font to an array of pictures."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo.cli.output import check_output
from ganzoo.errors import InvalidArgumentError


@click.command()
@click.argument("font", type=click.Path(path_type=Path))
@click.option("--characters", default="moe-4808", show_default=True,
              help="A list (moe-4808, gb2312-1, big5-1, jisx0208-1), a UTF-8 file, or the "
              "characters themselves.")  # fmt: skip
@click.option("--size", type=int, default=48, show_default=True, help="Pixels per side.")
@click.option("--face", default=None, metavar="NUMBER|NAME",
              help="Of a collection (.ttc) of fonts.  [default: the first]")  # fmt: skip
@click.option(
    "--axes",
    multiple=True,
    metavar="TAG=NUMBER",
    help="Of a variable font, such as wght=700; several with commas, or several times.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="FILE.npz, which `ganzoo train --data` reads: images (uint8, ink = 255), "
              "characters, missing.")  # fmt: skip
@click.option("--sheet", type=click.Path(path_type=Path), default=None,
              help="Draw 100 of them, chosen at random, as FILE.png.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
              help="Chooses the characters on the sheet.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def glyphs(
    font: Path,
    characters: str,
    size: int,
    face: str | None,
    axes: tuple[str, ...],
    output: Path,
    sheet: Path | None,
    seed: int,
    overwrite: bool,
) -> None:
    """Render the characters of a font as pictures.

    All are drawn in one em-box, so that their sizes compare.

    \b
    ganzoo glyphs TW-MOE-Li.ttf -o clerical.npz --sheet sheet.png
    ganzoo glyphs my.otf --characters gb2312-1 --size 64 -o mine.npz
    ganzoo glyphs my.otf --characters 永和九年 -o four.npz
    ganzoo glyphs my.ttf --characters ABCDEFG --axes wght=700 -o bold.npz
    ganzoo glyphs my.ttc --face "Noto Serif CJK TC" -o traditional.npz
    ganzoo train dcgan_fonts --data clerical.npz
    """
    for path, kind in ((output, ".npz"), (sheet, ".png")):
        if path is not None:
            check_output(path, overwrite, (kind,))
    from ganzoo import plots
    from ganzoo.data import fonts

    rendered = fonts.glyphs(font, characters, size, face=face, axes=_numbers(axes))
    fonts.save(rendered, output)
    if sheet is not None:
        plots.save(fonts.sheet(rendered, seed=seed), sheet)
    count = len(rendered.images)
    click.echo(f"{count} glyph{'s' if count > 1 else ''} written to {output}", err=True)
    if rendered.missing:
        click.echo(
            f"{len(rendered.missing)} characters are missing or empty in {font}: "
            + rendered.missing[:20]
            + ("..." if len(rendered.missing) > 20 else ""),
            err=True,
        )


def _numbers(axes: tuple[str, ...]) -> dict[str, float]:
    """Return the axes of "wght=700,wdth=80" by their tags."""
    chosen = {}
    for part in (part for given in axes for part in given.split(",")):
        tag, _, number = part.partition("=")
        try:
            chosen[tag.strip()] = float(number)
        except ValueError:
            raise InvalidArgumentError(
                f"--axes takes a tag and a number, such as wght=700; got {part!r}."
            ) from None
    return chosen
