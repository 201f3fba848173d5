"""Fonts of every kind, made here: collections, variable ones, in colours, damaged, bitmaps."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import data
from ganzoo.cli import main
from ganzoo.data.characters import characters
from ganzoo.data.fonts import glyphs
from ganzoo.errors import DataError, InvalidArgumentError

builder = pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
pen = pytest.importorskip("fontTools.pens.ttGlyphPen")
collections = pytest.importorskip("fontTools.ttLib.ttCollection")

EM = 1000
WIDTHS = {"A": 500, "B": 300, "C": 700}


def rectangle(width: int, height: int = 600) -> Any:
    drawn = pen.TTGlyphPen(None)
    drawn.moveTo((50, 0))
    for point in ((50, height), (50 + width, height), (50 + width, 0)):
        drawn.lineTo(point)
    drawn.closePath()
    return drawn.glyph()


def built(family: str = "Boxes", widths: dict[str, int] = WIDTHS, **heights: int) -> Any:
    """Return a font whose glyphs are rectangles; .notdef and the space are empty."""
    font = builder.FontBuilder(EM, isTTF=True)
    names = [".notdef", "space", *widths]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({32: "space", **{ord(name): name for name in widths}})
    empty = pen.TTGlyphPen(None).glyph()
    boxes = {name: rectangle(width, heights.get(name, 600)) for name, width in widths.items()}
    font.setupGlyf({".notdef": empty, "space": empty, **boxes})
    font.setupHorizontalMetrics(dict.fromkeys(names, (EM, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    return font


@pytest.fixture
def plain(tmp_path) -> Path:
    path = tmp_path / "boxes.ttf"
    built().save(path)
    return path


def widths(rendered: Any) -> list[int]:
    """Return the width of the ink of each glyph in pixels."""
    return [int((image.max(axis=0) > 128).sum()) for image in rendered.images]


def test_a_font_has_the_widths_that_were_drawn(plain, recwarn):
    rendered = glyphs(plain, "ABC", size=20)
    assert widths(rendered) == [10, 6, 14]
    assert not recwarn.list


@pytest.fixture
def collection(tmp_path) -> Path:
    path = tmp_path / "two.ttc"
    both = collections.TTCollection()
    both.fonts = [built().font, built("Narrow", {"A": 100}).font]
    both.save(path)
    return path


@pytest.mark.parametrize(
    ("face", "width"), [(0, 10), (1, 2), ("1", 2), ("Narrow", 2), ("Boxes / Regular", 10)]
)
def test_a_face_of_a_collection(face, width, collection, recwarn):
    assert widths(glyphs(collection, "A", size=20, face=face)) == [width]
    assert not recwarn.list


def test_the_first_face_is_said(collection):
    with pytest.warns(UserWarning, match=r"2 faces \(Boxes / Regular, Narrow / Regular\); the fi"):
        assert widths(glyphs(collection, "A", size=20)) == [10]


@pytest.mark.parametrize(
    ("face", "message"),
    [
        (2, r"2 faces \(0: Boxes / Regular, 1: Narrow / Regular\); got face 2"),
        (-1, "got face -1"),
        (True, "face must be a number from 0 or a name"),
        (1.0, "face must be a number from 0 or a name"),
        ("Narow", "has no face 'Narow'.*Did you mean 'Narrow'"),
    ],
)
def test_faces_that_there_are_not(face, message, collection):
    with pytest.raises(InvalidArgumentError, match=message):
        glyphs(collection, "A", face=face)


@pytest.fixture
def variable(tmp_path) -> Path:
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    font = built(widths={"A": 200})
    font.setupFvar([("wght", 100, 100, 900, "Weight")], [])
    wider = [(0, 0), (0, 0), (600, 0), (600, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    font.setupGvar({"A": [TupleVariation({"wght": (0.0, 1.0, 1.0)}, wider)]})
    font.save(tmp_path / "varies.ttf")
    return tmp_path / "varies.ttf"


def test_axes_of_a_variable_font(variable, tmp_path, recwarn):
    for weight, width in ((100, 4), (500, 10), (900, 16)):
        rendered = glyphs(variable, "A", 20, tmp_path / "cache", axes={"wght": weight})
        assert widths(rendered) == [width]
    assert len(list((tmp_path / "cache").iterdir())) == 3
    assert not recwarn.list
    with pytest.warns(UserWarning, match=r"varies \(wght 100 to 900, here 100\)"):
        assert widths(glyphs(variable, "A", size=20)) == [4]


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"wght": 901}, "has wght 100 to 900; got wght 901"),
        ({"wgt": 500}, "no axis 'wgt'; there are: wght 100 to 900. Did you mean 'wght'"),
        ({"wght": "500"}, "axes must be numbers by tags"),
        ("wght", "axes must be numbers by tags"),
    ],
)
def test_axes_that_there_are_not(axes, message, variable):
    with pytest.raises(InvalidArgumentError, match=message):
        glyphs(variable, "A", axes=axes)


def test_axes_of_a_font_that_does_not_vary(plain):
    with pytest.raises(InvalidArgumentError, match="has no axis 'wght'; there are none"):
        glyphs(plain, "A", axes={"wght": 400})


def test_a_damaged_glyph_costs_itself_alone(plain):
    content = bytearray(plain.read_bytes())
    entries = range(12, 12 + 16 * content[5], 16)  # the table directory
    place = {bytes(content[p : p + 4]): struct.unpack_from(">II", content, p + 8) for p in entries}
    begin = place[b"glyf"][0] + _offset_of_b(content, place)
    content[begin : begin + 2] = struct.pack(">h", 32_000)  # contours that are not there
    plain.write_bytes(content)
    with pytest.warns(UserWarning, match=r"1 of the 3 characters cannot be drawn .* 'B' \(U\+0042"):
        rendered = glyphs(plain, "ABC", size=20)
    assert (rendered.characters, rendered.missing) == ("AC", "B")
    assert widths(rendered) == [10, 14]


def _offset_of_b(content: bytes, place: dict[bytes, tuple[int, int]]) -> int:
    """Return where the glyph of B, the fourth, begins in the table glyf."""
    loca = place[b"loca"][0]
    long = struct.unpack_from(">h", content, place[b"head"][0] + 50)[0]
    if long:
        return struct.unpack_from(">I", content, loca + 4 * 3)[0]
    return 2 * struct.unpack_from(">H", content, loca + 2 * 3)[0]


def test_a_glyph_that_is_too_large_does_not_make_the_others_tiny(tmp_path):
    built(A=10_000).save(tmp_path / "large.ttf")
    with pytest.warns(UserWarning, match="larger than 4 em-boxes, such as 'A'"):
        rendered = glyphs(tmp_path / "large.ttf", "ABC", size=20)
    assert widths(rendered) == [6, 14]
    built(A=2_000).save(tmp_path / "tall.ttf")
    with pytest.warns(UserWarning, match="drawn at 50% of the size, .* such as 'A'"):
        assert widths(glyphs(tmp_path / "tall.ttf", "ABC", size=40)) == [10, 6, 14]


def test_colours_are_said_and_bitmaps_refused(tmp_path):
    font = built()
    font.setupCOLR({"A": [("A", 0)]})
    font.setupCPAL([[(1.0, 0.0, 0.0, 1.0)]])
    font.save(tmp_path / "colours.ttf")
    with pytest.warns(UserWarning, match="has glyphs in colours; they are drawn without"):
        assert widths(glyphs(tmp_path / "colours.ttf", "A", size=20)) == [10]
    bitmap = built()
    for tag in ("glyf", "loca"):
        del bitmap.font[tag]
    bitmap.save(tmp_path / "bitmap.ttf")
    with pytest.raises(DataError, match="is a bitmap font without outlines, which cannot be drawn"):
        glyphs(tmp_path / "bitmap.ttf", "A")
    bdf = (
        "STARTFONT 2.1\nFONT -x-x-medium-r-normal--8-80-75-75-c-80-iso10646-1\nSIZE 8 75 75\n"
        "FONTBOUNDINGBOX 8 8 0 0\nCHARS 1\nSTARTCHAR A\nENCODING 65\nSWIDTH 500 0\nDWIDTH 8 0\n"
        "BBX 8 8 0 0\nBITMAP\n" + "FF\n" * 8 + "ENDCHAR\nENDFONT\n"
    )
    (tmp_path / "a.bdf").write_text(bdf)
    with pytest.raises(DataError, match=r"a\.bdf is a bitmap font"):
        glyphs(tmp_path / "a.bdf", "A")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("ABC", "ABC"),
        ("A B\tC\nA", "ABC"),
        ("ＡＢＣ　１２", "ＡＢＣ１２"),
        ("A.B", "A.B"),
        ("!\"#$%&'()*+,-./0123456789:;<=>?@", "!\"#$%&'()*+,-./0123456789:;<=>?@"),
        (["A", "BC", "A"], "ABC"),
        (("永", "和"), "永和"),
        ("x" * 5000 + "y", "xy"),
    ],
)
def test_strings_are_their_characters(given, expected):
    assert characters(given) == expected


@pytest.mark.parametrize("given", ["list.txt", "dir/list", "../a", "~/chars.txt", "字表.txt"])
def test_what_looks_like_a_file_is_not_drawn(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=r"cannot be read .* for characters themselves"):
        characters(given)


@pytest.mark.parametrize("given", [5, None, [1, 2], b"ABC"])
def test_what_holds_no_characters(given):
    with pytest.raises(DataError, match="Characters must be a string"):
        characters(given)


def test_a_string_that_names_a_file_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine").write_text("AB", encoding="utf-8")
    assert characters("mine") == "AB"
    assert characters("min") == "min"


@pytest.mark.parametrize("given", ["moe4808", "MOE-4808", "gb2312", "big5-2", "jisx0208"])
def test_names_that_are_nearly_lists(given):
    with pytest.raises(DataError, match=r"There is no list or file .* Did you mean"):
        characters(given)


def test_the_command_has_the_choices_and_its_file_is_training_data(collection, variable, tmp_path):
    def run(*arguments: object) -> Any:
        return CliRunner().invoke(main, ["glyphs", *map(str, arguments)])

    output = tmp_path / "g.npz"
    result = run(collection, "--characters", "A", "--face", "Narrow", "--size", 20, "-o", output)
    assert (result.exit_code, result.output) == (0, f"1 glyph written to {output}\n")
    made = data.images(output, (20, 20, 1))
    assert int((made[0].max(axis=(0, 2)) > 0).sum()) == 2
    bold = tmp_path / "b.npz"
    result = run(variable, "--characters", "A", "--axes", "wght=900", "--size", 20, "-o", bold)
    assert result.exit_code == 0, result.output
    assert int((data.images(bold, (20, 20, 1))[0].max(axis=(0, 2)) > 0).sum()) == 16
    result = run(variable, "--characters", "A", "--axes", "wght", "-o", tmp_path / "c.npz")
    assert result.exit_code == 2
    assert result.output == (
        "Error: --axes takes a tag and a number, such as wght=700; got 'wght'.\n"
    )
    assert np.load(output)["images"].dtype == np.uint8
