"""Electron-proton events: kinematics, arrays, files, panels, reports."""

from ganzoo.events.arrays import (
    BEAMS,
    DTYPE,
    FIELDS,
    MAX_BEAM_ENERGY,
    UNIT,
    ElectronEvents,
    check_beams,
    find_beams,
    from_momenta,
    to_vector,
)
from ganzoo.events.kinematics import Beams

__all__ = [
    "BEAMS",
    "DTYPE",
    "FIELDS",
    "MAX_BEAM_ENERGY",
    "UNIT",
    "Beams",
    "ElectronEvents",
    "check_beams",
    "find_beams",
    "from_momenta",
    "to_vector",
]
