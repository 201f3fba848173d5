"""What does the adversarial loss buy, and what does it cost? Between two enlarging networks.

    ganzoo train srgan_x4
    python examples/sharper/sharper.py runs/srgan_x4 -o sharper.png
    python examples/sharper/sharper.py runs/srgan_x4 --reference photographs/ -o sharper.png

`srresnet_x4` was trained by the distance alone, and `srgan_x4` goes on from its weights with a game
(Ledig et al. 2016, arXiv:1609.04802). Networks in between have weights in between (Wang et al.
2018, ESRGAN, arXiv:1809.00219, section 3.4): no training is needed. Each is measured on photographs
that none has seen: distance (PSNR), sharpness, and how far patches are from true ones.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import numpy as np

from ganzoo.errors import GanzooError
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.extras import require

COLUMNS = ("psnr", "ssim", "sharpness", "patch_frechet", "patch_auc")


def between(name: str, share: float) -> Any:
    """Return a model with weights so far on the way from `srresnet_x4` to its own."""
    plain, game = ganzoo.load("srresnet_x4"), ganzoo.load(name)
    pairs = zip(plain.generator.get_weights(), game.generator.get_weights(), strict=True)
    game.generator.set_weights([(1 - share) * a + share * b for a, b in pairs])
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


@click.command(help=__doc__)
@click.argument("name", metavar="RUN")
@click.option("--reference", default=None, help="A folder of photographs.  [default: Kodak's]")
@click.option("-n", "count", type=click.IntRange(2), default=None, help="The first so many.")
@click.option("--steps", type=click.IntRange(2, 50), default=5, show_default=True,
              help="Networks, the two ends included.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("sharper.png"),
              show_default=True)  # fmt: skip
def main(name: str, reference: str | None, count: int | None, steps: int, output: Path) -> None:
    shares = [float(share) for share in np.linspace(0, 1, steps)]
    found: dict[str, list[Any]] = {}
    try:
        for share in shares:
            with tempfile.TemporaryDirectory() as folder:
                between(name, share).save_to_preset(Path(folder) / "between")
                table = evaluate(Path(folder) / "between", reference=reference, samples=count)
            named = [column for column in COLUMNS if column in table.rows]
            if not found:
                click.echo(f"| share | {' | '.join(named)} |\n|{' --- |' * (len(named) + 1)}")
            for column in named:
                found.setdefault(column, []).append(table[column])
            cells = " | ".join(str(table[column]) for column in named)
            click.echo(f"| {share:.2f} | {cells} |")
    except GanzooError as error:
        raise click.ClickException(str(error)) from None
    draw(shares, found, output)
    click.echo(f"{output} written", err=True)


if __name__ == "__main__":
    main()
