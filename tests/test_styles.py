"""`ganzoo translate` and `ganzoo evaluate` with a translator of many styles."""

from __future__ import annotations

from pathlib import Path

import click.testing
import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import data, plots
from ganzoo.cli import main
from ganzoo.data import styles
from ganzoo.data.styles import StyledGlyphs
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import cards
from ganzoo.evaluation import styles as of_styles
from ganzoo.evaluation.evaluate import evaluate
from ganzoo.presets import find

STYLES = ("thin", "thick", "grey")
TINY = {"generator_filters": (4, 6), "discriminator_filters": (4, 6), "embedding_dim": 4}


@pytest.fixture(scope="module")
def preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("styles") / "preset"
    ganzoo.Zi2Zi((48, 48, 1), STYLES, **TINY, seed=1).save_to_preset(folder)
    return folder


def strokes(n: int, seed: int, size: int = 48) -> np.ndarray:
    """Return characters of three boxes each, uint8 (n, size, size)."""
    random, made = np.random.default_rng(seed), np.zeros((n, size, size), np.uint8)
    for picture in made:
        for _ in range(3):
            top, left = random.integers(2, size - 10, 2)
            picture[top : top + 3, left : left + 9] = 255
    return made


def styled(split: str = "train") -> StyledGlyphs:
    """Boxes as they are, two pixels larger, and grey."""
    count = 120 if split == "train" else 100
    sources = strokes(count, len(split), 24)
    thick = np.maximum.reduce(
        [np.roll(sources, shift, axis) for shift in (-1, 0, 1) for axis in (1, 2)]
    )
    targets = np.concatenate([sources, thick, sources // 2])
    rows, labels = np.tile(np.arange(count), 3), np.repeat(np.arange(3), count)
    names = "".join(map(chr, range(0x4E00, 0x4E00 + count)))
    return StyledGlyphs(
        sources[..., None], targets[..., None], rows.astype("int32"), labels.astype("int32"),
        names, STYLES,
    )  # fmt: skip


def run(*arguments: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["translate", *map(str, arguments)])


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code != 0, result.output
    assert len(result.output.splitlines()) == 1, result.output
    return result.output


def test_pictures_in_a_style_and_in_all_of_them(preset, tmp_path):
    model = ganzoo.load(preset)
    given = (strokes(3, 0)[..., None] / 127.5 - 1.0).astype("float32")
    np.save(tmp_path / "given.npy", given)
    result = run(preset, tmp_path / "given.npy", "--label", "thick", "-o", tmp_path / "one.npy")
    assert result.exit_code == 0, result.output
    assert np.allclose(np.load(tmp_path / "one.npy"), model.translate(given, "thick"), atol=1e-6)
    result = run(preset, tmp_path / "given.npy", "-o", tmp_path / "all.npy")
    assert "From the left: thin, thick, grey." in result.output
    made = np.split(np.load(tmp_path / "all.npy"), 3, axis=2)
    for style, part in zip(STYLES, made, strict=True):
        assert np.allclose(part, model.translate(given, style), atol=1e-6)
    plots.to_image(strokes(1, 0)[0][..., None]).save(tmp_path / "one.png")
    result = run(preset, tmp_path / "one.png", "-o", tmp_path / "row/")
    assert result.exit_code == 0, result.output
    (written,) = (tmp_path / "row").iterdir()
    assert Image.open(written).size == (3 * 48, 48)


def test_a_text_in_every_hand(preset, tmp_path, monkeypatch):
    drawn = (strokes(4, 2)[..., None] / 127.5 - 1.0).astype("float32")
    asked = []

    def text_glyphs(text: str, font: Path | None = None) -> np.ndarray:
        asked.append((text, font))
        return drawn

    monkeypatch.setattr(styles, "text_glyphs", text_glyphs)
    model = ganzoo.load(preset)
    result = run(preset, "--text", "人工智慧", "-o", tmp_path / "word.npy")
    assert result.exit_code == 0, result.output
    assert "4 characters; from the top: the source, thin, thick, grey." in result.output
    rows = np.split(np.load(tmp_path / "word.npy"), 4)
    assert np.array_equal(rows[0], drawn)
    for style, row in zip(STYLES, rows[1:], strict=True):
        assert np.allclose(row, model.translate(drawn, style), atol=1e-6)
    result = run(preset, "--text", "人工智慧", "--label", "1", "--font", "my.ttf", "-o",
                 tmp_path / "word.png")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert Image.open(tmp_path / "word.png").size == (2 * (4 * 50 - 2), 2 * (2 * 50 - 2))
    assert asked[-1] == ("人工智慧", Path("my.ttf"))


def test_what_cannot_be_written(preset, tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    output = ("-o", tmp_path / "word.png")
    assert "fonts-lxgw-wenkai" in refused(preset, "--text", "人", *output)
    assert "--font a.ttf draws what --text says" in refused(preset, "--font", "a.ttf", *output)
    assert "or a --text; got both" in refused(preset, tmp_path, "--text", "人", *output)
    assert "give it some" in refused(preset, *output)
    np.save(tmp_path / "given.npy", np.zeros((1, 48, 48, 1), np.float32))
    line = refused(preset, tmp_path / "given.npy", "--label", "thik", *output)
    assert "There is no label 'thik'" in line
    assert "Did you mean 'thick'" in line
    small = tmp_path / "small"
    ganzoo.Zi2Zi((8, 8, 1), STYLES, **TINY).save_to_preset(small)
    monkeypatch.setattr(styles, "text_glyphs", lambda *_: np.zeros((1, 48, 48, 1), np.float32))
    assert "as pictures of 48x48x1" in refused(small, "--text", "人", *output)


def test_real_characters_are_recognised_and_a_fresh_model_is_not(tmp_path, monkeypatch):
    preset, other = tmp_path / "preset", tmp_path / "other"
    ganzoo.Zi2Zi((24, 24, 1), STYLES, **TINY, seed=1).save_to_preset(preset)
    ganzoo.Zi2Zi((24, 24, 1), ("a", "b"), **TINY).save_to_preset(other)
    monkeypatch.setitem(data.SOURCES, "boxes", styled)
    for name, small in (("EPOCHS", 6), ("BATCH", 32), ("FILTERS", (8, 8, 8, 8))):
        monkeypatch.setattr(of_styles, name, small)
    told: list[str] = []
    table = evaluate(
        preset, reference="boxes", pairs=tmp_path / "pairs.png",
        progress=lambda what, done, count: told.append(what),
    )  # fmt: skip
    assert set(told) == {"translating", "learning the styles"}
    floors = {name: row.floor.value for name, row in table.rows.items()}
    assert floors["found_1"] == 1.0
    assert floors["recognised"] > 0.9
    assert floors["l1"] == 0.0
    assert table["found_1"].value < 0.5
    assert 0.2 < table["recognised"].value < 0.5  # one style of three, at best
    given = table.beside["the input itself"]
    assert given["found_1"].value > 0.8
    assert given["recognised"].value == pytest.approx(1 / 3, abs=0.05)  # all are thin
    assert set(table.details) == set(STYLES)
    assert table.details["thin"]["L1 distance from the truth"].floor.value == 0.0
    assert Image.open(tmp_path / "pairs.png").size == (
        2 * len(range(0, 100, 13)) * 26 - 2,
        4 * 26 - 2,
    )
    text = cards.quality("it", table, "translated images")
    assert "Each style:" in text
    assert "| thick |" in text
    told_worst = cards.far_details(table)["found: the truth is the nearest far below"]
    assert len(told_worst) == 3
    with pytest.raises(InvalidArgumentError, match=r"boxes|styled_glyphs"):
        evaluate(preset)
    with pytest.raises(DataError, match="has other styles than the characters: a, b; these are in"):
        evaluate(other, reference="boxes")


def test_a_preset_keeps_its_styles(preset):
    assert ganzoo.load(preset).styles == STYLES
    result = click.testing.CliRunner().invoke(main, ["info", str(preset)])
    assert "3: thin, thick, grey" in result.output
    assert find.resolve(preset).task == "styled translation"
