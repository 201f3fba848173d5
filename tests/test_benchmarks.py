"""The benchmarks work; what they measure is never tested."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from ganzoo._backend import fourier as coefficients
from ganzoo.layers import strided, transposed
from tests.benchmarks.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "jobs"),
    [
        (("events", "--generated", 1000, "--simulated", 50), {"fatgan_electrons_fast", "pythia"}),
        (("convolutions", "--batch-size", 2), {"Keras'", "ganzoo's"}),
        (("step", "gan_mnist", "--steps", 1), {"by hand", "ganzoo"}),
        (("step", "pix2pix_fonts", "--steps", 1, "--clock", "processor"), {"by hand", "ganzoo"}),
        (("fit", "gan_mnist", "--steps", 1), {"bare step", "fit"}),
        (("one-pass", "gan_mnist", "--steps", 1), {"in turn", "one pass"}),
        (
            ("precision", "gan_mnist", "--steps", 1),
            {"float32", "mixed_bfloat16", "mixed_float16"},
        ),
        (("sample", "gan_mnist", "-n", 64), {"bare generator", "sample"}),
        pytest.param(
            ("cold",),
            {"import and forward", "ganzoo sample", "ganzoo list"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_benchmark(arguments, jobs, tmp_path):
    if "events" in arguments:
        pytest.importorskip("pythia8mc")
    choices = (transposed.CONVOLUTIONS_IN_PHASES, strided.CONVOLUTIONS_IN_PHASES, coefficients.pays)
    output = tmp_path / "found.json"
    line = [*map(str, arguments), "--rounds", "2", "--json", str(output)]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == 0, result.output
    found = json.loads(output.read_text())
    assert set(found["seconds"]) == jobs
    assert found["ratio"] > 0
    assert choices == (
        transposed.CONVOLUTIONS_IN_PHASES,
        strided.CONVOLUTIONS_IN_PHASES,
        coefficients.pays,
    )


@pytest.mark.slow
@pytest.mark.parametrize("way", ["passes", "precision"])
def test_quality_compares_ways_of_training(way, data_folder, tmp_path, monkeypatch):
    from tests.benchmarks import quality

    monkeypatch.setattr(quality, "SAMPLES", 1000)
    output = tmp_path / "found.json"
    line = ["quality", "gan_mnist", "--of", way, "--epochs", "1", "--seeds", "2"]
    result = CliRunner().invoke(main, [*line, "--images", "1000", "--json", str(output)])
    assert result.exit_code == 0, result.output
    found = json.loads(output.read_text())
    first, *others = quality.WAYS[way]
    assert list(found["runs"]) == [first, *others]
    assert found["floor"]["mean"] < min(row["mean"] for row in found["distance"].values())
    for other in others:
        gap = found["difference"][f"{other} - {first}, by seed"]
        means = (found["distance"][name]["mean"] for name in (other, first))
        assert gap["mean"] == pytest.approx(next(means) - next(means))
        assert gap["error"] > 0


@pytest.mark.slow
def test_scaling_measures_and_draws(tmp_path):
    files = tmp_path / "scaling.png", tmp_path / "scaling.json"
    line = ["scaling", str(files[0]), "--backend", "torch", "--quick", "--json", str(files[1])]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == 0, result.output
    two, four = json.loads(files[1].read_text())["torch"]["batch"]
    assert four["GFLOP"] == pytest.approx(2 * two["GFLOP"])
    assert 0 < four["share"] < 1
    assert files[0].stat().st_size > 1000


def test_the_arithmetic_of_a_step_is_that_of_its_layers():
    from ganzoo import VanillaGAN
    from tests.benchmarks.scaling import arithmetic

    gan = VanillaGAN((2, 3, 1), 5, (7,), (11,))
    generator, discriminator = 2 * (5 * 7 + 7 * 6), 2 * (6 * 11 + 11 * 1)
    assert arithmetic(gan) == 3 * generator + 7 * discriminator


def test_products_with_a_margin_do_not_count():
    """Ones under a kernel of ones: each output is the number of products that made it."""
    import keras
    from keras import layers

    from tests.benchmarks.scaling import _forward

    for cls, options in (
        (layers.Conv2D, {"strides": 2, "padding": "same"}),
        (layers.Conv2D, {"strides": (1, 3), "padding": "valid"}),
        (layers.Conv2DTranspose, {"strides": 2, "padding": "same"}),
    ):
        layer = cls(1, 5, use_bias=False, kernel_initializer="ones", **options)
        made = keras.Sequential([keras.Input((7, 10, 1)), layer])(np.ones((1, 7, 10, 1)))
        assert _forward(layer) == 2 * keras.ops.convert_to_numpy(made).sum(), (cls, options)
