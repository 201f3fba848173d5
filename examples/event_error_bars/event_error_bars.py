"""Events with error bars: how well does `fatgan_electrons` know Q2, pT and x?

    python examples/event_error_bars/event_error_bars.py

draws events from the pretrained GAN, and three histograms beside Pythia's, with statistical errors
and their ratio. Real events that neither trained nor chose the model are the reference, and others
of them show what a perfect generator would reach. Without Pythia, these are the 4,000 events that
are shipped: `--reference electrons_sample`. Needs matplotlib.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

import ganzoo
from ganzoo import metrics
from ganzoo.cli.script import Script
from ganzoo.evaluation import events as event_evaluation
from ganzoo.events import panels
from ganzoo.events import stream as event_sampling
from ganzoo.metrics.estimate import share_estimate

SHOWN = ("Q2", "pT", "xBj")
BINS = 25


def histogram(values: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of events in each bin and its error, that of a count: sqrt(N) / n."""
    counts = panels.counts(values, edges)
    return counts / len(values), np.sqrt(counts) / len(values)


def draw(
    axes: Any, true: np.ndarray, made: np.ndarray, edges: np.ndarray, panel: str, name: str
) -> None:
    """Draw one quantity: above both densities, below their ratio, both with errors."""
    upper, lower = axes
    label, logarithmic = panels.PANELS[panel]
    middles = np.sqrt(edges[1:] * edges[:-1]) if logarithmic else (edges[1:] + edges[:-1]) / 2
    widths = np.diff(edges)
    (p, p_error), (q, q_error) = histogram(true, edges), histogram(made, edges)
    points = {"fmt": "o", "color": "tab:red", "markersize": 3, "linewidth": 1}
    upper.stairs(p / widths, edges, color="black", label="real events (Pythia 8)")
    upper.errorbar(middles, q / widths, q_error / widths, label=name, **points)
    upper.set(yscale="log", ylabel="density")
    upper.legend()
    filled = p > 0
    ratio, relative = q[filled] / p[filled], p_error / np.where(filled, p, np.inf)
    lower.stairs(1 + relative, edges, baseline=1 - relative, fill=True, color="lightgray")
    lower.axhline(1.0, color="black", linewidth=0.8)
    lower.errorbar(middles[filled], ratio, q_error[filled] / p[filled], **points)
    low, high = np.clip([ratio.min() - 0.05, ratio.max() + 0.05], 0.5, 1.5)
    lower.set(
        xscale="log" if logarithmic else "linear", xlabel=label, ylabel="GAN / real",
        ylim=(min(low, 0.9), max(high, 1.1)),
    )  # fmt: skip


@click.command(cls=Script, help=__doc__)
@click.option("--name", default="fatgan_electrons", show_default=True)
@click.option("--reference", help='"pythia", "electrons_sample" or a file of events.  [default: '
              "Pythia where it is installed]")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(1000), default=100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path),
              default=Path("event_error_bars.png"), show_default=True)  # fmt: skip
def main(name: str, reference: str | None, count: int, seed: int, output: Path) -> None:
    from matplotlib.figure import Figure

    gan = ganzoo.load(name)
    truth = event_evaluation.load_truth(reference, count, gan.beams)
    made = event_sampling.draw(gan, count, seed)
    print(f"{count} events of {name} against {len(truth.real)} real ones: {truth.name}")

    samples = (truth.real, truth.held_out, made.momenta)
    real, other, generated = (panels.quantities(momenta, gan.beams) for momenta in samples)
    edges = panels.bin_edges(real, BINS)
    figure = Figure(figsize=(13, 5.5), layout="constrained")
    axes = figure.subplots(2, len(SHOWN), sharex="col", height_ratios=(2, 1))
    for column, panel in enumerate(SHOWN):
        draw(axes[:, column], real[panel], generated[panel], edges[panel], panel, name)
        first, *others = (panels.scale(panel, sample[panel]) for sample in (real, generated, other))
        bins = panels.scale(panel, edges[panel])
        chi2, ideal = (metrics.chi2_per_bin(first, each, bins=bins, seed=seed) for each in others)
        print(f"{panel}: chi2/bin {chi2}; of other real events {ideal}")
    kept = ~panels.bad_events(made.momenta, gan.beams, truth.q2_min)["q2_leak"]
    print(f"Q2 >= {truth.q2_min:g} GeV2: {share_estimate(kept)} of the GAN's events, all real ones")
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=80, metadata={"Software": None})
    print(f"the histograms with errors and their ratio: {output}")


if __name__ == "__main__":
    main()
