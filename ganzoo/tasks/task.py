"""`Task`: what commands, training, evaluation and cards must know of a kind of model."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe

Progress = Callable[[str, int, int], None]
"""Told how far something is: what is done ("sampling"), how many of it, how many in all."""


@dataclass(frozen=True)
class Drawing:
    """What is drawn from a model, and where to.

    Attributes:
        name: What the model is called.
        count: How many examples; at most so many where they are given.
        seed: Seeds what is drawn; None draws others each time.
        output: Where to.
        ending: Which of the task's `writers` writes it.
        batch_size: Examples per forward pass, or None for the task's own.
        options: Of the task, by the name of the command's argument: `label`, `columns`, ...;
            `pictures` is the path of those that are given, `reading` how they are read: arguments
            of `ganzoo.data.images`.
    """

    name: str
    count: int
    seed: int | None
    output: Path
    ending: str
    batch_size: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CardWords:
    """What a card says that is different for each task.

    Attributes:
        samples: What goes in and what comes out, the end of a sentence.
        data: From an entry to what is said of its data, licence and credit.
        picture: Name of the picture beside the card.
        caption: What the picture shows.
        hub_task: The hub's name of the task, such as "unconditional-image-generation", or "other".
        tags: Further tags of the hub.
    """

    samples: str
    data: Callable[[Entry], str]
    picture: str
    caption: str
    hub_task: str = "other"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A kind of model: what goes in and out, and what is done with it.

    The functions import Keras, if they need it, when they are called. Those that stand above this
    room are named by their path, `package.module:function`.

    Attributes:
        name: As `Family.task` has it.
        kind: What such models are called in a sentence: "--label is for conditional models".
        makes: What comes out, in a sentence: "fatgan_electrons draws events".
        verb: The command that uses such a model: "sample".
        example: Arguments of that command after the model's name, in cards and after a training.
        inputs: What goes in, by name, and its form.
        outputs: What comes out, by name, and its form.
        commands: The options that the task knows, by command; a command that is missing is not for
            such models.
        describe: From constructor arguments to lines for `ganzoo info`.
        examples: `(found, recipe, path, reading)` to the arrays that a training reads: those of the
            recipe, or those of a path of the user's, read as arguments of `ganzoo.data.images` or
            `ganzoo.events.files.read` say.
        batches: `(examples, batch_size, seed, **variation)` to the batches of a training; see
            `ganzoo.batches.Batches`.
        watch: `(recipe, source, examples, folder)` to the callbacks that show how good the model
            becomes; `source` is None for the user's own data.
        writers: By ending ("" is a folder), the functions that write what is drawn. The first
            ending is the default.
        check: Refuses a `Drawing` that cannot be, before the model is loaded.
        draw: `(model, drawing, progress)`: draws and writes; returns lines for the user.
        evaluation: Path of `(subject, **options) -> Table`, see `ganzoo.evaluation.evaluate`;
            empty where `commands` has no "evaluate".
        holds: Whether a path holds data of this kind, which can be evaluated without a model.
        tiny_data: `(model, n, seed)` to the arguments of `fit`, for tests.
        card: Words, picture and tags of a card.
        hints: By option, what is said in addition where it is refused; `{name}` is the model's.
        encode: `(model, drawing, progress)`: writes the latents of pictures; returns lines for the
            user. None where `commands` has no "encode".
        planned: `(found, path, reading, say)` to a family with the constructor arguments and the
            recipe that the user's own data at `path` need, which is said. None where they need
            none, or know them by themselves.
        beforehand: What is said before `examples` is called, where that may take minutes.
    """

    name: str
    kind: str
    makes: str
    verb: str
    example: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    commands: Mapping[str, tuple[str, ...]]
    describe: Callable[[Mapping[str, Any]], Mapping[str, str]]
    examples: Callable[[Any, Recipe, Any, Mapping[str, Any] | None], tuple[Any, ...]]
    batches: Callable[..., Any]
    watch: Callable[[Recipe, str | None, Sequence[Any], Path], list[Any]]
    writers: Mapping[str, Callable[..., None]]
    check: Callable[[Drawing], None]
    draw: Callable[[Any, Drawing, Progress], Sequence[str]]
    evaluation: str
    holds: Callable[[Path], bool]
    tiny_data: Callable[[Any, int, int], tuple[Any, ...]]
    card: CardWords
    hints: Mapping[str, str] = field(default_factory=dict)
    planned: Callable[[Any, Any, Mapping[str, Any], Callable[[str], None]], Any] | None = None
    beforehand: str = ""
    encode: Callable[[Any, Drawing, Progress], Sequence[str]] | None = None

    def command(self, name: Any) -> str:
        """Return an example of the command that uses a model."""
        return f"ganzoo {self.verb} {shlex.quote(str(name))} {self.example}"


def shuffled(examples: tuple[Any, ...], batch_size: int, seed: int, **variation: Any) -> Any:
    """Return whole batches in a new order each epoch."""
    from ganzoo.batches import ShuffledBatches

    return ShuffledBatches(examples, batch_size, seed, **variation)
