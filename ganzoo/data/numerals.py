"""Chinese numerals as lines of text, one-hot: a small language whose every word is known."""

from __future__ import annotations

from functools import cache

import numpy as np

from ganzoo.data.pairs import check_split
from ganzoo.errors import InvalidArgumentError
from ganzoo.random import random_generator

DIGITS, UNITS = "零一二三四五六七八九", ("", "十", "百", "千")
VOCABULARY = f" {DIGITS}{''.join(UNITS)}"  # the blank fills up shorter ones
LENGTH, LARGEST = 7, 9999  # characters of 1234, and the largest number
_HELD_OUT = 2000


def chinese_numeral(number: int) -> str:
    """Return a number in Chinese characters: 一千零一十 for 1010, 十二 for 12.

    Args:
        number: 1 to 9,999.

    Raises:
        InvalidArgumentError: Another number.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LARGEST:
        raise InvalidArgumentError(f"number must be from 1 to {LARGEST}; got {number!r}.")
    made, digits = "", str(number)
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            made += DIGITS[int(digit)] + UNITS[place]
        elif digits[len(digits) - place :].strip("0") and not made.endswith(DIGITS[0]):
            made += DIGITS[0]  # one for any noughts in a row that something follows
    return made.removeprefix(DIGITS[1]) if 10 <= number < 20 else made


@cache
def numbers_of() -> dict[str, int]:
    """Return the number that each numeral means."""
    return {chinese_numeral(number): number for number in range(1, LARGEST + 1)}


def chinese_numerals(split: str = "train") -> np.ndarray:
    """Return the numerals of 1 to 9,999, one-hot characters, float32 (n, 7, 14) of 0 and 1.

    Args:
        split: "train" (7,999), or "test", 2,000 others that a seed chose.
    """
    check_split(split)
    order = random_generator(0).permutation(LARGEST) + 1
    chosen = sorted(order[:_HELD_OUT] if split == "test" else order[_HELD_OUT:])
    lines = [chinese_numeral(int(number)).ljust(LENGTH) for number in chosen]
    rows = [[VOCABULARY.index(character) for character in line] for line in lines]
    return np.eye(len(VOCABULARY), dtype=np.float32)[np.array(rows)]
