"""Scattered electrons of electron-proton collisions, generated with Pythia 8.

Neutral-current deep inelastic scattering: Bierlich et al. 2022, A comprehensive guide to the
physics and usage of PYTHIA 8.3, arXiv:2203.11601. Photon and Z exchange, dipole recoil as DIS needs
it (Cabouat, Sjostrand 2017, arXiv:1710.00391), NNPDF2.3 LO (set 13); no QED radiation from the
electron, no multiparton interactions, no hadronisation: none changes the scattered electron.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.checks import check_count
from ganzoo.errors import DataError, InvalidArgumentError, nearest
from ganzoo.events import arrays as events
from ganzoo.events import files
from ganzoo.events.arrays import BEAMS, ElectronEvents
from ganzoo.events.kinematics import Beams
from ganzoo.extras import require

VERSION = "8.317"  # of Pythia; another version gives other events for the same seed
PYTHIA, SHIPPED = "pythia", "electrons_sample"  # references by name
MAX_SEED = 900_000_000
MAX_FAILURES = 1000
REPORT_EVERY = 1000
SAMPLE_SEED = 1
TRAINING_SEED, HELD_OUT_SEED = 2020, 2021
TRUTH_SEEDS = (31_415, 27_182)  # used by no recipe
TRUTH_EVENTS = 100_000
COLLIDER = ((5.0, 41.0), (5.0, 100.0), (10.0, 100.0), (18.0, 275.0))  # GeV, electron and proton
_ELECTRON, _PROTON = 11, 2212
_HARD_OUTGOING = 23
Progress = Callable[[int], None]


def electrons(
    n: int = 100_000,
    *,
    beams: Any = "50x50",
    q2_min: float = 2.0,
    seed: int = 1,
    progress: Progress | None = None,
) -> ElectronEvents:
    """Make events with Pythia 8.

    Args:
        n: How many.
        beams: "50x50" (the default), "hera" (27.5 x 920), or two energies in GeV.
        q2_min: Least squared momentum transfer in GeV2; the events begin exactly there.
        seed: 1 to 900,000,000, as Pythia counts; the same seed gives the same bits. The first
            events of a longer run are those of a shorter one.
        progress: Called with the number of events made, now and then.

    Returns:
        The scattered electrons: those of the hard process, followed to their last copy.

    Raises:
        MissingExtraError: Pythia is not installed.
        DataError: Pythia refuses the settings.
        InvalidArgumentError: An argument is outside what is accepted.
    """
    n = check_count("The number of events", n)
    found = events.find_beams(beams)
    _check_settings(q2_min, seed, found)
    pythia = _started(found, q2_min, seed)
    array = np.empty(n, events.DTYPE)
    failures = 0
    for index in range(n):
        while not pythia.next():
            failures += 1
            if failures > MAX_FAILURES + index // 10:
                raise DataError(f"Pythia gave up on {failures} of {index + failures} events.")
        electron = _scattered(pythia.event)
        array[index] = (electron.px(), electron.py(), electron.pz(), electron.e())
        if progress is not None and (index + 1) % REPORT_EVERY == 0:
            progress(index + 1)
    if progress is not None:
        progress(n)
    return ElectronEvents(array, found, _origin(q2_min, seed))


def sample() -> ElectronEvents:
    """Return 4,000 real events that ship with ganzoo: 50 x 50 GeV, Q2 > 2 GeV2, seed 1."""
    file = resources.files("ganzoo.data").joinpath("electrons_sample.npy")
    with resources.as_file(file) as path:
        momenta = np.load(path, allow_pickle=False)
    return events.from_momenta(momenta, BEAMS["50x50"], _origin(2.0, SAMPLE_SEED))


def cached_electrons(n: int, *, beams: Any = "50x50", q2_min: float = 2.0, seed: int = 1) -> Any:
    """Return (px, py, pz) of Pythia events, float32 (n, 3), generated once and kept in the cache.

    The file lies in `electrons/` of ganzoo's cache (see `ganzoo cache`); a damaged one is
    generated again. Progress is shown while Pythia runs.

    Raises:
        MissingExtraError: The events are not in the cache and Pythia is not installed.
    """
    from tqdm import tqdm

    from ganzoo.files.cache import cache_folder
    from ganzoo.files.writing import written

    found = events.find_beams(beams)
    facts = json.dumps([VERSION, *found, q2_min, seed, n])
    key = hashlib.sha256(facts.encode()).hexdigest()[:16]
    path = cache_folder() / "electrons" / f"electrons-{key}.npy"
    kept = _read_cached(path, n)
    if kept is not None:
        return kept
    require("pythia8mc", "making electrons")
    with tqdm(total=n, desc="Pythia 8", unit="event", unit_scale=True) as bar:
        made = electrons(
            n, beams=found, q2_min=q2_min, seed=seed, progress=lambda done: bar.update(done - bar.n)
        ).momenta
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path, suffix=".npy") as temporary:
        np.save(temporary, made)
    return made


def training_electrons() -> np.ndarray:
    """The recipes' data: a million events, 50 x 50 GeV, Q2 > 2 GeV2, seed 2020."""
    return cached_electrons(1_000_000, seed=TRAINING_SEED)


def held_out_electrons() -> np.ndarray:
    """Events that measure a training's progress: 100,000 others, seed 2021."""
    return cached_electrons(100_000, seed=HELD_OUT_SEED)


def collider_electrons() -> tuple[np.ndarray, np.ndarray]:
    """The data of recipes for several beams: momenta (n, 3) and beams (n, 2), both in GeV.

    250,000 events of each pair of beams in `COLLIDER`, four of the five that are planned for the
    Electron-Ion Collider (its conceptual design report, 2021); 10 x 275 GeV is kept for a test.
    Q2 > 2 GeV2, seed 2020.
    """
    each = [cached_electrons(250_000, beams=beams, seed=TRAINING_SEED) for beams in COLLIDER]
    rows = np.repeat(np.asarray(COLLIDER, np.float32), [len(one) for one in each], axis=0)
    return np.concatenate(each), rows


def held_out_collider_electrons() -> np.ndarray:
    """Events that measure the progress of such a training: 100,000 of 10 x 100 GeV, seed 2021."""
    return cached_electrons(100_000, beams=(10.0, 100.0), seed=HELD_OUT_SEED)


def true_electrons(n: int, *, beams: Any = "50x50", q2_min: float = 2.0) -> tuple[Any, Any]:
    """Return two independent sets of `n` events, used in no training and no choice of a model.

    The first is the reference; the second, compared with it, gives the floor. Pythia makes
    100,000 of each, or more if asked, once; both are kept in the cache.

    Returns:
        Momenta, float32, shape (n, 3) each.

    Raises:
        MissingExtraError: The events are not in the cache and Pythia is not installed.
    """
    made = max(check_count("The number of events", n), TRUTH_EVENTS)
    pair = [cached_electrons(made, beams=beams, q2_min=q2_min, seed=s)[:n] for s in TRUTH_SEEDS]
    return pair[0], pair[1]


def reference_events(
    reference: Any, n: int, *, beams: Beams, model: str, reading: Mapping[str, Any] | None = None
) -> np.ndarray:
    """Return true events to compare a model with.

    Args:
        reference: "pythia" (None means it), "electrons_sample", or a file of events.
        n: How many Pythia makes.
        beams: Those of the model.
        model: What it is called.
        reading: How a file is read: arguments of `ganzoo.events.files.read`.

    Returns:
        Momenta, float32, shape (m, 3).

    Raises:
        InvalidArgumentError: There is no such reference.
        DataError: A file that cannot be read, or events of other beams.
    """
    name = PYTHIA if reference is None else str(reference)
    if name == PYTHIA:
        return true_electrons(n, beams=beams)[0]
    if name != SHIPPED and not Path(name).is_file():
        known = (PYTHIA, SHIPPED)
        raise InvalidArgumentError(
            f"The reference {name!r} is neither known for events ({', '.join(known)}) nor a file "
            f"of events.{nearest(name, known)}"
        )
    found = sample() if name == SHIPPED else files.read(name, **(reading or {}))
    events.check_beams(name, found.beams, model, beams)
    return found.momenta


def _read_cached(path: Any, n: int) -> np.ndarray | None:
    try:
        kept = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = kept.shape == (n, 3) and kept.dtype == np.float32 and np.isfinite(kept).all()
    return kept if whole else None


def _check_settings(q2_min: Any, seed: Any, beams: Beams) -> None:
    if (
        isinstance(seed, bool)
        or not isinstance(seed, int | np.integer)
        or not 1 <= seed <= MAX_SEED
    ):
        raise InvalidArgumentError(
            f"seed must be an integer from 1 to {MAX_SEED} (0 would be Pythia's clock); "
            f"got {seed!r}."
        )
    if not 0.1 <= float(q2_min) < beams.s:
        raise InvalidArgumentError(
            f"q2_min must be from 0.1 to {beams.s:.6g} GeV2, the beams' s; got {q2_min!r}."
        )


def settings(beams: Beams, q2_min: float, seed: int) -> list[str]:
    """Return the settings as Pythia reads them."""
    return [
        "Print:quiet = on",
        "Beams:frameType = 2",
        f"Beams:idA = {_ELECTRON}",
        f"Beams:idB = {_PROTON}",
        f"Beams:eA = {beams.electron!r}",
        f"Beams:eB = {beams.proton!r}",
        "WeakBosonExchange:ff2ff(t:gmZ) = on",
        f"PhaseSpace:Q2Min = {q2_min!r}",
        "PDF:pSet = 13",
        "PDF:lepton = off",
        "SpaceShower:dipoleRecoil = on",
        "SpaceShower:pTmaxMatch = 2",
        "TimeShower:QEDshowerByL = off",
        "PartonLevel:MPI = off",
        "HadronLevel:all = off",
        "Random:setSeed = on",
        f"Random:seed = {seed}",
    ]


def _started(beams: Beams, q2_min: float, seed: int) -> Any:
    pythia = require("pythia8mc", "making electrons").Pythia("", False)
    for line in settings(beams, float(q2_min), int(seed)):
        if not pythia.readString(line):
            raise DataError(f"Pythia does not take the setting {line!r}.")
    if not pythia.init():
        raise DataError(
            f"Pythia cannot start with beams of {beams.electron:g} x {beams.proton:g} GeV and "
            f"Q2 > {q2_min:g} GeV2."
        )
    return pythia


def _scattered(event: Any) -> Any:
    """Return the electron of the hard process in its last copy."""
    for index in range(5, event.size()):  # 0 to 4 are the event, the beams and the incoming partons
        particle = event[index]
        if particle.id() == _ELECTRON and abs(particle.status()) == _HARD_OUTGOING:
            return event[particle.iBotCopyId()]
    raise DataError("An event of Pythia holds no scattered electron.")


def _origin(q2_min: float, seed: int) -> dict[str, Any]:
    return {"generator": f"Pythia {VERSION}", "q2_min": float(q2_min), "seed": int(seed)}
