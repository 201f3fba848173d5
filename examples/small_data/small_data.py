"""Few pictures: the same small training with and without differentiable augmentation.

    python examples/small_data/small_data.py

learns from 480 characters in clerical script and is judged against the 4,328 others, which it never
saw. Needs the font: see `ganzoo.data.clerical_glyphs`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

import ganzoo
from ganzoo import metrics, plots
from ganzoo.augmentation import Augmentation
from ganzoo.callbacks import StopAfter
from ganzoo.cli.script import Script
from ganzoo.data import clerical_glyphs


def trained(images: np.ndarray, augmentation: Augmentation | None, steps: int, seed: int) -> Any:
    """Return a small DCGAN after `steps` steps on the images."""
    import keras

    keras.utils.set_random_seed(seed)
    gan = ganzoo.DCGAN(
        image_shape=(48, 48, 1),
        latent_dim=128,
        generator_strides=(2, 2, 2),
        dropout=0.0,
        ema_momentum=0.999,
        seed=seed,
    )
    gan.compile(
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.05, every=2),
        augmentation=augmentation,
        simultaneous=True,
    )
    gan.fit(images, batch_size=32, epochs=10_000, verbose=0, callbacks=[StopAfter(steps)])
    return gan


@click.command(cls=Script, help=__doc__)
@click.option("--images", "count", default=480, show_default=True, help="Training images.")
@click.option("--steps", default=2500, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-n", "samples", default=2400, show_default=True, help="Samples that are measured.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/small_data"),
              show_default=True, help="Folder for the pictures.")  # fmt: skip
def main(count: int, steps: int, seed: int, samples: int, output: Path) -> None:
    images = clerical_glyphs()
    order = np.random.default_rng(seed).permutation(len(images))
    training, unseen = images[order[:count]], images[order[count:]]
    features = metrics.oriented_gradients
    seen = features(unseen)

    def report(name: str, made: np.ndarray) -> None:
        distance = metrics.frechet_distance(seen, features(made), seed=seed)
        copies = metrics.memorisation(training, made, unseen, seed=seed)
        print(f"{name:24} Fréchet distance {distance}   P(nearer to training data) {copies}")

    report("training images", training.repeat(-(-samples // count), axis=0)[:samples])
    output.mkdir(parents=True, exist_ok=True)
    for name, augmentation in (
        ("plain", None),
        ("translation", Augmentation(cutout=0.0)),
        ("translation and cutout", Augmentation()),
    ):
        made = trained(training, augmentation, steps, seed).sample(samples, seed=seed)
        report(name, made)
        pairs = metrics.neighbour_pairs(training, made, 32, closest=False)
        picture = plots.grid(pairs, 8, invert=True)
        plots.save(picture, output / f"{name.replace(' ', '_')}.png")
    print(f"Samples, each beside its nearest training image: {output}")


if __name__ == "__main__":
    main()
