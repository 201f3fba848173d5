"""Train the lecture's DCGAN on MNIST from scratch, and make its movie.

    python examples/lecture_dcgan/lecture_dcgan.py               600 small steps, minutes
    python examples/lecture_dcgan/lecture_dcgan.py --lecture     the lecture's own training, hours

Both gradients come from one forward pass. Sixteen fixed latents are drawn after every epoch and
joined to a movie; the losses of every step are kept. Stop it whenever you like: the same command
goes on after the last whole epoch.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras

from ganzoo.batches import ShuffledBatches
from ganzoo.callbacks import Curves, EquilibriumStopping, Movie
from ganzoo.cli.script import Script
from ganzoo.data import mnist
from ganzoo.training import TrainingState

QUICK = {"images": 3_200, "batch": 32, "epochs": 6, "adam": {"learning_rate": 5e-4, "beta_1": 0.5}}
LECTURE = {"images": 60_000, "batch": 256, "epochs": 30, "adam": {"learning_rate": 1e-4}}


class StepLosses(keras.callbacks.Callback):
    """Append both losses of every step to a CSV file, a whole epoch at a time.

    The logs hold means over the epoch so far, m_t; the loss of step t is t m_t - (t - 1) m_(t-1).
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.means = [{"d_loss": 0.0, "g_loss": 0.0}]

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.means.append({name: float(logs[name]) for name in ("d_loss", "g_loss")})

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        new = not self.path.exists()
        with open(self.path, "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["epoch", "step", "d_loss", "g_loss"])
            for t in range(1, len(self.means)):
                before, now = self.means[t - 1 : t + 1]
                losses = [t * now[name] - (t - 1) * before[name] for name in now]
                writer.writerow([epoch + 1, t, *(f"{loss:.4f}" for loss in losses)])


@click.command(cls=Script, help=__doc__)
@click.option("--lecture", is_flag=True,
              help="60,000 digits, batches of 256, 30 epochs, Adam(1e-4).")  # fmt: skip
@click.option("--images", type=click.IntRange(32, 60_000), help="Training images used, instead.")
@click.option("--epochs", type=click.IntRange(1), help="Instead.")
@click.option("--tolerance", type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
              default=0.05, show_default=True,
              help="Stop when the mean of |D - 1/2| is below it for three epochs.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("runs/lecture_dcgan"),
              show_default=True, help="Folder of pictures, losses, states and preset.")  # fmt: skip
def main(lecture: bool, tolerance: float, seed: int, output: Path, **instead: int | None) -> None:
    given = {name: value for name, value in instead.items() if value is not None}
    train({**(LECTURE if lecture else QUICK), **given}, tolerance, seed, output)


def train(recipe: dict[str, Any], tolerance: float, seed: int, output: Path) -> None:
    """Train, or go on; then say whether it was time to stop."""
    keras.utils.set_random_seed(seed)
    gan = ganzoo.DCGAN(seed=seed)  # its defaults are the lecture's networks
    pair = [keras.optimizers.Adam(**recipe["adam"]) for _ in range(2)]
    gan.compile(*pair, simultaneous=True)
    batches = ShuffledBatches(mnist("train")[: recipe["images"]], recipe["batch"], seed)

    by_step, by_epoch = output / "steps.csv", output / "epochs.csv"
    equilibrium = EquilibriumStopping(mnist("test"), tolerance=tolerance)
    with TrainingState(output / "states", files=[by_step, by_epoch]) as state:
        begin = state.restore(gan)
        output.mkdir(parents=True, exist_ok=True)
        callbacks = [
            equilibrium,  # the first, so that its figure is in the logs of the others
            StepLosses(by_step),
            keras.callbacks.CSVLogger(by_epoch, append=True),
            Curves(output / "curves.png", log=by_epoch),
            Movie(output / "epochs", output / "movie.gif", n=16, scale=2, seconds=0.6),
            state,
        ]
        epochs = {"initial_epoch": begin.epoch, "epochs": recipe["epochs"]}
        gan.fit(batches, **epochs, verbose=2, callbacks=callbacks)
    gan.save_to_preset(output / "preset", overwrite=True)

    half, stopped = equilibrium.distance(), equilibrium.stopped_epoch
    verdict = "is not over" if stopped is None else f"was stopped after {stopped + 1} epochs"
    print(f"the mean of |D - 1/2| is {half:.3f}: the training {verdict}")
    print(f"movie.gif, curves.png, steps.csv, states/ and preset/ are in {output}")


if __name__ == "__main__":
    main()
