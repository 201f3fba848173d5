"""How a training begins in its folder: anew, or from the newest state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganzoo.errors import TrainingError
from ganzoo.training import processes, runs
from ganzoo.training.resume import TrainingState
from ganzoo.training.states import State


def check_folder(folder: Path, state: TrainingState, resume: bool) -> None:
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


def together(
    folder: Path, state: TrainingState, resume: bool, earlier: Any, say: Callable[[str], None]
) -> State | None:
    """Do as `_begin`: the first process writes, and the others wait for it."""
    saved = _begin(folder, state, resume, earlier, say) if processes.is_first() else None
    processes.wait_for_all()
    return saved if processes.is_first() or not resume else state.newest()


def _begin(
    folder: Path, state: TrainingState, resume: bool, earlier: Any, say: Callable[[str], None]
) -> State | None:
    """Return the state to go on from; None begins anew."""
    check_folder(folder, state, resume)
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
