"""The benchmarks work; what they measure is never tested."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ganzoo import transposed
from tests.benchmarks.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "jobs"),
    [
        (("events", "--generated", 1000, "--simulated", 50), {"fatgan_electrons_fast", "pythia"}),
        (("transposed", "--batch-size", 2), {"keras", "phases"}),
        (("step", "gan_mnist", "--steps", 1), {"by hand", "ganzoo"}),
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
    before, output = transposed.PHASED_TRANSPOSED_CONVOLUTION, tmp_path / "found.json"
    line = [*map(str, arguments), "--rounds", "2", "--json", str(output)]
    result = CliRunner().invoke(main, line)
    assert result.exit_code == 0, result.output
    found = json.loads(output.read_text())
    assert set(found["seconds"]) == jobs
    assert found["ratio"] > 0
    assert before == transposed.PHASED_TRANSPOSED_CONVOLUTION


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
