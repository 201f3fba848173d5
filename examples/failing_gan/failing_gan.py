"""Watch a GAN fail, and mend it: the discriminator is too strong, and few digits are left.

    python examples/failing_gan/failing_gan.py            both, 4,000 steps each
    python examples/failing_gan/failing_gan.py --quick    1,000 steps each

A small perceptron draws, a convolutional network judges. Then the same two networks once more, with
one argument added: a penalty on the discriminator's slope at real digits. A third network, which
knows digits, counts which ones come out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

import ganzoo
from ganzoo import data, penalties, plots
from ganzoo.callbacks import BalanceMonitor, Movie
from ganzoo.cli.script import Script
from ganzoo.presets import feature_networks as networks
from ganzoo.random import some_rows

BATCH, STEPS_PER_EPOCH = 64, 250


def networks_of_unequal_strength() -> tuple[Any, Any]:
    """Return a generator of one hidden layer and a convolutional discriminator."""
    from keras import Input, Sequential, layers

    generator = Sequential(
        [
            Input((100,)),
            layers.Dense(256),
            layers.LeakyReLU(0.2),
            layers.Dense(784, activation="tanh"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    discriminator = Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=4, padding="same"),  # (B, 7, 7, 64)
            layers.LeakyReLU(0.2),
            layers.Conv2D(128, 3, strides=2, padding="same"),  # (B, 4, 4, 128)
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    return generator, discriminator


def trained(images: np.ndarray, epochs: int, penalty: Any, seed: int, folder: Path) -> Any:
    """Return the GAN after `epochs` of 250 steps; the movie and warnings show how it goes."""
    import keras

    keras.utils.set_random_seed(seed)
    gan = ganzoo.GAN(*networks_of_unequal_strength(), seed=seed)
    gan.compile(
        keras.optimizers.Adam(5e-4, beta_1=0.5),
        keras.optimizers.Adam(5e-4, beta_1=0.5),
        penalty=penalty,
        simultaneous=True,
    )
    order = np.random.default_rng(seed)
    watching = [BalanceMonitor(images, patience=2), Movie(folder, scale=2)]
    for epoch in range(epochs):  # each epoch sees other digits
        chosen = images[order.permutation(len(images))[: BATCH * STEPS_PER_EPOCH]]
        gan.fit(
            chosen, batch_size=BATCH, initial_epoch=epoch, epochs=epoch + 1, verbose=2,
            callbacks=watching,
        )  # fmt: skip
    return gan


def report(name: str, images: np.ndarray) -> None:
    """Print the class histogram that the digit network sees."""
    chances = networks.load("digit_features").probabilities(images)
    counts = np.bincount(chances.argmax(axis=1), minlength=10)
    sure = (chances.max(axis=1) > 0.9).mean()
    shares = " ".join(f"{count / len(images):5.1%}" for count in counts)
    print(f"{name:22} {shares}   recognised {sure:.1%}")


@click.command(cls=Script, help=__doc__)
@click.option("--quick", is_flag=True, help="A quarter of the steps.")
@click.option("--epochs", type=click.IntRange(1), help="Of 250 steps each, instead.")
@click.option("-n", "count", default=2000, show_default=True, help="Samples that are counted.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/failing_gan"),
              show_default=True, help="Folder of pictures and movies.")  # fmt: skip
def main(quick: bool, epochs: int | None, count: int, seed: int, output: Path) -> None:
    images = data.mnist()
    epochs = epochs or (4 if quick else 16)
    real = data.mnist("test")
    made = {"real digits": real[some_rows(len(real), count, seed)]}
    for name, penalty in (("failing", None), ("mended", penalties.R1(0.5))):
        gan = trained(images, epochs, penalty, seed, output / name)
        made[name] = gan.sample(count, seed=0)
        plots.save(plots.grid(made[name][:64], scale=2), output / f"{name}.png")
    print(" " * 23 + " ".join(f"{digit:>5}" for digit in range(10)))
    for name, pictures in made.items():
        report(name, pictures)
    print(f"failing.png, mended.png and the movies are in {output}")


if __name__ == "__main__":
    main()
