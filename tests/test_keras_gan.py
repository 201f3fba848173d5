"""The page for those who come from Keras-GAN names what is there."""

from __future__ import annotations

import re
from pathlib import Path

from ganzoo import zoo

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "keras_gan"
ROW = re.compile(
    r"^\| `(\w+)` \| `ganzoo train (\w+)` \| \[(\w+\.py)\]\((\S+)\) \| .+ \| .* \|$", re.M
)


def test_every_script_has_an_entry_and_the_file_of_its_family():
    rows = ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert len({script for script, *_ in rows}) == 21
    for _, name, file, link in rows:
        entry = zoo.ENTRIES[name]
        assert entry.recipe is not None
        module = zoo.FAMILIES[entry.family].class_path.partition(":")[0]
        assert module.rpartition(".")[2] + ".py" == file
        assert (FOLDER / link).resolve().is_file()
