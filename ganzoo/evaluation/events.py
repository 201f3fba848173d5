"""`ganzoo evaluate` for electron events: from a model or a file of events to a table.

They are compared with Pythia's events that neither trained nor chose any model of the zoo, and
these with others of Pythia's; or with a file of events, cut into two halves.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from ganzoo.checks import check_count
from ganzoo.environment import require_backend
from ganzoo.errors import DataError, InvalidArgumentError, MissingExtraError, nearest
from ganzoo.evaluation.subject import Subject, stated
from ganzoo.events import ElectronEvents, check_beams, figures, kinematics
from ganzoo.events import files as event_files
from ganzoo.events import stream as event_sampling
from ganzoo.events.kinematics import Beams
from ganzoo.events.panels import quantities
from ganzoo.events.table import event_table
from ganzoo.events.truth import PYTHIA, SHIPPED, TRUTH_SEEDS, VERSION, sample, true_electrons
from ganzoo.metrics.picture_table import split
from ganzoo.metrics.table import Table
from ganzoo.random import random_generator
from ganzoo.tasks.task import Progress

SAMPLES = 100_000
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


def evaluate(
    subject: Subject,
    *,
    reference: Any = None,
    samples: int | None = None,
    seed: int = 1,
    panels: Any = None,
    at: Any = None,
    progress: Progress | None = None,
    reading: Mapping[str, Any] = MappingProxyType({}),
) -> Table:
    """Measure a model of events, a preset, or a file of events.

    Args:
        subject: A model of events, or a file of events.
        reference: "pythia" (the default), "electrons_sample" (4,000 events that are shipped, so
            that n is 2,000), or a file of events.
        samples: How many events are drawn, or used of the file; 100,000 by default.
        seed: Seeds the latents and every choice of the metrics.
        panels: Path of a PNG to write: the nine panels.
        at: Of a model of several beams, the energies of the two beams in GeV.
        progress: Not used; events are drawn at once.
        reading: How files of events are read: arguments of `ganzoo.events.files.read`. Where both
            are files, it is said of those that cannot be read without.

    Returns:
        A table; its facts say sizes, seed, backend and seconds.

    Raises:
        InvalidArgumentError: There is no such reference.
        DataError: Too few events, other beams than the reference's, or no Pythia to make them.
    """
    del progress
    wanted = SAMPLES if samples is None else check_count("samples", samples)
    begun = time.monotonic()
    gan, made, backend = None, None, None
    if subject.found is None:
        made = _read(subject.name, reading, reference)
        beams, q2_min = made.beams, float(made.origin.get("q2_min", Q2_MIN))
    else:
        backend = require_backend()
        gan = subject.load()
        gan = gan if at is None else gan.at(at)
        beams, q2_min = gan.beams, Q2_MIN
    other = subject.name if made is not None else None
    truth = load_truth(reference, wanted, beams, q2_min, seed, reading=reading, beside=other)
    check_beams(f"The reference {truth.name}", truth.beams, subject.name, beams)
    n = min(wanted, len(truth.real))
    if made is None:
        momenta = event_sampling.draw(gan, n, seed).momenta
    else:
        momenta = made.momenta[random_generator(seed).permutation(len(made))[:n]]
    table = event_table(momenta, truth.real, truth.held_out, beams, q2_min=truth.q2_min, seed=seed)
    if panels is not None:
        pair = (quantities(part[: len(momenta)], beams) for part in (truth.real, momenta))
        label = Path(subject.name).resolve().name if subject.found is None else subject.found.name
        figures.save_panels(panels, next(pair), [next(pair)], label)
    facts = stated(
        subject,
        begun,
        **table.facts,
        samples=wanted,
        reference=truth.name,
        held_out=truth.floor,
        features_of="the nine quantities",
        backend=backend,
    )
    return dataclasses.replace(table, facts=facts)


def load_truth(
    reference: Any,
    n: int,
    beams: Beams,
    q2_min: float = Q2_MIN,
    seed: int = 0,
    *,
    reading: Mapping[str, Any] | None = None,
    beside: Any = None,
) -> Truth:
    """Return real events: Pythia's for these beams, the shipped ones, or those of a file.

    Args:
        reference: As in `evaluate`.
        n: How many of each kind; there may be fewer.
        beams: Energies of the beams in GeV, for Pythia.
        q2_min: Least Q2 in GeV2, for Pythia.
        seed: Seeds how a file is cut into two halves.
        reading: Arguments of `ganzoo.events.files.read`, for a file.
        beside: Path of what is compared with it, where that is a file too.
    """
    name = PYTHIA if reference is None else str(reference)
    if name == PYTHIA:
        return _pythia(n, beams, q2_min)
    if name == SHIPPED:
        return _halves("4,000 events of Pythia's that are shipped", sample(), n, seed)
    if Path(name).is_file():
        return _halves(name, _read(name, reading or {}, beside), n, seed)
    known = (PYTHIA, SHIPPED)
    raise InvalidArgumentError(
        f"The reference {name!r} is neither known for events ({', '.join(known)}) nor a file of "
        f"events.{nearest(name, known)}"
    )


def _read(path: Any, reading: Mapping[str, Any], other: Any) -> ElectronEvents:
    """Read a file of events.

    Args:
        path: The file.
        reading: What its reader says of it.
        other: What it is compared with; where that is a file too, a file that states all that is
            needed is read as it states.
    """
    if reading and other is not None and Path(other).is_file():
        with contextlib.suppress(DataError):
            return event_files.read(path)
    return event_files.read(path, **reading)


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
