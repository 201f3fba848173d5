"""Fonts to glyphs, with the two real fonts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.data.characters import characters
from ganzoo.data.fonts import glyphs, sheet
from ganzoo.errors import DataError, InvalidArgumentError

CLERICAL, CURSIVE = "TW-MOE-Li.ttf", "kouzan-mouhitsu-gyosho.ttf"


@pytest.fixture(scope="session")
def fonts(data_folder) -> Path:
    return data_folder / "fonts"


@pytest.mark.parametrize(
    ("font", "count"), [(CURSIVE, 4126), pytest.param(CLERICAL, 4808, marks=pytest.mark.slow)]
)
def test_real_fonts(fonts, tmp_path, font, count):
    rendered = glyphs(fonts / font, "moe-4808", cache=tmp_path)
    assert rendered.images.shape == (count, 48, 48)
    assert rendered.images.dtype == np.uint8
    assert len(rendered.characters) == count
    assert len(rendered.missing) == 4808 - count
    assert set(rendered.characters).isdisjoint(rendered.missing)
    assert rendered.images.max() == 255
    ink = rendered.images.reshape(count, -1).mean(axis=1)
    assert ink.min() > 0
    assert 0.1 < ink.mean() / 255 < 0.25
    # No glyph is cut: next to no ink on the border of the box.
    border = np.concatenate(
        [rendered.images[:, [0, -1]], rendered.images[:, :, [0, -1]].swapaxes(1, 2)]
    )
    assert (border > 200).mean() < 1e-3
    again = glyphs(fonts / font, "moe-4808", cache=tmp_path)
    assert np.array_equal(again.images, rendered.images)
    assert len(list(tmp_path.iterdir())) == 1


def test_one_box_for_all(fonts):
    both = glyphs(fonts / CLERICAL, "一龜", size=48).images
    heights = [np.flatnonzero(image.max(axis=1) > 128).size for image in both]
    assert heights[0] < heights[1] / 2  # a small character stays small


@pytest.mark.parametrize(
    ("name", "count"),
    [("moe-4808", 4808), ("gb2312-1", 3755), ("big5-1", 5401), ("jisx0208-1", 2965)],
)
def test_lists(name, count):
    assert len(characters(name)) == count


def test_own_characters(tmp_path):
    (tmp_path / "list.txt").write_text("永 和\n九年永", encoding="utf-8")
    assert characters(tmp_path / "list.txt") == characters("永和九年") == "永和九年"
    (tmp_path / "latin.txt").write_bytes("é".encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8"):
        characters(tmp_path / "latin.txt")
    with pytest.raises(DataError, match="Did you mean 'moe-4808'"):
        characters("moe-480")
    with pytest.raises(DataError, match="are needed; got 0"):
        characters(" ")


def test_bad_fonts(fonts, tmp_path):
    (tmp_path / "no.ttf").write_bytes(b"no font")
    with pytest.raises(DataError, match="not a font"):
        glyphs(tmp_path / "no.ttf", "永")
    with pytest.raises(DataError, match="cannot be read"):
        glyphs(tmp_path / "absent.ttf", "永")
    with pytest.raises(DataError, match="has none of the 1 characters"):
        glyphs(fonts / CLERICAL, "\U0001f600")
    with pytest.raises(InvalidArgumentError, match="size"):
        glyphs(fonts / CLERICAL, "永", size=0)


def test_command(fonts, tmp_path):
    output, picture = tmp_path / "g.npz", tmp_path / "sheet.png"
    arguments = ["glyphs", str(fonts / CURSIVE), "--characters", "永和九年鬱𠮷", "-o", str(output)]
    result = CliRunner().invoke(main, [*arguments, "--sheet", str(picture)])
    assert result.exit_code == 0, result.output
    with np.load(output) as saved:
        assert saved["images"].shape[1:] == (48, 48)
        assert "永" in str(saved["characters"])
    assert picture.stat().st_size > 0
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "--overwrite" in result.output


def test_sheet_is_seeded(fonts):
    rendered = glyphs(fonts / CLERICAL, "永和九年歲在癸丑暮春之初")
    assert sheet(rendered, 4, seed=1).tobytes() == sheet(rendered, 4, seed=1).tobytes()
    assert sheet(rendered, 4, seed=1).tobytes() != sheet(rendered, 4, seed=2).tobytes()
