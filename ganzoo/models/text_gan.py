"""TextGAN: lines of a few characters, by a relaxed choice of each that has a gradient.

Kusner and Hernández-Lobato 2016, GANS for Sequences of Discrete Elements with the Gumbel-softmax
Distribution, arXiv:1611.04051: the generator gives the logits h of each character, and while
training y = softmax((h + g) / tau) stands for the one-hot draw, with Gumbel noise g and a
temperature tau that falls. Deviations: dense layers instead of LSTMs, as lines have one
short length; what is drawn afterwards is the most probable character of each place.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ganzoo import checks
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.game.latent import GAN
from ganzoo.game.model import Batch
from ganzoo.game.run import run
from ganzoo.layers import BatchNormalization
from ganzoo.layers.stacks import connected, dense_stack
from ganzoo.schedules import Schedule

Tensor = Any
LEAST = 1e-6  # of uniform numbers, so that their logarithms are finite


@keras.saving.register_keras_serializable("ganzoo")
class TextGAN(GAN):
    """A GAN of lines of one length, each character one-hot: (n, length, vocabulary).

    `fit(gan.encoded(lines))` trains, `sample(n, seed)` draws, and `texts(examples)` reads these.

    Args:
        vocabulary: The characters, each once; the first one fills up what is shorter.
        length: Characters of a line, at most.
        latent_dim: Length of a latent vector.
        generator_units: Widths of the generator's hidden layers.
        discriminator_units: The same of the discriminator.
        temperature: tau, > 0: a number, a `Schedule`, or plain data of one, `{"from": 2.0, "to":
            0.5, "over": 1e6}`, in lines that were seen.
        negative_slope: Slope of every LeakyReLU below 0.
        **kwargs: `ema_momentum`, `seed`, `name` of `GAN`.
    """

    augments = False
    weighted = False

    def __init__(
        self,
        vocabulary: str = " 0123456789",
        length: int = 8,
        latent_dim: int = 32,
        generator_units: Sequence[int] = (256, 256),
        discriminator_units: Sequence[int] = (256, 256),
        temperature: Any = 1.0,
        negative_slope: float = 0.2,
        **kwargs: Any,
    ) -> None:
        if not isinstance(vocabulary, str) or not 2 <= len(vocabulary) == len(set(vocabulary)):
            raise InvalidArgumentError(
                f"vocabulary must be a string of two or more distinct characters; "
                f"got {vocabulary!r}."
            )
        sizes: dict[str, Any] = {
            "length": checks.check_count("length", length, most=4096),
            "latent_dim": checks.check_count("latent_dim", latent_dim, most=8192),
            "generator_units": checks.check_sizes("generator_units", generator_units),
            "discriminator_units": checks.check_sizes("discriminator_units", discriminator_units),
            "negative_slope": negative_slope,
        }
        self.vocabulary, self.temperature = vocabulary, _checked(temperature)
        shape = (sizes["length"], len(vocabulary))
        generator = build_generator(shape=shape, **sizes)
        super().__init__(generator, build_discriminator(shape=shape, **sizes), **kwargs)
        stated = self.temperature
        stated = stated.to_plain() if isinstance(stated, Schedule) else stated
        self._architecture = {"vocabulary": vocabulary, **sizes, "temperature": stated}

    @staticmethod
    def count_parameters(
        *,
        vocabulary: str,
        length: int,
        latent_dim: int,
        generator_units: Sequence[int],
        discriminator_units: Sequence[int],
        **_: Any,
    ) -> int:
        """Return how many parameters both networks have, with vectors of their norms."""
        line = length * len(vocabulary)
        made = [latent_dim, *generator_units, line]
        judged = [line, *discriminator_units, 1]
        dense = sum(
            (before + 1) * own
            for widths in (made, judged)
            for before, own in itertools.pairwise(widths)
        )
        return dense + 4 * sum(generator_units)

    @property
    def data_range(self) -> tuple[float, float]:
        """The range that training data must have."""
        return (0.0, 1.0)

    def generated(self, batch: Batch) -> Tensor:
        """Return relaxed lines (B, length, vocabulary), rows of sum 1, of fresh latents."""
        latents = self.draw_normal(ops.shape(batch["real"])[0], self.latent_dim)
        logits = ops.cast(self.apply(self.generator, latents), "float32")
        uniform = ops.clip(self.draw_uniform(*ops.shape(logits)), LEAST, 1.0 - LEAST)
        gumbel = -ops.log(-ops.log(uniform))
        tau = self.temperature
        tau = tau(self.images_seen()) if isinstance(tau, Schedule) else tau
        return self.tensor(ops.softmax((logits + gumbel) / tau, axis=-1))

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        """Return the most probable lines, one-hot, of latents (B, latent_dim)."""
        logits = self.apply(self.sampling_generator, latents, training=training)
        chosen = ops.argmax(logits, axis=-1)
        return ops.one_hot(chosen, len(self.vocabulary), dtype="float32")

    def encoded(self, lines: Sequence[str]) -> np.ndarray:
        """Return lines as one-hot characters, float32 (n, length, vocabulary).

        Raises:
            DataError: A line is too long, or has a character that the model does not know.
        """
        length = self.data_shape[0]
        for line in lines:
            strange = sorted(set(line) - set(self.vocabulary))
            if len(line) > length or strange:
                why = f"has {strange[0]!r}" if strange else f"has {len(line)} characters"
                raise DataError(
                    f"Lines must have at most {length} characters of {self.vocabulary!r}; "
                    f"{line!r} {why}."
                )
        places = {character: index for index, character in enumerate(self.vocabulary)}
        filled = [line.ljust(length, self.vocabulary[0]) for line in lines]
        rows = np.array([[places[character] for character in line] for line in filled], np.int64)
        return np.eye(len(places), dtype=np.float32)[rows.reshape(-1, length)]

    def texts(self, examples: Any) -> list[str]:
        """Return the lines of examples (n, length, vocabulary), without what fills them up."""
        chosen = np.asarray(examples).argmax(axis=-1)
        blank = self.vocabulary[0]
        return ["".join(self.vocabulary[i] for i in row).rstrip(blank) for row in chosen]

    def probe(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return {"generator": (n, length, vocabulary)}, the logits."""
        latents = checks.check_latents(inputs["latents"], self.latent_dim)
        return {"generator": run(self.sampling_generator, latents)}


def _checked(temperature: Any) -> Any:
    if isinstance(temperature, Mapping):
        temperature = Schedule.from_plain(temperature)
    ends = temperature
    ends = (ends.start, ends.end) if isinstance(ends, Schedule) else (ends,)
    if any(isinstance(end, bool) or not isinstance(end, int | float) or end <= 0 for end in ends):
        raise InvalidArgumentError(
            f"temperature must be a number > 0 or a schedule of such; got {temperature!r}."
        )
    return temperature if isinstance(temperature, Schedule) else float(temperature)


def build_generator(
    *,
    shape: tuple[int, int],
    latent_dim: int,
    generator_units: Sequence[int],
    negative_slope: float,
    **_: Any,
) -> keras.Model:
    """Return the network (B, latent_dim) -> logits (B, length, vocabulary)."""
    latents = keras.Input((latent_dim,), name="latents")
    hidden = dense_stack(generator_units, negative_slope, normalise=BatchNormalization)
    x = layers.Dense(shape[0] * shape[1])(connected(hidden, latents))
    return keras.Model(latents, layers.Reshape(shape, dtype="float32")(x), name="generator")


def build_discriminator(
    *, shape: tuple[int, int], discriminator_units: Sequence[int], negative_slope: float, **_: Any
) -> keras.Model:
    """Return the network (B, length, vocabulary) -> logits (B, 1)."""
    lines = keras.Input(shape, name="lines")
    hidden = dense_stack(discriminator_units, negative_slope)
    logits = layers.Dense(1)(connected(hidden, layers.Flatten()(lines)))
    return keras.Model(lines, logits, name="discriminator")
