"""A GAN learns to count: numbers in Chinese characters, from examples and without a rule.

    python examples/numerals/numerals.py

Four of five of the numerals from 1 to 9,999 are shown to a TextGAN (arXiv:1611.04051). Then it
draws lines of its own: how many are numerals, and how many of these were never shown? Needs no data
and no download.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import ganzoo  # before Keras: it chooses a backend that is installed
import click
import keras

from ganzoo import data
from ganzoo.cli.script import Script
from ganzoo.data import numerals
from ganzoo.penalties import ZeroCentredPenalty
from ganzoo.schedules import Schedule


@click.command(cls=Script, help=__doc__)
@click.option("--epochs", default=15, show_default=True, help="Of 124 steps each.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-n", "--samples", "count", default=5000, show_default=True,
              type=click.IntRange(100), help="Lines that are drawn.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("numerals.txt"),
              show_default=True, help="All lines that were drawn.")  # fmt: skip
def main(epochs: int, seed: int, count: int, output: Path) -> None:
    keras.utils.set_random_seed(seed)
    shown = data.chinese_numerals()  # (7999, 7, 14), one-hot characters
    gan = ganzoo.TextGAN(
        vocabulary=numerals.VOCABULARY,
        length=numerals.LENGTH,
        # At first many characters at once in each place, at last nearly one.
        temperature=Schedule(1.0, 0.2, over=epochs * len(shown)),
        ema_momentum=0.999,
        seed=seed,
    )
    adam = [keras.optimizers.Adam(5e-4, beta_1=0.5) for _ in range(2)]
    gan.compile(*adam, penalty=ZeroCentredPenalty(1.0))  # else it knows a few lines alone
    gan.fit(shown, batch_size=64, epochs=epochs, verbose=2)

    lines = gan.texts(gan.sample(count, seed=seed))
    output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    numbers, known = numerals.numbers_of(), set(gan.texts(shown))
    right = [line for line in lines if line in numbers]
    new = [line for line in dict.fromkeys(right) if line not in known]
    print(f"{len(right)} of {count} lines are numerals, {len(set(right))} different ones")
    print(f"{len(new)} of these were never shown:")
    for line in new[:8]:
        print(f"  {line} {numbers[line]}")
    wrong = Counter(line for line in lines if line not in numbers)
    print(f"No numerals: {', '.join(line for line, _ in wrong.most_common(8)) or 'none'}")
    print(f"All lines are in {output}")


if __name__ == "__main__":
    main()
