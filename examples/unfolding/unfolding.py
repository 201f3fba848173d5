"""A detector inside the GAN: events as they were before it, from events behind it.

    python examples/unfolding/unfolding.py

smears electrons of Pythia's and loses some, as a detector does, and trains a small FATGAN on what
is left. Its generated events pass through the same detector before the critic sees them, so the
generator learns the events before it. These are compared with the truth, which no training saw:
beside them what was measured, taken as it is, and other true events, the best that there is. After
Alanazi et al. 2020, arXiv:2008.03151. Needs matplotlib, and Pythia, or
`--reference electrons_sample`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
import numpy as np
from keras import optimizers
from keras.ops import convert_to_numpy

from ganzoo.cli.script import Script
from ganzoo.evaluation import events as event_evaluation
from ganzoo.events import Beams, kinematics, panels
from ganzoo.events.detector import Smear
from ganzoo.feeding import Examples
from ganzoo.metrics import chi2_per_bin
from ganzoo.penalties import GradientPenalty

BEAMS, Q2_MIN = Beams(50.0, 50.0), 2.0  # GeV and GeV2: how the events were made
SHOWN = ("E", "pz", "pT", "theta", "Q2")
SPARE = 2  # events that are made for each that the critic sees: the detector may lose the others
SEEN = ("pT", "pz", "E", "theta", "eta", "log_pT")  # defined too where pz is beyond the beam
DETECTOR = {
    "stochastic": 0.1,  # of sqrt(E / GeV)
    "constant": 0.01,
    "sigma_theta": 0.004,  # rad
    "theta_range": (0.03, 3.1),
    "least_energy": 5.0,  # GeV
}


class FoldedFATGAN(ganzoo.FATGAN):
    """A FATGAN whose critic sees what a detector makes of its events."""

    def __init__(self, detector: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.detector = Smear(**detector)
        self.detector.build((None, 3))

    @property
    def parts(self) -> tuple[Examples, ...]:
        """Measured momenta: pz may be beyond the beam's energy."""
        return (Examples("real", self.data_shape, None),)

    def generated(self, batch: dict[str, Any]) -> Any:
        """Return as many accepted, smeared events as there are measured ones."""
        n = batch["real"].shape[0]
        true = self.generate_from(self.draw_normal(SPARE * n, self.latent_dim))
        return self.detector.select(self.detector(true, noise=self.draw_normal(SPARE * n, 2)), n)


def train(measured: np.ndarray, epochs: int, batch: int, seed: int) -> FoldedFATGAN:
    """Return a GAN that was trained on measured events only."""
    keras.utils.set_random_seed(seed)
    constants = FoldedFATGAN.constants(measured, "invariant", SEEN, *BEAMS)
    px, py, pz = np.asarray(measured, np.float64).T
    sound = kinematics.is_physical(px, py, pz, BEAMS) & (kinematics.Q2(px, py, pz, BEAMS) > Q2_MIN)
    able = FoldedFATGAN.constants(measured[sound], "invariant", SEEN, *BEAMS)
    constants |= {name: value for name, value in able.items() if name.startswith("generated")}
    gan = FoldedFATGAN(
        DETECTOR, representation="invariant", q2_min=Q2_MIN, features=SEEN, latent_dim=8,
        turned=True, generator_units=(48,) * 3, discriminator_units=(64,) * 3, dropout=0.0,
        ema_momentum=0.998, seed=seed, **constants,
    )  # fmt: skip
    steps = epochs * (len(measured) // batch)
    rates = [optimizers.schedules.CosineDecay(1e-3, count) for count in (2 * steps, steps)]
    pair = [optimizers.Adam(rate, beta_1=0.0, beta_2=0.9) for rate in rates]
    penalty = GradientPenalty(weight=0.1, every=4)
    gan.compile(*pair, steps={"discriminator": 2}, penalty=penalty)
    gan.fit(measured, batch_size=batch, epochs=epochs, verbose=0)
    return gan


def accepted(detector: Smear, momenta: np.ndarray) -> np.ndarray:
    """Return those of momenta (n, 3) in GeV whose angle and energy the detector accepts."""
    return momenta[np.asarray(convert_to_numpy(detector.accepts(momenta)))]


def quantities(
    truth: np.ndarray, samples: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, dict[str, np.ndarray]]]:
    """Return the nine quantities of true events and of each sample; momenta (n, 3) in GeV."""
    made = {name: panels.quantities(momenta, BEAMS) for name, momenta in samples.items()}
    return panels.quantities(truth, BEAMS), made


def compare(
    truth: dict[str, np.ndarray], samples: dict[str, dict[str, np.ndarray]], seed: int
) -> None:
    """Print how far samples are from the truth in each quantity."""
    edges = panels.bin_edges(truth, 40)
    print(f"{'chi2/bin':<10}" + "".join(f"{name:>18}" for name in samples))
    for panel in SHOWN:
        real, bins = panels.scale(panel, truth[panel]), panels.scale(panel, edges[panel])
        found = [
            chi2_per_bin(real, panels.scale(panel, sample[panel]), bins=bins, seed=seed)
            for sample in samples.values()
        ]
        print(f"{panel:<10}" + "".join(f"{estimate!s:>18}" for estimate in found))


def draw(truth: dict[str, Any], samples: dict[str, dict[str, Any]], output: Path) -> None:
    """Draw the ratio of each sample to the truth, with sqrt(N) of each bin's count."""
    from matplotlib.figure import Figure

    edges = panels.bin_edges(truth, 40)
    figure = Figure(figsize=(15, 3.6), layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(SHOWN)), SHOWN, strict=True):
        bins = edges[panel]
        p = panels.counts(truth[panel], bins) / len(truth[panel])
        safe = np.where(p > 0, p, np.nan)
        for (name, sample), color in zip(samples.items(), ("gray", "tab:red"), strict=False):
            counts = panels.counts(sample[panel], bins)
            q, error = counts / len(sample[panel]), np.sqrt(counts) / len(sample[panel])
            low, high = (q - error) / safe, (q + error) / safe
            axes.stairs(high, bins, baseline=low, fill=True, alpha=0.4, color=color, label=name)
        axes.axhline(1.0, color="black", linewidth=0.8)
        axes.set(xlabel=panels.PANELS[panel][0], ylim=(0.4, 1.6),
                 xscale="log" if panels.PANELS[panel][1] else "linear")  # fmt: skip
    axes.legend(fontsize="small")
    figure.axes[0].set_ylabel("over truth")
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=80, metadata={"Software": None})


@click.command(cls=Script, help=__doc__)
@click.option("--reference", help='"pythia", "electrons_sample" or a file of events.  [default: '
              "Pythia]")  # fmt: skip
@click.option("-n", "count", type=click.IntRange(1000), default=100_000, show_default=True,
              help="True events of each kind.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=20, show_default=True)
@click.option("--batch", type=click.IntRange(8), default=1000, show_default=True)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Of weights, latents and detector.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("unfolding.png"),
              show_default=True)  # fmt: skip
def main(
    reference: str | None, count: int, epochs: int, batch: int, seed: int, output: Path
) -> None:
    events = event_evaluation.load_truth(reference, count, BEAMS)
    detector = Smear(**DETECTOR)
    half = len(events.held_out) // 2
    measured = detector.observe(events.held_out, seed)
    print(f"{len(measured)} of {len(events.held_out)} events are measured: {events.name}")
    begun = time.perf_counter()
    gan = train(measured, epochs, batch, seed)
    steps = epochs * (len(measured) // batch)
    print(f"{steps} steps in {time.perf_counter() - begun:.0f} s, on measured events only")

    made = gan.sample(len(events.real), seed)
    folded = detector.observe(made, seed + 1)
    print(f"of the GAN's events the detector sees {len(folded) / len(made):.3f}")
    samples = {"as measured": measured, "GAN": made, "other true": events.held_out[:half]}
    print("before the detector, against true events:")
    compare(*quantities(events.real, samples), seed)
    print("the same, of those alone that a detector without errors would accept:")
    seen = {name: accepted(detector, momenta) for name, momenta in samples.items()}
    true, inside = quantities(accepted(detector, events.real), seen)
    compare(true, inside, seed)
    print("behind it, against measured events of others:")
    behind = {"GAN": folded, "other measured": measured}
    compare(*quantities(detector.observe(events.real, seed + 2), behind), seed)
    draw(true, inside, output)
    print(f"the ratios to the truth: {output}")


if __name__ == "__main__":
    main()
