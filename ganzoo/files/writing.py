"""Atomic writing: a reader sees the old file or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from ganzoo.errors import OutputError


@contextmanager
def written(path: Any, *, suffix: str = "") -> Iterator[Path]:
    """Yield a temporary path in the same folder; rename it to `path` when the block succeeds.

    Args:
        path: The final path.
        suffix: An ending that the writer requires, such as ".weights.h5".

    Raises:
        OutputError: The folder is missing or read-only, `path` is a directory, or the disk is
            full. What was at `path` before is untouched and nothing else is left behind.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"Cannot write {path}: it is a directory.")
    if path.exists() and not path.is_file():
        raise OutputError(f"Cannot write {path}: it is not a regular file.")
    temporary = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part{suffix}")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot write {path}: {reason}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Any, text: str) -> None:
    """Write UTF-8 text, whole or not at all."""
    with written(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
