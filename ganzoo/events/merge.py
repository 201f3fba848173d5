"""Parts of a run of events into one file: `ganzoo merge`.

What the files state of themselves decides: they must be of one run, and all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ganzoo.errors import DataError
from ganzoo.events import files
from ganzoo.events.chunks import opened
from ganzoo.events.parts import blocks_in, events_in, kept_of

# What all parts of one run state alike, and how it is called.
_ALIKE = {
    "weights": "the weights",
    "seed": "the seed",
    "version": "ganzoo's version",
    "requested": "the run's number of events",
    "q2_min": "q2_min",
    "electron_beam": "the electron beam",
    "proton_beam": "the proton beam",
}
_NEEDED = ("weights", "seed", "version", "requested", "part", "parts", "blocks")
_SHOWN = 8


class Stored(NamedTuple):
    """A part in a file.

    Attributes:
        path: The file.
        metadata: What it states.
    """

    path: Path
    metadata: Mapping[str, Any]

    @property
    def blocks(self) -> range:
        """The blocks that it holds."""
        return range(*self.metadata["blocks"])

    @property
    def events(self) -> int:
        """How many events it states to hold."""
        kept = kept_of(self.metadata)
        return events_in(self.metadata["requested"], self.blocks) if kept is None else kept


def merge(
    paths: Sequence[Any], output: Any, progress: Callable[[str, int, int], None] | None = None
) -> int:
    """Write the events of all parts of a run into one file, in the run's order.

    Memory does not grow with the number of events. The file states what that of the whole run
    would: its seed, its model, part 1 of 1.

    Args:
        paths: The parts, in any order; forms may differ.
        output: The ending says the form; see `ganzoo.events.files`.
        progress: Told how many events are written.

    Returns:
        How many events there are.

    Raises:
        DataError: The files are not parts of one run, some are missing or there twice, or one
            holds another number of events than it states.
    """
    parts = whole_run([stated(Path(path)) for path in paths])
    done, total = 0, sum(part.events for part in parts)
    with files.event_writer(output, merged_metadata(parts), total) as append:
        for part in parts:
            before = done
            with opened(part.path) as found:
                for events in found.chunks:
                    append(events)
                    done += len(events)
                    if progress is not None:
                        progress("merging", done, total)
            if done - before != part.events:
                raise DataError(
                    f"{part.path} states {part.events} events and holds {done - before}; draw "
                    f"part {part.metadata['part']}/{part.metadata['parts']} again."
                )
    return total


def stated(path: Path) -> Stored:
    """Return what a file states of the part that it holds.

    Raises:
        DataError: It is no part of a run with a seed.
    """
    with opened(path) as found:
        metadata = found.metadata
    missing = [key for key in _NEEDED if key not in metadata]
    if missing:
        raise DataError(
            f"{path} does not state {', '.join(missing)}: it is no part of a run that "
            "`ganzoo sample --seed S --part K/N` wrote."
        )
    if "weight_classifier" in metadata:
        raise DataError(f"{path} has a weight for each event, which a merged file would not have.")
    blocks = metadata["blocks"]
    in_a_row = len(blocks) == 2 and all(isinstance(block, int) for block in blocks)
    if not in_a_row or not 0 <= blocks[0] < blocks[1] <= blocks_in(metadata["requested"]):
        raise DataError(f"{path} states the blocks {blocks}, which are no row of blocks of a run.")
    return Stored(path, metadata)


def whole_run(parts: Sequence[Stored]) -> list[Stored]:
    """Return parts in order; refuse what is not one whole run.

    Raises:
        DataError: It names the files or the parts.
    """
    first, *others = parts
    for other in others:
        for key, what in _ALIKE.items():
            one, two = (part.metadata.get(key) for part in (first, other))
            if one != two:
                raise DataError(
                    f"{first.path} and {other.path} are of different runs: {what} is "
                    f"{one} and {two}."
                )
    ordered = sorted(parts, key=lambda part: part.blocks.start)
    for one, two in itertools.pairwise(ordered):
        if two.blocks.start < one.blocks.stop:
            raise DataError(
                f"{one.path} and {two.path} overlap: blocks {two.blocks.start} to "
                f"{min(one.blocks.stop, two.blocks.stop) - 1} are in both."
            )
    _check_whole(ordered)
    return ordered


def _check_whole(ordered: Sequence[Stored]) -> None:
    """Refuse a run with gaps."""
    ends = [0, *(part.blocks.stop for part in ordered)]
    begins = [*(part.blocks.start for part in ordered), blocks_in(ordered[0].metadata["requested"])]
    gaps = [(end, begin) for end, begin in zip(ends, begins, strict=True) if end < begin]
    if not gaps:
        return
    counts = {part.metadata["parts"] for part in ordered}
    lost = ", ".join(f"{end} to {begin - 1}" for end, begin in gaps[:_SHOWN])
    lost += f" and {len(gaps) - _SHOWN} more rows" if len(gaps) > _SHOWN else ""
    numbers = ""
    if len(counts) == 1:
        (of,) = counts
        absent = sorted(set(range(1, of + 1)) - {part.metadata["part"] for part in ordered})
        shown = ", ".join(f"{number}/{of}" for number in absent[:_SHOWN])
        more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
        numbers = f" (part {shown}{more})"
    raise DataError(f"Blocks {lost} of the run are in none of the files{numbers}.")


def merged_metadata(parts: Sequence[Stored]) -> dict[str, Any]:
    """Return what the file of the whole run states."""
    first = parts[0].metadata
    made = {**first, "part": 1, "parts": 1, "blocks": [0, blocks_in(first["requested"])]}
    if "q2_min" in made:
        generated = sum(part.metadata["generated"] for part in parts)
        kept = sum(part.events for part in parts)
        made |= {"generated": generated, "efficiency": kept / generated}
    return made
