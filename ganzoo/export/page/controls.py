"""What a page shows of a model, by its task: which scripts, networks and data. A table.

A task is in this table and in `ganzoo.tasks.PAGED`; a test compares the two. The script of a task
registers its controls in the page under the task's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ganzoo.export.page import contents

Content = Callable[[Any, Any, contents.Progress], Mapping[str, Any]]


@dataclass(frozen=True)
class Controls:
    """What the page of a task consists of.

    Attributes:
        scripts: Files of `assets/`, in the order in which they are needed; those of every page are
            in `COMMON`.
        networks: Names of the networks that are embedded.
        content: `(model, found, progress)` to what else the scripts read: plain data.
    """

    scripts: tuple[str, ...]
    networks: tuple[str, ...]
    content: Content


COMMON = ("elements.js", "unpacking.js", "running.js", "pictures.js")
LAST = ("main.js",)
_LATENT = ("random.js", "latents.js", "grid.js", "moving.js")
_GIVEN = ("examples.js", "drawing.js", "files.js")
_ONE = ("generator",)

CONTROLS: dict[str, Controls] = {
    "sampling": Controls((*_LATENT, "sampling.js"), _ONE, contents.sampling),
    "labelled": Controls((*_LATENT, "labels.js", "sampling.js"), _ONE, contents.labelled),
    "translation": Controls((*_GIVEN, "translation.js"), _ONE, contents.translation),
    "unpaired translation": Controls(
        (*_GIVEN, "translation.js"), ("generator_ab", "generator_ba"), contents.unpaired
    ),
    "styled translation": Controls((*_GIVEN, "styles.js"), _ONE, contents.styled),
    "colorization": Controls(
        ("files.js", "lab.js", "resizing.js", "colours.js"), _ONE, contents.colours
    ),
    "superresolution": Controls(("files.js", "enlarging.js"), _ONE, contents.enlarging),
    "events": Controls(
        ("random.js", "kinematics.js", "histograms.js", "events.js"), _ONE, contents.events
    ),
}


def scripts_of(tasks: list[str]) -> list[str]:
    """Return the scripts that a page of models of these tasks needs, each once, in order."""
    wanted = [*COMMON, *(name for task in tasks for name in CONTROLS[task].scripts), *LAST]
    return list(dict.fromkeys(wanted))
