"""How many kills were tried and survived, for one line in the summary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

count = {"tried": 0, "survived": 0}


@contextmanager
def tried() -> Iterator[None]:
    """Count a kill; it is survived if the block succeeds."""
    count["tried"] += 1
    yield
    count["survived"] += 1
