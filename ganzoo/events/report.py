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

from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError, OutputError
from ganzoo.events import figures, panels, trainings
from ganzoo.events import stream as event_sampling
from ganzoo.events.kinematics import Beams
from ganzoo.events.panels import PANELS
from ganzoo.events.table import classifier_auc
from ganzoo.extras import require
from ganzoo.files.writing import write_text
from ganzoo.metrics.estimate import share_estimate

SEEDS = (1, 2, 3)


def report(
    gan: Any,
    truth: np.ndarray,
    folder: Any,
    *,
    name: str = "",
    n: int | None = None,
    seeds: Sequence[int] = SEEDS,
    runs: Sequence[Any] = (),
    reference: str = figures.PYTHIA,
) -> dict[str, Any]:
    """Compare a GAN's events with true ones; write the figures and the numbers into a folder.

    Args:
        gan: A GAN of events.
        truth: (px, py, pz) in GeV, shape (m, 3), m >= 2,000; events of the GAN's beams.
        folder: Gets `panels`, `plane` and `correlations`, each as .png and .pdf, `convergence` too
            where there are runs, `coverage` of a model of three members or more, and
            `report.json`.
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
    bands = None
    if trainings.has_band(gan):
        members = trainings.member_events(gan, n, seeds[0])
        edges = panels.bin_edges(true)
        found = trainings.coverages(
            true, [panels.quantities(momenta, gan.beams) for momenta in members], edges
        )
        numbers["trainings"] = trainings.numbers(found, n)
        trainings.draw_coverage(found, edges, folder)
        bands = found[trainings.MEMBER]
    figure = figures.panel_figure(true, generated, numbers["name"], reference, bands)
    figures.save(figure, folder, "panels")
    titles = (reference, numbers["name"])
    figures.draw_plane(true, generated[0], folder, titles)
    figures.draw_correlations(true, generated[0], folder, titles)
    if histories:
        figures.draw_convergence(histories, folder)
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
