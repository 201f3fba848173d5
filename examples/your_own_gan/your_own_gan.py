"""Write your own GAN in one file: another loss, another pair of networks, a preset, a movie.

    python examples/your_own_gan/your_own_gan.py

A least-squares GAN (Mao et al. 2016, arXiv:1611.04076) on points in the plane: eight heaps on a
circle, which a GAN that collapses does not all find. Needs no data and no download.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
import numpy as np
from keras import layers, ops

from ganzoo import plots
from ganzoo.cli.script import Script


def heaps(n: int, seed: int) -> np.ndarray:
    """Return points (n, 2) in [-1, 1]: eight heaps on a circle, standard deviation 0.02."""
    random = np.random.default_rng(seed)
    angle = 2 * np.pi * random.integers(8, size=n) / 8
    middle = 0.7 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (middle + 0.02 * random.standard_normal((n, 2))).astype(np.float32)


def perceptron(inputs: int, outputs: int, **last: Any) -> keras.Sequential:
    """Return two hidden layers of 64."""
    hidden = [layers.Dense(64, activation="leaky_relu") for _ in range(2)]
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(outputs, **last)])


@keras.saving.register_keras_serializable("example")
class LeastSquaresGAN(ganzoo.GAN):
    """The discriminator's outputs are pulled to 1 (real) and 0 (generated), not to a class.

    Two losses are all that is new. The step, both optimizers, saving and sampling are the base
    class's, on TensorFlow, JAX and PyTorch.
    """

    outputs_logits = False  # 1/2 lies at 0.5 here, so that accuracies would mislead

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        """E[(D(x) - 1)^2] + E[D(G(z))^2], halved."""
        return 0.5 * (ops.mean((real_logits - 1.0) ** 2) + ops.mean(fake_logits**2))

    def generator_loss(self, fake_logits: Any) -> Any:
        """E[(D(G(z)) - 1)^2], halved."""
        return 0.5 * ops.mean((fake_logits - 1.0) ** 2)


class Watch(keras.callbacks.Callback):
    """Draw the plane after every epoch; a callback of one's own is plain Keras too."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.frames.append(plots.grid(plane(self.model.sample(2000, seed=0))[None], scale=3))


def plane(points: np.ndarray, side: int = 80) -> np.ndarray:
    """Return a picture (side, side, 1) in [-1, 1] of points in the plane."""
    edges = np.linspace(-1, 1, side + 1)
    counts = np.histogram2d(points[:, 1], points[:, 0], bins=(edges, edges))[0][::-1]
    return (2.0 * np.minimum(counts / 4.0, 1.0) - 1.0)[..., None]


def heaps_found(points: np.ndarray) -> np.ndarray:
    """Return how many of the points are within 0.1 of each heap: (8,)."""
    angle = 2 * np.pi * np.arange(8) / 8
    middles = 0.7 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (np.linalg.norm(points[:, None] - middles, axis=-1) < 0.1).sum(axis=0)


@click.command(cls=Script, help=__doc__)
@click.option("--epochs", default=60, show_default=True, help="Of 100 steps each.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/your_own_gan"),
              show_default=True, help="Folder of movie.gif and the model.")  # fmt: skip
def main(epochs: int, seed: int, output: Path) -> None:
    keras.utils.set_random_seed(seed)
    output.mkdir(parents=True, exist_ok=True)
    gan = LeastSquaresGAN(
        perceptron(16, 2, activation="tanh"), perceptron(2, 1), ema_momentum=0.99, seed=seed
    )
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        keras.optimizers.Adam(1e-3, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.02),
    )
    watch = Watch()
    gan.fit(heaps(100 * 256, seed), batch_size=256, epochs=epochs, verbose=2, callbacks=[watch])

    plots.movie(watch.frames, output / "movie.gif")
    plots.save(watch.frames[-1], output / "after.png")
    gan.save(output / "gan.keras")
    again = ganzoo.load(output / "gan.keras")  # needs the class above to be known
    counts = heaps_found(again.sample(2000, seed=0))
    print(f"of 2000 points, near each heap: {counts.tolist()}, elsewhere: {2000 - counts.sum()}")


if __name__ == "__main__":
    main()
