"""README and CONTRIBUTING say what is so: tables, printed results, examples, links, commands."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import ganzoo
from ganzoo import zoo
from ganzoo.cli import main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("ganzoo/*/README.md"),
    *ROOT.glob("examples/*/README.md"),
]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language, dedented."""
    fences = re.findall(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for tongue, block in fences if tongue == language]


def test_the_tables_are_those_of_the_zoo():
    # In a process of its own, where no test has added a toy to the zoo.
    command = [sys.executable, "-m", "tools.readme_table", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_list_models_prints_what_readme_says():
    call = re.search(r"ganzoo\.list_models\((.*?)\)  # (\[.*\])", README)
    assert call is not None
    pattern, said = (ast.literal_eval(part) for part in call.groups())
    assert [name for name in ganzoo.list_models(pattern) if name != "toy"] == said


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [link for link in links if link and "://" not in link]
    assert not [link for link in local if not (path.parent / link).exists()]


def test_a_game_of_your_own_is_compiled_as_readme_says():
    block = next(code for code in blocks(README, "python") if "class CycleGAN" in code)
    names: dict[str, Any] = {"ganzoo": ganzoo}
    exec(block, names)
    tiny = ganzoo.CycleGAN(**zoo.FAMILIES["CycleGAN"].tiny)
    networks = {name: getattr(tiny, name) for name in tiny.networks}
    call = re.search(r"`(compile\(.*?\))` then addresses the players", README)
    assert call is not None
    names |= {"model": names["CycleGAN"](networks), "Adam": lambda _: keras.optimizers.Adam()}
    eval(f"model.{call[1]}", names)
    assert set(names["model"].players) == {"generators", "discriminators"}


def test_commands_exist():
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    used = {*re.findall(r"^ganzoo ([a-z]+) ", "\n".join(blocks(text, "")), re.MULTILINE)}
    used |= {*re.findall(r"`ganzoo ([a-z]+)[ `]", README)}
    assert used
    assert used <= {*main.commands}


def test_the_examples_of_contributing_are_in_the_tests():
    code = "".join(
        (ROOT / "tests" / "contract" / name).read_text(encoding="utf-8")
        for name in ("toy_family.py", "toys.py")
    )
    examples = blocks((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), "python")
    assert examples
    lines = {line.strip() for line in code.splitlines()}
    assert {line.strip() for example in examples for line in example.splitlines()} <= lines


def test_a_gan_with_one_more_term_is_trained_as_the_readme_of_games_says():
    text = (ROOT / "ganzoo" / "game" / "README.md").read_text(encoding="utf-8")
    block = next(code for code in blocks(text, "python") if "class Closer" in code)
    names: dict[str, Any] = {"ganzoo": ganzoo, "ops": keras.ops}
    exec(block, names)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="tanh")])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    gan = names["Closer"](generator, discriminator, seed=1)
    logs = gan.fit(np.ones((8, 3), "float32"), verbose=0).history
    assert logs["g_loss"][0] > 10 * logs["distance"][0] > 0
