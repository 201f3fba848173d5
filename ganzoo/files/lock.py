"""One process at a time in a folder, by a lock that the system releases when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ganzoo.errors import TrainingError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NAME = ".lock"
_held: dict[Path, list[int]] = {}  # folder: descriptor, process, how often


class FolderLock:
    """The lock of a folder; a process may take it more than once.

    A record lock rather than `flock`: a child made by fork, as data loaders make, does not hold it,
    so that it ends with the training itself. On a file system without locks nothing is locked.

    Args:
        folder: Gets a file `.lock`; made if missing.
        what: What holds it, as the refusal says.
    """

    def __init__(self, folder: Any, what: str = "training") -> None:
        self.folder = Path(folder).resolve()
        self.what = what
        self.taken = False

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            TrainingError: Another process has it, or the folder cannot be written.
        """
        if self.taken or fcntl is None:
            return
        entry = _held.get(self.folder)
        if entry is None or entry[1] != os.getpid():
            entry = _held[self.folder] = [self._locked(), os.getpid(), 0]
        entry[2] += 1
        self.taken = True

    def release(self) -> None:
        """Release the lock."""
        if not self.taken:
            return
        self.taken = False
        entry = _held[self.folder]
        entry[2] -= 1
        if not entry[2]:
            del _held[self.folder]
            os.close(entry[0])

    def _locked(self) -> int:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(self.folder / NAME, flags, 0o666)
        except OSError as error:
            raise TrainingError(f"Cannot write into {self.folder}: {error.strerror}.") from error
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise TrainingError(
                f"Another {self.what} is running in {self.folder} (process {holder}); wait for it, "
                "or choose another folder."
            ) from error
        except OSError:  # a file system without locks
            return descriptor
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor
