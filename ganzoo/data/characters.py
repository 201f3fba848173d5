"""Lists of characters: the user's own, and standard ones from codecs of the standard library."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from ganzoo.errors import DataError, nearest

MAX_CHARACTERS = 200_000
_NEARLY = 0.75  # as alike as a mistyped name of a list is
# "list.txt", "dir/list", "../list"; but neither "A.B" nor a row of punctuation.
_FILE_NAME = re.compile(
    r"\A[\w~][\w .~-]*\.(txt|text|csv|list|lst|dat|utf8|md)\Z"
    r"|\A(~|\.{0,2}|[\w .-]{2,})([/\\][\w .~-]+)+\Z",
    re.IGNORECASE,
)


def characters(source: Any) -> str:
    """Return distinct characters, in order.

    Args:
        source: The characters themselves, in a string or a sequence of strings; a built-in list
            ("moe-4808", "gb2312-1", "big5-1", "jisx0208-1"); or the path of a UTF-8 text file: a
            `Path`, a string that names a file, or one that looks like it ("dir/list.txt"). White
            space is ignored.

    Returns:
        A string without repetitions.

    Raises:
        DataError: The file is missing or is not UTF-8 text, a name is nearly that of a list, or
            nothing is left.
    """
    text = LISTS[source]() if isinstance(source, str) and source in LISTS else _text(source)
    distinct = "".join(dict.fromkeys(c for c in text if not c.isspace() and c != "\ufeff"))
    if not 1 <= len(distinct) <= MAX_CHARACTERS:
        raise DataError(f"From 1 to {MAX_CHARACTERS} characters are needed; got {len(distinct)}.")
    return distinct


def _text(source: Any) -> str:
    if isinstance(source, list | tuple) and all(isinstance(part, str) for part in source):
        return "".join(source)
    if not isinstance(source, str | os.PathLike):
        raise DataError(
            "Characters must be a string, a sequence of strings, the path of a text file, or a "
            f"list's name ({', '.join(LISTS)}); got {type(source).__name__}."
        )
    if isinstance(source, str) and not _is_file(Path(source)) and not _FILE_NAME.search(source):
        if difflib.get_close_matches(source.lower(), LISTS, 1, _NEARLY):
            raise DataError(
                f"There is no list or file {source!r}; lists: {', '.join(LISTS)}."
                + nearest(source.lower(), LISTS)
            )
        return source
    path = Path(source)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); for characters themselves, leave out what "
            "looks like a file's name."
        ) from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _moe_4808() -> str:
    """Return the table of commonly used characters (常用國字標準字體表, Taiwan, 1982)."""
    return (resources.files("ganzoo.data") / "moe_4808.txt").read_text(encoding="utf-8")


def _rows(codec: str, first: int, last: int) -> str:
    """Return rows of a 94x94 character set in its EUC form; unassigned cells are left out."""
    cells = ((row + 0xA0, cell + 0xA0) for row in range(first, last + 1) for cell in range(1, 95))
    return "".join(bytes(cell).decode(codec, errors="ignore") for cell in cells)


def _big5_level_1() -> str:
    trail = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    codes = ((lead, low) for lead in range(0xA4, 0xC7) for low in trail)
    return "".join(
        bytes(code).decode("big5", errors="ignore") for code in codes if code <= (0xC6, 0x7E)
    )


LISTS: dict[str, Callable[[], str]] = {
    "moe-4808": _moe_4808,  # by the Ministry of Education, in its own order
    "gb2312-1": lambda: _rows("gb2312", 16, 55),  # 3,755, simplified
    "big5-1": _big5_level_1,  # 5,401, traditional
    "jisx0208-1": lambda: _rows("euc_jp", 16, 47),  # 2,965, Japanese; holds nearly all joyo kanji
}
