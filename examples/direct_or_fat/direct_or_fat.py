"""Do transform and augmentation help? Three small trainings of each GAN, judged by Pythia.

    python examples/direct_or_fat/direct_or_fat.py

trains the direct GAN, FAT-GAN with the published features, and FAT-GAN turned about the beam, with
several seeds each, and prints how far their electrons are from Pythia's.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import click
import numpy as np

import ganzoo
from ganzoo import zoo
from ganzoo.batches import ShuffledBatches
from ganzoo.cli.script import Script
from ganzoo.events import panels
from ganzoo.events import stream as event_sampling
from ganzoo.events.table import classifier_auc
from ganzoo.events.truth import cached_electrons
from ganzoo.training.build import compile_for

PUBLISHED = ("px", "py", "log_gap", "pT", "E", "pz", "pz_over_pT")


def variants(events: np.ndarray) -> dict[str, Any]:
    """Return the three networks, which differ in what the generator makes and the critic sees."""
    direct = zoo.ENTRIES["dsgan_electrons"].config
    turned = zoo.ENTRIES["fatgan_electrons"].config
    constants = ganzoo.FATGAN.constants(events, features=PUBLISHED)
    published = {**turned, "features": PUBLISHED, "turned": False, **constants}
    return {"direct": direct, "FAT-GAN": published, "FAT-GAN, turned": turned}


def trained(config: Any, events: np.ndarray, epochs: int, seed: int) -> Any:
    """Return a GAN after a few epochs of the zoo's recipe."""
    import keras

    recipe = zoo.ENTRIES["fatgan_electrons"].recipe.with_epochs(epochs)
    stage = dataclasses.replace(recipe.stages[0], epochs=epochs)
    keras.utils.set_random_seed(seed)
    gan = ganzoo.FATGAN(**config, ema_momentum=recipe.ema_momentum, seed=seed)
    compile_for(gan, stage, len(events) // recipe.batch_size)
    batches = ShuffledBatches(events, recipe.batch_size, seed)
    gan.fit(batches, epochs=epochs, shuffle=False, verbose=0)
    return gan


def judged(gan: Any, truth: np.ndarray, seed: int) -> dict[str, float]:
    """Return the worst and mean chi2 per bin, the classifier's AUC and the unphysical shares."""
    made = event_sampling.draw(gan, len(truth), seed).momenta
    samples = [panels.quantities(momenta, gan.beams) for momenta in (truth, made)]
    chi2 = [panel.chi2_per_bin for panel in panels.distances(*samples).values()]
    shares = panels.shares(made, gan.beams, q2_min=2.0)
    features = [panels.features(momenta, gan.beams) for momenta in (truth, made)]
    return {
        "worst chi2/bin": max(chi2),
        "mean chi2/bin": float(np.mean(chi2)),
        "AUC": classifier_auc(*features).value,
        "pz >= E_b": shares["beyond_beam"],
        "impossible": shares["unphysical"],
        "Q2 < 2": shares["q2_leak"],
    }


@click.command(cls=Script, help=__doc__)
@click.option("--epochs", default=2, show_default=True, help="Passes over the events.")
@click.option("--events", "count", default=1_000_000, show_default=True, help="Training events.")
@click.option("--truth", "judges", default=100_000, show_default=True, help="Events that judge.")
@click.option("--seeds", default=3, show_default=True, help="Trainings of each GAN.")
def main(epochs: int, count: int, judges: int, seeds: int) -> None:
    events = cached_electrons(count, seed=2020)
    truth = cached_electrons(judges, seed=2021)
    for name, config in variants(events).items():
        begun = time.perf_counter()
        found = [
            judged(trained(config, events, epochs, seed), truth, seed) for seed in range(seeds)
        ]
        print(f"{name}: {seeds} trainings, {(time.perf_counter() - begun) / seeds:.0f} s each")
        for what in found[0]:
            values = np.array([one[what] for one in found])
            error = values.std(ddof=1) / np.sqrt(seeds) if seeds > 1 else np.nan
            every = ", ".join(f"{value:.4g}" for value in values)
            print(f"  {what:15} {values.mean():.4g} ± {error:.2g}   ({every})", flush=True)


if __name__ == "__main__":
    main()
