"""FIT.md: each line says honoured or refused, and names a test that exists."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import keras
import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "ganzoo" / "game" / "FIT.md").read_text(encoding="utf-8")
LINES = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| argument")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0][:50])
def test_each_line_names_its_test(line):
    assert line[1] in ("honoured", "refused")
    path, _, name = line[-1].strip("`").partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_no_argument_of_keras_is_forgotten():
    plain = {"self", "x", "y", "batch_size", "epochs", "verbose", "callbacks", "shuffle",
             "validation_batch_size", "validation_data"}  # fmt: skip
    arguments = {
        *inspect.signature(keras.Model.fit).parameters,
        *inspect.signature(keras.Model.compile).parameters,
    }
    forgotten = [name for name in arguments - plain if not re.search(rf"\b{name}\b", TEXT)]
    assert not forgotten
