"""`ganzoo evaluate` for electron events: from a model or a file of events to a table.

They are compared with Pythia's events that neither trained nor chose any model of the zoo, and
these with others of Pythia's; or with a file of events, cut into two halves.
"""

from __future__ import annotations

import dataclasses
import time
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ganzoo import zoo
from ganzoo.checks import check_count
from ganzoo.errors import (
    DataError,
    InvalidArgumentError,
    MissingExtraError,
    PresetError,
    nearest,
)
from ganzoo.evaluation import cards
from ganzoo.events import ElectronEvents, kinematics, panels, report
from ganzoo.events import files as event_files
from ganzoo.events import stream as event_sampling
from ganzoo.events.kinematics import Beams
from ganzoo.events.table import event_table
from ganzoo.events.truth import TRUTH_SEEDS, VERSION, sample, true_electrons
from ganzoo.extras import require
from ganzoo.metrics.picture_table import split
from ganzoo.metrics.table import Table
from ganzoo.random import random_generator
from ganzoo.zoo import registry

SAMPLES = 100_000
PYTHIA, SHIPPED = "pythia", "electrons_sample"
Q2_MIN = 2.0  # GeV2, of the zoo's recipes


class Truth(NamedTuple):
    """Real events to compare with.

    Attributes:
        name: Where they come from, as one line.
        real, held_out: Momenta in GeV, (m, 3) each; independent of each other.
        beams: Energies of the beams in GeV.
        q2_min: Their least Q2 in GeV2.
        floor: Where the held-out ones come from, as one line.
    """

    name: str
    real: np.ndarray
    held_out: np.ndarray
    beams: Beams
    q2_min: float
    floor: str


def is_events(name: Any) -> bool:
    """Return whether a name or a path is about electron events: a model or a file of them."""
    path = Path(name)
    if str(name) in zoo.ENTRIES or path.is_dir():
        return registry.data_kind(name) == "events"
    if path.suffix.lower() != ".npz":
        return path.suffix.lower() in event_files.ENDINGS
    try:
        with zipfile.ZipFile(path) as archive:
            return {"events.npy", "metadata.npy"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def evaluate(
    name: Any,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    picture: Any = None,
) -> Table:
    """Measure a model of events, a preset, or a file of events.

    Args:
        name: A name in the zoo, a preset folder, or a file of events.
        reference: "pythia" (the default), "electrons_sample" (4,000 events that are shipped, so
            that n is 2,000), or a file of events.
        samples: How many events are drawn, or used of the file; 100,000 by default.
        seed: Seeds the latents and every choice of the metrics.
        picture: Path of a PNG to write: the nine panels.

    Returns:
        A table; its facts say sizes, seed, backend and seconds.

    Raises:
        InvalidArgumentError: There is no such reference.
        DataError: Too few events, other beams than the reference's, or no Pythia to make them.
        MissingExtraError: The extra `metrics` is not installed.
    """
    require("sklearn", "`ganzoo evaluate`")
    require("scipy", "`ganzoo evaluate`")
    wanted = SAMPLES if samples is None else check_count("samples", samples)
    begun = time.monotonic()
    gan, made, backend = None, None, None
    if str(name) not in zoo.ENTRIES and Path(name).is_file():
        made = event_files.read(name)
        beams, q2_min = made.beams, float(made.origin.get("q2_min", Q2_MIN))
    else:
        gan, backend = _loaded(name)
        beams, q2_min = gan.beams, Q2_MIN
    truth = load_truth(reference, wanted, beams, q2_min, seed)
    if truth.beams != beams:
        raise DataError(
            f"{name} has beams of {beams.electron:g} x {beams.proton:g} GeV, the reference "
            f"{truth.beams.electron:g} x {truth.beams.proton:g} GeV."
        )
    n = min(wanted, len(truth.real))
    if made is None:
        momenta = event_sampling.draw(gan, n, seed).momenta
    else:
        momenta = made.momenta[random_generator(seed).permutation(len(made))[:n]]
    table = event_table(momenta, truth.real, truth.held_out, beams, q2_min=truth.q2_min, seed=seed)
    if picture is not None:
        pair = (panels.quantities(part[: len(momenta)], beams) for part in (truth.real, momenta))
        report.save_panels(picture, next(pair), [next(pair)], _label(name))
    facts = {
        **table.facts,
        "name": str(name),
        "samples": wanted,
        "reference": truth.name,
        "held_out": truth.floor,
        "features_of": "the nine quantities",
        "backend": backend,
        "seconds": round(time.monotonic() - begun, 1),
    }
    return dataclasses.replace(table, facts=facts)


def load_truth(
    reference: Any, n: int, beams: Beams, q2_min: float = Q2_MIN, seed: int = 0
) -> Truth:
    """Return real events: Pythia's for these beams, the shipped ones, or those of a file.

    Args:
        reference: As in `evaluate`.
        n: How many of each kind; there may be fewer.
        beams: Energies of the beams in GeV, for Pythia.
        q2_min: Least Q2 in GeV2, for Pythia.
        seed: Seeds how a file is cut into two halves.
    """
    name = PYTHIA if reference is None else str(reference)
    if name == PYTHIA:
        return _pythia(n, beams, q2_min)
    if name == SHIPPED:
        return _halves("4,000 events of Pythia's that are shipped", sample(), n, seed)
    if Path(name).is_file():
        return _halves(name, event_files.read(name), n, seed)
    known = (PYTHIA, SHIPPED)
    raise InvalidArgumentError(
        f"The reference {name!r} is neither known for events ({', '.join(known)}) nor a file of "
        f"events.{nearest(name, known)}"
    )


def _pythia(n: int, beams: Beams, q2_min: float) -> Truth:
    try:
        real, held_out = true_electrons(n, beams=beams, q2_min=q2_min)
    except MissingExtraError as error:
        raise MissingExtraError(
            f"{error}. Without it, --reference {SHIPPED} compares with half of the 4,000 events of "
            "Pythia's that are shipped."
        ) from error
    first, second = TRUTH_SEEDS
    return Truth(
        f"Pythia {VERSION}, {beams.electron:g} x {beams.proton:g} GeV, "
        f"Q2 > {q2_min:g} GeV2, seed {first}",
        real,
        held_out,
        beams,
        q2_min,
        f"Pythia, seed {second}",
    )


def _halves(name: str, events: ElectronEvents, n: int, seed: int) -> Truth:
    real, held_out = split(events.momenta, n, seed)
    px, py, pz = events.momenta.T
    least = float(kinematics.Q2(px, py, pz, events.beams).min())
    q2_min = float(events.origin.get("q2_min", least))
    return Truth(name, real, held_out, events.beams, q2_min, "the other half of the reference")


def _label(name: Any) -> str:
    """Return what a picture calls the model: its entry in the zoo, or the file."""
    try:
        return cards.entry_of(Path(name))[0]
    except PresetError:
        return Path(name).resolve().name


def _loaded(name: Any) -> tuple[Any, str]:
    from ganzoo.environment import require_backend

    backend = require_backend()
    return registry.load(name), backend
