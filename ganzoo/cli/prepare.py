"""`ganzoo prepare`: the data that the recipes are trained on, from their public sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.stored import megabytes

if TYPE_CHECKING:
    from ganzoo.data.origins import Origin

_ENVIRONMENT = """
\b
GANZOO_DATA        folder of the data; default: ./data
GANZOO_DATA_URL    a mirror of the downloads (https, http, or file:///FOLDER), under plain names
GANZOO_OFFLINE=1   never use the network
"""


@click.command(epilog=_ENVIRONMENT)
@click.argument("names", nargs=-1, metavar="SET...")
@click.option("--list", "listing", is_flag=True, help="Say what there is; so does no SET at all.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, metavar="DIR",
              help="Gets the files.  [default: $GANZOO_DATA, else ./data]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there; else it is kept.")
def prepare(names: Sequence[str], listing: bool, output: Path | None, overwrite: bool) -> None:
    """Get the data of the recipes from their public sources.

    Downloads are compared with their size and SHA-256 where these are known, else their content is
    checked. An interrupted download goes on where it stopped.

    \b
    Examples:
      ganzoo prepare
      ganzoo prepare mnist glyphs
      ganzoo prepare flowers -o /srv/data; export GANZOO_DATA=/srv/data
    """
    from ganzoo import preparation
    from ganzoo.data.origins import ORIGINS

    if listing or not names:
        for name, origin in ORIGINS.items():
            click.echo(_described(name, origin))
        return
    for name in names:
        preparation.pieces(name)  # refuses an unknown one before anything is fetched
    with Bars() as bars, Counts("picture", quick=0) as counts:

        class Shown(preparation.Progress):
            def fetched(self, name: str, file: str, done: int, size: int | None) -> None:
                bars.update(name, file, done, size)

            def made(self, name: str, done: int, total: int) -> None:
                counts.update(name, done, total)

        for name in dict.fromkeys(names):
            made, there = preparation.prepare(name, output, overwrite=overwrite, progress=Shown())
            for path in made:
                click.echo(f"{name}: {path}")
            for path in there:
                click.echo(f"{name}: {path} was there already; --overwrite replaces it")
            origin = ORIGINS[name]
            click.echo(f"{name}: licence {origin.licence}, credit {origin.credit}")


def _described(name: str, origin: Origin) -> str:
    known = [download.size for download in origin.downloads if download.sha256]
    size = megabytes(sum(known)) if known else ""
    if len(known) < len(origin.downloads):
        size = f"{size} and one of unstated size" if known else "of unstated size"
    return (
        f"{name}: {origin.what}\n  download: {size}, from {origin.page}\n"
        f"  licence: {origin.licence}; credit: {origin.credit}"
    )
