"""`ganzoo merge`: the parts of a run of events into one file."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo.cli.bars import Counts
from ganzoo.cli.output import check_output


@click.command()
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path),
                metavar="PART...")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="FILE.npz, .h5, .csv, .parquet or .root (the last two: extra hep).")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def merge(parts: tuple[Path, ...], output: Path, overwrite: bool) -> None:
    """Merge the parts of a run of events into one file.

    PART... are files of `ganzoo sample --part`, in any order and form.

    \b
    ganzoo sample fatgan_electrons -n 1000000 --seed 1 --part 1/2 -o part-1.root
    ganzoo sample fatgan_electrons -n 1000000 --seed 1 --part 2/2 -o part-2.root
    ganzoo merge part-*.root -o all.root

    The file is that of the run without --part. Parts of another seed, model or version, parts that
    are missing and parts that are there twice are refused. Memory does not grow with the number of
    events.
    """
    from ganzoo.events import files as event_files
    from ganzoo.events.merge import merge as merged

    check_output(output, overwrite, event_files.ENDINGS)
    event_files.check_library(output)
    with Counts("events") as counts:
        total = merged(parts, output, counts.update)
    click.echo(f"{total} events of {len(parts)} parts written to {output}", err=True)
