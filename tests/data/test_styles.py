"""Characters in many hands: the table of fonts, the splits, and a text; with fonts made here."""

from __future__ import annotations

import numpy as np
import pytest

from ganzoo import data, zoo
from ganzoo.data import styles
from ganzoo.errors import DataError, InvalidArgumentError

pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
from tests.data.test_font_files import built

KNOWN, HELD_OUT = "ABC", "DEF"


def font_with(characters: str, width: int):
    """Return a font in which a character is a box of a width of its own."""
    return built(widths={c: width + 10 * index for index, c in enumerate(characters)})


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Fonts of all styles; that of the clerical script lies above, that of a child has fewer."""
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    fonts = tmp_path / "fonts"
    (fonts / "styles").mkdir(parents=True)
    monkeypatch.setattr(styles, "held_out_characters", lambda: HELD_OUT)
    monkeypatch.setattr(styles, "LIST", KNOWN + HELD_OUT)
    monkeypatch.setattr(styles, "FRAME", KNOWN + HELD_OUT)
    font_with(KNOWN + HELD_OUT, 300).save(fonts / "styles" / styles.SOURCE.file)
    for index, (name, font) in enumerate(styles.STYLES.items()):
        place = fonts if name == "clerical" else fonts / "styles"
        lacking = KNOWN[1] + HELD_OUT[0] if name == "child" else ""
        had = "".join(c for c in KNOWN + HELD_OUT if c not in lacking)
        font_with(had, 400 + 10 * index).save(place / font.file)
    return fonts


def test_splits_share_no_character_in_any_style(folder):
    train, test = (data.styled_glyphs(split) for split in ("train", "test"))
    assert train.characters == KNOWN
    assert set(test.characters) == set(HELD_OUT)
    count = len(styles.STYLES)
    for found in (train, test):
        assert found.styles == tuple(styles.STYLES)
        assert found.sources.shape == (3, 48, 48, 1)
        assert found.targets.shape == (3 * count - 1, 48, 48, 1)
        assert found.sources.dtype == found.targets.dtype == np.uint8
        counts = np.bincount(found.labels, minlength=count)
        assert counts.tolist() == [2 if name == "child" else 3 for name in styles.STYLES]
        assert np.bincount(found.source_of).sum() == 3 * count - 1


def test_a_target_is_of_its_source(folder):
    found = data.styled_glyphs("train")
    wide = (found.targets[..., 0].max(axis=1) > 128).sum(axis=1)
    for label, name in enumerate(found.styles):
        rows = found.labels == label
        assert (np.diff(wide[rows]) >= 0).all()  # boxes are wider from character to character
        kept = [found.characters[index] for index in found.source_of[rows]]
        assert kept == [c for c in KNOWN if not (name == "child" and c == KNOWN[1])]


def test_a_text_is_drawn_as_in_the_training(folder):
    found = data.styled_glyphs("train")
    made = styles.text_glyphs(f"{KNOWN[1]} {KNOWN[0]}\n{KNOWN[1]}")
    assert made.shape == (3, 48, 48, 1)
    assert made.dtype == np.float32
    assert np.allclose(made, found.sources[[1, 0, 1]] / 127.5 - 1.0, atol=1e-6)
    with pytest.raises(DataError, match=f"setofont.ttf has no '{KNOWN[1]}'"):
        styles.text_glyphs(KNOWN, folder / "styles" / styles.STYLES["child"].file)
    with pytest.raises(DataError, match=f"{styles.SOURCE.file} has no 'Q', 'Z'"):
        styles.text_glyphs("QZQ")
    with pytest.raises(DataError, match="needs a character or more; got ' '"):
        styles.text_glyphs(" ")


def test_what_is_missing_says_where_it_is(folder, tmp_path):
    (folder / "styles" / styles.STYLES["pixel"].file).unlink()
    with pytest.raises(DataError, match=r"style pixel, in the Debian package fonts-dotgothic16"):
        data.styled_glyphs()
    (folder / styles.STYLES["clerical"].file).unlink()
    with pytest.raises(DataError, match=r"clerical, free at https.*`ganzoo prepare styles`"):
        styles.font_of("clerical")
    with pytest.raises(InvalidArgumentError, match=r"no style 'pixl'.*Did you mean 'pixel'"):
        styles.font_of("pixl")
    with pytest.raises(InvalidArgumentError, match="no split 'tset'"):
        data.styled_glyphs("tset")


def test_the_checkpoint_has_the_styles_of_the_table():
    assert zoo.ENTRIES["zi2zi_fonts"].config["styles"] == tuple(styles.STYLES)
    for font in (styles.SOURCE, *styles.STYLES.values()):
        assert font.package == "" or font.path.endswith(f"/{font.file}")
        assert font.credit in zoo.ENTRIES["zi2zi_fonts"].credit
        assert font.licence in zoo.ENTRIES["zi2zi_fonts"].licence


@pytest.mark.slow
def test_real_fonts(data_folder):
    if not (data_folder / "fonts" / "styles" / styles.SOURCE.file).is_file():
        pytest.skip("the fonts of the styles are not there: `ganzoo prepare styles`")
    source = styles.text_glyphs("永和", styles.font_of())
    hand = styles.text_glyphs("永和", styles.font_of("brush_regular"))
    assert 0.05 < (source > 0).mean() < 0.4
    assert 0.02 < (hand > 0).mean() < (source > 0).mean()  # a brush that leaves more room
