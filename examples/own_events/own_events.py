"""Events of one's own: a sample in MeV, with other names and another direction of the beam.

    python examples/own_events/own_events.py -o mine.csv

stands in for an experiment's files: scattered electrons of 18 x 275 GeV, as at the Electron-Ion
Collider, by Pythia 8, in MeV, in columns called `el_px`, `el_py` and `el_pz`, the electron beam
along -z. Nothing in the file says so. With another --seed they are other events of the same kind.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from ganzoo.cli.script import Script
from ganzoo.events.truth import electrons

BEAMS = (18.0, 275.0)  # GeV
MEV = 1e3  # in a GeV


@click.command(cls=Script, help=__doc__)
@click.option("-n", "count", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--q2min", type=float, default=2.0, show_default=True, help="In GeV2.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("mine.csv"),
              show_default=True)  # fmt: skip
def main(count: int, q2min: float, seed: int, output: Path) -> None:
    made = electrons(count, beams=BEAMS, q2_min=q2min, seed=seed).array
    # Half a turn about the x axis: the electron beam, along +z in ganzoo, then flies along -z.
    columns = np.stack([made["px"], -made["py"], -made["pz"]], axis=1) * MEV
    np.savetxt(output, columns, "%.9g", ",", header="el_px,el_py,el_pz", comments="")
    print(f"{count} electrons in MeV: {output}")


if __name__ == "__main__":
    main()
