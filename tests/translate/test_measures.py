"""`ganzoo evaluate` for translators: of pairs, and of two sets with and without hidden truths."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import data, metrics, plots
from ganzoo.cli import main
from ganzoo.data.pairs import Pairs, Sets
from ganzoo.errors import DataError

N = 120


def coloured(n: int, red: float, seed: int) -> np.ndarray:
    """Return pictures 24x24 of a bright square on dark noise, with so much red."""
    random = np.random.default_rng(seed)
    images = random.uniform(-0.9, -0.7, (n, 24, 24, 3)).astype("float32")
    for image in images:
        top, left = random.integers(2, 12, 2)
        image[top : top + 9, left : left + 9] = (red + random.uniform(-0.1, 0.1), 0.3, -0.2)
    return images


def two_sets(split: str = "train") -> Sets:
    first = 0 if split == "train" else 10
    return Sets(coloured(N, 0.8, first), coloured(N + 30, -0.5, first + 1), ("apple", "tomato"))


def pairs(split: str = "train") -> Pairs:
    sets = two_sets(split)
    return Pairs(sets.a, sets.a[:, :, ::-1], tuple(map(str, range(N))))


def turned(image: np.ndarray, red: float) -> np.ndarray:
    """Return pictures whose square has another red."""
    return np.where(image[..., 1:2] > 0, np.array([red, 0.3, -0.2], "float32"), image)


def test_a_perfect_translator_is_taken_for_the_other_set_and_an_idle_one_is_not():
    test, train = two_sets("test"), two_sets()
    made = (turned(test.a, -0.5), turned(test.b, 0.8))
    idle = {"the input itself": (test.a, test.b)}
    table = metrics.unpaired_table((test.a, test.b), made, train[:2], idle, words=test.names)
    assert list(table.rows) == [
        f"{name}_{way}" for way in ("ab", "ba") for name in ("taken", "frechet", "auc")
    ]
    assert table.rows["taken_ab"].title == "apple to tomato: taken for the other set"
    for way in ("ab", "ba"):
        assert table[f"taken_{way}"].value == 1.0
        assert table.rows[f"taken_{way}"].floor.value == 1.0
        beside = table.beside["the input itself"]
        assert beside[f"taken_{way}"].value == 0.0
        assert beside[f"auc_{way}"].value > 0.99 > 0.8 > table.rows[f"auc_{way}"].floor.value
        assert beside[f"frechet_{way}"].value > 10 * table[f"frechet_{way}"].value


def test_too_few_pictures_of_a_set():
    few = (coloured(N, 0.8, 0), coloured(30, -0.5, 1))
    with pytest.raises(DataError, match="100 sources of each set are needed; got 120 and 30"):
        metrics.unpaired_table(few, few, few)


def measured(folder, *arguments) -> dict:
    out = folder / "out.json"
    result = CliRunner().invoke(main, ["evaluate", *map(str, arguments), "--json", str(out)])
    assert result.exit_code == 0, result.output
    return json.loads(out.read_text())


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setitem(data.SOURCES, "two_sets", two_sets)
    monkeypatch.setitem(data.SOURCES, "some_pairs", pairs)


@pytest.fixture(scope="module")
def cyclegan(tmp_path_factory):
    from tests.translate.support import saved

    return saved("CycleGAN", tmp_path_factory.mktemp("presets"), image_shape=(24, 24, 3))


def test_two_sets_are_measured_both_ways(cyclegan, known, tmp_path):
    model, folder = cyclegan
    drawn = tmp_path / "both.png"
    found = measured(tmp_path, folder, "--reference", "two_sets", "--pairs", drawn)
    rows = found["metrics"]
    test = two_sets("test")
    back = model.translate(model.translate(test.b, "ba"), "ab")
    assert rows["cycle_ba"]["value"] == pytest.approx(np.abs(back - test.b).mean(), rel=1e-4)
    assert rows["taken_ab"]["floor"]["value"] == 1.0
    assert set(rows) == {
        f"{name}_{way}" for way in ("ab", "ba") for name in ("taken", "frechet", "auc", "cycle")
    }
    assert drawn.stat().st_size > 0


def test_two_sets_with_a_hidden_truth_have_the_measures_of_pairs(cyclegan, known, tmp_path):
    model, folder = cyclegan
    found = measured(tmp_path, folder, "--reference", "some_pairs")
    rows = found["metrics"]
    test = pairs("test")
    made = model.translate(test.sources, "ab")
    assert rows["l1"]["value"] == pytest.approx(np.abs(made - test.targets).mean(), rel=1e-4)
    back = model.translate(made, "ba")
    assert rows["cycle"]["value"] == pytest.approx(np.abs(back - test.sources).mean(), rel=1e-4)


def test_two_sets_are_not_for_a_translator_of_one_way(known, tmp_path):
    from tests.translate.support import saved

    _, folder = saved("Pix2Pix", tmp_path, source_shape=(24, 24, 3))
    result = CliRunner().invoke(main, ["evaluate", str(folder), "--reference", "two_sets"])
    assert result.exit_code != 0
    assert "is measured on held-out pairs, and two_sets has none" in result.output


def test_pictures_are_shown_of_all_that_a_sorted_set_holds():
    assert plots.some(np.arange(100), 4).tolist() == [0, 33, 66, 99]
    assert plots.some(np.arange(3), 4).tolist() == [0, 1, 2]
