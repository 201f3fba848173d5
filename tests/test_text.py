"""Lines of text: numerals, a model of them, and what the commands make of it."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner
from keras import ops

import ganzoo
from ganzoo import data, zoo
from ganzoo.callbacks import SampleLines
from ganzoo.cli import main
from ganzoo.data import numerals
from ganzoo.errors import DataError, InvalidArgumentError
from ganzoo.evaluation import evaluate as evaluation
from tests.contract.support import build, data_for


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7, "七"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1234, "一千二百三十四"),
        (9009, "九千零九"),
    ],
)
def test_numerals(number, text):
    assert numerals.chinese_numeral(number) == text
    assert numerals.numbers_of()[text] == number


def test_no_two_numbers_are_written_alike():
    assert len(numerals.numbers_of()) == 9999
    assert max(map(len, numerals.numbers_of())) == numerals.LENGTH
    for wrong in (0, 10_000, True, 1.5):
        with pytest.raises(InvalidArgumentError, match="from 1 to 9999"):
            numerals.chinese_numeral(wrong)


def test_numerals_are_held_out():
    train, test = data.chinese_numerals(), data.chinese_numerals("test")
    assert train.shape == (7999, 7, 14)
    assert test.shape == (2000, 7, 14)
    model = of_numerals()
    both = model.texts(np.concatenate([train, test]))
    assert sorted(both) == sorted(numerals.numbers_of())
    assert np.array_equal(model.encoded(both[:5]), train[:5])
    assert zoo.ENTRIES["textgan_numerals"].config["vocabulary"] == numerals.VOCABULARY


def of_numerals(**sizes: object) -> ganzoo.TextGAN:
    units = {"generator_units": (16,), "discriminator_units": (16,), **sizes}
    return ganzoo.TextGAN(vocabulary=numerals.VOCABULARY, length=numerals.LENGTH, seed=1, **units)


def test_a_low_temperature_draws_by_the_softmax():
    """The noise is Gumbel's: the largest of logits and noise is a draw from softmax(logits)."""
    model = ganzoo.TextGAN(vocabulary="abc", length=1, latent_dim=2, temperature=0.01, seed=3)
    for variable in model.generator.trainable_variables:
        variable.assign(np.zeros(variable.shape, np.float32))
    model.generator.trainable_variables[-1].assign(np.log([0.2, 0.3, 0.5]).astype(np.float32))
    made = np.asarray(ops.convert_to_numpy(model.generated({"real": ops.zeros((4000, 1, 3))})))
    assert np.allclose(made.sum(axis=-1), 1.0, atol=1e-4)
    assert made.max(axis=-1).mean() > 0.97  # nearly one-hot
    assert np.allclose(made.mean(axis=(0, 1)), [0.2, 0.3, 0.5], atol=0.03)
    warm = ganzoo.TextGAN(vocabulary="abc", length=1, latent_dim=2, temperature=100.0, seed=3)
    made = np.asarray(ops.convert_to_numpy(warm.generated({"real": ops.zeros((50, 1, 3))})))
    assert np.allclose(made, 1 / 3, atol=0.05)


def test_lines_there_and_back():
    model = build("TextGAN")
    lines = ["abc", "", "ccccc"]
    made = model.encoded(lines)
    assert made.shape == (3, 5, 4)
    assert model.texts(made) == lines
    for wrong, why in ((["abcabc"], "has 6 characters"), (["ax"], "has 'x'")):
        with pytest.raises(DataError, match=why):
            model.encoded(wrong)
    drawn = model.sample(6, seed=2)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert np.array_equal(drawn.sum(axis=-1), np.ones((6, 5)))
    assert np.array_equal(drawn, model.sample(6, seed=2, batch_size=4))
    with pytest.raises(DataError, match=r"must be in \[0, 1\]"):
        model.fit(-data_for(model)[0], verbose=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vocabulary": "aa"},
        {"vocabulary": "a"},
        {"temperature": 0.0},
        {"temperature": {"from": 1.0, "to": 0.0, "over": 10}},
    ],
)
def test_what_cannot_be(wrong):
    with pytest.raises(InvalidArgumentError):
        ganzoo.TextGAN(**wrong)


def test_text_by_the_commands(tmp_path):
    model = of_numerals()
    model.save_to_preset(tmp_path / "numbers")
    output = tmp_path / "lines.txt"
    arguments = ["sample", str(tmp_path / "numbers"), "-n", "5", "--seed", "1"]
    result = CliRunner().invoke(main, [*arguments, "-o", str(output)])
    assert result.exit_code == 0, result.output
    assert "5 lines of" in result.output
    lines = output.read_text(encoding="utf-8").split("\n")[:-1]
    assert lines == model.texts(model.sample(5, seed=1))
    array = tmp_path / "lines.npy"
    assert CliRunner().invoke(main, [*arguments, "-o", str(array)]).exit_code == 0
    assert np.array_equal(np.load(array), model.sample(5, seed=1))
    refused = CliRunner().invoke(main, [*arguments, "-o", str(tmp_path / "lines.png")])
    assert refused.exit_code == 2
    assert "the ending must be .txt, .npy or .npz" in refused.output


def test_a_model_without_training_draws_no_numerals(tmp_path):
    of_numerals().save_to_preset(tmp_path / "numbers")
    table = evaluation.evaluate(tmp_path / "numbers", reference="chinese_numerals", samples=300)
    assert list(table.rows) == ["valid", "new", "thousands", "once"]
    assert table["valid"].value < 0.1
    assert table["once"].value <= table["valid"].value
    assert 0.9 < table.rows["once"].floor.value < 1.0  # of 300 drawn from 9,999
    assert table.rows["valid"].floor.value == 1.0
    assert abs(table.rows["new"].floor.value - 0.2) < 0.08
    assert abs(table.rows["thousands"].floor.value - 0.9) < 0.08
    with pytest.raises(InvalidArgumentError, match="chinese_numerals"):
        evaluation.evaluate(tmp_path / "numbers", reference="mnist")
    build("TextGAN").save_to_preset(tmp_path / "letters")
    with pytest.raises(DataError, match="draws characters of ' abc'"):
        evaluation.evaluate(tmp_path / "letters", reference="chinese_numerals")


def test_lines_of_every_epoch(tmp_path):
    model = build("TextGAN")
    model.fit(
        *data_for(model), epochs=3, verbose=0, callbacks=[SampleLines(tmp_path, n=4, every=2)]
    )
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["epoch-0002.txt"]
    text = (tmp_path / "epoch-0002.txt").read_text(encoding="utf-8")
    assert len(text.split("\n")) == 5
