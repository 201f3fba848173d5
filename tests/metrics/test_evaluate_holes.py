"""`ganzoo evaluate` of a model that fills holes: inside of them alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganzoo
from ganzoo import data
from ganzoo.data.masks import centre, random_masks
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import evaluate as evaluation


@pytest.fixture(scope="module")
def few(data_folder):
    """A data source of 300 training and 150 test digits."""
    train, test = data.mnist()[:300], data.mnist("test")[:150]

    def digits(split: str = "train") -> np.ndarray:
        return train if split == "train" else test

    patch = pytest.MonkeyPatch()
    patch.setitem(data.SOURCES, "few", digits)
    yield digits
    patch.undo()


@pytest.fixture(scope="module")
def presets(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("presets")
    filters = {"generator_filters": (4, 6), "discriminator_filters": (4,)}
    ganzoo.CCGAN((28, 28, 1), **filters, seed=1).save_to_preset(folder / "one")
    ganzoo.ContextEncoder((28, 28, 1), **filters, seed=2).save_to_preset(folder / "other")
    return folder / "one", folder / "other"


def test_inside_of_the_holes_beside_the_mean(few, presets, tmp_path):
    pytest.importorskip("sklearn")
    table = evaluation.evaluate(
        presets[0], reference="few", beside=(presets[1],), pairs=tmp_path / "pairs.png"
    )
    assert list(table.rows)[-2:] == ["l1_random", "psnr_random"]
    assert list(table.beside) == ["other", "the mean picture"]
    test, mean = few("test"), few().mean(axis=0)
    hole = centre(28, 28)[..., 0] == 1
    made = ganzoo.load(presets[0]).inpaint(test, hole)
    assert table["l1"].value == pytest.approx(np.abs(made - test)[:, hole].mean(), rel=1e-4)
    flat = table.beside["the mean picture"]
    assert flat["l1"].value == pytest.approx(np.abs(mean - test)[:, hole].mean(), rel=1e-4)
    far = [
        np.abs(mean - picture)[mask == 1]
        for picture, mask in zip(test, random_masks(150, 28, 28, seed=1), strict=True)
    ]
    assert flat["l1_random"].value == pytest.approx(np.mean([one.mean() for one in far]), rel=1e-4)
    noise = [10 * np.log10(4 / (one.astype(float) ** 2).mean()) for one in far]
    assert flat["psnr_random"].value == pytest.approx(np.mean(noise), rel=1e-4)
    assert table.rows["l1_random"].floor.value == 0.0
    assert table.facts["n"] == 150
    assert Image.open(tmp_path / "pairs.png").size == (2 * (4 * 86 - 2), 2 * (12 * 30 - 2))
    assert "L1 in random holes" in str(table)


def test_what_is_refused(few, presets):
    pytest.importorskip("sklearn")
    with pytest.raises(InvalidArgumentError, match="held-out pictures, and nothing says"):
        evaluation.evaluate(presets[0])
    with pytest.raises(InvalidArgumentError, match="and openmoji has none; name a source"):
        evaluation.evaluate(presets[0], reference="openmoji")
    with pytest.raises(DataError, match=r"completes pictures of shape \(28, 28, 1\)"):
        evaluation.evaluate(presets[0], reference="faces")
