"""The half of `TrainingState` that writes: when a state can be taken up, and what is in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import keras

from ganzoo.batches import Batches
from ganzoo.errors import TrainingError
from ganzoo.presets.hdf5 import weights_image
from ganzoo.training import processes
from ganzoo.training.differences import description, manifest_of
from ganzoo.training.finite import Copy, culprits
from ganzoo.training.states import Position, StateFolder


class SavesStates(keras.callbacks.Callback):
    """Writes states of a training, all of whose numbers are finite.

    Args:
        folder: Where the states go.
        facts: What must be equal to resume; JSON.
        batches: The data of `fit`, or None where their order is not known.
        guard: Steps between two looks at all weights, which are copied to memory; 0 for none.
        files: Small files that grow with the training.
        say: Receives notes.
    """

    def __init__(
        self,
        folder: Any,
        facts: dict[str, Any] | None,
        batches: Batches | None,
        guard: int,
        files: Iterable[Any],
        say: Callable[[str], Any],
    ) -> None:
        super().__init__()
        self.states = StateFolder(folder)
        self.facts = facts or {}
        self.batches, self.guard, self.say = batches, guard, say
        self.files = {Path(path).name: Path(path) for path in files}
        self.history: dict[str, list[float]] = {}
        self.position = Position(0)
        self._saved: Position | None = None
        self._saved_at = 0.0
        self._kept_files: dict[str, bytes] = {}
        self._copy: tuple[Position, Copy] | None = None
        self._described: dict[str, Any] = {}
        self._described_for: Any = None

    def _describe(self, model: Any) -> None:
        """Note what is compared besides `facts`, before a training has changed any rate."""
        if self._described_for is not model.optimizer:
            self._described_for = model.optimizer
            self._described = description(model, self.batches)

    def _can_be_taken_up(self) -> bool:
        """Whether a training can begin here: an epoch's begin, or inside of one of known order."""
        if self.batches is None:
            return not self.position.step
        return self.position.step < self.batches.steps_per_epoch

    def _save(self) -> None:
        """Save the present state, unless it is there or cannot be taken up."""
        if self.position == self._saved or not self._can_be_taken_up():
            return
        self._look([])
        self._write()

    def _write(self) -> None:
        if not processes.is_first():
            self._saved, self._saved_at = self.position, time.monotonic()
            return
        image = weights_image(self.model)
        record = manifest_of(self.model, image)
        record |= {"facts": self.facts, **self._described, "history": self.history}
        record = json.loads(json.dumps(record, default=str))
        self.states.save(self.position, image, record, self._kept_files)
        self._saved, self._saved_at = self.position, time.monotonic()

    def _read_files(self) -> None:
        """Keep the files as they are after a whole epoch."""
        if not processes.is_first():
            return
        self._kept_files = {
            name: path.read_bytes() for name, path in self.files.items() if path.is_file()
        }

    def _look(self, losses: list[str]) -> None:
        """Stop with the culprits if a number is not finite; else keep a copy.

        Raises:
            TrainingError: Something is not finite.
        """
        self.model.sync_variables()
        copy = Copy(self.model)
        variables = copy.not_finite(self.model)
        if not losses and not variables:
            if self.guard and self._can_be_taken_up():
                self._copy = (self.position, copy)
            return
        where = self.position
        if self._copy is not None and (self._saved is None or self._copy[0] > self._saved):
            self.position, last = self._copy
            last.put_back(self.model)
            self._write()
        kept = f"The state {self._saved} is" if self._saved else "No finite state is"
        raise TrainingError(
            f"The training stopped {where}: {culprits(losses, variables)}. {kept} in "
            f"{self.states.folder}. A lower learning rate or a penalty may help."
        )
