"""Where results go: refused before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ganzoo.errors import InvalidArgumentError, OutputError

WRITTEN = (".png", ".wav")  # into folders


def check_output(output: Path, overwrite: bool, endings: Sequence[str]) -> str:
    """Return the ending of an output, "" for a folder; refuse what cannot be written.

    Args:
        output: The path.
        overwrite: Whether something may be there already.
        endings: The accepted ones, such as ".png"; "" among them accepts a folder.

    Raises:
        InvalidArgumentError: Another ending.
        OutputError: Something is there already, or there is no folder for it.
    """
    ending = "" if output.is_dir() and "" in endings else output.suffix.lower()
    if ending not in endings:
        *others, last = filter(None, endings)
        listed = f"{', '.join(others)} or {last}" if others else last
        raise InvalidArgumentError(
            f"Cannot write {output}: the ending must be {listed}"
            f"{', or name a folder' if '' in endings else ''}."
        )
    if output.exists() and ending and not output.is_file():
        raise OutputError(f"Cannot write {output}: it is not a regular file.")
    taken = output.exists()
    if output.is_dir():
        taken = any(path.suffix.lower() in WRITTEN for path in output.iterdir())
    if taken and not overwrite:
        raise OutputError(f"{output} exists already; pass --overwrite to replace it.")
    if ending and not output.parent.is_dir():
        raise OutputError(f"Cannot write {output}: there is no folder {output.parent}.")
    if not ending and output.exists() and not output.is_dir():
        raise OutputError(f"Cannot write into {output}: it is not a folder.")
    return ending
