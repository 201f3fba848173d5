"""A normalising flow beside the GANs: what else makes electrons, and how well?

    python examples/flow_beside/flow_beside.py -o flow.npz
    ganzoo evaluate flow.npz --panels flow.png

trains a flow of rational quadratic splines (Durkan et al. 2019, arXiv:1906.04032) on the events
that FAT-GAN was trained on, draws events from it, and prints the table of `ganzoo evaluate` for
both. A flow has no adversary: it is one invertible network, and what it maximises is the likelihood
of the data. It learns log pT and log(E_beam - pz), and turns each event about the beam by a uniform
angle, as `fatgan_electrons` does. Needs Pythia (the extra `events`), or `--data FILE` with events.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
import numpy as np
from keras import layers, ops

from ganzoo import events
from ganzoo.cli.script import Script
from ganzoo.data import source
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.events import files
from ganzoo.events.kinematics import Beams

Tensor = Any
BINS, BOUND = 16, 6.0  # of each spline: bins, and where it becomes the identity
LEAST = 1e-3  # width and height of a bin, and slope of a knot, at least
ROWS = 100_000  # events drawn at once


def spline(x: Tensor, numbers: Tensor, inverse: bool = False) -> tuple[Tensor, Tensor]:
    """Return x (B,) through monotonic splines on [-BOUND, BOUND], and the logarithm of their slope.

    Args:
        x: In the other direction, what a spline made.
        numbers: (B, 3 BINS - 1): widths, heights and the slopes of the knots between them.
        inverse: Go back instead. The slope is that of the way forward in both cases.
    """
    widths, heights, slopes = ops.split(numbers, [BINS, 2 * BINS], axis=1)
    knots = []
    for part in (widths, heights):
        share = LEAST + (1 - LEAST * BINS) * ops.softmax(part, axis=1)
        ends = ops.cumsum(share, axis=1)
        knots.append(2 * BOUND * ops.pad(ends, ((0, 0), (1, 0))) - BOUND)  # (B, BINS + 1)
    ones = ops.ones_like(slopes[:, :1])
    slopes = ops.concatenate([ones, LEAST + ops.softplus(slopes + 0.54), ones], axis=1)
    inside = ops.logical_and(x > -BOUND, x < BOUND)
    held = ops.clip(x, -BOUND + 1e-5, BOUND - 1e-5)[:, None]
    along = knots[1] if inverse else knots[0]
    chosen = ops.logical_and(held >= along[:, :-1], held < along[:, 1:])
    chosen = ops.cast(chosen, "float32")

    def pick(values: Tensor) -> Tensor:
        return ops.sum(values * chosen, axis=1)

    x0, x1, y0, y1 = (pick(k) for knot in knots for k in (knot[:, :-1], knot[:, 1:]))
    d0, d1 = pick(slopes[:, :-1]), pick(slopes[:, 1:])
    mean = (y1 - y0) / (x1 - x0)
    bend = d0 + d1 - 2 * mean
    held = held[:, 0]
    if inverse:  # the root of a quadratic, eq. 6 to 8
        rise = held - y0
        a = (y1 - y0) * (mean - d0) + rise * bend
        b = (y1 - y0) * d0 - rise * bend
        c = -mean * rise
        root = ops.sqrt(ops.maximum(ops.square(b) - 4 * a * c, 0.0))
        share = ops.clip(2 * c / (-b - root), 0.0, 1.0)
        made = x0 + share * (x1 - x0)
    else:
        share = (held - x0) / (x1 - x0)
        above = (y1 - y0) * (mean * ops.square(share) + d0 * share * (1 - share))
        made = y0 + above / (mean + bend * share * (1 - share))
    other = 1 - share
    slope = d1 * ops.square(share) + 2 * mean * share * other + d0 * ops.square(other)
    below = mean + bend * share * other
    slope = 2 * ops.log(mean) + ops.log(slope) - 2 * ops.log(below)
    return ops.where(inside, made, x), ops.where(inside, slope, 0.0)


class Flow(keras.Model):
    """Two numbers to two standard normal ones, each in turn by a spline that knows the other.

    Args:
        mean, deviation: Of the two numbers; they are standardised first.
        count: Splines.
        units: Widths of the two hidden layers that make each spline.
    """

    def __init__(self, mean: Any, deviation: Any, count: int = 6, units: int = 32) -> None:
        super().__init__()
        self.mean, self.deviation = np.float32(mean), np.float32(deviation)
        self.makers = [
            keras.Sequential(
                [
                    keras.Input((1,)),
                    layers.Dense(units, activation="swish"),
                    layers.Dense(units, activation="swish"),
                    layers.Dense(3 * BINS - 1, kernel_initializer="zeros"),
                ]
            )
            for _ in range(count)
        ]

    def call(self, x: Tensor) -> Tensor:
        """Return the log-likelihood (B,) of standardised numbers (B, 2), but for a constant."""
        x = (x - ops.array(self.mean)) / ops.array(self.deviation)
        parts, total = [x[:, 0], x[:, 1]], 0.0
        for turn, maker in enumerate(self.makers):
            which = turn % 2
            parts[which], slope = spline(parts[which], maker(parts[1 - which][:, None]))
            total = total + slope
        return total - 0.5 * (ops.square(parts[0]) + ops.square(parts[1]))

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any
    ) -> Tensor:
        """Return minus the mean log-likelihood."""
        return -ops.mean(y_pred)

    def drawn(self, latents: np.ndarray) -> np.ndarray:
        """Return the two numbers of standard normal latents (n, 2)."""
        parts = [ops.convert_to_tensor(latents[:, which]) for which in (0, 1)]
        for turn in reversed(range(len(self.makers))):
            which = turn % 2
            numbers = self.makers[turn](parts[1 - which][:, None])
            parts[which], _ = spline(parts[which], numbers, inverse=True)
        made = np.stack([ops.convert_to_numpy(part) for part in parts], axis=1)
        return made * self.deviation + self.mean


def learned_numbers(momenta: np.ndarray, beams: Beams) -> np.ndarray:
    """Return log pT and log(E_beam - pz) of momenta (n, 3) in GeV, float32 (n, 2)."""
    px, py, pz = np.asarray(momenta, np.float64).T
    gap = beams.electron - pz
    return np.stack([np.log(np.hypot(px, py)), np.log(gap)], axis=1).astype(np.float32)


def sample(flow: Flow, n: int, seed: int, beams: Beams) -> np.ndarray:
    """Return n momenta (n, 3) in GeV."""
    random = np.random.default_rng(seed)
    made = []
    for first in range(0, n, ROWS):
        rows = min(ROWS, n - first)
        log_pt, log_gap = flow.drawn(random.standard_normal((rows, 2), np.float32)).T
        angle = random.uniform(0, 2 * np.pi, rows)
        pt = np.exp(log_pt.astype(np.float64))
        pz = beams.electron - np.exp(log_gap.astype(np.float64))
        made.append(np.stack([pt * np.cos(angle), pt * np.sin(angle), pz], axis=1))
    return np.concatenate(made)


@click.command(cls=Script, help=__doc__)
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="A file of events of "
              "50 x 50 GeV, Q2 > 2 GeV2.  [default: a million of Pythia's, made once]")  # fmt: skip
@click.option("--reference", help='"pythia", "electrons_sample" or a file of events.')
@click.option("--epochs", default=10, show_default=True, type=click.IntRange(1))
@click.option("--beside", default="fatgan_electrons", show_default=True)
@click.option("-n", "count", default=100_000, show_default=True, type=click.IntRange(1000))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("flow.npz"),
              show_default=True)  # fmt: skip
def main(
    data: Path | None,
    reference: str | None,
    epochs: int,
    beside: str,
    count: int,
    seed: int,
    output: Path,
) -> None:
    gan = ganzoo.load(beside)
    train = source("electrons")() if data is None else files.read(data).momenta
    keras.utils.set_random_seed(seed)
    numbers = learned_numbers(train, gan.beams)
    flow = Flow(numbers.mean(0), numbers.std(0))
    size = min(1000, len(numbers))
    steps = len(numbers) // size * epochs
    flow.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)))
    begun = time.monotonic()
    flow.fit(numbers, batch_size=size, epochs=epochs, verbose=2)
    minutes = (time.monotonic() - begun) / 60
    sample(flow, ROWS, seed, gan.beams)  # what is compiled is compiled now
    rates = {}
    for name, draw in (("the flow", sample_flow(flow, gan.beams)), (beside, sample_gan(gan))):
        begun = time.monotonic()
        draw(count)
        rates[name] = count / (time.monotonic() - begun)
    made = events.from_momenta(sample(flow, count, seed, gan.beams), gan.beams)
    files.write(made, output)
    print(f"{count:,} events: {output}. {flow.count_params():,} parameters ({beside}: "
          f"{gan.generator.count_params():,}), trained in {minutes:.1f} minutes.")  # fmt: skip
    print("Events a second: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
    for what in (output, beside):
        print(f"\n{what}\n{evaluate(str(what), samples=count, seed=seed, reference=reference)}")


def sample_flow(flow: Flow, beams: Beams) -> Any:
    return lambda count: sample(flow, count, 0, beams)


def sample_gan(gan: Any) -> Any:
    return lambda count: gan.sample(count, seed=0)


if __name__ == "__main__":
    main()
