"""The report on a GAN of electron events: figures (PNG and PDF) and the numbers as JSON.

Generated events of several seeds against true ones that no model was trained on. Needs matplotlib
and scikit-learn.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import metrics, plots
from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError, OutputError
from ganzoo.events import panels
from ganzoo.events import stream as event_sampling
from ganzoo.events.kinematics import Beams
from ganzoo.events.panels import PANELS
from ganzoo.events.table import classifier_auc
from ganzoo.extras import require
from ganzoo.files.writing import write_text
from ganzoo.metrics.estimate import share_estimate

SEEDS = (1, 2, 3)
PYTHIA = "Pythia 8"  # what true events are called where nobody says it
_TRUTH, _MADE = "black", "tab:red"


def report(
    gan: Any,
    truth: np.ndarray,
    folder: Any,
    *,
    name: str = "",
    n: int | None = None,
    seeds: Sequence[int] = SEEDS,
    runs: Sequence[Any] = (),
    reference: str = PYTHIA,
) -> dict[str, Any]:
    """Compare a GAN's events with true ones; write the figures and the numbers into a folder.

    Args:
        gan: A GAN of events.
        truth: (px, py, pz) in GeV, shape (m, 3), m >= 2,000; events of the GAN's beams.
        folder: Gets `panels`, `plane` and `correlations`, each as .png and .pdf, `convergence` too
            where there are runs, and `report.json`.
        name: What the figures and the numbers call the model.
        n: Events per seed; by default as many as there are true ones.
        seeds: Of the latents, at least two different ones; they give the errors.
        runs: Folders of `ganzoo train`, whose `losses.csv` holds chi2 by step.
        reference: What the figures call the true events.

    Returns:
        What `report.json` says.
    """
    require("matplotlib", "a report")
    require("sklearn", "a report")
    seeds = [int(seed) for seed in seeds]
    if len(set(seeds)) < 2:
        raise InvalidArgumentError(f"A report needs two different seeds or more; got {seeds}.")
    if len(truth) < 2 * panels.MIN_EVENTS:
        raise DataError(
            f"A report needs {2 * panels.MIN_EVENTS} true events or more; got {len(truth)}."
        )
    n = len(truth) if n is None else check_count("n", n)
    histories = {Path(run).name: history(run) for run in runs}
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    made = [event_sampling.draw(gan, n, seed).momenta for seed in seeds]
    true = panels.quantities(truth, gan.beams)
    generated = [panels.quantities(momenta, gan.beams) for momenta in made]
    numbers = {
        "name": name or gan.name,
        "beams": {"electron": gan.beams.electron, "proton": gan.beams.proton, "unit": "GeV"},
        "reference": reference,
        "true_events": len(truth),
        "events_per_seed": n,
        "seeds": seeds,
        "errors": "standard deviation over the seeds; binomial of shares",
        **_numbers(truth, made, true, generated, gan.beams),
    }
    _save(panel_figure(true, generated, numbers["name"], reference), folder, "panels")
    titles = (reference, numbers["name"])
    draw_plane(true, generated[0], folder, titles)
    draw_correlations(true, generated[0], folder, titles)
    if histories:
        draw_convergence(histories, folder)
        numbers["convergence"] = histories
    write_text(folder / "report.json", json.dumps(numbers, indent=1) + "\n")
    return numbers


def history(run: Any) -> dict[str, list[float]]:
    """Return `step` and `chi2_per_bin` from the `losses.csv` of a run's folder.

    Raises:
        DataError: There is no such file, or it has no such columns.
    """
    path = Path(run) / "losses.csv"
    try:
        with open(path, encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        steps, chi2 = ([float(line[key]) for line in lines] for key in ("step", "chi2_per_bin"))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path} is not the losses.csv of an event GAN's training ({error!r})."
        ) from None
    return {"step": _over_stages(steps), "chi2_per_bin": chi2}


def _over_stages(steps: list[float]) -> list[float]:
    """Return steps counted from the start; each stage's optimizers begin to count anew."""
    restarts = np.diff(steps, prepend=0.0) < 0
    return (steps + np.cumsum(restarts * np.roll(steps, 1))).tolist()


def _numbers(
    truth: np.ndarray,
    made: list[np.ndarray],
    true: dict[str, np.ndarray],
    generated: list[dict[str, np.ndarray]],
    beams: Beams,
) -> dict[str, Any]:
    """Return distances per panel and the AUC, with their floors, and the shares of bad events."""
    edges = panels.bin_edges(true)
    far = [panels.distances(true, sample, edges) for sample in generated]
    half = len(truth) // 2
    floor = panels.distances(
        {key: values[:half] for key, values in true.items()},
        {key: values[half : 2 * half] for key, values in true.items()},
        edges,
    )
    q2_min = float(true["Q2"].min())
    bad = [panels.bad_events(momenta, beams, q2_min) for momenta in made]
    features = panels.features(truth, beams)
    areas = [classifier_auc(features, panels.features(momenta, beams)).value for momenta in made]
    return {
        "floor": f"truth against truth, {half} events each",
        "panels": {
            panel: {
                **{
                    figure: _estimate([getattr(sample[panel], figure) for sample in far])
                    for figure in ("chi2_per_bin", "ks", "w1_over_sigma")
                },
                "floor": vars(floor[panel]),
            }
            for panel in PANELS
        },
        "auc": {
            **_estimate(areas),
            "floor": classifier_auc(features[:half], features[half : 2 * half]).value,
        },
        "shares": {
            key: share_estimate(np.concatenate([events[key] for events in bad])).as_dict()
            for key in bad[0]
        },
        "true_shares": panels.shares(truth, beams, q2_min),
    }


def _estimate(values: list[float]) -> dict[str, float]:
    return {"value": float(np.mean(values)), "error": float(np.std(values, ddof=1))}


def _save(figure: Any, folder: Path, name: str) -> None:
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
) -> Any:
    """Draw the nine panels: truth, the mean and range over the seeds, and their ratio below."""
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
        upper.stairs(expected / widths, bins, color=_TRUTH, label=reference)
        _band(upper, seen / widths, bins, name)
        upper.set_yscale("linear" if panel in ("px", "py", "phi") else "log")
        upper.set_ylabel("density")
        safe = np.where(expected > 0, expected, np.nan)
        _band(lower, seen / safe, bins, name)
        lower.stairs(1 + error / safe, bins, baseline=1 - error / safe, fill=True, alpha=0.3,
                     color="gray")  # fmt: skip
        lower.axhline(1.0, color=_TRUTH, linewidth=0.8)
        lower.set_ylim(0.7, 1.3)
        lower.set_xlabel(label)
        lower.set_ylabel("ratio")
        lower.set_xscale("log" if logarithmic else "linear")
        if panel == "px":
            upper.legend(fontsize="small")
    return figure


def _band(axes: Any, values: np.ndarray, bins: np.ndarray, name: str) -> None:
    """Draw the mean over the seeds as a line and their range as a band."""
    axes.stairs(values.mean(axis=0), bins, color=_MADE, label=name)
    axes.stairs(
        values.max(axis=0), bins, baseline=values.min(axis=0), fill=True, alpha=0.35, color=_MADE
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
    _save(figure, folder, "plane")


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
    _save(figure, folder, "correlations")


def draw_convergence(histories: dict[str, dict[str, list[float]]], folder: Path) -> None:
    """Draw chi2 per bin of the worst panel against the training step, a line per run."""
    figure = plots.figure((7, 4.5))
    axes = figure.subplots()
    for run, values in histories.items():
        axes.plot(values["step"], values["chi2_per_bin"], label=run)
    axes.set(xlabel="generator step", ylabel="chi2 per bin, worst panel", yscale="log")
    axes.axhline(1.0, color="gray", linestyle="--", linewidth=0.8)
    axes.legend()
    _save(figure, folder, "convergence")
