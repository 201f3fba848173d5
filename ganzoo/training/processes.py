"""One training in several processes, as torchrun begins them: which one writes, and who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ganzoo import _backend


def is_first() -> bool:
    """Whether this process writes files and speaks; a process alone does."""
    return bool(_backend.process()[0] == 0)


def wait_for_all() -> None:
    """Go on when every process is here."""
    _backend.largest(0)


@contextmanager
def together() -> Iterator[bool]:
    """Join the processes of torchrun, where there are several, and leave them at the end.

    Yields:
        Whether this is the first of them.

    Raises:
        InvalidArgumentError: There are several, on another backend than PyTorch.
    """
    _backend.join_processes()
    yield is_first()  # after an error the others are not waited for: torchrun ends them
    _backend.leave_processes()


def silent(line: str) -> None:
    """Say nothing: the first process does."""


def speaker(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what says lines in this process."""
    return say if is_first() else silent
