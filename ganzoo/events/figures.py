"""Figures of events, with matplotlib: panels, the plane of Q2 and x, correlations, convergence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import metrics, plots
from ganzoo.events import panels
from ganzoo.events.panels import PANELS
from ganzoo.extras import require
from ganzoo.metrics import Coverage

PYTHIA = "Pythia 8"  # what true events are called where nobody says it
TRUTH, MADE, BAND = "black", "tab:red", "tab:blue"


def save(figure: Any, folder: Path, name: str) -> None:
    """Write a figure into a folder, as .png and as .pdf."""
    for ending in ("png", "pdf"):
        plots.save_figure(figure, folder / f"{name}.{ending}", dpi=150)


def save_panels(
    path: Any, true: dict[str, np.ndarray], generated: list[dict[str, np.ndarray]], name: str
) -> None:
    """Draw the nine panels into one small PNG, as for a model card.

    Raises:
        MissingExtraError: matplotlib is not installed.
        OutputError: The file cannot be written.
    """
    require("matplotlib", "a figure of the panels")
    figure = panel_figure(true, generated, name)
    plots.save_figure(figure, path, dpi=70)


def panel_figure(
    true: dict[str, np.ndarray],
    generated: list[dict[str, np.ndarray]],
    name: str,
    reference: str = PYTHIA,
    trainings: Mapping[str, Coverage] | None = None,
) -> Any:
    """Draw the nine panels: truth, the mean and range over the seeds, and their ratio below.

    Args:
        true, generated: What `panels.quantities` returned, of generated events for each seed.
        name, reference: What generated and true events are called.
        trainings: By panel, what the members of an ensemble differ by: their mean and standard
            deviation are drawn as a second band, beside the statistical error of the truth.
    """
    edges = panels.bin_edges(true)
    figure = plots.figure((13, 14))
    for part, (panel, (label, logarithmic)) in zip(
        figure.subfigures(3, 3).flat, PANELS.items(), strict=True
    ):
        upper, lower = part.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        bins = edges[panel]
        widths = np.diff(bins)
        expected = panels.counts(true[panel], bins) / len(true[panel])
        error = np.sqrt(expected / len(true[panel]))
        seen = np.stack([panels.counts(g[panel], bins) / len(g[panel]) for g in generated])
        upper.stairs(expected / widths, bins, color=TRUTH, label=reference)
        _band(upper, seen / widths, bins, name)
        upper.set_yscale("linear" if panel in ("px", "py", "phi") else "log")
        upper.set_ylabel("density")
        safe = np.where(expected > 0, expected, np.nan)
        _band(lower, seen / safe, bins, name)
        lower.stairs(1 + error / safe, bins, baseline=1 - error / safe, fill=True, alpha=0.3,
                     color="gray", label="statistical")  # fmt: skip
        if trainings is not None:
            _between(upper, trainings[panel], bins, widths)
            _between(lower, trainings[panel], bins, safe)
        lower.axhline(1.0, color=TRUTH, linewidth=0.8)
        lower.set_ylim(0.7, 1.3)
        lower.set_xlabel(label)
        lower.set_ylabel("ratio")
        lower.set_xscale("log" if logarithmic else "linear")
        if panel == "px":
            upper.legend(fontsize="small")
            if trainings is not None:
                handles, labels = lower.get_legend_handles_labels()
                lower.legend(handles[1:], labels[1:], fontsize="x-small", ncols=2)
    return figure


def _between(axes: Any, found: Coverage, bins: np.ndarray, scale: np.ndarray) -> None:
    """Draw the mean of the members and their standard deviation as a band."""
    low, high = ((found.mean + sign * found.band) / scale for sign in (-1, 1))
    axes.stairs(high, bins, baseline=low, fill=True, alpha=0.35, color=BAND,
                label="between trainings")  # fmt: skip


def _band(axes: Any, values: np.ndarray, bins: np.ndarray, name: str) -> None:
    """Draw the mean over the seeds as a line and their range as a band."""
    axes.stairs(values.mean(axis=0), bins, color=MADE, label=name)
    axes.stairs(
        values.max(axis=0), bins, baseline=values.min(axis=0), fill=True, alpha=0.35, color=MADE
    )


def draw_plane(
    true: dict[str, np.ndarray], made: dict[str, np.ndarray], folder: Path, titles: Sequence[str]
) -> None:
    """Draw the plane of Q2 against x for the truth and for generated events."""
    edges = panels.bin_edges(true)
    figure = plots.figure((11, 4.8))
    pair = figure.subplots(1, 2, sharey=True)
    for axes, sample, title in zip(pair, (true, made), titles, strict=True):
        inside = sample["xBj"] > 0
        share = np.histogram2d(
            sample["xBj"][inside], sample["Q2"][inside], (edges["xBj"], edges["Q2"])
        )[0] / len(inside)
        most = 10.0 ** np.ceil(np.log10(max(share.max(), 1e-12)))
        image = axes.pcolormesh(
            edges["xBj"],
            edges["Q2"],
            np.log10(np.where(share > 0, share, np.nan)).T,
            vmin=np.log10(most) - 4,
            vmax=np.log10(most),
            rasterized=True,
        )
        axes.set(xscale="log", yscale="log", xlabel=PANELS["xBj"][0], title=title)
    pair[0].set_ylabel(PANELS["Q2"][0])
    figure.colorbar(image, ax=pair, label="log10 of the share of events per bin")
    save(figure, folder, "plane")


def draw_correlations(
    true: dict[str, np.ndarray], made: dict[str, np.ndarray], folder: Path, titles: Sequence[str]
) -> None:
    """Draw the rank correlations of truth and generated events side by side, and the difference."""
    tables = [
        metrics.rank_correlations(
            np.stack([panels.scale(panel, sample[panel]) for panel in PANELS], axis=-1)
        )
        for sample in (true, made)
    ]
    tables.append(tables[1] - tables[0])
    figure = plots.figure((16, 5.2))
    labels = list(PANELS)
    for axes, table, title in zip(
        figure.subplots(1, 3), tables, (*titles, "difference"), strict=True
    ):
        most = 0.1 if title == "difference" else 1.0
        image = axes.imshow(table, cmap="RdBu", vmin=-most, vmax=most)
        axes.set_xticks(range(9), labels, rotation=60)
        axes.set_yticks(range(9), labels)
        axes.set_title(title)
        for (row, column), value in np.ndenumerate(table):
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=7)
        figure.colorbar(image, ax=axes, shrink=0.8)
    save(figure, folder, "correlations")


def draw_convergence(histories: dict[str, dict[str, list[float]]], folder: Path) -> None:
    """Draw chi2 per bin of the worst panel against the training step, a line per run."""
    figure = plots.figure((7, 4.5))
    axes = figure.subplots()
    for run, values in histories.items():
        axes.plot(values["step"], values["chi2_per_bin"], label=run)
    axes.set(xlabel="generator step", ylabel="chi2 per bin, worst panel", yscale="log")
    axes.axhline(1.0, color="gray", linestyle="--", linewidth=0.8)
    axes.legend()
    save(figure, folder, "convergence")
