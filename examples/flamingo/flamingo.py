"""Draw your own flamingo: a GAN of doodles, fine-tuned on 25 drawings of something else.

    python examples/flamingo/flamingo.py                        the flamingos of Quick, Draw!
    python examples/flamingo/flamingo.py --data my_drawings/    a few drawings of your own

A DCGAN learns six kinds of doodles (ganzoo prepare quickdraw), and from it four are made that draw
what only a few drawings show: a fresh one, one that goes on without more ado, one whose images are
augmented (Zhao et al. 2020, arXiv:2006.10738), and one whose discriminator also keeps its first
convolution as it was (Mo et al. 2020, arXiv:2002.10964). For each is said what it remembers, and
what it invents. A model that is in the folder already is not trained again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np

from ganzoo import data, metrics, plots
from ganzoo.augmentation import Augmentation
from ganzoo.callbacks import StopAfter
from ganzoo.cli.script import Script
from ganzoo.errors import DataError

SHAPE, FEWEST = (28, 28, 1), 4
SIZES: dict[str, Any] = {
    "latent_dim": 64,
    "generator_filters": (128, 64, 32),
    "discriminator_filters": (48, 96),
    "dropout": 0.0,
    "ema_momentum": 0.995,
}
CHANGES = Augmentation(translation=0.125, cutout=0.0, mirror=True, scale=0.1)
KINDS = {  # begins with the GAN of doodles, augments, keeps the first convolution
    "fresh": (False, None, False),
    "fine-tuned": (True, None, False),
    "and augmented": (True, CHANGES, False),
    "and frozen": (True, CHANGES, True),
}


def doodler(folder: Path, steps: int, seed: int) -> Path:
    """Return the preset of a GAN of six kinds of doodles, trained where it is not there."""
    preset = folder / f"doodles-{steps}-steps-seed-{seed}"
    if not preset.is_dir():
        print(f"A GAN of {', '.join(data.doodles.KINDS)}: {steps} steps")
        gan = ganzoo.DCGAN(SHAPE, **SIZES, seed=seed)
        train(gan, data.quickdraw(), 64, steps, None, seed)
        gan.save_to_preset(preset)
    return preset


def digest(images: np.ndarray) -> str:
    """Return eight letters that tell these pictures from others."""
    return hashlib.sha256(images.tobytes()).hexdigest()[:8]


def train(gan: Any, images: np.ndarray, batch: int, steps: int, changes: Any, seed: int) -> None:
    """Train a GAN in batches drawn from the images, in a seeded order."""
    import keras

    keras.utils.set_random_seed(seed)
    gan.compile(
        keras.optimizers.Adam(2e-4, beta_1=0.5),
        keras.optimizers.Adam(2e-4, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.05, every=2),
        augmentation=changes,
        simultaneous=True,
    )
    repeated = np.tile(images, (-(-batch // len(images)), 1, 1, 1))
    gan.fit(repeated, batch_size=batch, epochs=10**6, verbose=0, callbacks=[StopAfter(steps)])


def tuned(preset: Path, kind: str, images: np.ndarray, steps: int, seed: int) -> Any:
    """Return one of the four."""
    begun, changes, frozen = KINDS[kind]
    gan = ganzoo.load(preset) if begun else ganzoo.DCGAN(SHAPE, **SIZES, seed=seed)
    if frozen:
        first = next(layer for layer in gan.discriminator.layers if layer.trainable_weights)
        first.trainable = False
    train(gan, images, 25, steps, changes, seed)
    return gan


def remembered(images: np.ndarray, made: np.ndarray) -> str:
    """Return how many are nearly a drawing, or one seen in a mirror, that it was trained on.

    Nearly: nearer in oriented gradients than half of what the two nearest drawings have between
    them.
    """
    both = metrics.oriented_gradients(np.concatenate([images, images[:, :, ::-1]]))
    drawn = metrics.nearest_training(both[: len(images)]).distance
    near = metrics.nearest_training(both, metrics.oriented_gradients(made)).distance
    share = metrics.estimate.share_estimate(near < drawn.min() / 2)
    return f"copies {share}, as far from a drawing as drawings are {near.mean() / drawn.mean():.2f}"


def known(images: np.ndarray, made: np.ndarray | None = None) -> str:
    """Return the share whose nearest picture is such a drawing and no doodle of the six kinds.

    Without pictures, it is that of the drawings themselves, each looked for among the others.
    """
    doodles = metrics.oriented_gradients(data.quickdraw("test"))
    drawn = metrics.oriented_gradients(images)
    rows = drawn if made is None else metrics.oriented_gradients(made)
    wanted = metrics.nearest_training(drawn, None if made is None else rows).distance
    share = metrics.estimate.share_estimate(
        wanted < metrics.nearest_training(doodles, rows).distance
    )
    return f"nearest to one {share}"


def varied(images: np.ndarray, made: np.ndarray) -> str:
    """Return the mean distance of two pictures over that of two drawings."""

    def spread(pictures: np.ndarray) -> float:
        rows = metrics.oriented_gradients(pictures).astype(np.float64)
        return float(np.sqrt(2.0 * rows.var(axis=0, ddof=1).sum()))

    return f"variety {spread(made) / spread(images):.2f}"


@click.command(cls=Script, help=__doc__)
@click.option("--data", "source", type=click.Path(path_type=Path), default=None,
              help="A folder of drawings of your own, white on black.")  # fmt: skip
@click.option(
    "--first",
    type=click.IntRange(1),
    default=6000,
    show_default=True,
    help="Steps of the GAN of doodles.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=1500,
    show_default=True,
    help="Steps of each of the four.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-n", "samples", default=500, show_default=True, help="Samples that are measured.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/flamingo"),
              show_default=True, help="Folder for models and the picture.")  # fmt: skip
def main(
    source: Path | None, first: int, steps: int, seed: int, samples: int, output: Path
) -> None:
    images = (
        data.flamingos() if source is None else data.images(source, SHAPE, resize="pad",
                                                            background="black")
    )  # fmt: skip
    if len(images) < FEWEST:
        raise DataError(f"Give at least {FEWEST} drawings; {source} has {len(images)}.")
    begin = doodler(output, first, seed)
    rows = [plots.some(images, 10)]
    print(f"{len(images)} drawings:".ljust(15) + known(images), flush=True)
    for kind in KINDS:
        settings = f"{steps}-steps-seed-{seed}-of-{digest(images)}-after-{first}"
        preset = output / f"{kind.replace(' ', '_')}-{settings}"
        if not preset.is_dir():
            tuned(begin, kind, images, steps, seed).save_to_preset(preset)
        made = ganzoo.load(preset).sample(samples, seed=seed)
        print(f"{kind + ':':15}{known(images, made)}; {remembered(images, made)}; "
              f"{varied(images, made)}", flush=True)  # fmt: skip
        rows.append(made[:10])
    plots.save(plots.grid(np.concatenate(rows), columns=10, scale=2), output / "flamingo.png")
    print(f"Real ones, and ten of each: {output / 'flamingo.png'}")


if __name__ == "__main__":
    main()
