"""`ganzoo prepare`: the data that the recipes are trained on, from their public sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.bars import Bars, Counts
from ganzoo.cli.stored import megabytes

if TYPE_CHECKING:
    from ganzoo.data.downloads import Downloads
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
      ganzoo prepare photos kodak
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
            _announce(name, output, overwrite)
            made, there = preparation.prepare(name, output, overwrite=overwrite, progress=Shown())
            for path in made:
                click.echo(f"{name}: {path}")
            for path in there:
                click.echo(f"{name}: {path} was there already; --overwrite replaces it")
            origin = ORIGINS[name]
            click.echo(f"{name}: licence {origin.licence}, credit {origin.credit}")
            if origin.note:
                click.echo(f"{name}: {origin.note}")


def _announce(name: str, output: Path | None, overwrite: bool) -> None:
    """Say how much is about to be fetched, on standard error."""
    from ganzoo import preparation
    from ganzoo.data import origins

    wanted = preparation.to_fetch(name, output, overwrite=overwrite)
    if wanted:
        folder = origins.folder() if output is None else output
        click.echo(f"{name}: fetching {_size(wanted)} into {folder}", err=True)


def _described(name: str, origin: Origin) -> str:
    note = f"\n  note: {origin.note}" if origin.note else ""
    return (
        f"{name}: {origin.what}\n  download: {_size(origin.downloads)}, from {origin.page}\n"
        f"  licence: {origin.licence}; credit: {origin.credit}{note}"
    )


def _size(downloads: Downloads) -> str:
    """Return how much is fetched, so far as it is known: "12 files, 7.7 MB"."""
    known = [download.size for download in downloads if download.known]
    unstated = [download.size for download in downloads if not download.known]
    parts = [f"{_files(len(known))}, {megabytes(sum(known))}"] if known else []
    if unstated:
        each = " each" if len(unstated) > 1 else ""
        most = megabytes(max(unstated))
        parts.append(f"{_files(len(unstated))} of unstated size, at most {most}{each}")
    return " and ".join(parts)


def _files(count: int) -> str:
    return f"{count} file{'s' if count > 1 else ''}"
