"""The outputs of each tiny model with numbered weights: python -m tests.contract.reference.

The file is the same for all backends; each of them is held to it, to 1e-4.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import zoo
from ganzoo.game.run import run
from tests.contract.support import build, set_numbered

FILE = Path(__file__).parent / "reference.json"
ANY = 8  # a side of what takes any
KEPT = 24  # numbers of each output, spread over it


def outputs(family: str) -> dict[str, list[float]]:
    """Return some numbers of what each network makes: of the probe, and of all the others."""
    model = build(family)
    set_numbered(model)
    made: dict[str, Any] = model.probe(model.probe_inputs(n=3, seed=5))
    for name, network in model.networks.items():
        if name not in made:
            random = np.random.Generator(np.random.PCG64(6))
            shapes = [(3, *(side or ANY for side in t.shape[1:])) for t in network.inputs]
            inputs = [random.standard_normal(shape, dtype=np.float32) for shape in shapes]
            made[name] = run(network, *inputs)
    return {name: _spread(array) for name, array in made.items()}


def _spread(made: Any) -> list[float]:
    """Return some numbers of an array, or of the arrays of several outputs."""
    several = made if isinstance(made, list) else [made]
    flat = np.concatenate([np.asarray(array, np.float64).ravel() for array in several])
    chosen = np.linspace(0, len(flat) - 1, min(KEPT, len(flat))).round().astype(int)
    return [round(float(value), 7) for value in flat[chosen]]


def main() -> None:
    """Write the file."""
    found = {family: outputs(family) for family in sorted(zoo.FAMILIES)}
    lines = [f" {json.dumps(family)}: {json.dumps(made)}" for family, made in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} families written to {FILE}")


if __name__ == "__main__":
    main()
