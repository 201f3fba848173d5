"""The table of sources, and what is kept of the pictures that the zoo knows."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from ganzoo import data
from ganzoo.data import downloads, origins
from ganzoo.data import photographs as reading
from ganzoo.data.styles import SOURCE, STYLES
from ganzoo.errors import GanzooError
from ganzoo.preparation import known, photographs
from ganzoo.preparation.known import fingerprint
from ganzoo.preparation.prepare import DOWNLOADS, pieces


def test_the_table_is_whole():
    files = [d for origin in origins.ORIGINS.values() for d in origin.downloads]
    by_name = {download.name: download for download in files}
    assert len(by_name) == len({*files})
    for download in files:
        assert download.addresses
        assert all(address.startswith("https://") for address in download.addresses)
        assert len(download.sha256) in (0, 64)
    for name, origin in origins.ORIGINS.items():
        assert {d for piece in pieces(name) for d in piece.downloads} == {*origin.downloads}
        assert all(piece.target.startswith(origin.files) for piece in pieces(name)) or (
            name == "styles"
        )


LOADERS = {
    "mnist": data.mnist,
    "fashion_mnist": data.fashion_mnist,
    "clerical_glyphs": data.clerical_glyphs,
    "glyph_pairs": data.glyph_pairs,
    "openmoji": data.openmoji,
    "flower_colours": data.flower_colours,
    "clothing_edges": data.clothing_edges,
    "apple_tomato": data.apple_tomato,
    "faces": data.faces,
    "quickdraw": data.quickdraw,
    "flamingos": data.flamingos,
    "photos": data.photo_gallery,
    "kodak": lambda: data.photo_gallery("test"),
}
COMMANDS = {"clerical_glyphs": "glyphs", "glyph_pairs": "glyphs", "flower_colours": "flowers",
            "clothing_edges": "clothing", "apple_tomato": "fruits",
            "flamingos": "quickdraw"}  # fmt: skip


@pytest.mark.parametrize("name", LOADERS)
def test_what_is_missing_names_the_command(name, folder):
    with pytest.raises(GanzooError, match=f"ganzoo prepare {COMMANDS.get(name, name)}"):
        LOADERS[name]()


@pytest.mark.parametrize("name", ["flowers", "clothing"])
def test_known_photographs_are_those_of_the_zoo(name, data_folder):
    with zipfile.ZipFile(data_folder / name / f"{name}_128.zip") as archive:
        names = [path.removesuffix(".jpg") for path in archive.namelist()]
    assert {*map(fingerprint, names)} == known.known(name)
    assert len(names) == len(known.known(name))


def test_known_emoji_are_those_of_the_zoo(data_folder):
    with np.load(data_folder / "emoji/openmoji_64.npz") as arrays:
        codes = arrays["codes"].tolist()
    assert {*map(fingerprint, codes)} == known.known("openmoji")
    assert DOWNLOADS.startswith(".")  # no folder of a set


def test_the_views_are_those_of_the_recipes():
    kinds = {f"{fruit}/{kind}" for fruit, views in photographs.VIEWS.items() for kind in views}
    assert {*reading.HELD_OUT_FRUITS} <= kinds
    assert [sum(views.values()) for views in photographs.VIEWS.values()] == [1899, 1246]


def test_every_font_is_in_a_package_of_the_table():
    used = {font.package for font in [SOURCE, *STYLES.values()]} - {""}
    assert used == {*downloads.PACKAGES}
    assert downloads.CLERICAL in [d for piece in pieces("styles") for d in piece.downloads]
