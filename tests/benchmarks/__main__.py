"""python -m tests.benchmarks events|transposed: a table of ratios, and the figures as JSON.

One core: taskset -c 0 python -m tests.benchmarks events. The backend is KERAS_BACKEND's.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.group(help=__doc__)
def main() -> None:
    pass


def _told(found: dict[str, Any], unit: str, output: Path | None) -> None:
    facts = found["machine"]
    click.echo(", ".join(f"{key} {value}" for key, value in facts.items()))
    for which, seconds in found["seconds"].items():
        spread = f"{seconds['low']:.4g} to {seconds['high']:.4g}"
        click.echo(f"{which:24} {seconds['median']:.4g} s (quartiles {spread})")
    for which, rate in found.get("events per second", {}).items():
        click.echo(f"{which:24} {rate:,.0f} events per second")
    click.echo(f"{unit}: {found['ratio']:.3g}")
    if output is not None:
        output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


_rounds = click.option("--rounds", default=9, show_default=True)
_json = click.option("--json", "output", type=click.Path(path_type=Path), help="Also to this file.")


@main.command(help="A generator's events per second beside Pythia's.")
@click.argument("name", default="fatgan_electrons_fast")
@click.option("--generated", default=2_000_000, show_default=True, help="Events per round.")
@click.option("--simulated", default=40_000, show_default=True, help="Pythia's events per round.")
@_rounds
@_json
def events(name: str, generated: int, simulated: int, rounds: int, output: Path | None) -> None:
    from tests.benchmarks.events import events as run

    _told(run(name, generated, simulated, rounds), f"{name} / Pythia", output)


@main.command(help="The step of a DCGAN with the transposed convolution in phases, beside Keras'.")
@click.option("--batch-size", default=64, show_default=True)
@_rounds
@_json
def transposed(batch_size: int, rounds: int, output: Path | None) -> None:
    from tests.benchmarks.convolution import transposed as run

    _told(run(batch_size, rounds), "phases / Keras", output)


if __name__ == "__main__":
    main()
