"""Which pictures of a source the zoo's checkpoints know: of all that it has, about 14 in 15.

Kept as fingerprints: the first four bytes of the SHA-256 of a picture's name, big-endian.
"""

from __future__ import annotations

import functools
import hashlib
from importlib import resources

import numpy as np

_FILE = "known_pictures.npz"


def fingerprint(name: str) -> int:
    """Return the fingerprint of a picture's name, such as "tulips/100930342_92e8746431_n"."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


@functools.cache
def known(name: str) -> frozenset[int]:
    """Return the fingerprints of a set: "flowers", "clothing" or "openmoji"."""
    with (resources.files("ganzoo.preparation") / _FILE).open("rb") as stream:
        return frozenset(np.load(stream, allow_pickle=False)[name].tolist())
