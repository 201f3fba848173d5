"""`--at`: a model of several beams from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo import zoo
from ganzoo.cli import main
from ganzoo.events import files


@pytest.fixture(scope="module")
def preset(tmp_path_factory) -> Path:
    """A preset of a small model."""
    folder = tmp_path_factory.mktemp("beams") / "preset"
    ganzoo.BeamFATGAN(**zoo.FAMILIES["BeamFATGAN"].tiny, seed=1).save_to_preset(folder)
    return folder


def run(*arguments: object, code: int = 0) -> str:
    """Run the command line; return what it printed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_sample(preset, tmp_path):
    run("sample", preset, "-n", 500, "--seed", 1, "--at", 5, 41, "-o", tmp_path / "a.npz")
    run("sample", preset, "-n", 500, "--seed", 1, "-o", tmp_path / "b.npz")
    one, other = files.read(tmp_path / "a.npz"), files.read(tmp_path / "b.npz")
    assert tuple(one.beams) == (5.0, 41.0)
    assert tuple(other.beams) == (10.0, 100.0)
    assert abs(one.array["pz"]).max() < 5.01
    assert "5 x 41 to 18 x 275 GeV, 10 x 100 unless told" in run("info", preset)
    line = run("sample", preset, "--at", 27.5, 920, "-o", tmp_path / "c.npz", code=2)
    assert "knows beams from 5 x 41 to 18 x 275 GeV" in line
    assert not (tmp_path / "c.npz").exists()


def test_parts_are_of_one_pair_of_beams(preset, tmp_path):
    for number, at in ((1, (5, 41)), (2, (10, 100))):
        run("sample", preset, "-n", 40_000, "--seed", 1, "--part", f"{number}/2", "--at", *at,
            "-o", tmp_path / f"{number}.npz")  # fmt: skip
    line = run("merge", tmp_path / "1.npz", tmp_path / "2.npz", "-o", tmp_path / "all.npz", code=1)
    assert "different runs" in line


def test_report_and_evaluate(preset, tmp_path):
    made = tmp_path / "made.npz"
    run("sample", preset, "-n", 4000, "--seed", 9, "--at", 10, 275, "-o", made)
    told = run("evaluate", preset, "--at", 10, 275, "--reference", made, "-n", 1000,
               "--json", tmp_path / "table.json")  # fmt: skip
    assert "chi2" in told.lower()
    run("report", preset, "--at", 10, 275, "--reference", made, "-n", 1000, "--seed", "1,2",
        "-o", tmp_path / "report")  # fmt: skip
    numbers = json.loads((tmp_path / "report" / "report.json").read_text())
    assert (numbers["beams"]["electron"], numbers["beams"]["proton"]) == (10.0, 275.0)
    line = run("evaluate", preset, "--reference", made, "-n", 1000, code=1)
    assert "10 x 275" in line


def test_models_of_one_pair_refuse_it():
    line = run("sample", "fatgan_electrons", "--at", 5, 41, code=2)
    assert "--at is for models of several beams (such as fatgan_electrons_beams)" in line
    line = run("train", "fatgan_electrons_beams", "--data", "mine.csv", code=2)
    assert "--data" in line
