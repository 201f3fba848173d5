"""Speeds as ratios, measured side by side in one run; the figures as JSON with --json.

\b
python -m tests.benchmarks backends          every backend in turn: step, fit, sampling; a table
KERAS_BACKEND=jax python -m tests.benchmarks step dcgan_mnist
taskset -c 0 python -m tests.benchmarks events          one core

The backend is KERAS_BACKEND's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from tests.benchmarks import step
from tests.benchmarks.timing import CLOCKS


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
    spread = found.get("ratios")
    quartiles = f" (quartiles {spread['low']:.3g} to {spread['high']:.3g})" if spread else ""
    click.echo(f"{unit}: {found['ratio']:.3g}{quartiles}")
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


@main.command(help="The step of a DCGAN with ganzoo's convolutions, beside Keras'.")
@click.argument("name", default="dcgan_mnist", type=click.Choice(["dcgan_mnist", "dcgan_fonts"]))
@click.option("--batch-size", default=64, show_default=True)
@_rounds
@_json
def convolutions(name: str, batch_size: int, rounds: int, output: Path | None) -> None:
    from tests.benchmarks.convolution import convolutions as run

    _told(run(name, batch_size, rounds), "ganzoo's / Keras'", output)


_names = click.argument("names", nargs=-1, type=click.Choice(list(step.NETWORKS)))
_steps = click.option("--steps", default=4, show_default=True, help="Training steps per round.")


@main.command("step", help="The training step beside one written by hand in the same framework.")
@click.argument("names", nargs=-1, type=click.Choice([*step.NETWORKS, *step.TRANSLATORS]))
@_steps
@_rounds
@click.option("--clock", type=click.Choice([*CLOCKS]), default="wall", show_default=True,
              help="Of seconds that pass, or of the processor's.")  # fmt: skip
@_json
def training_step(
    names: tuple[str, ...], steps: int, rounds: int, clock: str, output: Path | None
) -> None:
    for name in names or [*step.NETWORKS, *step.TRANSLATORS]:
        found = step.training_step(name, rounds, steps, clock)
        _told(found, f"{name}: ganzoo / by hand", output)


@main.command(help="An epoch of fit, with progress bar and data feeding, beside its bare steps.")
@_names
@_steps
@_rounds
@_json
def fit(names: tuple[str, ...], steps: int, rounds: int, output: Path | None) -> None:
    for name in names or step.NETWORKS:
        _told(step.fit_epoch(name, rounds, steps), f"{name}: fit / bare step", output)


@main.command("one-pass", help="The simultaneous step beside the one that updates in turn.")
@_names
@_steps
@_rounds
@_json
def one_pass(names: tuple[str, ...], steps: int, rounds: int, output: Path | None) -> None:
    for name in names or step.SIMULTANEOUS:
        _told(step.one_pass(name, rounds, steps), f"{name}: one pass / in turn", output)


@main.command(help="The training step in float32, mixed_bfloat16 and mixed_float16.")
@_names
@_steps
@_rounds
@_json
def precision(names: tuple[str, ...], steps: int, rounds: int, output: Path | None) -> None:
    for name in names or step.SIMULTANEOUS:
        _told(step.precision(name, rounds, steps), f"{name}: mixed_bfloat16 / float32", output)


@main.command("quality", help="What one pass, or mixed precision, costs in quality (MNIST).")
@click.argument("name", default="gan_mnist", type=click.Choice(step.SIMULTANEOUS[:2]))
@click.option("--of", "way", type=click.Choice(["passes", "precision"]), default="passes")
@click.option("--epochs", default=5, show_default=True, type=click.IntRange(1))
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1))
@click.option("--images", default=60_000, show_default=True, help="Digits to train on.")
@_json
def quality_of(
    name: str, way: str, epochs: int, seeds: int, images: int, output: Path | None
) -> None:
    from tests.benchmarks.quality import quality

    found = quality(name, way, epochs, seeds, click.echo, images)
    rows = {f"real digits not trained on ({found['floor']['n']})": found["floor"]}
    for variant, row in {**rows, **found["distance"], **found["difference"]}.items():
        click.echo(f"{variant:40} {row['mean']:8.3f} ± {row['error']:.3f}")
    if output is not None:
        output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@main.command(help="gan.sample(n) beside the bare compiled generator on the same latents.")
@click.argument("name", default="dcgan_mnist")
@click.option("-n", "count", default=10_000, show_default=True)
@_rounds
@_json
def sample(name: str, count: int, rounds: int, output: Path | None) -> None:
    _told(step.sampling(name, rounds, count), f"{name}: sample / bare generator", output)


@main.command(help="ganzoo sample in a new process beside the imports and one forward pass.")
@_rounds
@_json
def cold(rounds: int, output: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = step.cold_start(rounds, Path(folder))
    _told(found, "ganzoo sample / import and forward", output)


@main.command(help="Steps and fit on all three backends, one process each, and a table of ratios.")
@_names
@_steps
@_rounds
@_json
def backends(names: tuple[str, ...], steps: int, rounds: int, output: Path | None) -> None:
    found: dict[str, dict[str, Any]] = {}
    for name in names or step.NETWORKS:
        for backend in ("tensorflow", "jax", "torch"):
            for what in ("step", "fit"):
                found[f"{name} {backend} {what}"] = _apart(backend, what, name, steps, rounds)
    click.echo(f"{'':28}{'step, s':>10}{'/ by hand':>12}{'fit / step':>12}{'/ fastest':>11}")
    for name in names or step.NETWORKS:
        rows = {b: found[f"{name} {b} step"] for b in ("tensorflow", "jax", "torch")}
        seconds = {b: row["seconds"]["ganzoo"]["median"] for b, row in rows.items()}
        for b, row in rows.items():
            click.echo(
                f"{name:17}{b:11}{seconds[b]:10.4f}{row['ratio']:12.3f}"
                f"{found[f'{name} {b} fit']['ratio']:12.3f}"
                f"{seconds[b] / min(seconds.values()):11.2f}"
            )
    if output is not None:
        output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@main.command(help="Seconds, memory and the distance to a matrix product's speed, as a picture.")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--backend", "names", multiple=True, default=("tensorflow", "jax", "torch"))
@click.option("--quick", is_flag=True, help="Two small batches only.")
@_json
def scaling(picture: Path, names: tuple[str, ...], quick: bool, output: Path | None) -> None:
    from tests.benchmarks import scaling as points

    found = points.scaling(names, {"batch": (2, 4)} if quick else points.POINTS)
    for backend, curves in found.items():
        for what, measured in curves.items():
            for point in measured:
                click.echo(
                    f"{backend:11}{what} {point[what]:<6g}{point['seconds']:9.4f} s"
                    f"{point['peak MiB']:8.0f} MiB{point['GFLOP']:9.2f} GFLOP"
                    f"{100 * point['share']:6.1f} % of {point['products GFLOP/s']:.0f} GFLOP/s"
                )
    points.picture(found, picture)
    if output is not None:
        output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _apart(backend: str, what: str, name: str, steps: int, rounds: int) -> dict[str, Any]:
    """Run one benchmark in a process of its own; return what it found."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "found.json"
        line = [sys.executable, "-m", "tests.benchmarks", what, name, "--json", str(file)]
        line += ["--steps", str(steps), "--rounds", str(rounds)]
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "KERAS_BACKEND": backend}
        subprocess.run(line, check=True, env=environment, stdout=subprocess.DEVNULL)
        return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
