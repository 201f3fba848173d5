"""States of a training on disk: a folder each, committed by a rename, the last two kept.

A state is `state-000007-000120/`, after 7 whole epochs and 120 steps, with `model.weights.h5` (all
networks, their averages, the optimizers of all players, random states), copies of small files that
grow with the training, and `manifest.json`, written last: where the training was, what it was, and
the SHA-256 of every file and of itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ganzoo.errors import PresetError, TrainingError
from ganzoo.files.reading import sha256_of
from ganzoo.files.writing import written

WEIGHTS = "model.weights.h5"
MANIFEST = "manifest.json"
FORMAT = 2
KEPT = 2
_NAME = re.compile(r"state-(\d{6,})-(\d{6,})")
_EARLIER = re.compile(r"state-\d{6}")


class Position(NamedTuple):
    """Where a training is: whole epochs, and steps of the next one."""

    epoch: int
    step: int = 0

    def __str__(self) -> str:
        if not self.step:
            return f"after epoch {self.epoch}" if self.epoch else "before the first step"
        return f"after step {self.step} of epoch {self.epoch + 1}"


class State(NamedTuple):
    """An intact state on disk."""

    position: Position
    path: Path
    manifest: dict[str, Any]

    @property
    def weights(self) -> Path:
        """The weights file."""
        return self.path / WEIGHTS

    def put_back(self, name: str, path: Path) -> None:
        """Write the copy of a file back to where it grows; remove it where there was none."""
        if name not in self.manifest["sha256"]:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with written(path) as temporary:
            temporary.write_bytes((self.path / name).read_bytes())


class StateFolder:
    """The states of one training.

    Args:
        folder: Holds the states; made by the first `save`.
    """

    def __init__(self, folder: Any) -> None:
        self.folder = Path(folder)
        self._damaged: list[Path] = []

    def positions(self) -> list[Position]:
        """Return the positions of the states present, damaged ones too, newest first.

        Raises:
            TrainingError: There are only states in the form of an earlier version.
        """
        if not self.folder.is_dir():
            return []
        names = [path.name for path in self.folder.iterdir() if path.is_dir()]
        found = [match for match in map(_NAME.fullmatch, names) if match]
        if not found and any(map(_EARLIER.fullmatch, names)):
            raise TrainingError(
                f"The states in {self.folder} were written by an earlier version of ganzoo, which "
                "this one cannot take up; train anew in another folder, or with that version."
            )
        return sorted((Position(int(m[1]), int(m[2])) for m in found), reverse=True)

    def save(
        self,
        position: Position,
        weights: bytes,
        record: Mapping[str, Any],
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Write a state, then drop all but the last two.

        Args:
            position: Where the training is.
            weights: The content of the weights file.
            record: What else the manifest shall say; JSON.
            files: Further files by name.

        Raises:
            TrainingError: The disk refuses; earlier states are untouched.
        """
        final = self._path(position)
        temporary = self.folder / f".{final.name}.part"
        contents = {WEIGHTS: weights, **(files or {})}
        manifest = {
            **record,
            "format": FORMAT,
            "epoch": position.epoch,
            "step": position.step,
            "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
        }
        manifest["check"] = _digest(manifest)
        contents[MANIFEST] = json.dumps(manifest, indent=1).encode()  # last: it makes the state
        try:
            self._sweep()
            temporary.mkdir(parents=True)
            for name, data in contents.items():
                _write(temporary / name, data)
            _flush(temporary)
            self._remove(final)  # there is one only if it is damaged
            os.replace(temporary, final)
            _flush(self.folder)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            reason = error.strerror or str(error)
            raise TrainingError(
                f"Cannot save the training in {final}: {reason}. The states before it are intact; "
                "go on with --resume once there is room."
            ) from error
        self._drop_old(position)

    def newest(self, say: Callable[[str], None]) -> State | None:
        """Return the newest intact state, or None where there is no state at all.

        Args:
            say: Receives a line for each damaged state that is passed over.

        Raises:
            TrainingError: All states are damaged, or of an earlier version.
        """
        self._damaged = []
        lost: list[Position] = []
        for position in self.positions():
            state = self._intact(position)
            if state is not None:
                if lost:
                    say(
                        f"Damaged and passed over: the state {lost[0]}; what came after the state "
                        f"{position} is lost and is trained again."
                    )
                return state
            lost.append(position)
            self._damaged.append(self._path(position))
        if not lost:
            return None
        raise TrainingError(
            f"There is no state to resume from in {self.folder}: {len(lost)} there, all damaged "
            f"(the newest {lost[0]}). Train anew in another folder."
        )

    def _path(self, position: Position) -> Path:
        return self.folder / f"state-{position.epoch:06d}-{position.step:06d}"

    def _intact(self, position: Position) -> State | None:
        path = self._path(position)
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            check = manifest.pop("check")
            right = manifest["format"] == FORMAT and check == _digest(manifest)
            right = right and Position(manifest["epoch"], manifest["step"]) == position
            for name, sha256 in manifest["sha256"].items():
                right = right and sha256_of(path / name) == sha256
        except (OSError, PresetError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return State(position, path, manifest) if right else None

    def _drop_old(self, newest: Position) -> None:
        """Keep the last two; damaged ones, which were passed over, do not count."""
        doomed = [path for path in self._damaged if path != self._path(newest)]
        self._damaged = []
        kept = [self._path(position) for position in self.positions()]
        kept = [path for path in kept if path not in doomed]
        for path in [*doomed, *kept[KEPT:]]:
            with contextlib.suppress(OSError):  # the new state is safe; next time again
                self._remove(path)

    def _remove(self, path: Path) -> None:
        """Remove a state; a rename first, so that a killed process leaves no half of one."""
        doomed = path.with_name(f".{path.name}.old.part")
        try:
            os.replace(path, doomed)
        except FileNotFoundError:
            return
        shutil.rmtree(doomed, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what killed processes left."""
        for partial in self.folder.glob(".state-*.part"):
            shutil.rmtree(partial, ignore_errors=True)


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Let a folder's entries reach the disk (where folders can be opened, so not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
