"""The examples, as a user runs them, on few data."""

from __future__ import annotations

import ast
import base64
import csv
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import ganzoo
from ganzoo import zoo
from ganzoo.cli.script import Script
from ganzoo.errors import DataError, UnknownModelError

ROOT = Path(__file__).parents[1]
CHARACTERS = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜"


def tried(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run an example, whatever comes of it."""
    return subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def run(script: str, *arguments: object) -> str:
    """Run an example; return what it printed."""
    done = tried(script, *arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def executed(notebook: str, folder: Path, parameters: str, monkeypatch: Any) -> Any:
    """Return a notebook after its cells ran in a copy of its folder, with other parameters."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    source = ROOT / "examples" / notebook
    shutil.copytree(source.parent, folder / "copy")
    book = nbformat.read(source, as_version=4)
    (cell,) = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    cell.source = parameters
    resources = {"metadata": {"path": str(folder / "copy")}}
    nbclient.NotebookClient(book, timeout=300, resources=resources).execute()
    return book


def printed(book: Any) -> str:
    """Return all that the cells of a notebook printed."""
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def pictures(book: Any) -> list[np.ndarray]:
    """Return the pictures in a notebook."""
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    data = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png)))) for png in data]


@pytest.mark.slow
def test_a_new_font(data_folder, tmp_path):
    font = data_folder / "fonts" / "kouzan-mouhitsu-gyosho.ttf"
    run("new_font/new_font.py", font, "--characters", CHARACTERS, "--steps", 1, "-o", tmp_path)
    before, after = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("before", "after"))
    assert before.shape == after.shape
    assert (before != after).any()
    assert ganzoo.load(tmp_path / "preset").data_shape == (48, 48, 1)


@pytest.mark.slow
def test_fashion(data_folder, tmp_path):
    run("fashion/fashion.py", "--images", 64, "--epochs", 1, "-o", tmp_path)
    before, after = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("before", "after"))
    assert (before != after).any()
    assert ganzoo.load(tmp_path / "preset").data_shape == (28, 28, 1)


@pytest.mark.slow
def test_what_are_pairs_worth(data_folder, tmp_path):
    script, output = "what_are_pairs_worth/what_are_pairs_worth.py", tmp_path / "rows.png"
    told = run(script, "pix2pix_fonts", "cyclegan_fonts", "-n", 100, "-o", output).splitlines()
    assert [line.split(" |")[0] for line in told if line.startswith("| ")][1:] == [
        "| pix2pix_fonts", "| cyclegan_fonts", "| the input itself", "| real characters",
    ]  # fmt: skip
    assert Image.open(output).size == (2 * (14 * 50 - 2), 2 * (4 * 50 - 2))


@pytest.mark.slow
def test_your_name(data_folder, tmp_path):
    model, output = ganzoo.Zi2Zi(generator_filters=(4, 6), discriminator_filters=(4,)), "name.png"
    model.save_to_preset(tmp_path / "preset")
    told = run("your_name/your_name.py", "不人工", "--font",
               data_folder / "fonts" / "kouzan-mouhitsu-gyosho.ttf", "--model", tmp_path / "preset",
               "-o", tmp_path / output)  # fmt: skip
    assert "in 2 hands, two in a row: regular, bold" in told
    assert "Never seen in any training: 不" in told
    assert Image.open(tmp_path / output).size == (2 * (2 * (3 * 48 + 2) - 2), 2 * 48)


@pytest.mark.slow
def test_latent_space(data_folder, tmp_path):
    printed = run("latent_space/latent_space.py", "--steps", 2, "-o", tmp_path)
    assert "linear: halfway, the latent is 6.9" in printed
    assert "spherical: halfway, the latent is 9.9" in printed
    for name in ("sweeps", "paths", "directions", "found"):
        assert np.asarray(Image.open(tmp_path / f"{name}.png")).std() > 0


@pytest.mark.slow
def test_style_mixing(tmp_path):
    small = {**zoo.FAMILIES["StyleGAN2"].tiny, "image_shape": (32, 32, 3), "filters": (6, 5, 4)}
    model, output = ganzoo.StyleGAN2(**small, seed=1), tmp_path / "out"
    model.save_to_preset(tmp_path / "preset")
    printed = run("style_mixing/style_mixing.py", "--name", tmp_path / "preset", "-n", 3,
                  "--only", "mixing,truncation", "-o", output)  # fmt: skip
    changes = [float(line.split()[3]) for line in printed.splitlines() if " pixels " in line]
    assert len(changes) == 3
    assert min(changes) > 0
    assert "2, 32 pixels" in printed
    side = 2 * (32 + 1)
    size = Image.open(output / "mixing_1.png").size
    assert size == Image.open(output / "mixing_2.png").size
    assert abs(size[0] - 4 * side) <= 4
    assert abs(size[1] - 4 * side) <= 4
    assert np.asarray(Image.open(output / "truncation.png")).std() > 0


@pytest.mark.slow
def test_your_own_gan(tmp_path):
    printed = run("your_own_gan/your_own_gan.py", "--epochs", 2, "-o", tmp_path)
    assert "of 2000 points, near each heap: [" in printed
    with Image.open(tmp_path / "movie.gif") as movie:
        assert movie.n_frames == 2


@pytest.mark.slow
def test_unfolding(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib (extra `plot`) is not installed")
    told = run("unfolding/unfolding.py", "--reference", "electrons_sample", "-n", 1000, "--epochs",
               1, "--batch", 200, "-o", tmp_path / "ratios.png")  # fmt: skip
    assert " of 1000 events are measured" in told
    assert told.count("chi2/bin") == 3
    assert np.asarray(Image.open(tmp_path / "ratios.png")).std() > 0


@pytest.mark.slow
def test_numerals(tmp_path):
    output = tmp_path / "lines.txt"
    printed = run("numerals/numerals.py", "--epochs", 1, "-n", 300, "-o", output)
    assert "of 300 lines are numerals" in printed
    assert len(output.read_text(encoding="utf-8").split("\n")) == 301


def test_seven_lines(data_folder, tmp_path):
    script = "seven_lines/seven_lines.py"
    tree = ast.parse((ROOT / "examples" / script).read_text(encoding="utf-8"))
    steps = [node for node in ast.walk(tree) if getattr(node, "name", "") == "train_step"]
    lines = [(line.lineno, line.end_lineno) for line in steps[0].body]
    assert len(lines) == 7
    assert all(first == last for first, last in lines)

    told = run(script, "--images", 256, "--epochs", 1, "-o", tmp_path)
    assert "1,486,352 + 1,460,225 parameters" in told  # those of the lecture
    assert np.asarray(Image.open(tmp_path / "epoch-0001.png")).std() > 0


@pytest.mark.slow
def test_the_lectures_dcgan_goes_on_where_it_stopped(data_folder, tmp_path):
    script, options = (
        "lecture_dcgan/lecture_dcgan.py",
        ("--images", 64, "-o", tmp_path),
    )
    run(script, *options, "--epochs", 1)
    told = run(script, *options, "--epochs", 2)
    assert "the mean of |D - 1/2| is 0." in told
    with Image.open(tmp_path / "movie.gif") as movie:
        assert movie.n_frames == 2
    with open(tmp_path / "steps.csv", encoding="utf-8") as file:
        steps = list(csv.DictReader(file))
    with open(tmp_path / "epochs.csv", encoding="utf-8") as file:
        epochs = list(csv.DictReader(file))
    assert [(row["epoch"], row["step"]) for row in steps] == [
        ("1", "1"), ("1", "2"), ("2", "1"), ("2", "2")
    ]  # fmt: skip
    for name in ("d_loss", "g_loss"):
        means = np.reshape([float(row[name]) for row in steps], (2, 2)).mean(axis=1)
        assert means == pytest.approx([float(row[name]) for row in epochs], abs=2e-4)
    assert all(0.0 <= float(row["d_from_half"]) <= 0.5 for row in epochs)
    assert ganzoo.load(tmp_path / "preset").data_shape == (28, 28, 1)


@pytest.mark.slow
def test_your_pictures(data_folder, tmp_path):
    told = run("your_pictures/your_pictures.py", "--steps", 1, "-o", tmp_path)
    assert "1000 pictures; dcgan_mnist takes (28, 28, 1)" in told
    before, after = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("before", "after"))
    assert (before != after).any()
    assert ganzoo.load(tmp_path / "preset").data_shape == (28, 28, 1)


def test_a_picture_that_is_none_is_named(tmp_path):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg")
    (tmp_path / "b.png").write_text("no picture")
    done = tried("your_pictures/your_pictures.py", tmp_path, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "b.png is not a readable picture" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*/*.py")), ids=lambda path: path.stem)
def test_an_error_of_a_script_is_one_line(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("@click.command(") == text.count("@click.command(cls=Script, ")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (DataError("no picture"), 1, "Error: no picture"),
        (UnknownModelError("no model"), 2, "Error: no model"),
        (FileNotFoundError(2, "No such file", "a.png"), 1, "Error: a.png: No such file."),
    ],
)
def test_a_script_ends_as_a_command_of_ganzoo(error, code, line):
    @click.command(cls=Script)
    def script() -> None:
        raise error

    done = CliRunner().invoke(script)
    assert (done.exit_code, done.stderr) == (code, line + "\n")
    with pytest.raises(click.ClickException, match=line.removeprefix("Error: ")):
        script([], standalone_mode=False)


@pytest.mark.slow
def test_events_with_error_bars(tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "events.png"
    options = ("--reference", "electrons_sample", "-n", 20_000, "-o", picture)
    told = run("event_error_bars/event_error_bars.py", *options)
    rows = [line.split() for line in told.splitlines() if "chi2/bin" in line]
    assert [row[0] for row in rows] == ["Q2:", "pT:", "xBj:"]
    for row in rows:  # chi2/bin VALUE ± ERROR; of other real events VALUE ± ERROR
        assert float(row[2]) < 5.0
        assert float(row[4].rstrip(";")) > 0.0
        assert 0.3 < float(row[-3]) < 3.0
    kept = float(told.split("GeV2: ")[-1].split()[0])
    assert 0.99 < kept < 1.0
    assert np.asarray(Image.open(picture)).std() > 0


@pytest.mark.slow
def test_notebook_of_the_latent_space(data_folder, tmp_path, monkeypatch):
    parameters = "steps, count, seed = 2, 60, 1"
    book = executed("latent_space/latent_space.ipynb", tmp_path, parameters, monkeypatch)
    told = printed(book)
    assert "linear: halfway, the latent is 6.9" in told
    assert "spherical: halfway, the latent is 9.8" in told
    (normal,) = [line for line in told.splitlines() if line.startswith("standard normal")]
    assert len(normal.split("digits ")[1]) >= 8  # kinds of digits in a row of the table
    assert len(pictures(book)) == 7
    assert min(picture.std() for picture in pictures(book)) > 10


@pytest.mark.slow
def test_notebook_of_a_failing_gan(data_folder, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    parameters = "epochs, images, count, seed = 2, 640, 200, 1"
    book = executed("failing_gan/failing_gan.ipynb", tmp_path, parameters, monkeypatch)
    told = printed(book)
    (real,) = [line for line in told.splitlines() if line.startswith("real digits")]
    assert float(real.split("recognised ")[1].rstrip("%")) > 95.0
    assert "mended: diversity" in told
    assert [picture.std() > 0 for picture in pictures(book)] == [True] * 3


def test_notebooks_are_shown_with_their_pictures():
    for path in (ROOT / "examples").glob("*/*.ipynb"):
        book = pytest.importorskip("nbformat").read(path, as_version=4)
        assert len(pictures(book)) >= 3
        assert path.stat().st_size < 400 * 1024
        assert not [
            o for c in book.cells for o in c.get("outputs", []) if o.get("name") == "stderr"
        ]


@pytest.mark.slow
def test_three_backends(tmp_path):
    printed = run("three_backends/three_backends.py", "-n", 10, "-o", tmp_path / "rows.png")
    differences = [float(part.split()[0]) for part in printed.split("by at most ")[1:]]
    assert len(differences) == 2
    assert max(differences) < 1e-4


@pytest.mark.slow
def test_a_failing_gan(data_folder, tmp_path):
    printed = run("failing_gan/failing_gan.py", "--epochs", 1, "-n", 200, "-o", tmp_path)
    rows = {line[:22].strip(): line[22:].split("recognised") for line in printed.splitlines()}
    real = [float(share.rstrip("%")) for share in rows["real digits"][0].split()]
    assert len(real) == 10
    assert min(real) > 4.0
    assert float(rows["real digits"][1].rstrip("%\n")) > 95.0
    assert {"failing", "mended"} <= set(rows)
    assert (tmp_path / "mended" / "movie.gif").is_file()


@pytest.mark.slow
def test_noise_is_as_far_from_digits_as_can_be(data_folder, tmp_path):
    pytest.importorskip("matplotlib")
    printed = run(
        "two_distances/two_distances.py", "--steps", 2, "--looks", 2, "--judged", 60,
        "-o", tmp_path / "distances.png",
    )  # fmt: skip
    first = printed.splitlines()[1].split()
    assert 0.6 < float(first[1]) < 0.6932  # log 2 at most
    assert float(first[4]) > 10
    assert (tmp_path / "distances.png").is_file()


@pytest.mark.slow
def test_few_pictures(data_folder, tmp_path):
    pytest.importorskip("sklearn")
    printed = run(
        "small_data/small_data.py", "--images", 64, "--steps", 1, "-n", 1200, "-o", tmp_path
    )
    assert "translation and cutout   Fréchet distance" in printed
    assert (tmp_path / "translation_and_cutout.png").is_file()


def test_every_story_is_told():
    told = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for readme in (ROOT / "examples").glob("*/README.md"):
        assert f"{readme.parent.name}/README.md" in told
