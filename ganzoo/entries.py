"""The forms in which `zoo.py` states its data: families, entries and recipes.

Plain frozen dataclasses; nothing here imports Keras, so that names and cards cost nothing to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Family:
    """One GAN architecture: the class that builds it and where it comes from.

    Attributes:
        class_path: `package.module:ClassName`, imported only when a model is built.
        paper: The source, as one line.
        arxiv: Its arXiv id, or an empty string.
        tiny: Constructor arguments of the smallest sensible model; the contract tests build it.
    """

    class_path: str
    paper: str
    arxiv: str = ""
    tiny: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """How a checkpoint is trained: all that `ganzoo train NAME` needs, as data.

    Attributes:
        data: Name of a source in `ganzoo.data.SOURCES`.
        batch_size: Images per step.
        epochs: Passes over the data.
        seed: Seeds the initial weights, the order of the data, latents and dropout.
        discriminator_optimizer, generator_optimizer: Arguments of `keras.optimizers.Adam`; a
            `decay_epochs` entry adds a cosine decay to 0 over that many last epochs.
        compile: Further arguments of `GAN.compile`; a `penalty` is `{"name": ..., **arguments}`.
        ema_momentum: Momentum of the generator's averaged weights, or None for no average.
        dtype_policy: Keras dtype policy of the training; what is shipped is float32 in any case.
        backend: The Keras backend that trained the shipped weights.
    """

    data: str
    batch_size: int
    epochs: int
    seed: int
    discriminator_optimizer: Mapping[str, Any]
    generator_optimizer: Mapping[str, Any]
    compile: Mapping[str, Any] = field(default_factory=dict)
    ema_momentum: float | None = None
    dtype_policy: str = "float32"
    backend: str = "tensorflow"


@dataclass(frozen=True)
class Entry:
    """One name in the zoo: an architecture with its arguments, its data and its recipe.

    Attributes:
        family: Key into `zoo.FAMILIES`.
        summary: One line for `ganzoo list`.
        config: Constructor arguments of the family's class.
        data: What it was trained on, as one line.
        credit: Whom to credit for the data.
        licence: Licence of the data (SPDX where there is one).
        parameters: Numbers of the generator's and the discriminator's parameters.
        recipe: How it is trained, or None where it is not trained by `ganzoo train`.
    """

    family: str
    summary: str
    config: Mapping[str, Any]
    data: str
    credit: str
    licence: str
    parameters: tuple[int, int]
    recipe: Recipe | None = None


@dataclass(frozen=True)
class File:
    """One file of a checkpoint, as `checkpoints.json` states it: bytes and SHA-256 (hex)."""

    name: str
    size: int
    sha256: str
