"""`ganzoo train`: one function that trains any entry of the zoo from its recipe."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import data, penalties, registry
from ganzoo.callbacks import SampleGrid, StopAfter, TrainingState
from ganzoo.checks import check_count
from ganzoo.entries import Entry, Recipe
from ganzoo.errors import DataError, TrainingError
from ganzoo.gan import GAN
from ganzoo.writing import write_text


class ShuffledBatches(keras.utils.PyDataset):
    """Whole batches of an array, in an order that depends on the seed and the epoch alone.

    Args:
        examples: Shape (n, ...), n >= batch_size.
        batch_size: Examples per batch; the n % batch_size that are left over sit an epoch out.
        seed: Seeds the order of every epoch.
        epoch: The epoch to begin with, from 0.
    """

    def __init__(self, examples: np.ndarray, batch_size: int, seed: int, epoch: int = 0) -> None:
        super().__init__()
        self.examples, self.batch_size, self.seed = examples, batch_size, seed
        self._begin(epoch)

    def _begin(self, epoch: int) -> None:
        self.epoch = epoch
        order = np.random.Generator(np.random.PCG64([self.seed, epoch]))
        self.order = order.permutation(len(self.examples))

    def __len__(self) -> int:
        return len(self.examples) // self.batch_size

    def __getitem__(self, index: int) -> tuple[np.ndarray]:
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return (self.examples[chosen],)

    def on_epoch_end(self) -> None:
        """Shuffle for the next epoch."""
        self._begin(self.epoch + 1)


def train(
    name: str,
    folder: Any,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int | None = None,
    resume: bool = False,
    start: str | None = None,
    images: Any = None,
    resize: bool = False,
    verbose: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train an entry of the zoo from its recipe.

    The folder gets `recipe.json`, `losses.csv` (a line per epoch), `samples/epoch-0001.png` and
    so on, `states/` to resume from, and at the end `preset/`, which `ganzoo.load` reads.

    Args:
        name: A name in the zoo that has a recipe.
        folder: Where everything goes.
        epochs, steps, seed: Override the recipe's; `steps` stops early.
        resume: Go on from the newest state in `folder`.
        images, resize: Train on `ganzoo.data.images(images, ..., resize=resize)` instead of the
            recipe's data.
        start: Name or preset folder whose weights to start from (fine-tuning).
        verbose: 0 silent, 1 progress bar, 2 a line per epoch.
        say: Receives lines for the user.

    Returns:
        The preset folder.

    Raises:
        TrainingError: No recipe, nothing to resume from, a folder in use, or losses that are not
            finite.
    """
    entry = registry.entry(name)
    recipe = _recipe(name, entry, epochs, seed)
    folder = Path(folder)
    examples = _examples(entry, recipe, images, resize)
    facts = {
        "name": name,
        "backend": keras.backend.backend(),
        "start": start,
        "images": None if images is None else str(images),
        **dataclasses.asdict(recipe),
    }
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(recipe.dtype_policy)
    try:
        gan = build(entry, recipe, len(examples) // recipe.batch_size, start)
    finally:
        keras.config.set_dtype_policy(previous)
    state = TrainingState(folder / "states", facts)
    done = _resume(state, gan, say) if resume else _begin(folder, state, facts)
    callbacks: list[Any] = [
        keras.callbacks.TerminateOnNaN(),
        SampleGrid(folder / "samples"),
        keras.callbacks.CSVLogger(str(folder / "losses.csv"), append=True),
        state,
    ]
    if steps is not None:
        callbacks.insert(0, StopAfter(check_count("steps", steps)))
    batches = ShuffledBatches(examples, recipe.batch_size, recipe.seed, epoch=done)
    history = gan.fit(
        batches,
        epochs=recipe.epochs,
        initial_epoch=done,
        shuffle=False,
        verbose=verbose,
        callbacks=callbacks,
    )
    _check_finite(history, state)
    preset = folder / "preset"
    gan.save_to_preset(preset, overwrite=True)
    return preset


def build(entry: Entry, recipe: Recipe, steps_per_epoch: int, start: str | None = None) -> GAN:
    """Return a GAN compiled as a recipe says, with fresh or with `start`'s weights."""
    keras.utils.set_random_seed(recipe.seed)
    config = {**entry.config, "ema_momentum": recipe.ema_momentum, "seed": recipe.seed}
    if start is None:
        gan = registry.model_class(entry.family)(**config)
    else:
        gan = registry.load(start, ema_momentum=recipe.ema_momentum, seed=recipe.seed)
    options = dict(recipe.compile)
    if "penalty" in options:
        arguments = dict(options["penalty"])
        options["penalty"] = getattr(penalties, arguments.pop("name"))(**arguments)
    total = steps_per_epoch * recipe.epochs
    gan.compile(
        adam(recipe.discriminator_optimizer, total * options.get("discriminator_steps", 1)),
        adam(recipe.generator_optimizer, total),
        **options,
    )
    return gan


def adam(arguments: Any, total_steps: int) -> keras.optimizers.Adam:
    """Return Adam; `cosine_decay` in `arguments` is the share of the rate left at the end."""
    arguments = dict(arguments)
    left = arguments.pop("cosine_decay", None)
    if left is not None:
        arguments["learning_rate"] = keras.optimizers.schedules.CosineDecay(
            arguments["learning_rate"], total_steps, alpha=left
        )
    return keras.optimizers.Adam(**arguments)


def _recipe(name: str, entry: Entry, epochs: int | None, seed: int | None) -> Recipe:
    if entry.recipe is None:
        raise TrainingError(f"{name} has no recipe to train from.")
    recipe = entry.recipe
    if epochs is not None:
        recipe = dataclasses.replace(recipe, epochs=check_count("epochs", epochs))
    return recipe if seed is None else dataclasses.replace(recipe, seed=seed)


def _examples(entry: Entry, recipe: Recipe, images: Any, resize: bool) -> np.ndarray:
    if images is None:
        examples = data.source(recipe.data)()
    else:
        examples = data.images(images, entry.config["image_shape"], resize=resize)
    if len(examples) < recipe.batch_size:
        raise DataError(
            f"The recipe's batch has {recipe.batch_size} images; the data have {len(examples)}."
        )
    return examples


def _begin(folder: Path, state: TrainingState, facts: dict[str, Any]) -> int:
    if state.states.epochs():
        raise TrainingError(
            f"{folder} already holds a training (epoch {state.states.epochs()[0]}). "
            "Go on with --resume, or choose another folder with -o."
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "recipe.json", json.dumps(facts, indent=1) + "\n")
    return 0


def _resume(state: TrainingState, gan: GAN, say: Callable[[str], None]) -> int:
    done, lost = state.states.restore(gan, state.facts)
    for line in lost:
        say(line)
    say(f"Resuming after epoch {done}.")
    return done


def _check_finite(history: Any, state: TrainingState) -> None:
    for loss, values in history.history.items():
        if values and not np.isfinite(values[-1]):
            raise TrainingError(
                f"The training stopped: {loss} became {values[-1]} in epoch "
                f"{history.epoch[-1] + 1}. The last finite state is in {state.states.folder}."
            )
