"""What does the adversarial loss buy, and what does it cost? Between two enlarging networks.

    python examples/sharper/sharper.py -o sharper.png
    python examples/sharper/sharper.py runs/srgan_x4 --reference photographs/ -o sharper.png

`srresnet_x4` was trained by the distance alone, and `srgan_x4` goes on from its weights with a game
(Ledig et al. 2016, arXiv:1609.04802). Between the two lie weighted means of their pictures (Wang et
al. 2018, ESRGAN, arXiv:1809.00219, section 3.4): no training is needed. Each is measured on
photographs that none has seen: distance (PSNR), sharpness, and how far patches are from true ones.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np

from ganzoo.cli.script import Script
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.evaluation.subject import Subject, subject_of
from ganzoo.extras import require

COLUMNS = ("psnr", "ssim", "sharpness", "patch_frechet", "patch_auc")


@dataclasses.dataclass(frozen=True)
class Between(Subject):
    """What is measured: pictures so far on the way from `srresnet_x4`'s to a model's own."""

    share: float = 1.0

    def load(self) -> Any:
        """Return the model, which gives a mean of two enlarged pictures."""
        game, plain = super().load(), ganzoo.load("srresnet_x4")
        made = game.translate

        def translate(images: np.ndarray, **options: Any) -> np.ndarray:
            parts = plain.translate(images, **options), made(images, **options)
            return (1 - self.share) * parts[0] + self.share * parts[1]

        game.translate = translate
        return game


def draw(shares: list[float], found: dict[str, list[Any]], path: Path) -> None:
    """Write PSNR, sharpness and distance of patches against the share of the game."""
    plots = require("matplotlib.pyplot", "a plot")
    figure, axes = plots.subplots(1, 3, figsize=(10, 3), layout="constrained")
    titles = ("PSNR of luma [dB]", "sharpness over real", "Fréchet distance of patches")
    for axis, name, title in zip(axes, ("psnr", "sharpness", "patch_frechet"), titles, strict=True):
        if name in found:
            axis.errorbar(shares, [e.value for e in found[name]], [e.error for e in found[name]],
                          marker="o", capsize=3)  # fmt: skip
        axis.set(xlabel="share of the game", title=title)
    figure.savefig(path)


@click.command(cls=Script, help=__doc__)
@click.argument("name", metavar="[NAME|RUN]", default="srgan_x4")
@click.option("--reference", default=None, help="A folder of photographs.  [default: Kodak's]")
@click.option("-n", "count", type=click.IntRange(2), default=None, help="The first so many.")
@click.option("--steps", type=click.IntRange(2, 50), default=5, show_default=True,
              help="Mixtures, the two ends included.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("sharper.png"),
              show_default=True)  # fmt: skip
def main(name: str, reference: str | None, count: int | None, steps: int, output: Path) -> None:
    shares = [float(share) for share in np.linspace(0, 1, steps)]
    found: dict[str, list[Any]] = {}
    found_as = subject_of(name)
    for share in shares:
        subject = Between(found_as.name, found_as.task, found_as.found, share)
        table = evaluate(subject, reference=reference, samples=count)
        named = [column for column in COLUMNS if column in table.rows]
        if not found:
            click.echo(f"| share | {' | '.join(named)} |\n|{' --- |' * (len(named) + 1)}")
        for column in named:
            found.setdefault(column, []).append(table[column])
        cells = " | ".join(str(table[column]) for column in named)
        click.echo(f"| {share:.2f} | {cells} |")
    draw(shares, found, output)
    click.echo(f"{output} written", err=True)


if __name__ == "__main__":
    main()
