"""Progress on standard error, where that is a terminal."""

from __future__ import annotations

import sys
import threading
from typing import Any

from ganzoo.errors import DownloadError

QUICK = 4096  # so few examples are drawn before a bar would be seen


class Bars:
    """One progress bar per file that is downloaded."""

    def __init__(self) -> None:
        self.bars: dict[tuple[str, str], Any] = {}
        self.lock = threading.Lock()
        self.shown = sys.stderr.isatty()
        self.stopped = threading.Event()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self.bars.values():
            bar.close()

    def stop(self) -> None:
        """Let every transfer end at its next chunk."""
        self.stopped.set()

    def update(self, name: str, file: str, done: int, size: int | None) -> None:
        """Move a file's bar; `done` falls back when an attempt starts anew.

        Args:
            name: Of what the file belongs to.
            file: Its name.
            done: Bytes that have arrived.
            size: Bytes in all, None where that is not known.

        Raises:
            DownloadError: `stop` was called; this ends the transfer that reports here.
        """
        if self.stopped.is_set():
            raise DownloadError(f"the download of {name} was interrupted")
        if not self.shown:
            return
        from tqdm import tqdm  # here, as it would slow every other command down

        with self.lock:
            bar = self.bars.get((name, file))
            if bar is None:
                bar = tqdm(total=size, desc=f"{name} {file}", unit="B", unit_scale=True)
                self.bars[name, file] = bar
            bar.update(done - bar.n)


class Counts:
    """One progress bar per thing that is counted, such as samples drawn and pictures written.

    Args:
        unit: What is counted.
        quick: No bar for so many or fewer.
        after: Seconds before a bar is shown.
    """

    def __init__(self, unit: str = "it", *, quick: int = QUICK, after: float = 0.0) -> None:
        self.unit, self.quick, self.after = unit, quick, after
        self.bars: dict[str, Any] = {}

    def __enter__(self) -> Counts:
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self.bars.values():
            bar.close()

    def update(self, what: str, done: int, total: int) -> None:
        """Let the bar of `what` stand at `done` of `total`."""
        if total <= self.quick:
            return
        from tqdm import tqdm  # here, as it would slow every other command down

        if what not in self.bars:
            self.bars[what] = tqdm(
                total=total, desc=what, unit=self.unit, unit_scale=True, disable=None,
                delay=self.after,
            )  # fmt: skip
        self.bars[what].total = total
        self.bars[what].update(done - self.bars[what].n)
