"""The task "events of beams": electron momenta in GeV, from latents and the beams' energies."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ganzoo.errors import InvalidArgumentError
from ganzoo.tasks import events, options
from ganzoo.tasks.task import Drawing, Progress
from ganzoo.zoo.forms import Recipe


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info` about what goes in and comes out."""
    ends = "{:g} x {:g} to {:g} x {:g}".format(*config["beam_range"])
    usual = f"{config['electron_beam']:g} x {config['proton_beam']:g}"
    return {**events.describe(config), "beams": f"{ends} GeV, {usual} unless told"}


def examples(
    found: Any, recipe: Recipe, path: Any = None, reading: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """Return momenta (n, 3) and beams (n, 2) of a recipe.

    Raises:
        InvalidArgumentError: A path is given: a file of events has one pair of beams.
    """
    del reading
    if path is not None:
        raise InvalidArgumentError(
            f"{found.name} learns from events of several beams, and a file has one pair; in Python "
            "`fit(momenta, beams)` takes them. `ganzoo train FATGAN --data` takes a file."
        )
    from ganzoo import data

    return data.source(recipe.data)()


def draw(model: Any, drawing: Drawing, progress: Progress) -> list[str]:
    """Stream events of the beams that are asked for into a file."""
    at = drawing.options.get("at")
    return events.draw(model.at(model.beams if at is None else at), drawing, progress)


def tiny_data(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    """Return n of the events that are shipped, boosted along the beams, and their beams.

    They have the right form, and not the distribution of such beams.
    """
    import numpy as np

    (momenta,) = events.tiny_data(None, n, seed)
    at = np.asarray(model.probe_inputs(n, 0)["beams"], np.float32)
    pT2 = np.square(momenta[:, :2]).sum(-1)
    energy = np.sqrt(pT2 + np.square(momenta[:, 2]))
    toward = (energy + momenta[:, 2]) * at[:, 0] / 50.0
    pz = (toward - pT2 / toward) / 2.0
    return np.column_stack([momenta[:, :2], pz]).astype(np.float32), at


_COMMANDS = events.TASK.commands
TASK = dataclasses.replace(
    events.TASK,
    name="events of beams",
    kind="models of several beams",
    example="-n 100000 --seed 1 --at 10 100 -o events.npz",
    inputs={**events.TASK.inputs, "beams": "(n, 2), energies of electron and proton beam in GeV"},
    commands={
        "info": _COMMANDS["info"],
        "sample": (*_COMMANDS["sample"], "--at"),
        "train": options.TRAIN,
        "evaluate": (*_COMMANDS["evaluate"], "--at"),
        "report": (*_COMMANDS["report"], "--at"),
    },
    describe=describe,
    examples=examples,
    planned=None,
    draw=draw,
    holds=lambda path: False,
    tiny_data=tiny_data,
    card=dataclasses.replace(
        events.TASK.card,
        samples="latents are standard normal, beams are two energies in GeV, samples are momenta "
        "(px, py, pz) in GeV, the electron beam along +z. The constants of the standardisations "
        "are in `config.json`.",
    ),
)
