"""Damage a preset's weights at random and load it; one process of its own.

Arguments: the preset folder, how often, a seed. Each damaged preset is loaded twice: as it is, and
with the hash in config.json made to fit. Prints JSON with the counts.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from fuzz_weights import DAMAGES, extents_of

import ganzoo
from ganzoo.errors import IntegrityError, PresetError

MEMORY_GROWTH = 2 << 30  # bytes of address space beyond what the backend reserves


def main(preset: str, times: int, seed: int) -> Counter[str]:
    """Run the damages and count the outcomes."""
    shapes = [array.shape for array in ganzoo.load(preset).get_weights()]
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_GROWTH,) * 2)
    chance, outcomes = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(preset, Path(temporary) / "preset"))
        weights, config = folder / "model.weights.h5", folder / "config.json"
        original, stated = weights.read_bytes(), config.read_text()
        extents = extents_of(weights)
        for _ in range(times):
            content = original
            while content == original:
                damage = DAMAGES[chance.choice(sorted(DAMAGES))]
                content = bytes(damage(bytearray(original), chance, extents))
            weights.write_bytes(content)
            config.write_text(stated)
            try:
                ganzoo.load(folder)
            except IntegrityError:
                outcomes["refused by the hash"] += 1
            fitting = json.loads(stated)
            fitting["sha256"][weights.name] = hashlib.sha256(content).hexdigest()
            config.write_text(json.dumps(fitting))
            try:
                arrays = ganzoo.load(folder).get_weights()
            except PresetError:
                outcomes["refused past the hash"] += 1
            else:
                right = [array.shape for array in arrays] == shapes
                right &= all(np.isfinite(array).all() for array in arrays)
                outcomes["right form" if right else "wrong form"] += 1
    return outcomes


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
