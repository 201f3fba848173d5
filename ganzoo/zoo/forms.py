"""The forms in which the zoo states its data: families, entries and recipes.

Plain frozen dataclasses; nothing here imports Keras, so that names and cards cost nothing to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

DTYPES = ("float32", "mixed_bfloat16", "mixed_float16")


@dataclass(frozen=True)
class Family:
    """One GAN architecture: the class that builds it and where it comes from.

    Attributes:
        class_path: `package.module:ClassName`, imported only when a model is built.
        paper: The source, as one line.
        arxiv: Its arXiv id, or an empty string.
        tiny: Constructor arguments of the smallest sensible model; the contract tests build it.
        task: What kind of model it is: the name of a record in `ganzoo.tasks`.
        classifies: Whether its models also tell the classes of pictures (`classify`).
    """

    class_path: str
    paper: str
    arxiv: str = ""
    tiny: Mapping[str, Any] = field(default_factory=dict)
    task: str = "sampling"
    classifies: bool = False


@dataclass(frozen=True)
class Stage:
    """A part of a training with optimizers of its own; their moments start anew with it.

    Attributes:
        epochs: Passes over the data.
        optimizers: Arguments of `keras.optimizers.Adam` by player.
        compile: Further arguments of the model's `compile`, such as `{"steps": {"discriminator":
            2}}`; a `penalty` is `{"name": ..., **arguments}` or a list of such, an `augmentation`
            its arguments, with `"name": "AdaptiveAugmentation"` where it is one, and `content` the
            name of a feature network whose maps are compared (`ganzoo.presets.feature_networks`).

    A learning rate, a `beta_2`, the weight of a penalty, the probability of an augmentation or the
    `growth` of a growing family may be a schedule, `{"from": ..., "to": ...}`, with `over` so many
    images, `over_epochs`, or neither for the whole stage, and begin `after_epochs`; see
    `ganzoo.schedules.Schedule`. Those of an optimizer begin with the stage, the others with the
    training: give them `after`.
    """

    epochs: int
    optimizers: Mapping[str, Mapping[str, Any]]
    compile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """How a checkpoint is trained: all that `ganzoo train NAME` needs, as data.

    Attributes:
        data: Name of a source in `ganzoo.data.SOURCES`.
        batch_size: Examples per step.
        seed: Seeds the initial weights, the order of the data, latents and dropout.
        stages: What is done, one after the other.
        ema_momentum: Momentum of the averaged networks: a number, a schedule as plain data
            (`{"from": 0.9, "to": 0.999, "over": 1e6}`, see `ganzoo.schedules`), or None.
        dtype_policy: Keras dtype policy of the training; what is shipped is float32 in any case.
        backend: The Keras backend that trained the shipped weights.
        best_by: Logged quality by which the best model of the training is kept, less being better:
            "val_frechet" for pictures, "mean_chi2_per_bin" for events; None keeps the last one.
        measure_every: Epochs between two measurements.
        repeats: How often each picture is in an epoch, so that an epoch of few is worth a state.
        mirrored: Whether every second picture, a seeded choice, is flipped left to right.
        shifted: Pixels by which each picture is moved at most, each way, a seeded choice.
        start: Name of the entry whose shipped weights the training starts from; None is fresh ones.
    """

    data: str
    batch_size: int
    seed: int
    stages: tuple[Stage, ...]
    ema_momentum: float | Mapping[str, Any] | None = None
    dtype_policy: str = "float32"
    backend: str = "tensorflow"
    best_by: str | None = None
    measure_every: int = 1
    mirrored: bool = False
    repeats: int = 1
    shifted: int = 0
    start: str | None = None

    @property
    def variation(self) -> dict[str, Any]:
        """How the batches vary their pictures: arguments of `ganzoo.batches.Batches`."""
        stated = {"mirrored": self.mirrored, "shifted": self.shifted}
        return {name: value for name, value in stated.items() if value}

    @property
    def epochs(self) -> int:
        """Passes over the data in all stages."""
        return sum(stage.epochs for stage in self.stages)

    def with_epochs(self, epochs: int) -> Recipe:
        """Return the recipe cut to `epochs`, or with its last stage made longer."""
        stages: list[Stage] = []
        for stage in self.stages:
            left = epochs - sum(earlier.epochs for earlier in stages)
            if left > 0:
                stages.append(replace(stage, epochs=min(left, stage.epochs)))
        left = epochs - sum(stage.epochs for stage in stages)
        if left:
            stages[-1] = replace(stages[-1], epochs=stages[-1].epochs + left)
        return replace(self, stages=tuple(stages))

    def lengthened(self, epochs: int) -> Recipe:
        """Return the recipe with a longer last stage, whose schedules end where they did."""
        last = self.stages[-1]
        stage = Stage(
            last.epochs + epochs - self.epochs,
            {name: _ending(a, last.epochs) for name, a in last.optimizers.items()},
            {name: _ending(a, last.epochs) for name, a in last.compile.items()},
        )
        return self if epochs == self.epochs else replace(self, stages=(*self.stages[:-1], stage))


def _ending(stated: Any, epochs: int) -> Any:
    """Return arguments whose schedules over a whole stage are over so many epochs."""
    if isinstance(stated, list | tuple):
        return [_ending(one, epochs) for one in stated]
    if not isinstance(stated, Mapping):
        return stated
    made = {name: _ending(value, epochs) for name, value in stated.items()}
    if "from" in made and "over" not in made:
        made.setdefault("over_epochs", epochs)
    return made


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
        parameters: Number of parameters by network.
        recipe: How it is trained, or None where it is not trained by `ganzoo train`.
    """

    family: str
    summary: str
    config: Mapping[str, Any]
    data: str
    credit: str
    licence: str
    parameters: Mapping[str, int]
    recipe: Recipe | None = None


@dataclass(frozen=True)
class File:
    """One file of a checkpoint, as `checkpoints.json` states it: bytes and SHA-256 (hex)."""

    name: str
    size: int
    sha256: str
