"""Fine-tune `dcgan_fonts` on another font: new characters in a hand of your choice.

    python examples/new_font/new_font.py FONT.ttf

needs a font with Chinese characters; `--characters gb2312-1` (or big5-1, jisx0208-1, or a text
file) takes other ones than the 4,808 of Taiwan's table.
"""

from __future__ import annotations

from pathlib import Path

import click

import ganzoo
from ganzoo import plots
from ganzoo.callbacks import SampleGrid, StopAfter
from ganzoo.cli.script import Script
from ganzoo.data import glyphs


@click.command(cls=Script, help=__doc__)
@click.argument("font", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--characters", default="moe-4808", show_default=True, help="List, file or string.")
@click.option("--epochs", default=4, show_default=True)
@click.option("--steps", type=int, help="Stop after this many steps.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/new_font"),
              show_default=True, help="Folder for pictures and the preset.")  # fmt: skip
def main(font: Path, characters: str, epochs: int, steps: int | None, output: Path) -> None:
    import keras  # after the command line is read: `--help` stays quick

    keras.utils.set_random_seed(1)
    output.mkdir(parents=True, exist_ok=True)

    # 1. The font as pictures: uint8, ink = 255; scaled to [-1, 1] they are training data.
    rendered = glyphs(font, characters)
    images = (rendered.images.astype("float32") / 127.5 - 1.0)[..., None]  # (n, 48, 48, 1)
    print(f"{len(images)} characters of {font.name}; {len(rendered.missing)} are not in it")
    plots.save(plots.grid(images[::40][:64], scale=2, invert=True), output / "font.png")

    # 2. The pretrained model; the seed fixes the latents of the training.
    gan = ganzoo.load("dcgan_fonts", ema_momentum=0.99, seed=1)
    plots.save(plots.grid(gan.sample(64, seed=0), scale=2, invert=True), output / "before.png")

    # 3. Plain Keras. R1 keeps the discriminator smooth: it begins knowing another font only.
    gan.compile(
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        keras.optimizers.Adam(3e-4, beta_1=0.5),
        penalty=ganzoo.penalties.R1(0.05, every=2),
        simultaneous=True,
    )
    callbacks = [SampleGrid(output / "epochs", scale=2, invert=True)]
    callbacks += [StopAfter(steps)] if steps else []
    gan.fit(images, batch_size=32, epochs=epochs, callbacks=callbacks)

    # 4. A preset: `ganzoo sample runs/new_font/preset -n 100 --invert -o mine.png`
    gan.save_to_preset(output / "preset", overwrite=True)
    again = ganzoo.load(output / "preset")
    plots.save(plots.grid(again.sample(64, seed=0), scale=2, invert=True), output / "after.png")
    print(f"font.png, before.png, after.png and preset/ are in {output}")


if __name__ == "__main__":
    main()
