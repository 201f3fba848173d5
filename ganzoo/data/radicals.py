"""The radical of a Chinese character, from Unicode alone: how the character is built.

The block CJK Unified Ideographs (U+4E00 to U+9FA5) is sorted by the 214 Kangxi radicals; Unicode
maps each radical's own code point (U+2F00 to U+2FD5) to the ideograph that its section begins
with. So the section that a character lies in names its radical.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter

import numpy as np

from ganzoo.errors import DataError

_STARTS = [ord(unicodedata.normalize("NFKC", chr(point))) for point in range(0x2F00, 0x2FD6)]


def radical(character: str) -> int:
    """Return the number of a character's Kangxi radical, 1 to 214.

    Raises:
        DataError: Not one character of U+4E00 to U+9FA5.
    """
    if len(character) != 1 or not 0x4E00 <= ord(character) <= 0x9FA5:
        raise DataError(f"A radical needs one character from U+4E00 to U+9FA5; got {character!r}.")
    return bisect_right(_STARTS, ord(character))


def radical_classes(characters: str, classes: int = 24) -> tuple[np.ndarray, tuple[int, ...]]:
    """Class characters by radical.

    Args:
        characters: n characters.
        classes: How many radicals get a class of their own: the most frequent ones.

    Returns:
        Labels, int64 (n,): 0 to `classes` - 1 in order of frequency, `classes` for all others;
        and the radicals' numbers in that order.
    """
    found = [radical(character) for character in characters]
    frequent = tuple(number for number, _ in Counter(found).most_common(classes))
    place = {number: label for label, number in enumerate(frequent)}
    return np.array([place.get(number, classes) for number in found], np.int64), frequent
