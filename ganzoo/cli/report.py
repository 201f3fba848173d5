"""`ganzoo report`: a GAN of events against Pythia, as figures and numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ganzoo import tasks
from ganzoo.cli.bars import Bars
from ganzoo.cli.options import (
    at_option,
    check_given,
    check_used,
    event_options,
    taken_reading,
)
from ganzoo.errors import InvalidArgumentError
from ganzoo.presets import find


@click.command()
@click.pass_context
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("report"),
              show_default=True, help="Folder of the figures and report.json.")  # fmt: skip
@click.option("--reference", "--truth", "reference", metavar="SOURCE|FILE", default=None,
              help="True events, which no model was trained on: pythia, electrons_sample (4,000 "
              "that are shipped), or a file of events.  [default: pythia, 100,000]")  # fmt: skip
@event_options()
@at_option()
@click.option("-n", "--samples", "count", type=click.IntRange(1000), default=None,
              help="Events per seed.  [default: as many as true ones]")  # fmt: skip
@click.option("--seed", "--seeds", "seeds", default="1,2,3", show_default=True,
              help="Seeds, which give the errors.")  # fmt: skip
@click.option("--run", "runs", type=click.Path(path_type=Path), multiple=True, metavar="FOLDER",
              help="Folder of a `ganzoo train`: chi2 against the step; several times.")  # fmt: skip
@click.option("--more", is_flag=True,
              help="Also what single histograms do not see: chi2 of all pairs of quantities, "
              "correlations, w1p, nearest neighbours; into more.json too.")  # fmt: skip
def report(
    ctx: click.Context,
    name: str,
    output: Path,
    reference: str | None,
    count: int | None,
    seeds: str,
    runs: tuple[Path],
    more: bool,
    at: tuple[float, float] | None,
    **options: Any,
) -> None:
    """Compare electron events with Pythia's, or with your own.

    NAME is a pretrained model of events, a preset folder, or the folder of a training.

    \b
    ganzoo report fatgan_electrons -o report/
    ganzoo report runs/mine/preset -o report/ --run runs/mine --run runs/direct
    ganzoo report fatgan_electrons --more
    ganzoo report fatgan_electrons --reference mine.root --unit MeV --beam 50 50
    ganzoo report runs/mine --reference mine.csv --fields px=el_px,py=el_py,pz=el_pz --unit MeV \
        --beam 18 275 --beam-direction -z
    ganzoo report runs/mine --reference mine.hepmc3 --electron pT --beam-direction -z

    Of an ensemble, such as a training of fatgan_electrons_ensemble, it also draws the band between
    the trainings, and prints in which share of the bins that band covers the truth.
    """
    found = find.resolve(name)
    check_given(ctx, tasks.get(found.task), name)
    reading = taken_reading(options)
    is_file = reference is not None and Path(reference).is_file()
    check_used(reading, reference if is_file else None, "--reference")
    try:
        chosen = [int(seed) for seed in seeds.split(",")]
    except ValueError:
        raise InvalidArgumentError(
            f"--seed takes integers, such as 1,2,3; got {seeds!r}."
        ) from None
    from ganzoo.events import figures, trainings
    from ganzoo.events import report as reports
    from ganzoo.events.truth import reference_events
    from ganzoo.metrics import Estimate

    with Bars() as bars:
        folder = find.preset_folder(found.folder or name, bars.update)
    gan = find.load(folder)
    gan = gan if at is None else gan.at(at)
    true = reference_events(reference, 100_000, beams=gan.beams, model=found.name, reading=reading)
    called = Path(str(reference)).name if is_file else figures.PYTHIA
    numbers = reports.report(
        gan, true, output, name=found.name, n=count, seeds=chosen, runs=runs, reference=called
    )
    for panel, measured in numbers["panels"].items():
        chi2, ks = measured["chi2_per_bin"], measured["ks"]
        click.echo(
            f"{panel:<6} chi2/bin {chi2['value']:8.2f} ± {chi2['error']:.2f}"
            f"   [{measured['floor']['chi2_per_bin']:.2f}]"
            f"   KS {ks['value']:.4f} ± {ks['error']:.4f}   [{measured['floor']['ks']:.4f}]"
        )
    auc = numbers["auc"]
    click.echo(
        f"classifier AUC {auc['value']:.4f} ± {auc['error']:.4f}   [{auc['floor']:.4f}]"
        "   (1/2: as real)"
    )
    for share, figure in numbers["shares"].items():
        click.echo(f"{share:<14} {Estimate(**figure)}")
    if "trainings" in numbers:
        for line in trainings.lines(numbers["trainings"]):
            click.echo(line)
    if more:
        _more(gan, true, numbers, output)
    click.echo(f"[{numbers['floor']}]; figures in {output}", err=True)


def _more(gan: Any, true: Any, numbers: dict[str, Any], output: Path) -> None:
    """Print what single histograms do not see, and write it beside the report."""
    from ganzoo.events import stream
    from ganzoo.events.joint import joint_table
    from ganzoo.files.writing import write_text
    from ganzoo.metrics.table import aligned

    seed = numbers["seeds"][0]
    made = stream.draw(gan, numbers["events_per_seed"], seed).momenta
    table = joint_table(made, true, gan.beams, seed=seed)
    write_text(output / "more.json", json.dumps(table.as_dict(), indent=1) + "\n")
    for line in aligned([table.titles(), *table.cells()]):
        click.echo(line)
    worst = max(table.details.items(), key=lambda item: item[1]["chi2/bin"].estimate.value)
    click.echo(f"worst pair: {worst[0]}; all pairs in {output / 'more.json'}", err=True)
