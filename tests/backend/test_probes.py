"""Every shipped checkpoint gives its probe's outputs on the backend of this process.

In the usual run PyTorch is asked for all, and each backend that compiles for every second one.
"""

from __future__ import annotations

import pytest

import ganzoo
from ganzoo.presets import find
from ganzoo.presets import folder as presets
from ganzoo.zoo import registry
from tests.contract.support import by_turns


@pytest.mark.parametrize("name", by_turns(registry.list_models(pretrained=True)))
def test_probe(name):
    gan = ganzoo.load(name)
    difference = presets.check_probe(gan, find.preset_folder(name))
    assert difference <= presets.TOLERANCE
