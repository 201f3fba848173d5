"""Parts of a run of events, as jobs of a farm draw them: which blocks each makes, and what it says.

A run of n events is ceil(n / 16384) blocks, each with random numbers of its own; part k of N makes
the blocks from floor((k - 1) B / N) to floor(k B / N). All parts together are the events of the
run, and each of them can be drawn again alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ganzoo.errors import InvalidArgumentError
from ganzoo.random import BLOCK


class Part(NamedTuple):
    """One part of a run.

    Attributes:
        number: Which, from 1 on.
        of: How many parts there are.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """Return it as `--part` takes it."""
        return f"{self.number}/{self.of}"


WHOLE = Part(1, 1)


def blocks_in(n: int) -> int:
    """Return how many blocks a run of `n` events has."""
    return -(-n // BLOCK)


def parse_part(text: Any) -> Part:
    """Return a part from "17/200".

    Raises:
        InvalidArgumentError: Something else, or a number outside 1 to N.
    """
    match = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", str(text))
    part = Part(*map(int, match.groups())) if match else Part(0, 0)
    if not 1 <= part.number <= part.of:
        raise InvalidArgumentError(
            f"A part is K/N with K from 1 to N, such as 17/200 (--part 17/200); got {str(text)!r}."
        )
    return part


def blocks_of(n: int, part: Part) -> range:
    """Return the blocks that a part of a run of `n` events makes.

    Raises:
        InvalidArgumentError: There are more parts than blocks.
    """
    count = blocks_in(n)
    if part.of > count:
        raise InvalidArgumentError(
            f"{n} events are {count} block{'s' if count > 1 else ''} of {BLOCK}, which {part.of} "
            f"parts cannot divide; at most {count} can (--part K/{count})."
        )
    return range((part.number - 1) * count // part.of, part.number * count // part.of)


def events_in(n: int, blocks: range) -> int:
    """Return how many of a run's `n` events some blocks are; the last block may be cut."""
    return min(n, blocks.stop * BLOCK) - blocks.start * BLOCK


def kept_of(metadata: Mapping[str, Any]) -> int | None:
    """Return how many events a cut left, as a file states it; None without a cut."""
    if "q2_min" not in metadata or "generated" not in metadata:
        return None
    return round(metadata["generated"] * metadata["efficiency"])


def row_of(metadata: Mapping[str, Any]) -> dict[str, int] | None:
    """Return a part as numbers, which `hadd` puts below those of others; None of what is none."""
    if not all(key in metadata for key in ("part", "parts", "blocks", "requested", "seed")):
        return None
    blocks = range(*metadata["blocks"])
    made = events_in(metadata["requested"], blocks)
    kept = kept_of(metadata)
    return {
        "part": metadata["part"],
        "parts": metadata["parts"],
        "first_block": blocks.start,
        "stop_block": blocks.stop,
        "generated": made,
        "kept": made if kept is None else kept,
    }


def joined(metadata: Mapping[str, Any], rows: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Return what a file states that `hadd` made of several parts.

    Args:
        metadata: One part's, which is all that is left of them.
        rows: What `row_of` said of each part, as columns.

    Returns:
        `metadata` with the `blocks` of all of them, in a row or, where blocks between are missing,
        as a list of rows; the efficiency is that of all.
    """
    if len(rows["part"]) < 2:
        return dict(metadata)
    order = np.argsort(rows["first_block"], kind="stable")
    first, stop = (rows[name][order].tolist() for name in ("first_block", "stop_block"))
    in_a_row = first[1:] == stop[:-1]
    blocks: Any = (
        [first[0], stop[-1]] if in_a_row else [list(pair) for pair in zip(first, stop, strict=True)]
    )
    made = {**metadata, "blocks": blocks}
    if in_a_row and first[0] == 0 and stop[-1] == blocks_in(metadata["requested"]):
        made |= {"part": 1, "parts": 1}
    else:
        made["part"] = rows["part"][order].tolist()
    if "q2_min" in metadata:
        generated, kept = (int(rows[name].sum()) for name in ("generated", "kept"))
        made |= {"generated": generated, "efficiency": kept / generated}
    return made


def fingerprint(network: Any) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of a network's weights: which model it is."""
    digest = hashlib.sha256()
    for weight in network.get_weights():
        array = np.ascontiguousarray(weight)
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]
