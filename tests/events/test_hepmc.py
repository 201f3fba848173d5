"""Scattered electrons out of files of whole events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganzoo import events
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.events import files as event_files
from ganzoo.events import kinematics
from ganzoo.events.truth import sample

SHIPPED = sample().array[:500]


def hepmc(path: Path, n: int = 40, unit: str = "GEV", change: Any = None) -> np.ndarray:
    """Write events of a beam electron along -z as HepMC3; return the scattered electrons in GeV.

    Each has a second, softer electron of higher pT and a photon; event 3 has neither electron.
    """
    pyhepmc = pytest.importorskip("pyhepmc", reason="pyhepmc (extra `hepmc`) is not installed")
    factor = {"GEV": 1.0, "MEV": 1e3}[unit]
    electrons = SHIPPED[:n]
    with pyhepmc.open(str(path), "w") as file:
        for index, one in enumerate(electrons):
            event = pyhepmc.GenEvent(getattr(pyhepmc.Units, unit), pyhepmc.Units.MM)
            event.event_number = index
            p = np.array([one["px"], -one["py"], -one["pz"], one["E"]])  # half a turn about x
            soft = np.array([9.0, 0.0, 0.0, 9.0])
            proton = np.array([0.0, 0.0, np.sqrt(50.0**2 - kinematics.PROTON_MASS**2), 50.0])
            outgoing = [] if index == 3 else [(p, 11), (soft, 11)]
            beams = [(np.array([0.0, 0.0, -50.0, 50.0]), 11), (proton, 2212)]
            vertex = pyhepmc.GenVertex((0, 0, 0, 0))
            if change is not None:
                change(index, beams)
            for momentum, pid in beams:
                vertex.add_particle_in(pyhepmc.GenParticle(factor * momentum, pid, 4))
            for momentum, pid in [*outgoing, (np.array([1.0, 0.0, 50.0, 60.0]), 22)]:
                vertex.add_particle_out(pyhepmc.GenParticle(factor * momentum, pid, 1))
            event.add_vertex(vertex)
            file.write(event)
    return np.delete(electrons, 3)


@pytest.mark.parametrize(("unit", "ending"), [("GEV", ".hepmc"), ("MEV", ".hepmc3.gz")])
def test_the_scattered_electrons_of_hepmc(unit, ending, tmp_path):
    path = tmp_path / f"a{ending}"
    electrons = hepmc(path, unit=unit)
    with pytest.raises(DataError, match=r"along -z; here it flies along \+z"):
        event_files.read(path)
    with pytest.warns(UserWarning, match="1 of 40 events of .* have no electron .* are left out"):
        found = event_files.read(path, direction="-z")
    assert (found.beams, len(found)) == ((50.0, 50.0), 39)
    for name in events.FIELDS:
        np.testing.assert_allclose(found.array[name], electrons[name], rtol=1e-6, atol=1e-9)
    with pytest.warns(UserWarning, match=r"39 of 40 .* several electrons.* highest pT is taken"):
        soft = event_files.read(path, direction="-z", electron="pT")
    assert np.hypot(soft.array["px"], soft.array["py"]) == pytest.approx(9.0)
    with pytest.raises(DataError, match=r"The unit of .* at once"):
        event_files.read(path, direction="-z", unit="keV")


def test_events_of_hepmc_that_are_refused(tmp_path):
    path = tmp_path / "a.hepmc"

    def second_beam(index: int, beams: list[Any]) -> None:
        if index == 7:
            beams[1] = (np.array([0.0, 0.0, 41.0, 41.0]), 2212)

    def ion(index: int, beams: list[Any]) -> None:
        beams[1] = (beams[1][0], 1000791970)

    def crossing(index: int, beams: list[Any]) -> None:
        beams[0] = (np.array([1.25, 0.0, -50.0, 50.02]), 11)

    for change, message in (
        (second_beam, r"event 7 has beams of -50 x 41 GeV along z, event 0 of -50 x 50 GeV"),
        (ion, r"event 0 must have an electron and a proton .*; it has 11, 1000791970"),
        (crossing, r"beams of event 0 are not along z .* transform the events to head-on"),
    ):
        hepmc(path, change=change)
        with pytest.raises(DataError, match=message):
            event_files.read(path, direction="-z")
    hepmc(path)
    with pytest.raises(InvalidArgumentError, match=r"must be one of energy, pT.*Did you mean 'pT'"):
        event_files.read(path, electron="pt")
    path.write_text("no events\n")
    with pytest.raises(DataError, match=r"a.hepmc"):
        event_files.read(path)
    np.savez(tmp_path / "a.npz", **{name: SHIPPED[name] for name in events.FIELDS})
    with pytest.raises(InvalidArgumentError, match=r"is for files of whole events .* has one elec"):
        event_files.read(tmp_path / "a.npz", electron="pT")
