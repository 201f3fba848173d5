"""`ganzoo evaluate` of the classics, each with the figure it is known for; models are untrained."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import classes
from ganzoo.evaluation import evaluate as evaluation
from ganzoo.evaluation.subject import subject_of
from ganzoo.evaluation.taught import Teaching
from ganzoo.zoo import registry

N = 600
SMALL = {"latent_dim": 4, "generator_filters": (6, 5), "discriminator_filters": (4, 6)}
DENSE = {"latent_dim": 4, "generator_units": (8,), "discriminator_units": (32, 16)}  # of SGAN


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
    [
        ("InfoGAN", "assigned"),
        ("SGAN", "error"),
        ("SemiSupervisedAAE", "error"),
        ("ClusteringAAE", "error"),
        ("AdversarialAutoencoder", "neighbour"),
    ],
)
def test_classes_of_held_out_digits(family, first, tmp_path, monkeypatch):
    monkeypatch.setattr(classes, "LABELS_ALONE", Teaching(40, 100, 3e-3))
    model = saved(family, tmp_path, **(DENSE if family == "SGAN" else SMALL))
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
    if family in ("SGAN", "SemiSupervisedAAE"):
        # A hundred labels teach the same network something, if not all.
        alone = table.beside["the labels alone"]["error"].value
        assert row.floor.value + 0.02 < alone < row.estimate.value - 0.1
        assert table.beside["published"]["error"].value < 0.02
    if family in ("InfoGAN", "ClusteringAAE"):
        assert "label" not in names  # a code is no label
    if family == "ClusteringAAE":
        assert table.beside["published"]["error"].value == 0.0955  # of 16 clusters
        assert names[1] == "error_by_most"
        assert table["error_by_most"].value > 0.1
    if family == "AdversarialAutoencoder":
        # What has learned nothing is as good as what has learned nothing.
        features, beside = table["features"], table.beside["untrained"]["features"]
        assert 0.1 < features.value == pytest.approx(beside.value, abs=0.15)
        assert features.value > row.estimate.value  # more numbers than a code
        assert table.rows["kept"].floor.value > 0.95
        assert table["l1"].value > table.rows["l1"].floor.value > 0
        result = CliRunner().invoke(
            main, ["evaluate", str(model), "--reference", "mnist", "-n", str(N), "--pairs",
                   str(tmp_path / "pairs.png")]
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert "nearest code is of the same class" in result.output
        assert (tmp_path / "pairs.png").stat().st_size > 1000
        refused = CliRunner().invoke(main, ["evaluate", str(model), "--reference", "mnist",
                                            "--plane", str(tmp_path / "plane.png")])  # fmt: skip
        assert "--plane is for codes of 2 numbers" in refused.output
    with pytest.raises(InvalidArgumentError, match="held-out pictures with classes"):
        evaluation.evaluate(model, reference="openmoji")


def test_pairs_agree_by_chance_where_nothing_was_learned(tmp_path):
    model = saved("CoGAN", tmp_path, **SMALL)
    table = evaluation.evaluate(model, reference="mnist_edges", samples=N)
    assert table.rows["agreement"].floor.value == 1.0
    chance = table.beside["exchanged"]["agreement"]
    assert abs(table["agreement"].value - chance.value) < 0.1
    assert table["auc_a"].value > 0.9
    table = evaluation.evaluate(model, reference="mnist_negatives", samples=N)
    assert table.rows["agreement"].title == "pixels on which a negative agrees with its digit"
    assert table.rows["agreement"].floor.value == 1.0
    with pytest.raises(InvalidArgumentError, match="mnist_edges"):
        evaluation.evaluate(model, reference="mnist")


def test_pictures_of_another_domain(tmp_path):
    sizes = {"filters": 4, "blocks": 1, "classifier_filters": (4, 5), "classifier_units": 5}
    model = saved("PixelDA", tmp_path, **sizes)
    table = evaluation.evaluate(
        model, reference="mnist_to_mnist_m", samples=N, pairs=tmp_path / "pairs.png"
    )
    assert table["accuracy"].value < 0.4
    assert list(table.beside) == ["published"]  # without a recipe there is nothing to be equal to
    assert (tmp_path / "pairs.png").exists()
    with pytest.raises(InvalidArgumentError, match="mnist_to_mnist_m"):
        evaluation.evaluate(model, reference="mnist")


def test_classifiers_beside_are_trained_like_the_model(tmp_path, monkeypatch):
    loaded = data.mnist_to_mnist_m("test")

    def domains(split: str = "train") -> Any:
        rows = slice(2 * N) if split == "train" else slice(2 * N, 4 * N)
        return type(loaded)(*(part[rows] for part in loaded))

    monkeypatch.setitem(data.SOURCES, "mnist_to_mnist_m", domains)
    sizes = {"filters": 4, "blocks": 1, "classifier_filters": (8, 12), "classifier_units": 32}
    subject = subject_of(saved("PixelDA", tmp_path, **sizes))
    stated = zoo.ENTRIES["pixelda_mnist_m"].recipe.with_epochs(12)
    teaching = Teaching.of_recipe(stated, "classifier")
    assert teaching == Teaching(12, 64, 5e-4, 0.999, 0.5)
    stage = dataclasses.replace(
        stated.stages[0], optimizers={"classifier": {"learning_rate": 3e-3}}
    )
    recipe = dataclasses.replace(stated, stages=(stage,), ema_momentum=None)
    found = dataclasses.replace(subject.found, recipe=recipe)
    told = []
    table = evaluation.evaluate(
        dataclasses.replace(subject, found=found), progress=lambda *part: told.append(part)
    )
    assert list(table.beside) == ["source only", "target only", "published"]
    source, target = (table.beside[f"{kind} only"]["accuracy"].value for kind in
                      ("source", "target"))  # fmt: skip
    # Those that saw colours read them; all are better than the model, which was not trained.
    assert target > source + 0.05
    assert source > table["accuracy"].value - 0.05
    steps = 12 * (2 * N // 64)
    assert [part for part in told if part[1] == part[2] == steps] == [
        ("source only", steps, steps),
        ("target only", steps, steps),
    ]


def test_the_plane_of_codes(tmp_path):
    model = saved("AdversarialAutoencoder", tmp_path, **{**SMALL, "latent_dim": 2})
    evaluation.evaluate(model, reference="mnist", samples=N, plane=tmp_path / "plane.png")
    with Image.open(tmp_path / "plane.png") as drawn:
        assert drawn.size == (1200, 600)


def test_pictures_of_another_size_are_refused(tmp_path):
    model = saved("SGAN", tmp_path, **DENSE, image_shape=(8, 8, 1))
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
