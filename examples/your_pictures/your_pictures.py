"""Teach a pretrained GAN your own pictures: a folder of files is all that it needs.

    python examples/your_pictures/your_pictures.py FOLDER

Pictures of any size, in colour or not, in subfolders or not, become 28x28 and grey, as
`dcgan_mnist` draws. Without FOLDER the script writes one for you to try it on: a thousand ankle
boots of Fashion-MNIST as PNG files. The same on the command line:

    ganzoo train dcgan_mnist --from dcgan_mnist --data FOLDER --resize
"""

from __future__ import annotations

from pathlib import Path

import click

import ganzoo
from ganzoo import plots
from ganzoo.callbacks import StopAfter
from ganzoo.cli.script import Script
from ganzoo.data import fashion_mnist, images

BOOTS = 9  # the label of ankle boots


def write_boots(folder: Path, count: int = 1000) -> Path:
    """Write pictures of 56x56 pixels into a folder, a stand-in for yours."""
    pictures, labels = fashion_mnist("train", labels=True)
    folder.mkdir(parents=True, exist_ok=True)
    for index, picture in enumerate(pictures[labels == BOOTS][:count]):
        plots.save(plots.grid(picture[None], scale=2), folder / f"boot-{index:04d}.png")
    return folder


@click.command(cls=Script, help=__doc__)
@click.argument("folder", required=False,
                type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.option("--name", default="dcgan_mnist", show_default=True, help="Model to start from.")
@click.option("--invert", is_flag=True, help="Your pictures are dark on light.")
@click.option("--epochs", type=click.IntRange(1), default=12, show_default=True)
@click.option("--steps", type=click.IntRange(1), help="Stop after this many steps.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/your_pictures"),
              show_default=True, help="Folder for pictures and the preset.")  # fmt: skip
def main(
    folder: Path | None, name: str, invert: bool, epochs: int, steps: int | None, output: Path
) -> None:
    import keras  # after the command line is read: `--help` stays quick

    keras.utils.set_random_seed(1)
    output.mkdir(parents=True, exist_ok=True)
    if folder is None:
        folder = write_boots(output / "boots")
        print(f"No folder was given: {folder} stands in, a thousand boots of Fashion-MNIST")
    gan = ganzoo.load(name, ema_momentum=0.99, seed=1)
    pictures = images(folder, gan.data_shape, resize=True)  # (n, 28, 28, 1) in [-1, 1]
    pictures = -pictures if invert else pictures  # the model's ink is light
    print(f"{len(pictures)} pictures; {name} takes {gan.data_shape}")

    plots.save(plots.grid(pictures[:64], scale=2), output / "yours.png")
    plots.save(plots.grid(gan.sample(64, seed=0), scale=2), output / "before.png")
    gan.compile(
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.05, every=2),
        simultaneous=True,
    )
    callbacks = [StopAfter(steps)] if steps else []
    gan.fit(pictures, batch_size=64, epochs=epochs, verbose=2, callbacks=callbacks)

    gan.save_to_preset(output / "preset", overwrite=True)
    again = ganzoo.load(output / "preset")
    plots.save(plots.grid(again.sample(64, seed=0), scale=2), output / "after.png")
    print(f"yours.png, before.png, after.png and preset/ are in {output}")


if __name__ == "__main__":
    main()
