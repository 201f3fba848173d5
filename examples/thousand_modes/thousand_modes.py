"""A thousand modes: what the relativistic game and its two penalties are worth.

    python examples/thousand_modes/thousand_modes.py               2,000 steps each, five trainings
    python examples/thousand_modes/thousand_modes.py --steps 300   to see that it works
    python examples/thousand_modes/thousand_modes.py --only relativistic+R1+R2,plain

Three digits as the channels of a picture are 1,000 modes, which a generator finds or not (Metz et
al. 2016, arXiv:1611.02163). The same small networks learn them five times: by the plain game or by
the relativistic one of R3GAN (Huang et al. 2025, arXiv:2501.05441), with R1, with R1 and R2, or
without a penalty. Our classifier reads the digits of 26,000 pictures of each. A game that is in the
folder already, of as many steps and the same seed, is not trained again.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras
import numpy as np

from ganzoo import data, losses, metrics, plots
from ganzoo.cli.script import Script
from ganzoo.presets.feature_networks import load as load_network
from ganzoo.penalties import R1, R2

SHAPE, BATCH, GAMMA = (28, 28, 3), 64, 1.0
GAMES = ("plain", "plain+R1+R2", "relativistic", "relativistic+R1", "relativistic+R1+R2")


@keras.saving.register_keras_serializable("thousand_modes")
class PlainR3GAN(ganzoo.R3GAN):
    """The networks of R3GAN in the game of 2014: each picture is judged alone."""

    relativistic = False

    def discriminator_loss(self, real_logits: Any, fake_logits: Any, **weights: Any) -> Any:
        """E[softplus(-D(x))] + E[softplus(D(G(z)))]."""
        return losses.binary_discriminator_loss(real_logits, fake_logits, **weights)

    def generator_loss(self, fake_logits: Any, **weights: Any) -> Any:  # type: ignore[override]
        """E[softplus(-D(G(z)))]."""
        return losses.non_saturating_generator_loss(fake_logits, **weights)


def build(game: str, seed: int) -> Any:
    """Return the model of a game, compiled."""
    kind, *penalties = game.split("+")
    family = PlainR3GAN if kind == "plain" else ganzoo.R3GAN
    keras.utils.set_random_seed(seed)
    gan = family(SHAPE, 64, (48, 24, 12), 1, block="basic", ema_momentum=0.999, seed=seed)
    known = {"R1": R1(GAMMA), "R2": R2(GAMMA)}
    adams = [keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99) for _ in range(2)]
    penalty = [known[name] for name in penalties] or None
    gan.compile(*adams, simultaneous=True, penalty=penalty)
    return gan


def trained(game: str, pictures: np.ndarray, steps: int, seed: int, folder: Path) -> Any:
    """Return the generator of a game after so many steps, and the minutes it took."""
    name = f"{game}-{steps}-steps-seed-{seed}"
    weights, noted = folder / f"{name}.weights.h5", folder / f"{name}.minutes"
    gan = build(game, seed)
    if not noted.is_file():
        begun = time.monotonic()
        order = np.random.default_rng(seed).integers(0, len(pictures), BATCH * steps)
        part = BATCH * 500  # gathered pieces, so that memory does not grow with the steps
        for start in range(0, len(order), part):
            chosen = pictures[order[start : start + part]]
            gan.fit(chosen, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)
        gan.save_weights(weights)
        noted.write_text(f"{(time.monotonic() - begun) / 60:.1f}")
    gan.load_weights(weights)
    return gan, float(noted.read_text())


def digits(pictures: np.ndarray, network: Any) -> np.ndarray:
    """Return what our classifier reads in each channel, (n, 3)."""
    channels = range(pictures.shape[-1])
    read = [network.judgements(pictures[..., i : i + 1]).argmax(axis=1) for i in channels]
    return np.stack(read, axis=1)


@click.command(cls=Script, help=__doc__)
@click.option("--steps", type=click.IntRange(1), default=2000, show_default=True)
@click.option("--only", help="Games, by commas.  [default: all five]")
@click.option("-n", "--samples", type=click.IntRange(48), default=26_000, show_default=True,
              help="Pictures that are read, of each.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("thousand_modes"),
              show_default=True, help="Folder of the weights and of the picture.")  # fmt: skip
def main(steps: int, only: str | None, samples: int, seed: int, output: Path) -> None:
    games = only.split(",") if only else list(GAMES)
    for game in games:
        if game not in GAMES:
            raise click.BadParameter(f"{game!r} is none of {', '.join(GAMES)}.")
    output.mkdir(parents=True, exist_ok=True)
    pictures, network = data.stacked_mnist(), load_network("digit_features")
    real = data.stacked_mnist("test")[:samples]
    click.echo("| game | modes of 1,000 | KL from equal shares | minutes |")
    click.echo("|" + " --- |" * 4)
    floor = metrics.modes(digits(real, network), 10, seed=seed)
    click.echo(f"| real pictures | {floor['modes']} | {floor['kl']} |  |")
    shown = [real[:10]]
    for game in games:
        gan, minutes = trained(game, pictures, steps, seed, output)
        made = gan.sample(samples, seed=seed)
        found = metrics.modes(digits(made, network), 10, seed=seed)
        click.echo(f"| {game} | {found['modes']} | {found['kl']} | {minutes:.1f} |")
        shown.append(made[:10])
    plots.save(plots.grid(np.concatenate(shown), columns=10), output / "thousand_modes.png")
    click.echo(f"Rows: real pictures, {', '.join(games)}: {output / 'thousand_modes.png'}")


if __name__ == "__main__":
    main()
