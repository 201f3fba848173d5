"""What is said of pictures that were read: counts, with the first of each kind by name."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

_EXAMPLES = 3


class Notes:
    """Counts what was done with pictures, by kind, and names the first of each.

    Args:
        source: The folder or file that is read.
    """

    def __init__(self, source: Path) -> None:
        self.source = source
        self.left_out: dict[str, list[str]] = {}
        self.done: dict[str, list[str]] = {}
        self.deepest: dict[int, tuple[float, str]] = {}  # full range: largest number, first file

    def leave_out(self, why: str, name: str) -> None:
        """Count something that is not read."""
        self.left_out.setdefault(why, []).append(name)

    def add(self, what: str, name: str) -> None:
        """Count a picture with which something was done, a sentence with {} for how many."""
        self.done.setdefault(what, []).append(self._short(name))

    def deep(self, full: int, most: float, name: str) -> None:
        """Keep the largest number among the pictures with one full range."""
        largest, first = self.deepest.get(full, (0.0, self._short(name)))
        self.deepest[full] = (max(largest, most), first)

    def _short(self, name: str) -> str:
        """Return the part of a name below the folder that is read."""
        folder = self.source if self.source.is_dir() else self.source.parent
        return name.removeprefix(f"{folder}{os.sep}")

    def lines(self) -> list[str]:
        """Return one line per kind, those on what was left out first."""
        said = []
        if self.left_out:
            parts = [f"{why}: {len(names)} ({_few(names)})" for why, names in self.left_out.items()]
            said.append(f"Left out of {self.source}: {'; '.join(parts)}.")
        for what, names in self.done.items():
            count = f"{len(names)} picture{'s' if len(names) > 1 else ''}"
            said.append(f"{what.format(count)} ({_few(names)}).")
        for full, (largest, first) in self.deepest.items():
            if largest < full / 16:
                said.append(
                    f"Pictures are scaled by their full range, 0 to {full}; the largest number "
                    f"in {first} and others like it is {largest:g}, so that all are dark."
                )
        return said


def _few(names: list[str]) -> str:
    """Return the first of some names, those that repeat with their number."""
    counted = [
        f"{name} {count}" if count > 1 else name for name, count in Counter(names).most_common()
    ]
    return ", ".join(counted[:_EXAMPLES]) + (", ..." if len(counted) > _EXAMPLES else "")
