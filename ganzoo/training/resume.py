"""`TrainingState`: a training that is killed goes on exactly where its newest state was saved."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from ganzoo._backend import largest
from ganzoo.batches import Batches
from ganzoo.checks import check_count
from ganzoo.environment import require_backend
from ganzoo.errors import InvalidArgumentError, TrainingError, TrainingStopped
from ganzoo.files.lock import FolderLock
from ganzoo.presets.hdf5 import weights_image
from ganzoo.training import processes
from ganzoo.training.differences import flat, refuse_differences, shapes
from ganzoo.training.finite import bad_losses
from ganzoo.training.saving import SavesStates
from ganzoo.training.signals import Signals
from ganzoo.training.states import Position, State


class TrainingState(SavesStates):
    """Keep what a training needs to go on exactly: give it to `fit` as the last callback.

    All networks, their averages, the optimizers of all players, every random state, the place in
    the data, the running losses of the epoch. The last two states are kept; each is written beside
    them and renamed when it is complete. The same script, run again, goes on:

        batches = ShuffledBatches(images, 64, seed=1)
        with TrainingState("states", batches=batches, every_steps=500) as state:
            begin = state.restore(gan)  # Position(epoch, step); (0, 0) the first time
            gan.fit(batches, initial_epoch=begin.epoch, epochs=30, callbacks=[state])

    On the same backend and CPU the result is bitwise that of a training that never stopped. Without
    `batches` (arrays, `tf.data`, a `DataLoader`) states are those of whole epochs and the order of
    the data is drawn anew, since only `ShuffledBatches` knows its order.

    `with` keeps other trainings out of the folder, and lets Ctrl-C and SIGTERM finish the step and
    save before they end the training; a second one ends the process at once. Of the processes of
    one training (PyTorch, torchrun) the first writes, and all end at the same step.

    A loss that is not finite stops the training at that step with the loss and the variables named,
    and the newest finite state is left on disk. `guard` is for weights: every so many steps all are
    looked at and copied to memory, to be written if the next ones are not finite. 1 finds the very
    step and keeps the one before it, at the price of a copy of all variables per step.

    Args:
        folder: Where the states go; made if missing.
        facts: What must be equal to resume, such as a recipe; JSON. Model, `compile` arguments and
            `batches` are compared in any case.
        every: Epochs between two states.
        batches: The data of `fit`.
        every_steps: Also save after every so many steps of an epoch.
        every_seconds: Also save when so many seconds have passed since the last state.
        guard: Steps between two looks at all weights; 0 looks only when a state is saved.
        files: Small files that grow with the training, such as a CSV: `restore` puts them back as
            they were when the state's last whole epoch ended.
        say: Receives notes, such as which state was passed over; `warnings.warn` by default.
        earlier: Other `facts` that its states may have, of the time before it was made longer.

    Attributes:
        history: The numbers of each whole epoch, by name.
    """

    def __init__(
        self,
        folder: Any,
        facts: dict[str, Any] | None = None,
        every: int = 1,
        *,
        batches: Batches | None = None,
        every_steps: int | None = None,
        every_seconds: float | None = None,
        guard: int = 100,
        files: Iterable[Any] = (),
        say: Callable[[str], Any] = warnings.warn,
        earlier: Iterable[dict[str, Any]] = (),
    ) -> None:
        check_count("every", every)
        check_count("guard", guard, least=0)
        if every_steps is not None:
            check_count("every_steps", every_steps)
        if batches is None and (every_steps, every_seconds) != (None, None):
            raise InvalidArgumentError(
                "States inside an epoch need the data's order: pass batches=ShuffledBatches(...)."
            )
        super().__init__(folder, facts, batches, guard, files, say)
        self.every, self.every_steps, self.every_seconds = every, every_steps, every_seconds
        self.earlier = list(earlier)
        self._lock, self._signals = FolderLock(folder), Signals()
        self._entered = False
        self._metrics: list[float] = []  # to begin the restored epoch with
        self._resumed: Position | None = None
        self._begun, self._cut, self._told = 0, False, 0

    # --- resuming ----------------------------------------------------------------------------

    def __enter__(self) -> TrainingState:
        self._acquire()
        self._signals.install()
        self._entered = True
        return self

    def __exit__(self, *error: Any) -> None:
        self._entered = False
        self._signals.remove()
        self._lock.release()

    def _acquire(self) -> None:
        if processes.is_first():
            self._lock.acquire()

    def newest(self) -> State | None:
        """Return the newest intact state, or None where there is no state at all.

        Raises:
            TrainingError: All are damaged, or it is a training with other facts.
        """
        state = self.states.newest(self.say)
        if state is not None:
            self._check_facts(state)
        return state

    def _check_facts(self, state: State) -> None:
        """Refuse the state of another training."""
        saved = flat(state.manifest.get("facts"))
        if not any(saved == flat(facts) for facts in self.earlier):
            refuse_differences(state, {"facts": self.facts})

    def restore(self, model: Any, state: State | None = None) -> Position:
        """Load the newest state, if there is one, into a model that is compiled as it was then.

        Args:
            model: Any adversarial model.
            state: A state of `newest`, where that was called before.

        Returns:
            Where the training is: whole epochs and steps. The batches are set to it.

        Raises:
            TrainingError: All states are damaged, or they belong to another model, recipe or data.
        """
        self._describe(model)
        state = state or self.newest()
        if state is None:
            return self.position
        manifest = state.manifest
        wanted = {**self._described, "weights": shapes(weights_image(model))}
        if "dtype" not in manifest:  # of an earlier form
            del wanted["dtype"]
        refuse_differences(state, wanted)
        if manifest["backend"] != require_backend():
            self.say(
                f"The training was on {manifest['backend']} and goes on on {require_backend()}, "
                "which draws other random numbers: not the result of one that never changed."
            )
        model.load_weights(state.weights)
        self.position = self._saved = self._resumed = state.position
        self._saved_at = time.monotonic()
        self.history = manifest["history"]
        self._metrics = manifest["metrics"]
        for name, path in self.files.items() if processes.is_first() else ():
            state.put_back(name, path)
        if self.batches is not None:
            self.batches.go_to(*self.position)
        return self.position

    # --- what fit calls ----------------------------------------------------------------------

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Keep other trainings out."""
        if not self._entered:
            self._acquire()
        self._describe(self.model)
        self._saved_at = time.monotonic()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Let other trainings in."""
        if not self._entered:
            self._lock.release()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Take up a begun epoch where it was; `epoch` counts from 0."""
        begun = self.batches.step if self.batches is not None else 0
        resumed, self._resumed = self._resumed, None
        if resumed is not None and resumed != (epoch, begun):
            raise TrainingError(
                f"The training is {resumed}, but fit begins {Position(epoch, begun)}; give fit the "
                "batches of TrainingState and initial_epoch=restore(gan).epoch."
            )
        self.position = Position(epoch, begun)
        if begun:
            for variable, value in zip(self.model.metrics_variables, self._metrics, strict=True):
                variable.assign(value)
        self._begun = begun
        self._cut = False
        self._read_files()
        if self.guard:
            self._look([])

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look for numbers that are not finite; save if it is time, or if the training stops."""
        before, self._told = self.position, largest(self._signals.number)
        self.position = Position(before.epoch, self._begun + batch + 1)
        losses = bad_losses(logs)
        if losses or self._reached(self.guard, before):
            self._look(losses)
        self._cut = self.model.stop_training
        if self.position.step == self._steps_per_epoch():
            return  # on_epoch_end is next
        due = self._reached(self.every_steps, before) or self._is_late()
        if due or self._cut or self._told:
            self._save()
        self._leave_if_told()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save after every `every`th whole epoch and the last; `epoch` counts from 0."""
        if self._cut and not self._is_whole():
            self._save()
            return
        self._look([])  # while files and history are those that belong to the copy
        self.position = Position(epoch + 1)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        self._read_files()
        last = self.model.stop_training or epoch + 1 == self.params.get("epochs")
        self._told = largest(self._signals.number)
        if last or self._told or (epoch + 1) % self.every == 0:
            self._save()
        self._leave_if_told()

    # --- when --------------------------------------------------------------------------------

    def _steps_per_epoch(self) -> int | None:
        if self.batches is not None:
            return self.batches.steps_per_epoch
        return self.params.get("steps")

    def _is_whole(self) -> bool:
        """Whether the epoch's last step is done; without a known number, if nothing cut it."""
        steps = self._steps_per_epoch()
        return self.position.step >= steps if steps else not self._cut

    def _reached(self, every: int | None, before: Position) -> bool:
        return bool(every) and self.position.step // (every or 1) > before.step // (every or 1)

    def _is_late(self) -> bool:
        seconds = self.every_seconds
        return seconds is not None and time.monotonic() - self._saved_at >= seconds

    def _leave_if_told(self) -> None:
        number = self._told
        if number:
            kept = f"its state {self._saved} is saved" if self._saved else "no state is saved yet"
            raise TrainingStopped(
                f"Stopped {self.position} by {'Ctrl-C' if number == 2 else 'SIGTERM'}; {kept}.",
                number,
            )
