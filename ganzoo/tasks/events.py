"""The task "events": momenta of scattered electrons, (px, py, pz) in GeV, from latents."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganzoo.errors import InvalidArgumentError
from ganzoo.events import files, kinematics
from ganzoo.events.arrays import check_beams
from ganzoo.events.kinematics import Beams
from ganzoo.events.parts import Part, blocks_in, parse_part
from ganzoo.events.truth import (
    HELD_OUT_SEED,
    PYTHIA,
    TRAINING_SEED,
    cached_electrons,
    reference_events,
)
from ganzoo.events.weights import Weigher
from ganzoo.extras import require
from ganzoo.tasks import options
from ganzoo.tasks.task import CardWords, Drawing, Progress, Task, shuffled
from ganzoo.zoo.forms import Entry, Recipe

COMPARED = 100_000  # of the user's own events, where none are held out


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    return {
        "latents": f"(n, {config['latent_dim']}), standard normal",
        "samples": "(n, 3), momenta px, py, pz in GeV",
    }


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return the momenta of a recipe, or those of a file of events with the model's beams.

    Raises:
        DataError: The file has other beams than the model.
    """
    if path is not None:
        events = files.read(path, **(reading or {}))
        wanted = Beams(found.config["electron_beam"], found.config["proton_beam"])
        check_beams(path, events.beams, found.name, wanted)
        return (events.momenta,)
    from ganzoo import data

    return (data.source(recipe.data)(),)


def planned(found: Any, path: Any, reading: Mapping[str, Any], say: Callable[[str], None]) -> Any:
    """Give a family the beams, the constants and the recipe of a file of events; say what it is.

    Raises:
        DataError: The file cannot be read, or holds too few events.
    """
    from ganzoo.zoo import own, registry

    events = files.read(path, **reading)
    recipe = own.recipe_for_events(found.family, len(events))
    px, py, pz = (events.array[name] for name in ("px", "py", "pz"))
    least = float(kinematics.Q2(px, py, pz, events.beams).min())
    q2_min = float(events.origin.get("q2_min", least))
    known = {
        "electron_beam": events.beams.electron,
        "proton_beam": events.beams.proton,
        "q2_min": q2_min,
    }
    told = _representation(found, events)
    shape = {name: told[name] for name in ("representation", "features")}
    model: Any = registry.model_class(found.family)
    constants = model.constants(events.momenta, **shape, **known)
    note = "" if shape["representation"] == found.config["representation"] else _SMEARED
    say(
        f"{found.family} of {len(events):,} electrons, {events.beams.electron:g} x "
        f"{events.beams.proton:g} GeV, Q2 from {least:.4g} GeV2: batches of {recipe.batch_size}, "
        f"{recipe.epochs} epochs, {len(events) // recipe.batch_size * recipe.epochs:,} steps. It "
        "will know these beams and cuts alone, the electron alone, and a detector only if one "
        f"is in the data.{note}"
    )
    changed = {**shape, **constants, **known}
    return dataclasses.replace(found, config={**found.config, **changed}, recipe=recipe)


_SMEARED = " As some events have y or x beyond 1, as of a detector, it makes momenta, not Q2 and x."


def _representation(found: Any, events: Any) -> Mapping[str, Any]:
    """Return the arguments of a family, or those for events that no Q2, x and y below 1 give."""
    from ganzoo.zoo import ENTRIES, own

    px, py, pz = (events.array[name] for name in ("px", "py", "pz"))
    whole = kinematics.is_physical(px, py, pz, events.beams).all()
    return found.config if whole else ENTRIES[own.SMEARED[found.family]].config


def watch(recipe: Recipe, source: str | None, examples: Sequence[Any], folder: Path) -> list[Any]:
    """Return a comparison with the events held out of the source, or the first of one's own."""
    del folder
    from ganzoo import data
    from ganzoo.callbacks import EventQuality

    held_out = data.SOURCES.get(f"{source}_held_out")
    truth = examples[0][:COMPARED] if held_out is None else held_out()
    return [EventQuality(truth, every=recipe.measure_every)]


def check(drawing: Drawing) -> None:
    """Refuse a form of file whose library is not installed, and a part that there is not."""
    from ganzoo.events.stream import check_part

    files.check_library(drawing.output)
    check_part(drawing.count, _part(drawing), drawing.seed)
    if not drawing.options.get("weights"):
        if drawing.options.get("reference") is not None:
            raise InvalidArgumentError(
                "--reference names the true events of --weights; give that too, or leave it out."
            )
        return
    require("sklearn", "weights by a classifier")
    if drawing.options.get("part") is not None:
        raise InvalidArgumentError(
            "--weights and --part exclude each other: each job would train a classifier of its "
            "own, and the parts would be weighed by different ones. Weigh the merged events with "
            "ganzoo.events.weights."
        )


def _part(drawing: Drawing) -> Part | None:
    stated = drawing.options.get("part")
    return None if stated is None else parse_part(stated)


def _weigher(model: Any, drawing: Drawing) -> Weigher | None:
    """Return what weighs events, if weights are asked for: a classifier trained on others."""
    if not drawing.options.get("weights"):
        return None
    reference = drawing.options.get("reference")
    if reference in (None, PYTHIA):  # none of those that `report` and `evaluate` compare with
        true = cached_electrons(COMPARED, beams=model.beams, seed=HELD_OUT_SEED)
        reference = f"{PYTHIA}, seed {HELD_OUT_SEED}"
    else:
        true = reference_events(reference, COMPARED, beams=model.beams, model=drawing.name)
    return Weigher(model, true, str(reference), drawing.seed)


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Stream events into a file; memory does not grow with their number."""
    from ganzoo.events.stream import EventStream

    q2_min, part = drawing.options.get("q2min"), _part(drawing)
    stream = EventStream(model, drawing.count, drawing.seed, q2_min=q2_min, part=part)
    weigher = _weigher(model, drawing)
    write_stream(stream, drawing, progress, weigher)
    lines = []
    if weigher is not None:
        lines.append(weigher.line())
    if part is not None:
        first, stop = stream.blocks.start, stream.blocks.stop
        lines.append(
            f"part {part.number} of {part.of}: blocks {first} to {stop - 1} of "
            f"{blocks_in(drawing.count)}, {stream.kept} events"
        )
    if q2_min is not None:
        before = ", -n being those generated in all parts" if part is not None else ""
        lines.append(
            f"{stream.efficiency:.4%} of {stream.generated} generated events have "
            f"Q2 >= {q2_min:g} GeV2{before}"
        )
    return lines


def write_stream(
    stream: Any, drawing: Drawing, progress: Progress, weigher: Weigher | None = None
) -> None:
    """Write events to a file in the form that its ending says, batch by batch, weighed or not."""
    from ganzoo.events.stream import DEFAULT_BATCH

    metadata = stream.metadata(drawing.name) | (weigher.metadata() if weigher else {})
    weighted = weigher is not None
    with files.event_writer(drawing.output, metadata, stream.length, weighted=weighted) as append:
        for events in stream.batches(drawing.batch_size or DEFAULT_BATCH):
            append(events if weigher is None else weigher.weighed(events))
            progress("sampling", stream.done, stream.total)
        metadata |= stream.metadata(drawing.name)  # the efficiency of a cut is known by now
        metadata |= weigher.metadata() if weigher else {}


def holds(path: Path) -> bool:
    """Return whether a path is a file of events."""
    if path.suffix.lower() != ".npz":
        return files.is_readable(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            return {"events.npy", "metadata.npy"} <= set(names) or _are_columns(archive, names)
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def _are_columns(archive: zipfile.ZipFile, names: Sequence[str]) -> bool:
    """Return whether a `.npz` file holds columns of numbers, three or more, and nothing else."""
    from numpy.lib import format as npy

    for name in names:
        with archive.open(name) as member:
            version = npy.read_magic(member)
            header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, _, dtype = header(member)
        if len(shape) != 1 or dtype.kind not in "fiu":
            return False
    return len(names) >= 3


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n of the events that are shipped."""
    del model
    import numpy as np

    from ganzoo.events.truth import sample

    shipped = sample().momenta
    return (shipped[np.random.Generator(np.random.PCG64(seed)).permutation(len(shipped))[:n]],)


def data_words(entry: Entry) -> str:
    """Return what a card says of the data."""
    return (
        f"{entry.data}; {entry.credit}. Pythia's seeds: {TRAINING_SEED} for the "
        f"training, {HELD_OUT_SEED} for its progress. Licence of the events and the "
        f"weights: {entry.licence}."
    )


TASK = Task(
    name="events",
    kind="models of events",
    makes="events",
    verb="sample",
    example="-n 100000 --seed 1 -o events.npz",
    inputs={"latents": "(n, latent_dim), standard normal"},
    outputs={"events": "(n, 3), momenta px, py, pz in GeV"},
    commands={
        "info": ("--json",),
        "sample": (*options.SAMPLE, "--q2min", "--part", "--weights", "--reference"),
        "train": (*options.TRAIN, "--data", *options.EVENTS),
        "evaluate": (*options.EVALUATE, "--panels", *options.EVENTS),
        "report": (*options.REPORT, *options.EVENTS),
    },
    describe=describe,
    examples=examples,
    planned=planned,
    batches=shuffled,
    watch=watch,
    writers=dict.fromkeys(files.ENDINGS, write_stream),
    check=check,
    draw=draw,
    evaluation="ganzoo.evaluation.events:evaluate",
    holds=holds,
    tiny_data=tiny_data,
    card=CardWords(
        samples="latents are standard normal, samples are momenta (px, py, pz) in GeV, the "
        "electron beam along +z. The constants of the standardisations are in `config.json`.",
        data=data_words,
        picture="panels.png",
        caption="the nine panels, beside Pythia's",
        tags=("physics", "event-generation"),  # the hub has no task for events
    ),
)
