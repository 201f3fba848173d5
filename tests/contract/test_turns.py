"""What takes turns on backends that compile is there: a name that is none would skip nothing."""

from __future__ import annotations

import itertools

from ganzoo import zoo
from tests import turns
from tests.contract import support


def test_every_file_and_test_that_takes_turns_is_there_once():
    names = list(itertools.chain(*turns.TURNS.values()))
    assert len({*names}) == len(names)
    for name in names:
        file, _, test = name.partition("::")
        assert f"def {test or 'test_'}" in (turns.HERE / file).read_text(encoding="utf-8"), name


def test_families_of_the_usual_run_are_in_the_zoo():
    asked = {*support.EVERYWHERE, *itertools.chain(*support.COMPILED.values())}
    assert asked <= {*zoo.FAMILIES}
