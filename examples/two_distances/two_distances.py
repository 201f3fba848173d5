"""Why Wasserstein: two distances of a generator from digits, while it learns.

    python examples/two_distances/two_distances.py             3,000 steps, six looks
    python examples/two_distances/two_distances.py --steps 300 --looks 3 --judged 100

A WGAN-GP (five critic steps each) is trained on handwritten digits, and looked at several times.
Each time the generator waits, and two fresh judges of one architecture are trained against it: a
discriminator, whose cross-entropy bounds the Jensen-Shannon divergence from below, at most log 2
(Goodfellow et al. 2014, arXiv:1406.2661), and a critic with a gradient penalty, which estimates the
Wasserstein-1 distance (Arjovsky et al. 2017, arXiv:1701.07875, figures 3 and 4). Both are measured
on digits that no judge was trained on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np

from ganzoo import data, plots
from ganzoo.cli.script import Script
from ganzoo.extras import require
from ganzoo.random import some_rows

SIZES: dict[str, Any] = {"generator_filters": (64, 32), "discriminator_filters": (32, 64)}
BATCH, HELD_OUT = 64, 2000
ADAM = {"beta_1": 0.5, "beta_2": 0.9}


def network() -> Any:
    """Return a fresh judge, pictures (B, 28, 28, 1) to a number each: the same for both games."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(32, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def judge(kind: Any, generator: Any, images: np.ndarray, steps: int, seed: int) -> Any:
    """Return a game whose fresh discriminator was trained so many steps against a generator."""
    import keras

    keras.utils.set_random_seed(seed)
    game, before = kind(generator, network(), seed=seed), generator.get_weights()
    adam = keras.optimizers.Adam(5e-4, **ADAM)
    options = {"steps": {"discriminator": 1}} if kind is ganzoo.WassersteinGAN else {}
    game.compile(adam, keras.optimizers.SGD(0.0), **options)  # by a rate of 0 the generator waits
    order = np.random.default_rng(seed).integers(0, len(images), BATCH * steps)
    game.fit(images[order], batch_size=BATCH, epochs=1, verbose=0)
    generator.set_weights(before)  # its batch normalisation too
    return game


def divergence(game: Any, real: np.ndarray, made: np.ndarray) -> tuple[float, float]:
    """Return a lower bound of the Jensen-Shannon divergence in nats, and its error."""
    for_real, for_made = logits(game, real), logits(game, made)
    # log D and log(1 - D), of logits.
    known = [-np.logaddexp(0.0, -for_real), -np.logaddexp(0.0, for_made)]
    return np.log(2) + sum(x.mean() for x in known) / 2, error(*known) / 2


def distance(game: Any, real: np.ndarray, made: np.ndarray) -> tuple[float, float]:
    """Return the critic's estimate of the Wasserstein-1 distance, and its error."""
    for_real, for_made = logits(game, real), logits(game, made)
    return for_real.mean() - for_made.mean(), error(for_real, for_made)


def logits(game: Any, pictures: np.ndarray) -> np.ndarray:
    """Return what the discriminator says of pictures, (n,)."""
    return np.asarray(game.discriminator.predict(pictures, verbose=0), np.float64).reshape(-1)


def error(*several: np.ndarray) -> float:
    """Return the standard deviation of the sum of the means."""
    return float(np.sqrt(sum(x.var(ddof=1) / len(x) for x in several)))


def draw(rows: list[tuple[Any, ...]], pictures: list[np.ndarray], path: Path) -> None:
    """Write both distances against the generator's steps, and what it drew."""
    figure = plots.figure((9, 5))
    grid = figure.add_gridspec(2, len(rows), height_ratios=(2, 1))
    steps = np.arange(len(rows))
    for half, (place, title) in enumerate(
        ((slice(0, len(rows) // 2), "Jensen-Shannon divergence [nats]"),
         (slice(len(rows) // 2, len(rows)), "Wasserstein distance, by the critic"))
    ):  # fmt: skip
        axis = figure.add_subplot(grid[0, place])
        values, errors = zip(*(row[half + 1] for row in rows), strict=True)
        axis.errorbar(steps, values, errors, marker="o", capsize=3, color=f"C{half}")
        axis.set(title=title, xlabel="generator steps", ylim=(0, 1.1 * max(values)))
        axis.set_xticks(steps, [f"{row[0]:,}" for row in rows])
        if not half:
            axis.axhline(np.log(2), color="grey", linestyle="--", label="log 2: fully apart")
            axis.legend(loc="lower left")
    for k, made in enumerate(pictures):
        axis = figure.add_subplot(grid[1, k])
        axis.imshow(np.asarray(plots.grid(made, columns=3, gap=1)), cmap="gray")
        axis.set_axis_off()
    plots.save_figure(figure, path, dpi=100)


@click.command(cls=Script, help=__doc__)
@click.option("--steps", type=click.IntRange(2), default=3000, show_default=True,
              help="Of the generator.")  # fmt: skip
@click.option("--looks", type=click.IntRange(2, 12), default=6, show_default=True)
@click.option("--judged", type=click.IntRange(1), default=400, show_default=True,
              help="Steps of each judge.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("two_distances.png"),
              show_default=True)  # fmt: skip
def main(steps: int, looks: int, judged: int, seed: int, output: Path) -> None:
    import keras

    require("matplotlib", "the picture")
    images, real = data.mnist(), data.mnist("test")
    real = real[some_rows(len(real), HELD_OUT, seed)]
    keras.utils.set_random_seed(seed)
    gan = ganzoo.WGANGP(data_shape=(28, 28, 1), latent_dim=64, **SIZES, seed=seed)
    gan.compile(*(keras.optimizers.Adam(2e-4, **ADAM) for _ in gan.players))
    order = np.random.default_rng(seed)
    # Close together at first, where most happens: 0, and then equal ratios.
    ends = [0, *np.unique(np.geomspace(min(30, steps), steps, looks - 1).astype(int))]
    rows: list[tuple[Any, ...]] = []
    pictures = []
    for begin, end in zip([0, *ends], ends, strict=False):
        if end > begin:
            chosen = images[order.integers(0, len(images), BATCH * (end - begin))]
            gan.fit(chosen, batch_size=BATCH, epochs=1, verbose=0)
        made = gan.sample(HELD_OUT, seed=seed)
        found = [
            measure(judge(kind, gan.generator, images, judged, seed + 1), real, made)
            for kind, measure in ((ganzoo.GAN, divergence), (ganzoo.WassersteinGAN, distance))
        ]
        rows.append((int(end), *found))
        pictures.append(made[:9])
        said = "   ".join(f"{value:7.3f} ± {uncertain:.3f}" for value, uncertain in found)
        if len(rows) == 1:
            click.echo(f"steps   JSD [nats]        Wasserstein     (log 2 = {np.log(2):.3f})")
        click.echo(f"{end:6,}  {said}")
    draw(rows, pictures, output)
    click.echo(f"{output} written", err=True)


if __name__ == "__main__":
    main()
