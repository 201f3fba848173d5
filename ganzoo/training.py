"""`ganzoo train`: one function that trains any entry of the zoo from its recipe."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import data, event_files, penalties, registry
from ganzoo.augmentation import Augmentation
from ganzoo.callbacks import EventQuality, KeepBest, Measure, SampleGrid, StopAfter, TrainingState
from ganzoo.checks import check_count
from ganzoo.entries import Entry, Recipe, Stage
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, OutputError, TrainingError
from ganzoo.gan import GAN
from ganzoo.writing import write_text

Examples = tuple[np.ndarray, ...]


class ShuffledBatches(keras.utils.PyDataset):
    """Whole batches of arrays, in an order that depends on the seed and the epoch alone.

    Args:
        examples: Shape (n, ...), n >= batch_size; or such an array and its labels (n,).
        batch_size: Examples per batch; the n % batch_size that are left over sit an epoch out.
        seed: Seeds the order of every epoch.
        epoch: The epoch to begin with, from 0.
    """

    def __init__(
        self, examples: np.ndarray | Examples, batch_size: int, seed: int, epoch: int = 0
    ) -> None:
        super().__init__()
        self.examples = examples if isinstance(examples, tuple) else (examples,)
        self.batch_size, self.seed = batch_size, seed
        self._begin(epoch)

    def _begin(self, epoch: int) -> None:
        self.epoch = epoch
        order = np.random.Generator(np.random.PCG64([self.seed, epoch]))
        self.order = order.permutation(len(self.examples[0]))

    def __len__(self) -> int:
        return len(self.examples[0]) // self.batch_size

    def __getitem__(self, index: int) -> Examples:
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return tuple(array[chosen] for array in self.examples)

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
    so on, `states/` to resume from, and at the end `preset/`, which `ganzoo.load` reads: the last
    model, or the best one where the recipe measures (`best/`, `best.json`). For events there are no
    pictures; `losses.csv` has the distances from held-out events instead.

    Args:
        name: A name in the zoo that has a recipe.
        folder: Where everything goes.
        epochs, steps, seed: Override the recipe's; `steps` stops early.
        resume: Go on from the newest state in `folder`.
        images, resize: Train on `ganzoo.data.images(images, ..., resize=resize)`, or on an `.npz`
            file of events, instead of the recipe's data.
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
    examples = _examples(name, entry, recipe, images, resize)
    facts = {
        "name": name,
        "backend": require_backend(),
        "start": start,
        "images": None if images is None else str(images),
        **dataclasses.asdict(recipe),
    }
    steps_per_epoch = len(examples[0]) // recipe.batch_size
    gan = _built_in_its_dtype(entry, recipe, start)
    state = TrainingState(folder / "states", facts)
    callbacks: list[Any] = [
        keras.callbacks.TerminateOnNaN(),
        *_progress(entry, recipe, None if images else recipe.data, examples[0], folder),
        keras.callbacks.CSVLogger(str(folder / "losses.csv"), append=True),
        state,
    ]
    if steps is not None:
        callbacks.insert(0, StopAfter(check_count("steps", steps)))
    newest: int | None = None
    if resume:
        newest = state.states.newest(facts, say)
        _cut_losses(folder / "losses.csv", newest)
    else:
        _begin(folder, state, facts)
    done = 0
    for stage in recipe.stages:
        end = done + stage.epochs
        if newest is not None and newest > end:
            done = end
            continue
        compile_for(gan, stage, steps_per_epoch)
        if newest is not None:
            state.states.load(gan, newest)
            done, newest = newest, None
        history = gan.fit(
            ShuffledBatches(examples, recipe.batch_size, recipe.seed, epoch=done),
            epochs=end,
            initial_epoch=done,
            shuffle=False,
            verbose=verbose,
            callbacks=callbacks,
        )
        _check_finite(history, state)
        done = end
        if gan.stop_training:
            break
    return _finished(gan, folder, say)


def _finished(gan: GAN, folder: Path, say: Callable[[str], None]) -> Path:
    """Save the last model as `preset/`, or the best one where the recipe keeps that."""
    preset = folder / "preset"
    if (folder / "best.json").exists():
        best = json.loads((folder / "best.json").read_text(encoding="utf-8"))
        gan = registry.load(str(folder / "best"))
        say(f"The best by {best['monitor']} is that of epoch {best['epoch']}: {best['value']:.4g}.")
    gan.save_to_preset(preset, overwrite=True)
    return preset


def _built_in_its_dtype(entry: Entry, recipe: Recipe, start: str | None) -> GAN:
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy(recipe.dtype_policy)
    try:
        return build(entry, recipe, start)
    finally:
        keras.config.set_dtype_policy(previous)


def build(entry: Entry, recipe: Recipe, start: str | None = None) -> GAN:
    """Return a recipe's GAN with fresh weights, or with `start`'s."""
    keras.utils.set_random_seed(recipe.seed)
    options: dict[str, Any] = {"ema_momentum": recipe.ema_momentum, "seed": recipe.seed}
    if start is not None:
        return registry.load(start, **options)
    return registry.model_class(entry.family)(**entry.config, **options)


def compile_for(gan: GAN, stage: Stage, steps_per_epoch: int) -> None:
    """Compile a GAN as a stage of a recipe says."""
    options = dict(stage.compile)
    if "penalty" in options:
        arguments = dict(options["penalty"])
        options["penalty"] = getattr(penalties, arguments.pop("name"))(**arguments)
    if "augmentation" in options:
        options["augmentation"] = Augmentation(**options["augmentation"])
    updates = options.get("discriminator_steps", 1) * steps_per_epoch
    gan.compile(
        adam(stage.discriminator_optimizer, updates, stage.epochs),
        adam(stage.generator_optimizer, steps_per_epoch, stage.epochs),
        **options,
    )


def adam(arguments: Any, updates_per_epoch: int, epochs: int) -> keras.optimizers.Adam:
    """Return Adam with the arguments of a `Stage`, its cosine decay included."""
    arguments = dict(arguments)
    left = arguments.pop("cosine_decay", None)
    horizon = updates_per_epoch * arguments.pop("cosine_epochs", epochs)
    if left is not None:
        arguments["learning_rate"] = keras.optimizers.schedules.CosineDecay(
            arguments["learning_rate"], horizon, alpha=left
        )
    return keras.optimizers.Adam(**arguments)


def _recipe(name: str, entry: Entry, epochs: int | None, seed: int | None) -> Recipe:
    if entry.recipe is None:
        raise TrainingError(f"{name} has no recipe to train from.")
    recipe = entry.recipe
    if epochs is not None:
        recipe = recipe.with_epochs(check_count("epochs", epochs))
    return recipe if seed is None else dataclasses.replace(recipe, seed=seed)


def _examples(name: str, entry: Entry, recipe: Recipe, images: Any, resize: bool) -> Examples:
    """Return the training images, and their labels where the model wants them."""
    labelled = "classes" in entry.config
    if images is not None and labelled:
        raise TrainingError(
            f"{name} is trained with labels, which --data does not bring; in Python: "
            f"gan = ganzoo.load({name!r}); gan.fit(images, labels)."
        )
    if images is None:
        examples = data.source(recipe.data)(**({"labels": True} if labelled else {}))
    elif registry.family(entry.family).data == "events":
        examples = event_files.read(images).momenta
    else:
        examples = data.images(images, _image_shape(entry), resize=resize)
    examples = examples if isinstance(examples, tuple) else (examples,)
    if len(examples[0]) < recipe.batch_size:
        raise DataError(
            f"The recipe's batch has {recipe.batch_size} images; the data have {len(examples[0])}."
        )
    return examples


def _image_shape(entry: Entry) -> Any:
    return entry.config.get("image_shape") or entry.config["data_shape"]


def _progress(
    entry: Entry, recipe: Recipe, source: str | None, examples: np.ndarray, folder: Path
) -> list[Any]:
    """Return the callbacks that show how good the samples are, and keep the best.

    Events are compared with those held out of the data's source, or with the first of one's own.
    """
    if registry.family(entry.family).data == "events":
        held_out = data.SOURCES.get(f"{source}_held_out")
        truth = examples[:100_000] if held_out is None else held_out()
        callbacks: list[Any] = [EventQuality(truth, every=recipe.measure_every)]
    else:
        callbacks = [SampleGrid(folder / "samples")]
        if recipe.best_by is not None:
            callbacks.append(Measure(examples, every=recipe.measure_every))
    return callbacks + ([] if recipe.best_by is None else [KeepBest(folder, recipe.best_by)])


def _begin(folder: Path, state: TrainingState, facts: dict[str, Any]) -> None:
    if state.states.epochs() or (folder / "recipe.json").exists() or (folder / "preset").exists():
        raise TrainingError(
            f"{folder} already holds a training (whole epochs saved: {state.states.epochs()}). "
            "Go on with --resume, or choose another folder with -o."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    write_text(folder / "recipe.json", json.dumps(facts, indent=1) + "\n")


def _cut_losses(path: Path, epochs: int) -> None:
    """Drop the lines of epochs that are going to be trained again."""
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines[1:] if int(line.partition(",")[0]) < epochs]
        write_text(path, "".join([*lines[:1], *kept]))


def _check_finite(history: Any, state: TrainingState) -> None:
    for loss, values in history.history.items():
        if values and not np.isfinite(values[-1]):
            raise TrainingError(
                f"The training stopped: {loss} became {values[-1]} in epoch "
                f"{history.epoch[-1] + 1}. The last finite state is in {state.states.folder}."
            )
