"""`ganzoo train`: one function that trains any entry of the zoo from its recipe."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from ganzoo import tasks
from ganzoo.callbacks import Curves, KeepBest, StopAfter
from ganzoo.checks import check_count
from ganzoo.errors import TrainingError, nearest
from ganzoo.presets.find import Resolved, load, resolve
from ganzoo.training import begin, own_card, processes, runs
from ganzoo.training import examples as examples_of
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

    Under torchrun (PyTorch) each process takes its part of every batch, and the first one writes.

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
    wanted = runs.Wanted(epochs, seed, dtype, start, images, reading or {})
    with processes.together() as is_first:
        say = processes.speaker(say)
        how = _How(steps, resume, save_steps, guard, verbose if is_first else 0, say)
        return _trained(found, Path(folder), wanted, how)


@dataclasses.dataclass(frozen=True)
class _How:
    """What is no part of the training itself: arguments of `train`."""

    steps: int | None
    resume: bool
    save_steps: int | None
    guard: int
    verbose: int
    say: Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class _Plan:
    """What is trained on what: the same in every process."""

    found: Resolved
    recipe: Recipe
    examples: tuple[Any, ...]
    facts: dict[str, Any]
    earlier: list[Any]
    own_data: bool


def _planned(found: Resolved, folder: Path, wanted: runs.Wanted, how: _How) -> _Plan:
    """Return the plan of a new training, or of one that goes on."""
    task, say = tasks.get(found.task), how.say
    run = runs.read(folder, found) if how.resume else None
    wanted = wanted if run is None else run.filled(wanted)
    recipe = _recipe(found, wanted, run, say)
    if task.beforehand:
        say(task.beforehand)
    found, examples = examples_of.chosen(found, task, recipe, wanted, run is None, say)
    recipe = _recipe(found, wanted, None, say) if run is None else recipe
    examples = examples_of.enough(task, recipe, examples)
    facts = runs.facts_of(found, recipe, dataclasses.asdict(wanted))
    own_data = wanted.images is not None
    return _Plan(found, recipe, examples, facts, _earlier(run, facts), own_data)


def _trained(found: Resolved, folder: Path, wanted: runs.Wanted, how: _How) -> Path:
    """Train, in this process or with the others that torchrun has begun."""
    plan, say = _planned(found, folder, wanted, how), how.say
    recipe, task = plan.recipe, tasks.get(plan.found.task)
    _say_what_to_expect(recipe, say)
    gan = built_in_its_dtype(plan.found, recipe, plan.facts["start"])
    batches = task.batches(plan.examples, recipe.batch_size, recipe.seed, **recipe.variation)
    state = TrainingState(
        folder / "states",
        plan.facts,
        batches=batches,
        every_steps=how.save_steps,
        every_seconds=None if how.save_steps else 60.0,
        guard=how.guard,
        files=[folder / "losses.csv"],
        say=say,
        earlier=plan.earlier,
    )
    stop = None if how.steps is None else StopAfter(check_count("steps", how.steps))
    whole = batches.steps_per_epoch * recipe.epochs
    estimate = Estimate(whole if how.steps is None else min(how.steps, whole), say)
    callbacks: list[Any] = [] if stop is None else [stop]
    if processes.is_first():
        data = None if plan.own_data else recipe.data
        callbacks += _watching(recipe, folder, task.watch(recipe, data, plan.examples, folder))
        callbacks += [estimate]
    begin.check_folder(folder, state, how.resume)
    with state:
        saved = begin.together(folder, state, how.resume, plan.earlier, say)
        done = 0
        if saved is not None:
            done = batches.steps_per_epoch * saved.position.epoch + saved.position.step
        estimate.steps -= done
        if stop is not None:
            stop.done = done
            say(until(how.steps, batches.steps_per_epoch, recipe.epochs, done))
        elif done >= whole:
            say(f"All {recipe.epochs} epochs are done; --epochs N makes the training longer.")
        _run(gan, recipe, state, saved, [*callbacks, state], stop, how.verbose)
    if processes.is_first():
        done = max(done, batches.steps_per_epoch * state.position.epoch + state.position.step)
        _finish(gan, folder, plan, done, say)
    processes.wait_for_all()
    return folder / "preset"


def _watching(recipe: Recipe, folder: Path, watch: Sequence[Any]) -> list[Any]:
    """Return the callbacks that write down how the training goes."""
    return [
        *watch,
        *([] if recipe.best_by is None else [KeepBest(folder, recipe.best_by)]),
        keras.callbacks.CSVLogger(str(folder / "losses.csv"), append=True),
        Curves(folder / "curves.png", folder / "losses.csv"),
    ]


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
    reached = 0
    for stage in recipe.stages:
        end = reached + stage.epochs
        first, reached = Position(reached), end
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


def _finish(gan: Any, folder: Path, plan: _Plan, steps: int, say: Callable[[str], None]) -> None:
    """Save the last model as `preset/`, or the best one where the recipe keeps that."""
    if (folder / "best.json").exists():
        best = json.loads((folder / "best.json").read_text(encoding="utf-8"))
        gan = load(folder / "best")
        say(f"The best by {best['monitor']} is that of epoch {best['epoch']}: {best['value']:.4g}.")
    gan.save_to_preset(folder / "preset", overwrite=True)
    if plan.own_data:
        count = len(plan.examples[0]) // plan.recipe.repeats
        own_card.write(folder / "preset", plan.found, plan.recipe, count, steps, plan.facts)


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
