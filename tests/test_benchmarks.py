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
