"""A training that is stopped, killed or poisoned goes on exactly, on each backend."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ganzoo.errors import InvalidArgumentError, TrainingError, TrainingStopped
from ganzoo.training import resume
from ganzoo.training.differences import description
from ganzoo.training.finite import Copy, training_variables
from ganzoo.training.states import Position, StateFolder
from tests.backend import kills
from tests.backend.kill_worker import EPOCHS, STEPS, batches, build, train
from tests.contract.support import where_nothing_is_compiled

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and fork"),
    pytest.mark.filterwarnings("error::UserWarning"),
]


class Record(keras.callbacks.Callback):
    """Copies everything after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: list[Copy] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.model.sync_variables()
        self.copies.append(Copy(self.model))


class At(keras.callbacks.Callback):
    """Calls something around step number `step`, which counts from 1 over all epochs."""

    def __init__(self, step: int, do: Callable[[Any], None], when: str = "end") -> None:
        super().__init__()
        self.left, self.do, self.when = step, do, when

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.left -= 1
        if self.left == 0 and self.when == "begin":
            self.do(self.model)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.left == 0 and self.when == "end":
            self.do(self.model)


class Straight:
    """A training that never stopped, with all that it saved; its model serves all tests."""

    def __init__(self, folder: Path) -> None:
        self.gan = build()
        self.folder = folder
        self.initial = Copy(self.gan)
        self.saves: list[tuple[Any, ...]] = []
        save, saves = StateFolder.save, self.saves

        def note(self: StateFolder, position: Position, *contents: Any) -> None:
            saves.append((position, *contents))
            save(self, position, *contents)

        record = Record()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(StateFolder, "save", note)
            self.history = train(self.gan, folder, before=[record]).history
        self.steps = record.copies
        self.end = Copy(self.gan)
        self.losses = (folder / "losses.csv").read_text()
        self.position_of = {save[0]: index for index, save in enumerate(self.saves)}

    def fresh(self) -> Any:
        """Return the model as it was before its first step."""
        self.initial.put_back(self.gan)
        return self.gan

    def scrambled(self) -> Any:
        """Return the model with nonsense everywhere, so that only a state can mend it."""
        for variable in training_variables(self.gan):
            if variable.name == "learning_rate":  # a model with another one would be refused
                continue
            variable.assign(np.full(variable.shape, 7, dtype=str(variable.dtype)))
        return self.gan

    def is_at(self, copy: Copy) -> bool:
        """Whether weights, moments, averages and random states are those of a copy, bit for bit."""
        running = len(self.gan.metrics_variables)
        pairs = zip(Copy(self.gan).values[:-running], copy.values[:-running], strict=True)
        return all(np.array_equal(*pair) for pair in pairs)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Straight:
    return Straight(tmp_path_factory.mktemp("straight"))


def quietly(line: str) -> None:
    """Receive a note."""


def test_a_stopped_training_goes_on_inside_its_epoch(straight, tmp_path: Path):
    """Every number that there is, and the file of losses, which has means over epochs."""
    train(straight.fresh(), tmp_path, stop=2, every_steps=None)
    train(straight.scrambled(), tmp_path, stop=STEPS + 3, every_steps=None)
    assert len((tmp_path / "losses.csv").read_text().splitlines()) == 3  # with the begun epoch
    state = train(straight.scrambled(), tmp_path, every_steps=4)
    assert straight.is_at(straight.end)
    assert (tmp_path / "losses.csv").read_text() == straight.losses
    assert state.history == straight.history
    assert len(state.history["d_loss"]) == EPOCHS
    assert [str(position) for position in state.states.positions()] == [
        "after epoch 3",
        "after step 4 of epoch 3",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_finishes_the_step_and_saves(straight, tmp_path: Path, number, monkeypatch):
    # Both, as the background jobs of a shell ignore SIGINT.
    both = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, signal.default_int_handler) for each in both}

    def send(model: Any) -> None:
        os.kill(os.getpid(), number)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL  # the next one ends the process
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL

    try:
        with pytest.raises(TrainingStopped, match="after step 2 of epoch 2") as caught:
            train(straight.fresh(), tmp_path, before=[At(7, send, "begin")], every_steps=None)
        assert signal.getsignal(number) == signal.default_int_handler
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert caught.value.exit_code == 128 + number
    train(straight.scrambled(), tmp_path, every_steps=None)
    assert straight.is_at(straight.end)
    assert (tmp_path / "losses.csv").read_text() == straight.losses


def poison(model: Any) -> None:
    """Put a NaN into one weight."""
    model.sync_variables()
    variable = model.generator.trainable_variables[0]
    values = np.array(keras.ops.convert_to_numpy(variable))
    values.flat[3] = np.nan
    variable.assign(values)


@pytest.mark.parametrize(
    ("when", "step", "named"),
    [
        ("end", 7, "not finite: {path}."),
        ("begin", 7, "d_loss became nan"),
        ("end", 1, "not finite: {path}."),
        ("end", STEPS, "not finite: {path}."),
    ],
    ids=["weight", "loss", "first step", "last step of an epoch"],
)
def test_nan_stops_at_its_step_and_leaves_the_one_before(straight, tmp_path, when, step, named):
    gan = straight.fresh()
    options = {"guard": 1, "every_steps": None}
    with pytest.raises(TrainingError) as caught:
        train(gan, tmp_path, before=[At(step, poison, when)], **options)
    text = str(caught.value)
    where = f"step {(step - 1) % STEPS + 1} of epoch {(step - 1) // STEPS + 1}"
    assert f"The training stopped after {where}: " in text
    assert named.format(path=gan.generator.trainable_variables[0].path) in text
    with resume.TrainingState(tmp_path / "states", batches=batches()) as state:
        assert state.restore(straight.scrambled()) == divmod(step - 1, STEPS)
    assert straight.is_at(straight.steps[step - 2] if step > 1 else straight.initial)
    if step == 7:
        train(straight.scrambled(), tmp_path, every_steps=None)
        assert straight.is_at(straight.end)


def test_a_wider_guard_keeps_an_older_state(straight, tmp_path: Path):
    """Also where the NaN is found at the end of an epoch, when its line is in losses.csv."""
    with pytest.raises(TrainingError, match=r"after step 5 of epoch 1: not finite: ") as caught:
        train(straight.fresh(), tmp_path, before=[At(5, poison)], guard=3, every_steps=None)
    assert "The state after step 3 of epoch 1 is in" in str(caught.value)
    train(straight.scrambled(), tmp_path, every_steps=None)
    assert straight.is_at(straight.end)
    assert (tmp_path / "losses.csv").read_text() == straight.losses


def test_nan_in_a_loss_is_seen_at_once_without_a_look_at_the_weights(straight, tmp_path: Path):
    with pytest.raises(TrainingError, match=r"after step 2 of epoch 2: d_loss became nan"):
        train(straight.fresh(), tmp_path, before=[At(7, poison, "begin")], guard=0)
    assert StateFolder(tmp_path / "states").newest(quietly).position == Position(1, 1)


def test_nan_in_a_weight_is_never_saved(straight, tmp_path: Path):
    with pytest.raises(TrainingError, match=r"after step 2 of epoch 2: not finite"):
        train(straight.fresh(), tmp_path, before=[At(7, poison)], guard=0)
    assert StateFolder(tmp_path / "states").newest(quietly).position == Position(1, 1)


@pytest.fixture
def saved(straight, tmp_path: Path) -> Path:
    """A folder with the states after steps 1 and 2 of epoch 2."""
    train(straight.fresh(), tmp_path, stop=STEPS + 2)
    return tmp_path


def test_another_backend_is_allowed_with_a_warning(straight, saved: Path, monkeypatch):
    monkeypatch.setattr(resume, "require_backend", lambda: "another")
    with pytest.warns(UserWarning, match="goes on on another, which draws other random numbers"):
        train(straight.scrambled(), saved, stop=0)


def test_the_description_is_that_of_all_backends(straight):
    """Else a training could not go on on another one."""
    optimizer = description(straight.gan, batches())["compile"]["optimizers"]["discriminator"]
    assert set(optimizer) == {"module", "class_name", "config"}
    assert (optimizer["module"], optimizer["class_name"]) == ("keras.optimizers", "Adam")
    state = StateFolder(straight.folder / "states").newest(quietly)
    assert state.manifest["data"]["examples"] == ["float32 (40, 8, 8, 1)"]
    names = sorted(state.manifest["weights"])
    assert hashlib.sha256("\n".join(names).encode()).hexdigest()[:8] == "3022c8f7"


def test_another_training_is_refused(straight, saved: Path):
    gan = straight.scrambled()
    with pytest.raises(TrainingError, match=r"data.order_seed: was 1, is 2\."):
        train(gan, saved, batches=batches(seed=2))
    with pytest.raises(TrainingError, match=r"epochs: was absent, is 3\."):
        train(gan, saved, facts={"epochs": 3})
    other = type(gan)(**{**gan.get_config(), "generator_units": (8, 11)})
    with pytest.raises(TrainingError, match=r"generator.*: was '\(8, 12\)', is '\(8, 11\)'"):
        train(other, saved)
    same = type(gan)(**gan.get_config())
    same.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(2e-4, beta_1=0.5))
    with pytest.raises(TrainingError, match=r"optimizers.discriminator.*beta_1: was 0.5, is 0.9"):
        train(same, saved)


def test_fit_must_begin_where_the_state_is(straight, saved: Path):
    data = batches()
    with resume.TrainingState(saved / "states", batches=data) as state:
        state.restore(straight.gan)
        with pytest.raises(TrainingError, match="initial_epoch=restore"):
            straight.gan.fit(data, epochs=3, verbose=0, callbacks=[state])


def test_states_inside_an_epoch_need_an_order(tmp_path: Path):
    with pytest.raises(InvalidArgumentError, match="ShuffledBatches"):
        resume.TrainingState(tmp_path, every_steps=5)


def test_whole_epochs_of_other_data(straight, tmp_path: Path):
    """Without the data's order: as with arrays, `tf.data` or a `DataLoader`."""
    data = batches()

    def fit(gan: Any, **options: Any) -> None:
        gan.fit(data, verbose=0, callbacks=[resume.TrainingState(tmp_path)], **options)

    fit(straight.fresh(), epochs=2)
    state = resume.TrainingState(tmp_path)
    assert state.restore(straight.scrambled()) == (2, 0)
    fit(straight.gan, initial_epoch=2, epochs=EPOCHS)
    assert straight.is_at(straight.end)


# --- kills -----------------------------------------------------------------------------------


class Worker:
    """The process of `kill_worker.py`."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backend.kill_worker"],
            cwd=Path(__file__).parent.parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, **job: Any) -> int:
        """Return the exit code of a child, negative for a signal."""
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    running = Worker()
    yield running
    running.process.stdin.close()
    running.process.wait(timeout=60)


@where_nothing_is_compiled
def test_kills_at_every_hook_of_saving(straight, worker, tmp_path: Path):
    """Each kill leaves a folder in which the newest complete state loads, bit for bit."""
    states = StateFolder(tmp_path / "states")
    saves = tmp_path / "saves"
    saves.write_bytes(pickle.dumps([save[1:] for save in straight.saves]))
    code, hook, newest = 0, 0, None
    order = list(straight.position_of)
    states.save(*straight.saves[0])
    while True:
        # The two newest of the states so far and the next one: all is as in a long training.
        newest = states.newest(quietly).position
        following = order[(straight.position_of[newest] + 1) % len(order)]
        if following < newest:  # the end of the training: begin again
            shutil.rmtree(states.folder)
            states.save(*straight.saves[0])
            continue
        index = straight.position_of[following]
        code = worker.do(do="save", hook=hook, saves=str(saves), index=index,
                         position=list(following), folder=str(states.folder))  # fmt: skip
        if code == 0:
            break
        with kills.tried():
            assert code == -signal.SIGKILL
            found = states.newest(quietly)
            assert found.position in (newest, following)
            image = straight.saves[straight.position_of[found.position]][1]
            assert found.weights.read_bytes() == image
            if hook % 5 == 0:
                with resume.TrainingState(states.folder, batches=batches()) as state:
                    state.restore(straight.scrambled(), found)
                done = found.position.epoch * STEPS + found.position.step
                assert straight.is_at(straight.steps[done - 1])
        hook += 1
    assert hook >= 20
    assert states.newest(quietly).position == following


def test_kills_at_random_moments_of_a_training(straight, worker, tmp_path: Path):
    ends = [[signal.SIGKILL], [signal.SIGINT, signal.SIGINT]]
    for turn, signals in enumerate(ends):
        until = f"state-{turn:06d}-000002"
        with kills.tried():
            code = worker.do(do="train", folder=str(tmp_path), until=until, signals=signals)
            # A step may end between two Ctrl-C.
            assert code in ((-signal.SIGKILL,) if len(signals) == 1 else (-signal.SIGINT, 130))
            assert StateFolder(tmp_path / "states").newest(quietly) is not None
    train(straight.scrambled(), tmp_path, every_steps=None)
    assert straight.is_at(straight.end)
    assert (tmp_path / "losses.csv").read_text() == straight.losses
