"""States of a training on disk: a folder per epoch, committed by a rename, the last two kept.

A state is `state-000007/` with `model.weights.h5` and, written last, `manifest.json`: the epoch,
the facts that must be equal to resume, and the SHA-256 of the weights.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganzoo._files import sha256_of
from ganzoo.errors import TrainingError
from ganzoo.preflight import weights_image

WEIGHTS = "model.weights.h5"
MANIFEST = "manifest.json"
KEPT = 2


class StateFolder:
    """The states of one training.

    Args:
        folder: Holds the states; made by the first `save`.
    """

    def __init__(self, folder: Any) -> None:
        self.folder = Path(folder)

    def epochs(self) -> list[int]:
        """Return the epochs of the states present, newest first."""
        names = [path.name for path in self.folder.glob("state-??????") if path.is_dir()]
        return sorted((int(name[6:]) for name in names if name[6:].isdigit()), reverse=True)

    def save(self, model: Any, epoch: int, facts: dict[str, Any]) -> None:
        """Write the state after `epoch` epochs, then drop all but the last two.

        Raises:
            TrainingError: The disk refuses; earlier states are untouched.
        """
        final = self._path(epoch)
        temporary = self.folder / f".{final.name}.part"
        try:
            shutil.rmtree(temporary, ignore_errors=True)  # of a killed process
            temporary.mkdir(parents=True)
            (temporary / WEIGHTS).write_bytes(weights_image(model))
            manifest = {"epoch": epoch, "facts": facts, "sha256": sha256_of(temporary / WEIGHTS)}
            (temporary / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            for name in (WEIGHTS, MANIFEST):
                _flush(temporary / name)
            shutil.rmtree(final, ignore_errors=True)
            os.replace(temporary, final)
            _flush(self.folder)
        except OSError as error:
            reason = error.strerror or str(error)
            raise TrainingError(f"Cannot save the training in {final}: {reason}.") from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        for old in self.epochs()[KEPT:]:
            shutil.rmtree(self._path(old), ignore_errors=True)

    def newest(self, facts: dict[str, Any], say: Callable[[str], None]) -> int:
        """Return the number of epochs in the newest intact state.

        Args:
            facts: What must be equal to the saved training's.
            say: Receives a line for each damaged state that is passed over.

        Raises:
            TrainingError: There is no intact state, or it belongs to another training.
        """
        damaged = 0
        for epoch in self.epochs():
            manifest = self._manifest(epoch)
            if manifest is not None:
                _compare(manifest["facts"], facts)
                say(f"Resuming after epoch {epoch}.")
                return epoch
            say(f"The state after epoch {epoch} is damaged and was passed over.")
            damaged += 1
        raise TrainingError(
            f"There is no state to resume from in {self.folder}"
            + (f"; {damaged} damaged." if damaged else ".")
        )

    def load(self, model: Any, epoch: int) -> None:
        """Load the state after `epoch` epochs into a model that is compiled as it was then."""
        model.load_weights(self._path(epoch) / WEIGHTS)

    def _path(self, epoch: int) -> Path:
        return self.folder / f"state-{epoch:06d}"

    def _manifest(self, epoch: int) -> dict[str, Any] | None:
        """Return the manifest of an intact state, or None."""
        path = self._path(epoch)
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            intact = manifest["sha256"] == sha256_of(path / WEIGHTS) and "facts" in manifest
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return manifest if intact else None


def _compare(saved: dict[str, Any], wanted: dict[str, Any]) -> None:
    wanted = json.loads(json.dumps(wanted))  # tuples to lists, as in the saved one
    changed = [key for key in sorted({*saved, *wanted}) if saved.get(key) != wanted.get(key)]
    if changed:
        differences = "; ".join(
            f"{key}: was {saved.get(key)!r}, is {wanted.get(key)!r}" for key in changed
        )
        raise TrainingError(f"The saved training is another one ({differences}).")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
