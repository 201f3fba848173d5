"""`ganzoo report`: a GAN of events against Pythia, as figures and numbers."""

from __future__ import annotations

from pathlib import Path

import click

from ganzoo import tasks
from ganzoo.cli.bars import Bars
from ganzoo.cli.options import check_given
from ganzoo.errors import InvalidArgumentError
from ganzoo.presets import find


@click.command()
@click.pass_context
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("report"),
              show_default=True, help="Folder of the figures and report.json.")  # fmt: skip
@click.option("--truth", type=click.Path(path_type=Path), default=None,
              help="FILE.npz of `ganzoo events`, which no model was trained on.  [default: 100,000 "
              "events that Pythia makes]")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(1000), default=None,
              help="Events per seed.  [default: as many as true ones]")  # fmt: skip
@click.option("--seeds", default="1,2,3", show_default=True, help="Seeds, which give the errors.")
@click.option("--run", "runs", type=click.Path(path_type=Path), multiple=True, metavar="FOLDER",
              help="Folder of a `ganzoo train`: chi2 against the step; several times.")  # fmt: skip
def report(
    ctx: click.Context,
    name: str,
    output: Path,
    truth: Path | None,
    count: int | None,
    seeds: str,
    runs: tuple[Path],
) -> None:
    """Compare electron events with Pythia's.

    NAME is a pretrained model of events, a preset folder, or the folder of a training.

    \b
    ganzoo report fatgan_electrons -o report/
    ganzoo report runs/mine/preset -o report/ --run runs/mine --run runs/direct
    """
    found = find.resolve(name)
    check_given(ctx, tasks.get(found.task), name)
    try:
        chosen = [int(seed) for seed in seeds.split(",")]
    except ValueError:
        raise InvalidArgumentError(
            f"--seeds takes integers, such as 1,2,3; got {seeds!r}."
        ) from None
    from ganzoo.events import files as event_files
    from ganzoo.events import report as reports
    from ganzoo.events.truth import true_electrons
    from ganzoo.metrics import Estimate

    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    gan = find.load(folder)
    if truth is None:
        true = true_electrons(100_000, beams=gan.beams)[0]
    else:
        true = event_files.read(truth).momenta
    numbers = reports.report(gan, true, output, name=found.name, n=count, seeds=chosen, runs=runs)
    for panel, figures in numbers["panels"].items():
        chi2, ks = figures["chi2_per_bin"], figures["ks"]
        click.echo(
            f"{panel:<6} chi2/bin {chi2['value']:8.2f} ± {chi2['error']:.2f}"
            f"   [{figures['floor']['chi2_per_bin']:.2f}]"
            f"   KS {ks['value']:.4f} ± {ks['error']:.4f}   [{figures['floor']['ks']:.4f}]"
        )
    auc = numbers["auc"]
    click.echo(
        f"classifier AUC {auc['value']:.4f} ± {auc['error']:.4f}   [{auc['floor']:.4f}]"
        "   (1/2: as real)"
    )
    for share, figure in numbers["shares"].items():
        click.echo(f"{share:<14} {Estimate(**figure)}")
    click.echo(f"[{numbers['floor']}]; figures in {output}", err=True)
