"""The vanilla GAN with a `train_step` of seven lines, on MNIST, on every backend.

    python examples/seven_lines/seven_lines.py
    KERAS_BACKEND=jax python examples/seven_lines/seven_lines.py

The seven lines are algorithm 1 of Goodfellow et al. 2014 (arXiv:1406.2661); the networks are two
multilayer perceptrons of 1.5 million parameters each.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
from keras import layers
from keras.ops import log_sigmoid, mean, shape

from ganzoo import minimize
from ganzoo.callbacks import Movie
from ganzoo.cli.script import Script
from ganzoo.data import mnist


@keras.saving.register_keras_serializable("example")
class SevenLines(ganzoo.GAN):
    """Its own algorithm; both optimizers, saving and sampling are the base class's."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        z = keras.random.normal((shape(x)[0], self.latent_dim), seed=self.latent_seed)
        D, G = (partial(net, training=True) for net in (self.discriminator, self.generator))
        d_update, g_update = self.updates()
        d_loss = minimize(lambda: -mean(log_sigmoid(D(x)) + log_sigmoid(-D(G(z)))), *d_update)
        g_loss = minimize(lambda: -mean(log_sigmoid(D(G(z)))), *g_update)
        return {k: self.trackers[k](v) for k, v in (("d_loss", d_loss / 2), ("g_loss", g_loss))}


def generator() -> keras.Model:
    """Return the network (B, 100) -> (B, 28, 28, 1): 1,486,352 parameters."""
    network = keras.Sequential([keras.Input((100,))])
    for width in (256, 512, 1024):
        network.add(layers.Dense(width))
        network.add(layers.LeakyReLU(0.2))
    network.add(layers.Dense(784, activation="tanh"))
    network.add(layers.Reshape((28, 28, 1)))
    return network


def discriminator() -> keras.Model:
    """Return the network (B, 28, 28, 1) -> logits (B, 1): 1,460,225 parameters."""
    network = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten()])
    for width in (1024, 512, 256):
        network.add(layers.Dense(width))
        network.add(layers.LeakyReLU(0.2))
        network.add(layers.Dropout(0.3))
    network.add(layers.Dense(1))
    return network


@click.command(cls=Script, help=__doc__)
@click.option("--images", "count", type=click.IntRange(1), default=60_000, show_default=True,
              help="Training images used.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=5, show_default=True,
              help="The lecture: 100.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/seven_lines"),
              show_default=True, help="Folder of the pictures and the model.")  # fmt: skip
def main(count: int, epochs: int, seed: int, output: Path) -> None:
    keras.utils.set_random_seed(seed)
    images = mnist("train")[:count]  # (n, 28, 28, 1) in [-1, 1]
    gan = SevenLines(generator(), discriminator(), seed=seed)
    gan.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5))
    watch = Movie(output, n=25, scale=2)  # the same latents after every epoch
    gan.fit(images, batch_size=128, epochs=epochs, verbose=2, callbacks=[watch])
    gan.save(output / "gan.keras")
    networks = " + ".join(f"{net.count_params():,}" for net in (gan.generator, gan.discriminator))
    print(f"{networks} parameters; epoch-0001.png to movie.gif and gan.keras are in {output}")


if __name__ == "__main__":
    main()
