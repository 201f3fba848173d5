"""`ganzoo events`: electron-proton collisions from Pythia 8 to a file."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo.cli.bars import Counts
from ganzoo.cli.output import check_output
from ganzoo.errors import InvalidArgumentError


@click.command()
@click.option("--beam", "energies", type=float, nargs=2, default=None, metavar="E_e E_p",
              help="Energies of electron and proton beam in GeV.  [default: 50 50]")  # fmt: skip
@click.option("--beams", "named", default=None, metavar="NAME",
              help="Beams by name: 50x50, or hera for 27.5 x 920 GeV.")  # fmt: skip
@click.option("--q2min", type=float, default=2.0, show_default=True,
              help="Least squared momentum transfer in GeV2.")  # fmt: skip
@click.option("-n", "--samples", "count", type=click.IntRange(1), default=100_000,
              show_default=True, help="How many events.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True,
              help="From 1 on; the same seed gives the same bits.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="FILE.npz, .h5, .csv, .parquet or .root (the last two: extra hep).")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace what is there.")
def events(
    energies: tuple[float, float] | None,
    named: str | None,
    q2min: float,
    count: int,
    seed: int,
    output: Path,
    overwrite: bool,
) -> None:
    """Make electron events with Pythia 8.

    Scattered electrons of e- p collisions; needs the extra `pythia`.

    \b
    ganzoo events --beam 50 50 --q2min 2 -n 100000 --seed 1 -o events.npz
    ganzoo events --beams hera -n 100000 -o hera.root

    Each event is the electron's px, py, pz and E in GeV; the electron beam flies along +z.
    """
    if energies is not None and named is not None:
        raise InvalidArgumentError(
            "Pass --beam with two energies or --beams with a name, not both."
        )
    from ganzoo.events import files as event_files
    from ganzoo.events.truth import electrons

    check_output(output, overwrite, event_files.ENDINGS)
    event_files.check_library(output)
    with Counts("events") as counts:
        made = electrons(
            count,
            beams=energies or named or "50x50",
            q2_min=q2min,
            seed=seed,
            progress=lambda done: counts.update("Pythia 8", done, count),
        )
    event_files.write(made, output)
    click.echo(f"{count} events written to {output}", err=True)
