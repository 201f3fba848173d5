"""The task "codes": pictures from latents and a code whose meaning was found without labels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ganzoo.tasks import options, sampling


def describe(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines of `ganzoo info`: what goes in and comes out, and the codes."""
    categories, continuous = config["categories"], config["continuous"]
    return {
        **sampling.TASK.describe(config),
        "codes": f"one of {categories} (--label), and the first {continuous} numbers of a latent",
    }


_COMMANDS = sampling.TASK.commands
TASK = dataclasses.replace(
    sampling.TASK,
    name="codes",
    kind="models with codes",
    inputs={**sampling.TASK.inputs, "code": "its index, or a number between two"},
    commands={
        **_COMMANDS,
        "sample": (*_COMMANDS["sample"], "--label"),
        "explore": (*_COMMANDS["explore"], "--label"),
        "classify": options.CLASSIFY,
    },
    describe=describe,
    evaluation="ganzoo.evaluation.classes:evaluate_codes",
    holds=lambda path: False,
)
