"""The sdist and the wheel: what is in them, and that both give the same installation."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import ganzoo
from ganzoo.store.checkpoints import NEEDED, needed_files
from ganzoo.zoo import registry
from tests.package.conftest import build

ROOT = Path(__file__).resolve().parents[2]
INSIDE = "ganzoo/zoo/weights/"


def small() -> set[str]:
    """The checkpoints whose files are below 1 MiB together."""
    return {
        name
        for name, files in registry.checkpoints().items()
        if sum(file.size for file in needed_files(name, files)) < 1 << 20
    }


def test_the_wheel_holds_the_package_and_the_small_checkpoints(wheel: Path) -> None:
    assert wheel.stat().st_size < 6 << 20
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {"ganzoo/zoo/checkpoints.json", "ganzoo/py.typed", "ganzoo/game/README.md"} <= {*names}
    information = f"keras_ganzoo-{ganzoo.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"ganzoo", information}
    assert {name.split("/")[3] for name in names if name.startswith(INSIDE)} == small()
    assert {"fatgan_electrons", "dsgan_electrons", "digit_features", "glyph_features"} <= small()
    data = {name for name in names if name.endswith((".h5", ".npz", ".png", ".keras"))}
    weights = {name for name in data if name.startswith(INSIDE) and name.endswith((".h5", ".npz"))}
    assert data - weights == {
        "ganzoo/export/page/characters.png",  # what a page of fonts begins with
        "ganzoo/preparation/known_pictures.npz",  # fingerprints of names
    }
    assert "ganzoo/export/page/assets/page.html" in names


def test_the_weights_in_the_wheel_are_the_registered_ones(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in small():
            for file in registry.checkpoints()[name]:
                if file.name in (*NEEDED, "README.md"):
                    content = archive.read(f"{INSIDE}{name}/{file.name}")
                    assert hashlib.sha256(content).hexdigest() == file.sha256, (name, file.name)


def test_the_sdist_has_tests_and_examples_and_only_the_small_checkpoints(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        paths = [member.name.partition("/")[2] for member in archive if member.isfile()]
    shipped = {path.split("/")[1] for path in paths if path.startswith("zoo_weights/")}
    assert shipped == small()
    wanted = {"setup.py", "CHANGELOG.md", "LICENSE", "tests/package/test_distributions.py",
              "tools/check.sh", "examples/seven_lines/README.md"}  # fmt: skip
    assert wanted <= {*paths}
    assert not [path for path in paths if path.endswith((".pyc", ".part"))]


def test_the_sdist_gives_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    (tmp_path / "built").mkdir()
    again = build("wheel", unpacked, tmp_path / "built")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_wheel_asks_for_no_other_ganzoo(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(name).decode().splitlines()
    asked = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    assert [line for line in asked if line.startswith("keras-ganzoo[")]  # the extra dev
    assert not [line for line in asked if re.match(r"ganzoo\b", line)]


def test_the_package_index_can_read_both(wheel: Path, sdist: Path) -> None:
    if importlib.util.find_spec("twine") is None:
        pytest.skip("twine, which requirements-check.txt names, is not installed")
    command = [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_events_are_drawn_from_the_wheel_alone_without_a_network(
    wheel: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = """
import json, ganzoo
from ganzoo.presets.find import preset_folder
from ganzoo.store.checkpoints import checkout_weights
print(json.dumps([str(preset_folder("fatgan_electrons")), checkout_weights()]))
print(ganzoo.load("fatgan_electrons").sample(3, seed=1).tolist())
"""
    environment = {**os.environ, "PYTHONPATH": str(site), "GANZOO_OFFLINE": "1"}
    environment["GANZOO_CACHE"] = str(tmp_path / "cache")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    where, events = map(json.loads, done.stdout.splitlines()[-2:])
    assert where == [str(site / INSIDE / "fatgan_electrons"), None]
    assert len(events) == 3
    assert not (tmp_path / "cache").exists()
