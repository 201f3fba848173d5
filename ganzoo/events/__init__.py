"""Electron-proton events: kinematics, arrays, files, panels, reports."""

from ganzoo.events.arrays import (
    BEAMS,
    DTYPE,
    FIELDS,
    MAX_BEAM_ENERGY,
    UNIT,
    ElectronEvents,
    find_beams,
    from_momenta,
    to_vector,
)

__all__ = [
    "BEAMS",
    "DTYPE",
    "FIELDS",
    "MAX_BEAM_ENERGY",
    "UNIT",
    "ElectronEvents",
    "find_beams",
    "from_momenta",
    "to_vector",
]
