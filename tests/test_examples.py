"""The examples, as a user runs them, on few data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganzoo

ROOT = Path(__file__).parents[1]
CHARACTERS = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜"


def run(script: str, *arguments: object) -> str:
    """Run an example; return what it printed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_new_font(data_folder, tmp_path):
    font = data_folder / "fonts" / "kouzan-mouhitsu-gyosho.ttf"
    run("new_font/new_font.py", font, "--characters", CHARACTERS, "--steps", 1, "-o", tmp_path)
    before, after = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("before", "after"))
    assert before.shape == after.shape
    assert (before != after).any()
    assert ganzoo.load(tmp_path / "preset").data_shape == (48, 48, 1)


def test_fashion(data_folder, tmp_path):
    run("fashion/fashion.py", "--images", 64, "--epochs", 1, "-o", tmp_path)
    before, after = (np.asarray(Image.open(tmp_path / f"{n}.png")) for n in ("before", "after"))
    assert (before != after).any()
    assert ganzoo.load(tmp_path / "preset").data_shape == (28, 28, 1)


def test_latent_space(data_folder, tmp_path):
    printed = run("latent_space/latent_space.py", "--steps", 2, "-o", tmp_path)
    assert "linear: halfway, the latent is 6.9" in printed
    assert "spherical: halfway, the latent is 9.9" in printed
    for name in ("sweeps", "paths", "directions", "found"):
        assert np.asarray(Image.open(tmp_path / f"{name}.png")).std() > 0


def test_your_own_gan(tmp_path):
    printed = run("your_own_gan/your_own_gan.py", "--epochs", 2, "-o", tmp_path)
    assert "of 2000 points, near each heap: [" in printed
    with Image.open(tmp_path / "movie.gif") as movie:
        assert movie.n_frames == 2


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
