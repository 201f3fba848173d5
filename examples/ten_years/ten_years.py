"""Ten years of GANs on one data set: the same faces, the same minutes, six models.

    python examples/ten_years/ten_years.py                    half an hour of a core each
    python examples/ten_years/ten_years.py --dtype mixed_bfloat16    where the processor has it
    python examples/ten_years/ten_years.py --minutes 3        to see that it works
    python examples/ten_years/ten_years.py --only DCGAN,R3GAN

The faces are cartoons of 64 x 64 pixels, which are drawn on the spot (pip install
"keras-ganzoo[cartoons,metrics]"), so that nobody needs a download. The convolutional models have
about a million parameters each, the one of perceptrons 12.9 million; each has the optimizers of its
paper, and all have averaged generators. A model that is in the folder already, by the same options,
is not trained again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
import numpy as np

from ganzoo import data, plots
from ganzoo.cli.script import Script
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.penalties import R1, R2

SHAPE, BATCH = (64, 64, 3), 32
SMALL = (128, 96, 64, 32, 16)
FACES = 10_000  # of the source, which samples are compared with
ROWS = ("frechet", "precision", "recall", "memorisation")


def adam(rate: float, beta_1: float = 0.5, beta_2: float = 0.999) -> Any:
    """Return one Adam."""
    return keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)


def vanilla(**options: Any) -> Any:
    """Goodfellow et al. 2014: multilayer perceptrons."""
    gan = ganzoo.VanillaGAN(SHAPE, 100, (256, 512), (512, 256), **options)
    gan.compile(adam(2e-4), adam(2e-4))
    return gan


def dcgan(**options: Any) -> Any:
    """Radford et al. 2015: convolutions and batch normalisation."""
    gan = ganzoo.DCGAN(
        SHAPE, 100, generator_filters=(256, 128, 64, 32), discriminator_filters=(32, 64, 128, 256),
        generator_strides=(2, 2, 2, 2), kernel_size=4, dropout=0.0, **options,
    )  # fmt: skip
    gan.compile(adam(2e-4), adam(2e-4))
    return gan


def wgan_gp(**options: Any) -> Any:
    """Gulrajani et al. 2017: a critic of the Wasserstein distance, five steps for one."""
    gan = ganzoo.WGANGP(
        SHAPE, 100, generator_filters=(256, 128, 64, 32), discriminator_filters=(32, 64, 128, 256),
        **options,
    )  # fmt: skip
    gan.compile(adam(1e-4, 0.0, 0.9), adam(1e-4, 0.0, 0.9))
    return gan


def sagan(**options: Any) -> Any:
    """Zhang et al. 2018: attention, spectral normalisation, hinge loss, two rates."""
    gan = ganzoo.SAGAN(SHAPE, ("dark", "light"), 64, (160, 128, 64, 32, 16), attention=2, **options)
    gan.compile(adam(4e-4, 0.0, 0.9), adam(1e-4, 0.0, 0.9))
    return gan


def stylegan2(**options: Any) -> Any:
    """Karras et al. 2020: styles, modulated convolutions, a lazy penalty."""
    gan = ganzoo.StyleGAN2(SHAPE, 128, (128, 128, 64, 32, 16), mapping_layers=4, **options)
    gan.compile(adam(2.5e-4, 0.0, 0.99), adam(2.5e-4, 0.0, 0.99), penalty=R1(1.0, every=4))
    return gan


def r3gan(**options: Any) -> Any:
    """Huang et al. 2025: which of two is the more real, two penalties, nothing normalised."""
    gan = ganzoo.R3GAN(SHAPE, 64, SMALL, blocks=1, block="basic", **options)  # 1.2 million
    penalties = [R1(1.0, every=2), R2(1.0, every=2)]  # of half a batch each, which is enough
    gan.compile(adam(2e-4, 0.0, 0.99), adam(2e-4, 0.0, 0.99), simultaneous=True, penalty=penalties)
    return gan


MODELS: dict[str, tuple[int, Callable[..., Any]]] = {
    "VanillaGAN": (2014, vanilla),
    "DCGAN": (2015, dcgan),
    "WGANGP": (2017, wgan_gp),
    "SAGAN": (2018, sagan),
    "StyleGAN2": (2020, stylegan2),
    "R3GAN": (2025, r3gan),
}


class StopAfterMinutes(keras.callbacks.Callback):
    """Ends a training after so many minutes of the processor, and counts steps.

    The first step is left out. Minutes of two cores count twice, those of other programs do not.
    """

    def __init__(self, minutes: float) -> None:
        super().__init__()
        self.seconds, self.steps, self.begun = 60.0 * minutes, 0, 0.0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.begun = self.begun or time.process_time()  # what is compiled first is left out
        self.steps += 1
        if time.process_time() - self.begun > self.seconds:
            self.model.stop_training = True


def trained(
    name: str, faces: np.ndarray, minutes: float, dtype: str, seed: int, preset: Path
) -> Any:
    """Return a model that was trained so long, from its preset if that is there."""
    counted = preset.with_suffix(".steps")
    if not counted.is_file():
        keras.utils.set_random_seed(seed)
        keras.config.set_dtype_policy(dtype)
        gan = MODELS[name][1](ema_momentum=0.999, seed=seed)
        stop = StopAfterMinutes(minutes)
        light = faces.mean(axis=(1, 2, 3))  # SAGAN is of several classes: there are two of these
        labels = ((light > np.median(light)).astype(np.int64),) if name == "SAGAN" else ()
        gan.fit(faces, *labels, batch_size=BATCH, epochs=10_000, verbose=0, callbacks=[stop])
        gan.save_to_preset(preset, overwrite=True)
        keras.config.set_dtype_policy("float32")  # in which all are measured
        counted.write_text(str(stop.steps))
    gan = ganzoo.load(preset)
    return gan, int(counted.read_text())


@click.command(cls=Script, help=__doc__)
@click.option("--minutes", type=click.FloatRange(0.01), default=30.0, show_default=True,
              help="Of one core, for each training.")  # fmt: skip
@click.option("--only", help="Names, by commas.  [default: all six]")
@click.option("--faces", "count", type=click.IntRange(100), default=FACES, show_default=True,
              help="Faces to train on.")  # fmt: skip
@click.option("--dtype", type=click.Choice(["float32", "mixed_bfloat16"]), default="float32",
              show_default=True, help="In which all are trained.")  # fmt: skip
@click.option("-n", "--samples", type=click.IntRange(400), default=10_000, show_default=True,
              help="Faces that are measured, of each.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/ten_years"),
              show_default=True, help="Folder of models, and of the picture.")  # fmt: skip
def main(
    minutes: float,
    only: str | None,
    count: int,
    dtype: str,
    samples: int,
    seed: int,
    output: Path,
) -> None:
    names = only.split(",") if only else list(MODELS)
    for name in names:
        if name not in MODELS:
            raise click.BadParameter(f"{name!r} is none of {', '.join(MODELS)}.")
    output.mkdir(parents=True, exist_ok=True)
    click.echo(f"About {minutes * len(names):.0f} minutes of one core.", err=True)
    faces = data.cartoon_faces(count=count)
    shown = [data.cartoon_faces("test")[:10]]
    for k, name in enumerate(names):
        settings = f"{minutes:g}-minutes-{count}-faces-{dtype}-seed-{seed}"
        preset = output / f"{name}-{settings.replace('.', '_')}"
        gan, steps = trained(name, faces, minutes, dtype, seed, preset)
        table = evaluate(preset, reference="cartoon_faces", samples=samples, seed=seed)
        # Other numbers of faces are other faces, which the evaluation does not know.
        rows = ROWS if count == FACES else ROWS[:-1]
        found = [row for row in rows if row in table.rows]
        if not k:
            titles = [table.rows[row].title for row in found]
            click.echo(f"| model | year | parameters | steps | {' | '.join(titles)} |")
            click.echo("|" + " --- |" * (4 + len(found)))
            floors = " | ".join(str(table.rows[row].floor) for row in found)
            click.echo(f"| held-out faces |  |  |  | {floors} |")
        size = sum(network.count_params() for network in gan.networks.values())
        cells = " | ".join(str(table[row]) for row in found)
        click.echo(f"| {name} | {MODELS[name][0]} | {size:,} | {steps:,} | {cells} |")
        shown.append(gan.sample(10, seed=seed))
    plots.save(plots.grid(np.concatenate(shown), columns=10), output / "ten_years.png")
    click.echo(f"Rows: held-out faces, {', '.join(names)}: {output / 'ten_years.png'}")


if __name__ == "__main__":
    main()
