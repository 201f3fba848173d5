"""Fine-tune `dcgan_mnist` to Fashion-MNIST: from digits to shirts and shoes.

    python examples/fashion/fashion.py

The data come from `$GANZOO_DATA/fashion_mnist` where that is set, else Keras downloads them.
"""

from __future__ import annotations

from pathlib import Path

import click

import ganzoo
from ganzoo import plots
from ganzoo.callbacks import SampleGrid, StopAfter
from ganzoo.cli.script import Script
from ganzoo.data import fashion_mnist


@click.command(cls=Script, help=__doc__)
@click.option("--images", "count", default=20_000, show_default=True, help="Training images used.")
@click.option("--epochs", default=5, show_default=True)
@click.option("--steps", type=int, help="Stop after this many steps.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/fashion"),
              show_default=True, help="Folder for pictures and the preset.")  # fmt: skip
def main(count: int, epochs: int, steps: int | None, output: Path) -> None:
    import keras  # after the command line is read: `--help` stays quick

    keras.utils.set_random_seed(1)
    output.mkdir(parents=True, exist_ok=True)
    images = fashion_mnist("train")[:count]  # (n, 28, 28, 1) in [-1, 1]

    gan = ganzoo.load("dcgan_mnist", ema_momentum=0.99, seed=1)
    plots.save(plots.grid(gan.sample(64, seed=0), scale=2), output / "before.png")
    gan.compile(
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.05, every=2),
        simultaneous=True,
    )
    callbacks = [SampleGrid(output / "epochs", scale=2)]
    callbacks += [StopAfter(steps)] if steps else []
    gan.fit(images, batch_size=64, epochs=epochs, callbacks=callbacks)

    gan.save_to_preset(output / "preset", overwrite=True)
    again = ganzoo.load(output / "preset")
    plots.save(plots.grid(again.sample(64, seed=0), scale=2), output / "after.png")
    print(f"before.png, after.png and preset/ are in {output}")


if __name__ == "__main__":
    main()
