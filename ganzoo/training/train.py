"""`ganzoo train`: one function that trains any entry of the zoo from its recipe."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras

from ganzoo import tasks
from ganzoo.callbacks import Curves, KeepBest, StopAfter
from ganzoo.checks import check_count
from ganzoo.errors import TrainingError, nearest
from ganzoo.presets.find import Resolved, load, resolve
from ganzoo.training import examples as examples_of
from ganzoo.training import own_card, runs
from ganzoo.training.build import built_in_its_dtype, compile_for
from ganzoo.training.resume import TrainingState
from ganzoo.training.states import Position, State
from ganzoo.training.words import Estimate, of_slow_precision, until
from ganzoo.zoo import registry
from ganzoo.zoo.forms import DTYPES, Recipe


def train(
    name: str | Resolved,
    folder: Any,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    seed: int | None = None,
    dtype: str | None = None,
    resume: bool = False,
    start: str | None = None,
    images: Any = None,
    reading: Mapping[str, Any] | None = None,
    save_steps: int | None = None,
    guard: int = 100,
    verbose: int = 1,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train an entry of the zoo from its recipe.

    The folder gets `recipe.json`, `losses.csv` (a line per epoch), `samples/epoch-0001.png` and
    so on, `states/` to resume from, and at the end `preset/`, which `ganzoo.load` reads: the last
    model, or the best one where the recipe measures (`best/`, `best.json`). `movie.gif` and
    `curves.png` show all epochs. What is watched, and what other figures `losses.csv` gets, is the
    task's choice (`ganzoo.tasks`): for events there are no pictures, but distances from held-out
    events. Beside a preset of data of one's own lies a card, `README.md`.

    Ctrl-C and SIGTERM let the step finish and save a state; a second one ends the process at once.

    Args:
        name: A name in the zoo that has a recipe, or what `resolve` says of it.
        folder: Where everything goes.
        epochs, seed: Override the recipe's. With `resume`, more epochs make the run longer.
        dtype: Keras dtype policy instead of the recipe's: "float32", "mixed_bfloat16" or
            "mixed_float16".
        steps: Stop when the training has had so many steps in all.
        resume: Go on from the newest state in `folder`, as the run's own `recipe.json` says.
        images: Train on these pictures, or on this file of events, instead of the recipe's data, or
            on a pair of such paths, of sources and targets;
            for tasks that know it.
        reading: How they are read: arguments of `ganzoo.data.images`, such as `{"resize": "crop"}`,
            or of `ganzoo.events.files.read`.
        start: Name, preset, run or `.keras` file whose weights to start from (fine-tuning).
        save_steps: Steps between two states inside an epoch; one a minute by default.
        guard: Steps between two looks at all weights; see `TrainingState`.
        verbose: 0 silent, 1 progress bar, 2 a line per epoch.
        say: Receives lines for the user.

    Returns:
        The preset folder.

    Raises:
        TrainingError: No recipe, nothing to resume from, another training in the folder, or numbers
            that are not finite.
        InvalidArgumentError: The task knows no data of one's own.
        TrainingStopped: A signal came; its `exit_code` is 130 or 143.
    """
    found = name if isinstance(name, Resolved) else resolve(_in_the_zoo(name))
    task, folder = tasks.get(found.task), Path(folder)
    wanted = runs.Wanted(epochs, seed, dtype, start, images, reading or {})
    run = runs.read(folder, found) if resume else None
    wanted = wanted if run is None else run.filled(wanted)
    recipe = _recipe(found, wanted, run, say)
    if task.beforehand:
        say(task.beforehand)
    found, examples = examples_of.chosen(found, task, recipe, wanted, run is None, say)
    recipe = _recipe(found, wanted, None, say) if run is None else recipe
    examples = examples_of.enough(task, recipe, examples)
    facts = runs.facts_of(found, recipe, dataclasses.asdict(wanted))
    earlier = _earlier(run, facts)
    _say_what_to_expect(recipe, say)
    gan = built_in_its_dtype(found, recipe, wanted.start)
    batches = task.batches(examples, recipe.batch_size, recipe.seed, **recipe.variation)
    state = TrainingState(
        folder / "states",
        facts,
        batches=batches,
        every_steps=save_steps,
        every_seconds=None if save_steps else 60.0,
        guard=guard,
        files=[folder / "losses.csv"],
        say=say,
        earlier=earlier,
    )
    stop = None if steps is None else StopAfter(check_count("steps", steps))
    whole = batches.steps_per_epoch * recipe.epochs
    estimate = Estimate(whole if steps is None else min(steps, whole), say)
    callbacks: list[Any] = [
        *([] if stop is None else [stop]),
        *task.watch(recipe, recipe.data if wanted.images is None else None, examples, folder),
        *([] if recipe.best_by is None else [KeepBest(folder, recipe.best_by)]),
        keras.callbacks.CSVLogger(str(folder / "losses.csv"), append=True),
        Curves(folder / "curves.png", folder / "losses.csv"),
        estimate,
        state,
    ]
    _check_folder(folder, state, resume)
    with state:
        saved = _begin(folder, state, resume, earlier, say)
        done = 0
        if saved is not None:
            done = batches.steps_per_epoch * saved.position.epoch + saved.position.step
        estimate.steps -= done
        if stop is not None:
            stop.done = done
            say(until(steps, batches.steps_per_epoch, recipe.epochs, done))
        elif done >= whole:
            say(f"All {recipe.epochs} epochs are done; --epochs N makes the training longer.")
        _run(gan, recipe, state, saved, callbacks, stop, verbose)
    if wanted.images is not None:
        count = len(examples[0]) // recipe.repeats
        taken = max(done, batches.steps_per_epoch * state.position.epoch + state.position.step)
        return own_card.write(_finished(gan, folder, say), found, recipe, count, taken, facts)
    return _finished(gan, folder, say)


def _earlier(run: runs.Run | None, facts: dict[str, Any]) -> list[Any]:
    """Return the facts under which states may have been saved before the run was made longer."""
    if run is None:
        return []
    as_plain = json.loads(json.dumps([facts["stages"], run.facts["stages"]]))
    return [*run.earlier, *([dict(run.facts)] if as_plain[0] != as_plain[1] else [])]


def _say_what_to_expect(recipe: Recipe, say: Callable[[str], None]) -> None:
    line = of_slow_precision(recipe.dtype_policy)
    if line is not None:
        say(line)


def _run(
    gan: Any,
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
        compile_for(gan, stage, batches.steps_per_epoch, batches.batch_size)
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


def _finished(gan: Any, folder: Path, say: Callable[[str], None]) -> Path:
    """Save the last model as `preset/`, or the best one where the recipe keeps that."""
    preset = folder / "preset"
    if (folder / "best.json").exists():
        best = json.loads((folder / "best.json").read_text(encoding="utf-8"))
        gan = load(folder / "best")
        say(f"The best by {best['monitor']} is that of epoch {best['epoch']}: {best['value']:.4g}.")
    gan.save_to_preset(preset, overwrite=True)
    return preset


def _in_the_zoo(name: str) -> str:
    registry.entry(name)  # refuses another name
    return name


def _recipe(
    found: Resolved, wanted: runs.Wanted, run: runs.Run | None, say: Callable[[str], None]
) -> Recipe:
    """Return the entry's recipe, or the run's own, with what the user wants."""
    if found.recipe is None:
        raise TrainingError(f"{found.name} has no recipe to train from.")
    recipe = found.recipe if run is None else run.recipe
    if wanted.epochs is not None:
        epochs = check_count("epochs", wanted.epochs)
        recipe = recipe.with_epochs(epochs) if run is None else runs.lengthened(run, epochs, say)
    dtype, seed = wanted.dtype, wanted.seed
    if dtype is not None:
        if dtype not in DTYPES:
            raise TrainingError(
                f"Unknown dtype {dtype!r}; there are {', '.join(DTYPES)}." + nearest(dtype, DTYPES)
            )
        recipe = dataclasses.replace(recipe, dtype_policy=dtype)
    return recipe if seed is None else dataclasses.replace(recipe, seed=seed)


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
    folder: Path, state: TrainingState, resume: bool, earlier: Any, say: Callable[[str], None]
) -> State | None:
    """Return the state to go on from; None begins anew."""
    _check_folder(folder, state, resume)
    saved = state.newest() if resume else None
    if saved is not None:
        say(f"Resuming {saved.position}.")
        runs.write(folder, state.facts, earlier)
        return saved
    if resume:
        say("The training was ended before its first state; it begins anew.")
    for name in ("losses.csv", "best.json"):  # of a training that never came to a state
        (folder / name).unlink(missing_ok=True)
    (folder / "recipe.json").unlink(missing_ok=True)
    runs.write(folder, state.facts)
    return None
