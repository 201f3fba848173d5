"""Every model of events, and files of events, beside each other and beside Pythia: a table.

python -m tools.events_table                                 all with weights, seeds 1, 2 and 3
python -m tools.events_table fatgan_electrons flow.npz --seeds 1,2
python -m tools.events_table --speed                         events a second too, on one core

A row has means over sampling seeds with their deviation; of a file the jackknife's error. The row
"Pythia" is the floor: events of another seed, measured like a model's. Distances are of 100,000
events from as many that trained nothing; the last ratio is of distances to the nearest of 100,000
training events, whose floor of 1 is that of new events. Models of several beams stay out: they are
of other beams than the others unless asked.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import ganzoo
from ganzoo.errors import GanzooError
from ganzoo.events import files, stream, truth
from ganzoo.events.arrays import BEAMS
from ganzoo.events.joint import joint_table
from ganzoo.events.panels import PANELS, features
from ganzoo.events.table import event_table
from ganzoo.metrics.joint import neighbour_ratio
from ganzoo.zoo import ENTRIES, registry

N, Q2_MIN = truth.TRUTH_EVENTS, 2.0
DRAWN, MADE = 2_000_000, 20_000  # events that are timed: of a model, of Pythia
_COLUMNS = {
    "worst": "chi2/bin, worst panel",
    "median": "median",
    "pairs": "worst pair",
    "ks": "KS, worst",
    "auc": "AUC",
    "neighbour": "nearest neighbour",
}
_DIGITS = {"worst": 2, "median": 2, "pairs": 2, "ks": 4, "auc": 4, "neighbour": 3}
Measured = dict[str, tuple[float, float]]


def measured(momenta: np.ndarray, real: np.ndarray, new: np.ndarray, seed: int) -> Measured:
    """Return value and error of each column for momenta (n, 3) of 50 x 50 GeV."""
    beams = BEAMS["50x50"]
    table = event_table(momenta, real, new, beams, q2_min=Q2_MIN, seed=seed)
    pairs = joint_table(momenta, np.concatenate([real, new]), beams, seed=seed)
    panels = [table.details[panel]["chi2/bin"].estimate for panel in PANELS]
    middle = sorted(panels, key=lambda estimate: estimate.value)[len(panels) // 2]
    trained = features(truth.training_electrons()[:N], beams)
    scale = trained.std(axis=0)
    shown = [trained / scale, *(features(part, beams) / scale for part in (momenta, new))]
    rows = {
        "worst": table["chi2_worst"],
        "median": middle,
        "pairs": pairs["chi2_pairs_worst"],
        "ks": table["ks_worst"],
        "auc": table["auc"],
        "neighbour": neighbour_ratio(*shown, seed=seed),
    }
    return {name: (estimate.value, estimate.error) for name, estimate in rows.items()}


def over_seeds(several: Sequence[Measured]) -> Measured:
    """Return means and deviations; of one measurement, itself."""
    if len(several) == 1:
        return several[0]
    values = {name: [one[name][0] for one in several] for name in _COLUMNS}
    return {name: (float(np.mean(v)), float(np.std(v, ddof=1))) for name, v in values.items()}


def speed(what: str) -> float:
    """Return events a second on one core, measured in a process that has that core alone."""
    command = [sys.executable, "-m", "tools.events_table", "--time", what]
    one = ["taskset", "-c", "0"] if sys.platform == "linux" else []
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*one, *command], capture_output=True, text=True, check=True,
                          env=environment)  # fmt: skip
    return float(done.stdout.split()[-1])


def timed(what: str) -> float:
    """Return events a second in this process, what is compiled and loaded left out."""
    if what == truth.PYTHIA:
        truth.electrons(100, seed=5)
        begun = time.perf_counter()
        truth.electrons(MADE, seed=6)
        return MADE / (time.perf_counter() - begun)
    gan = ganzoo.load(what)
    gan.sample(2 * stream.BLOCK, seed=0)
    begun = time.perf_counter()
    gan.sample(DRAWN, seed=1)
    return DRAWN / (time.perf_counter() - begun)


def main() -> None:
    """Print a row as each model is measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="models, presets and files of events")
    parser.add_argument("--seeds", default="1,2,3", help="of the models' events (default 1,2,3)")
    parser.add_argument("--speed", action="store_true", help="events a second on one core")
    parser.add_argument("--time", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.time is not None:
        print(timed(given.time))
        return
    seeds = [int(seed) for seed in given.seeds.split(",")]
    fast = registry.list_models(pretrained=True)
    names = given.names or [n for n in fast if ENTRIES[n].family == "FATGAN"]
    real, new = truth.true_electrons(N)
    titles = ["events of", *_COLUMNS.values(), "parameters"]
    titles += ["events a second, one core"] if given.speed else []
    print(f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    third = truth.cached_electrons(N, seed=truth.HELD_OUT_SEED)
    floor = measured(new, real, third, seeds[0])
    print(_row("Pythia", floor, "", speed(truth.PYTHIA) if given.speed else None), flush=True)
    for name in names:
        try:
            is_file = Path(name).is_file()
            if is_file:
                found = [measured(files.read(name).momenta[:N], real, new, seeds[0])]
                count = ""
            else:
                gan = ganzoo.load(name)
                drawn = (stream.draw(gan, N, seed).momenta for seed in seeds)
                found = [measured(m, real, new, s) for m, s in zip(drawn, seeds, strict=True)]
                count = f"{gan.sampling_generator.count_params():,}"
            fast_as = speed(name) if given.speed and not is_file else None
        except GanzooError as error:
            raise SystemExit(f"{name}: {error}") from None
        shown = Path(name).name if is_file else f"`{name}`"
        print(_row(shown, over_seeds(found), count, fast_as), flush=True)


def _row(name: str, values: Mapping[str, Any], count: str, fast: float | None) -> str:
    cells = [f"{v:.{_DIGITS[k]}f} ± {e:.{_DIGITS[k]}f}" for k, (v, e) in values.items()]
    rate = [] if fast is None else [f"{float(f'{fast:.2g}'):,.0f}"]
    return f"| {' | '.join([name, *cells, count, *rate])} |"


if __name__ == "__main__":
    main()
