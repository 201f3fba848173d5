"""`ganzoo evaluate` of the classics, each with the figure it is known for; models are untrained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo import data
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import evaluate as evaluation
from ganzoo.zoo import registry

N = 600
SMALL = {"latent_dim": 4, "generator_filters": (6, 5), "discriminator_filters": (4, 6)}


@pytest.fixture(autouse=True)
def few(data_folder, monkeypatch):
    """The data source "mnist" has 1,800 digits to train with and 600 others."""
    sets = {split: data.mnist(split, labels=True) for split in ("train", "test")}

    def digits(split: str = "train", labels: bool = False) -> Any:
        count = N if split == "test" else 3 * N
        images, classes = (part[:count] for part in sets[split])
        return (images, classes) if labels else images

    monkeypatch.setitem(data.SOURCES, "mnist", digits)


def saved(family: str, folder: Any, **arguments: Any) -> Any:
    """Return a folder with an untrained model."""
    registry.model_class(family)(**arguments, seed=1).save_to_preset(folder / family)
    return folder / family


@pytest.mark.parametrize(
    ("family", "first"),
    [("InfoGAN", "assigned"), ("SGAN", "error"), ("AdversarialAutoencoder", "neighbour")],
)
def test_classes_of_held_out_digits(family, first, tmp_path):
    model = saved(family, tmp_path, **SMALL)
    table = evaluation.evaluate(model, reference="mnist", samples=N)
    names = list(table.rows)
    assert names[0] == first
    assert "frechet" in names
    row = table.rows[first]
    assert row.estimate.n == N
    assert 0 <= row.estimate.value <= 1
    # What knows all labels, or sees the pixels, is far better than a model without training.
    better = -1 if first == "error" else 1
    assert better * (row.floor.value - row.estimate.value) > 0.1
    if family == "AdversarialAutoencoder":
        assert table.rows["kept"].floor.value > 0.95
        assert table["l1"].value > table.rows["l1"].floor.value > 0
        result = CliRunner().invoke(
            main, ["evaluate", str(model), "--reference", "mnist", "-n", str(N), "--pairs",
                   str(tmp_path / "pairs.png")]
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert "nearest code is of the same class" in result.output
        assert (tmp_path / "pairs.png").stat().st_size > 1000
    with pytest.raises(InvalidArgumentError, match="held-out pictures with classes"):
        evaluation.evaluate(model, reference="openmoji")


def test_pairs_agree_by_chance_where_nothing_was_learned(tmp_path):
    model = saved("CoGAN", tmp_path, **SMALL)
    table = evaluation.evaluate(model, reference="mnist_edges", samples=N)
    assert table.rows["agreement"].floor.value == 1.0
    chance = table.beside["exchanged"]["agreement"]
    assert abs(table["agreement"].value - chance.value) < 0.1
    assert table["auc_a"].value > 0.9
    with pytest.raises(InvalidArgumentError, match="mnist_edges"):
        evaluation.evaluate(model, reference="mnist")


def test_pictures_of_another_domain(tmp_path):
    sizes = {"filters": 4, "blocks": 1, "classifier_filters": (4, 5), "classifier_units": 5}
    model = saved("PixelDA", tmp_path, **sizes)
    table = evaluation.evaluate(
        model, reference="mnist_to_mnist_m", samples=N, pairs=tmp_path / "pairs.png"
    )
    assert table["accuracy"].value < 0.4
    # The shipped classifier has seen digits on black alone, and no colours.
    assert 0.03 < table.beside["a classifier of sources"]["accuracy"].value < 0.9
    assert (tmp_path / "pairs.png").exists()
    with pytest.raises(InvalidArgumentError, match="mnist_to_mnist_m"):
        evaluation.evaluate(model, reference="mnist")


def test_pictures_of_another_size_are_refused(tmp_path):
    model = saved("SGAN", tmp_path, **SMALL, image_shape=(8, 8, 1))
    with pytest.raises(DataError, match=r"takes pictures of shape \(8, 8, 1\)"):
        evaluation.evaluate(model, reference="mnist")


def test_codes_of_pictures_by_the_command(tmp_path):
    model = saved("BiGAN", tmp_path, **SMALL)
    images = data.mnist("test")[:7]
    np.save(tmp_path / "digits.npy", images)
    output = tmp_path / "codes.npz"
    arguments = ["encode", str(model), str(tmp_path / "digits.npy"), "-o", str(output)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "7 pictures of" in result.output
    assert np.load(output)["latents"].shape == (7, 4)
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code != 0
    assert "--overwrite" in again.output
    missing = CliRunner().invoke(main, ["encode", str(model), str(tmp_path / "no")])
    assert "does not exist" in missing.output
