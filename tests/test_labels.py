"""Labels on the command line and in recipes; the two scripts as data."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import data, zoo
from ganzoo.cli import main
from ganzoo.data import scripts
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.zoo import registry


def run(*arguments: object) -> tuple[int, str]:
    """Run the command line; return its exit code and what it printed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels") / "preset"
    gan = registry.model_class("ConditionalDCGAN")(**zoo.FAMILIES["ConditionalDCGAN"].tiny)
    gan.save_to_preset(folder)
    return folder


def test_sample_with_a_label(preset, tmp_path):
    gan = ganzoo.load(preset)
    for label in ("two", "1", "0.5"):
        output = tmp_path / f"{label}.npy"
        assert run("sample", preset, "-n", 5, "--seed", 3, "--label", label, "-o", output)[0] == 0
        expected = gan.sample(5, seed=3, label=label)
        assert np.allclose(np.load(output), expected, atol=1e-6)
    output = tmp_path / "all.npy"
    assert run("sample", preset, "-n", 5, "--seed", 3, "-o", output)[0] == 0
    assert np.allclose(np.load(output), gan.sample(5, seed=3), atol=1e-6)


def test_a_bad_label_is_one_line(preset, tmp_path):
    code, printed = run("sample", preset, "--label", "tow", "-o", tmp_path / "a.png")
    assert code != 0
    assert "accepted: one, two, three" in printed
    assert "'two'" in printed
    assert not (tmp_path / "a.png").exists()


def test_a_label_needs_a_conditional_model(tmp_path):
    code, printed = run("sample", "gan_mnist", "--label", 7, "-o", tmp_path / "a.png")
    assert code != 0
    assert "conditional" in printed
    assert "cdcgan_mnist" in printed


def test_train_with_labels(data_folder, tmp_path, monkeypatch):
    entry = zoo.ENTRIES["cdcgan_mnist"]
    small = {"generator_filters": (4, 4, 4), "discriminator_filters": (4, 4)}
    stage = dataclasses.replace(entry.recipe.stages[0], epochs=1)
    recipe = dataclasses.replace(
        entry.recipe, data="few", stages=(stage,), dtype_policy="float32", batch_size=32
    )
    quick = dataclasses.replace(entry, config={**entry.config, **small}, recipe=recipe)
    monkeypatch.setitem(zoo.ENTRIES, "quick", quick)
    monkeypatch.setitem(
        data.SOURCES, "few", lambda labels: tuple(a[:100] for a in data.mnist("test", labels))
    )
    code, printed = run("train", "quick", "-o", tmp_path / "run", "--quiet")
    assert code == 0, printed
    assert ganzoo.load(tmp_path / "run" / "preset").classes == tuple("0123456789")
    code, printed = run("train", "quick", "-o", tmp_path / "other", "--data", tmp_path)
    assert code != 0
    assert "trained with labels" in printed


@pytest.mark.slow
def test_the_two_scripts(data_folder):
    images, labels = data.mixed_glyphs(labels=True)
    assert images.shape == (8934, 48, 48, 1)
    assert np.bincount(labels).tolist() == [4808, 4126]
    assert images.min() == -1.0
    assert images.max() == 1.0
    clerical = data.clerical_glyphs()
    assert np.array_equal(clerical, images[:4808])


def test_a_missing_font_says_where_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"Li.ttf is missing: .*moe.gov.tw.*ganzoo prepare glyphs"):
        data.clerical_glyphs()
    with pytest.raises(InvalidArgumentError, match="clerical, semi-cursive"):
        scripts.font("clerikal")
