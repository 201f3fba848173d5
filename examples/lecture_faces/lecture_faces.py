"""Faces by a DCGAN that overrides `train_step`, as in the lecture, on every backend.

    python examples/lecture_faces/lecture_faces.py
    KERAS_BACKEND=torch python examples/lecture_faces/lecture_faces.py --data FOLDER

The training pictures are cartoon faces that are drawn on the spot (pip install
"keras-ganzoo[cartoons]"), or pictures of yours, which are resized to 64 x 64.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
from keras import layers, ops

from ganzoo import data, minimize, plots
from ganzoo.callbacks import Movie
from ganzoo.cli.script import Script

SHAPE = (64, 64, 3)


@keras.saving.register_keras_serializable("example")
class FacesGAN(ganzoo.GAN):
    """The lecture's step: labels with noise, real and generated pictures in one batch."""

    def train_step(self, data: Any) -> dict[str, Any]:
        real = keras.utils.unpack_x_y_sample_weight(data)[0]
        rows = ops.shape(real)[0]
        latents = keras.random.normal((rows, self.latent_dim), seed=self.latent_seed)
        noise = keras.random.uniform((2 * rows, 1), seed=self.latent_seed)
        labels = ops.concatenate([ops.ones((rows, 1)), ops.zeros((rows, 1))])  # 1 is generated
        update_discriminator, update_generator = self.updates()

        def told_apart() -> Any:
            made = self.generator(latents, training=True)
            logits = self.discriminator(ops.concatenate([made, real]), training=True)
            return loss(labels + 0.05 * noise, logits)  # the lecture's trick

        def misled() -> Any:
            made = self.generator(latents, training=True)
            return loss(ops.zeros((rows, 1)), self.discriminator(made, training=True))

        d_loss = minimize(told_apart, *update_discriminator)
        g_loss = minimize(misled, *update_generator)
        self.update_averages()
        return {name: self.trackers[name](value)
                for name, value in (("d_loss", d_loss), ("g_loss", g_loss))}  # fmt: skip


def loss(labels: Any, logits: Any) -> Any:
    """Return the mean cross-entropy of labels (n, 1) and logits (n, 1)."""
    return ops.mean(ops.binary_crossentropy(labels, logits, from_logits=True))


def generator(latent_dim: int, width: int) -> keras.Model:
    """Return the network (B, latent_dim) -> (B, 64, 64, 3) in [-1, 1]."""
    network = keras.Sequential([keras.Input((latent_dim,)), layers.Dense(8 * 8 * 2 * width)])
    network.add(layers.Reshape((8, 8, 2 * width)))
    for filters in (2 * width, 4 * width, 4 * width):
        network.add(layers.Conv2DTranspose(filters, 4, strides=2, padding="same"))
        network.add(layers.LeakyReLU(0.2))
    network.add(layers.Conv2D(3, 5, padding="same", activation="tanh"))
    return network


def discriminator(width: int) -> keras.Model:
    """Return the network (B, 64, 64, 3) -> logits (B, 1); 1 means generated."""
    network = keras.Sequential([keras.Input(SHAPE)])
    for filters in (width, 2 * width, 2 * width):
        network.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
        network.add(layers.LeakyReLU(0.2))
    network.add(layers.Flatten())
    network.add(layers.Dropout(0.2))
    network.add(layers.Dense(1))
    return network


@click.command(cls=Script, help=__doc__)
@click.option("--data", "folder", type=click.Path(exists=True, path_type=Path), default=None,
              help="A folder of pictures.  [default: cartoon faces]")  # fmt: skip
@click.option("--images", "count", type=click.IntRange(1), default=2_000, show_default=True,
              help="Cartoon faces that are drawn.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1), default=20, show_default=True)
@click.option("--width", type=click.IntRange(1), default=32, show_default=True,
              help="Channels of the first convolution; the lecture's is 64.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/lecture_faces"),
              show_default=True, help="Folder of the pictures and the model.")  # fmt: skip
def main(folder: Path | None, count: int, epochs: int, width: int, seed: int, output: Path) -> None:
    keras.utils.set_random_seed(seed)
    if folder is None:
        images = data.cartoon_faces(count=count)
    else:
        images = data.images(folder, SHAPE, resize=True)
    latent_dim = 128
    gan = FacesGAN(generator(latent_dim, width), discriminator(width), ema_momentum=0.99, seed=seed)
    gan.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5))
    watch = Movie(output, n=36, scale=2)  # the same latents after every epoch
    gan.fit(images, batch_size=32, epochs=epochs, verbose=2, callbacks=[watch])
    gan.save(output / "gan.keras")
    plots.save(plots.grid(gan.sample(64, seed), scale=2), output / "faces.png")
    print(f"{len(images)} pictures; faces.png, movie.gif and gan.keras are in {output}")


if __name__ == "__main__":
    main()
