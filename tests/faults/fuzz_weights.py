"""Damage a weights file at random and see what the preflight lets through; one process of its own.

Arguments: the weights file, the kind of damage, how often, a seed. Prints JSON: how many were
refused, accepted, and accepted although something else is read than the file's own bytes say.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from ganzoo.errors import PresetError
from ganzoo.presets import hdf5 as _hdf5
from ganzoo.presets import preflight

MEMORY_LIMIT = 2 << 30
Extents = dict[str, tuple[int, int]]
Damage = Callable[[bytearray, random.Random, Extents], bytearray]


def flip_anywhere(content: bytearray, chance: random.Random, extents: Extents) -> bytearray:
    """Flip up to 64 bits."""
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return content


def flip_structure(content: bytearray, chance: random.Random, extents: Extents) -> bytearray:
    """Replace bytes of HDF5's own structures only, where damage is hardest to see."""
    data = np.zeros(len(content), bool)
    for offset, size in extents.values():
        data[offset : offset + size] = True
    structure = np.flatnonzero(~data & (np.frombuffer(bytes(content), np.uint8) != 0))
    for _ in range(chance.choice((1, 1, 2, 4))):
        content[int(chance.choice(structure))] = chance.randrange(256)
    return content


def swap_structure(content: bytearray, chance: random.Random, extents: Extents) -> bytearray:
    """Copy a piece of the file over another place, as a broken disk or copy does."""
    while True:  # zeros over zeros would be no damage
        size = chance.choice((8, 16, 64, 512))
        source, target = (chance.randrange(len(content) - size) // 8 * 8 for _ in range(2))
        piece = content[source : source + size]
        if content[target : target + size] != piece:
            content[target : target + size] = piece
            return content


def cut(content: bytearray, chance: random.Random, extents: Extents) -> bytearray:
    """Cut the file off, or cut and pad it to its length again."""
    length = chance.randrange(len(content))
    padding = chance.choice((0, len(content) - length))
    return content[:length] + bytearray(padding)


DAMAGES: dict[str, Damage] = {
    damage.__name__: damage for damage in (flip_anywhere, flip_structure, swap_structure, cut)
}


def extents_of(path: Path) -> Extents:
    """Return where the file keeps the bytes of each data set: offset and size."""
    with h5py.File(path, "r") as file:
        return {
            name: (file[name].id.get_offset(), file[name].id.get_storage_size())
            for name in _hdf5.layout(path)
        }


def reads_its_own_bytes(path: Path, content: bytes, extents: Extents) -> bool:
    """Whether every data set reads as the bytes that lie in its place in the file."""
    with h5py.File(path, "r") as file:
        return all(
            file[name][()].tobytes() == content[offset : offset + size]
            for name, (offset, size) in extents.items()
        )


def has_stated_hash(path: Path, sha256: str) -> bool:
    """Whether the check that precedes the preflight finds the stated hash."""
    try:
        preflight.check_hashes(path.parent, {"sha256": {path.name: sha256}})
    except PresetError:
        return False
    return True


def main(weights: str, kind: str, times: int, seed: int) -> Counter[str]:
    """Run the damages and count the outcomes."""
    original = Path(weights).read_bytes()
    expected, extents = _hdf5.layout(weights), extents_of(Path(weights))
    chance, sha256 = random.Random(seed), hashlib.sha256(original).hexdigest()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.weights.h5"
        for _ in range(times):
            content = bytes(DAMAGES[kind](bytearray(original), chance, extents))
            path.write_bytes(content)
            outcomes["changed"] += content != original
            outcomes["seen by the hash"] += not has_stated_hash(path, sha256)
            try:
                _hdf5.read_weights(path, expected)
            except PresetError as error:
                outcomes["refused" if "\n" not in str(error) else "several lines"] += 1
                continue
            if content == original:
                outcomes["unchanged"] += 1
            elif reads_its_own_bytes(path, content, extents):
                outcomes["accepted"] += 1
            else:
                outcomes["misread"] += 1
    return outcomes


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
