"""The first Ctrl-C or SIGTERM is noted, so that a step can be finished; the second one kills."""

from __future__ import annotations

import signal
import threading
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Signals:
    """Notes SIGINT and SIGTERM between `install` and `remove`, in the main thread only.

    A signal that is ignored, as in a shell's background, stays so.

    Attributes:
        number: The signal that came, or 0.
    """

    def __init__(self) -> None:
        self.number = 0
        self._before: dict[int, Any] = {}

    def install(self) -> None:
        """Begin to note signals."""
        self.number = 0
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            before = signal.getsignal(number)
            if before not in (signal.SIG_IGN, None):
                self._before[number] = before
                signal.signal(number, self._note)

    def remove(self) -> None:
        """Put back what was there before."""
        while self._before:
            signal.signal(*self._before.popitem())

    def _note(self, number: int, frame: Any) -> None:
        self.number = number
        for other in self._before:
            signal.signal(other, signal.SIG_DFL)  # the second one ends the process at once
