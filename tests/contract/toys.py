"""What a newcomer writes: a family of a known kind, and a family of a kind that is new.

The first is one class and one entry (`toy_family.py`). The second is a base class with its verb and
a family of it (`toy_kind.py`), and a record of the task (`TOY_TASK`).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ganzoo import tasks, zoo
from ganzoo.zoo.forms import Entry, Family


def _two_numbers(model: Any, n: int, seed: int = 0) -> tuple[Any, ...]:
    return (np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32),)


TOY_TASK = dataclasses.replace(
    tasks.get("sampling"),
    name="toy guessing",
    kind="toys",
    makes="guesses",
    verb="guess",
    inputs={"numbers": "(n, 2)"},
    outputs={"guess": "(n, 1)"},
    commands={"info": ("--json",)},
    tiny_data=_two_numbers,
)
TOYS = {
    "ToyWGANGP": Family(
        class_path="tests.contract.toy_family:ToyWGANGP",
        paper="a toy for the tests",
        tiny={"latent_dim": 3, "width": 8},
    ),
    "ToyGuesser": Family(
        class_path="tests.contract.toy_kind:ToyGuesser",
        paper="a toy for the tests",
        tiny={"width": 8},
        task="toy guessing",
    ),
}
TOY_ENTRY = Entry(
    family="ToyWGANGP",
    summary="A toy",
    config={"latent_dim": 3, "width": 8},
    data="random numbers",
    credit="nobody",
    licence="CC0-1.0",
    parameters={"generator": 50, "discriminator": 33},
)

zoo.FAMILIES.update(TOYS)
zoo.ENTRIES["toy"] = TOY_ENTRY
tasks.TASKS[TOY_TASK.name] = TOY_TASK
