"""`ganzoo train`: one function that trains any entry of the zoo from its recipe."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import data, penalties
from ganzoo.augmentation import Augmentation
from ganzoo.batches import Examples, ShuffledBatches
from ganzoo.callbacks import (
    BalanceMonitor,
    Curves,
    EventQuality,
    KeepBest,
    Measure,
    Movie,
    StopAfter,
    TrainingState,
)
from ganzoo.checks import check_count
from ganzoo.errors import DataError, TrainingError, nearest
from ganzoo.events import files as event_files
from ganzoo.files.writing import write_text
from ganzoo.game.latent import GAN
from ganzoo.presets import find
from ganzoo.training.states import Position, State
from ganzoo.zoo import registry
from ganzoo.zoo.forms import DTYPES, Entry, Recipe, Stage


def train(
    name: str,
    folder: Any,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int | None = None,
    dtype: str | None = None,
    resume: bool = False,
    start: str | None = None,
    images: Any = None,
    resize: bool = False,
    save_steps: int | None = None,
    guard: int = 100,
    verbose: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train an entry of the zoo from its recipe.

    The folder gets `recipe.json`, `losses.csv` (a line per epoch), `samples/epoch-0001.png` and
    so on, `states/` to resume from, and at the end `preset/`, which `ganzoo.load` reads: the last
    model, or the best one where the recipe measures (`best/`, `best.json`). For events there are no
    pictures; `losses.csv` has the distances from held-out events instead. `movie.gif` and
    `curves.png` show all epochs.

    Ctrl-C and SIGTERM let the step finish and save a state; a second one ends the process at once.

    Args:
        name: A name in the zoo that has a recipe.
        folder: Where everything goes.
        epochs, seed: Override the recipe's.
        dtype: Keras dtype policy instead of the recipe's: "float32", "mixed_bfloat16" or
            "mixed_float16".
        steps: Stop when the training has had so many steps in all.
        resume: Go on from the newest state in `folder`.
        images, resize: Train on `ganzoo.data.images(images, ..., resize=resize)`, or on an `.npz`
            file of events, instead of the recipe's data.
        start: Name or preset folder whose weights to start from (fine-tuning).
        save_steps: Steps between two states inside an epoch; one a minute by default.
        guard: Steps between two looks at all weights; see `TrainingState`.
        verbose: 0 silent, 1 progress bar, 2 a line per epoch.
        say: Receives lines for the user.

    Returns:
        The preset folder.

    Raises:
        TrainingError: No recipe, nothing to resume from, another training in the folder, or numbers
            that are not finite.
        TrainingStopped: A signal came; its `exit_code` is 130 or 143.
    """
    entry = registry.entry(name)
    recipe = _recipe(name, entry, epochs, seed, dtype)
    folder = Path(folder)
    examples = _examples(name, entry, recipe, images, resize)
    facts = {
        "name": name,
        "start": start,
        "images": None if images is None else str(images),
        **dataclasses.asdict(recipe),
    }
    gan = _built_in_its_dtype(entry, recipe, start)
    batches = ShuffledBatches(examples, recipe.batch_size, recipe.seed)
    state = TrainingState(
        folder / "states",
        facts,
        batches=batches,
        every_steps=save_steps,
        every_seconds=None if save_steps else 60.0,
        guard=guard,
        files=[folder / "losses.csv"],
        say=say,
    )
    stop = None if steps is None else StopAfter(check_count("steps", steps))
    callbacks: list[Any] = [
        *([] if stop is None else [stop]),
        *_progress(entry, recipe, None if images else recipe.data, examples[0], folder),
        keras.callbacks.CSVLogger(str(folder / "losses.csv"), append=True),
        Curves(folder / "curves.png", folder / "losses.csv"),
        state,
    ]
    _check_folder(folder, state, resume)
    with state:
        saved = _begin(folder, state, resume, say)
        if stop is not None and saved is not None:
            stop.done = batches.steps_per_epoch * saved.position.epoch + saved.position.step
        _run(gan, recipe, state, saved, callbacks, stop, verbose)
    return _finished(gan, folder, say)


def _run(
    gan: GAN,
    recipe: Recipe,
    state: TrainingState,
    saved: State | None,
    callbacks: list[Any],
    stop: StopAfter | None,
    verbose: int,
) -> None:
    """Go through the stages, from the saved state on where there is one."""
    batches = state.batches
    assert batches is not None
    begin = 0
    for stage in recipe.stages:
        end = begin + stage.epochs
        first, begin = Position(begin), end
        if saved is not None and saved.position > Position(end):
            continue
        compile_for(gan, stage, batches.steps_per_epoch)
        if saved is not None:
            first, saved = state.restore(gan, saved), None
            for callback in callbacks:
                if hasattr(callback, "recall"):
                    callback.recall(state.history)
        if stop is not None and stop.done >= stop.steps:
            break
        if first < Position(end):
            gan.fit(
                batches,
                epochs=end,
                initial_epoch=first.epoch,
                shuffle=False,
                verbose=verbose,
                callbacks=callbacks,
            )
        if gan.stop_training:
            break


def _finished(gan: GAN, folder: Path, say: Callable[[str], None]) -> Path:
    """Save the last model as `preset/`, or the best one where the recipe keeps that."""
    preset = folder / "preset"
    if (folder / "best.json").exists():
        best = json.loads((folder / "best.json").read_text(encoding="utf-8"))
        gan = find.load(str(folder / "best"))
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
        return find.load(start, **options)
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


def _recipe(
    name: str, entry: Entry, epochs: int | None, seed: int | None, dtype: str | None
) -> Recipe:
    if entry.recipe is None:
        raise TrainingError(f"{name} has no recipe to train from.")
    recipe = entry.recipe
    if epochs is not None:
        recipe = recipe.with_epochs(check_count("epochs", epochs))
    if dtype is not None:
        if dtype not in DTYPES:
            raise TrainingError(
                f"Unknown dtype {dtype!r}; there are {', '.join(DTYPES)}." + nearest(dtype, DTYPES)
            )
        recipe = dataclasses.replace(recipe, dtype_policy=dtype)
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
        callbacks = [Movie(folder / "samples", folder / "movie.gif"), BalanceMonitor(examples)]
        if recipe.best_by is not None:
            callbacks.append(Measure(examples, every=recipe.measure_every))
    return callbacks + ([] if recipe.best_by is None else [KeepBest(folder, recipe.best_by)])


def _check_folder(folder: Path, state: TrainingState, resume: bool) -> None:
    """Refuse to resume where no training began, and to begin where there is one."""
    positions = state.states.positions()
    if resume and not positions and not (folder / "recipe.json").exists():
        raise TrainingError(f"There is no state to resume from in {state.states.folder}.")
    if not resume and (positions or (folder / "preset").exists()):
        found = f"saved {positions[0]}" if positions else "a preset"
        raise TrainingError(
            f"{folder} already holds a training ({found}). Go on with --resume, or choose another "
            "folder with -o."
        )


def _begin(
    folder: Path, state: TrainingState, resume: bool, say: Callable[[str], None]
) -> State | None:
    """Return the state to go on from; None begins anew."""
    _check_folder(folder, state, resume)
    saved = state.newest() if resume else None
    if saved is not None:
        say(f"Resuming {saved.position}.")
        return saved
    if resume:
        say("The training was ended before its first state; it begins anew.")
    for name in ("losses.csv", "best.json"):  # of a training that never came to a state
        (folder / name).unlink(missing_ok=True)
    write_text(folder / "recipe.json", json.dumps(state.facts, indent=1) + "\n")
    return None
