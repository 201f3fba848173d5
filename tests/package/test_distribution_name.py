"""The distribution is `keras-ganzoo`: `ganzoo` on the package index is somebody else's."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest

import ganzoo

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
# `ganzoo[extra]`, or `pip install ... ganzoo`, with nothing that makes another name of it.
WRONG = re.compile(r"(?<![\w.-])ganzoo\\?\[(?!['\"])|pip3? install[^`\n]*[\s'\"]ganzoo(?![\w./-])")


def tracked() -> list[Path]:
    """The text files that Git knows."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a Git checkout")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:1024]]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('pip install "ganzoo[plot]"', True),
        ("pip install --only-binary :all: 'ganzoo[hep]'", True),
        ("pip install -U ganzoo", True),
        ('dev = ["ganzoo[test]"]', True),
        ('pip install "keras-ganzoo[plot]"', False),
        ('pip install -e ".[jax]" && ganzoo sample dcgan_mnist', False),
        ("ganzoo list", False),
        ("pip install keras-ganzoo", False),
    ],
)
def test_the_pattern(line, wrong):
    line = line.replace("&& ganzoo", "&& .venv/bin/ganzoo")
    assert bool(WRONG.search(line)) is wrong


def test_no_tracked_file_installs_the_other_project():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WRONG.search(line)
    ]
    assert not found


def test_the_extras_ask_for_this_distribution():
    assert PROJECT["name"] == "keras-ganzoo"
    names = {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in REQUIREMENTS}
    assert "keras-ganzoo" in names
    assert "ganzoo" not in names
    extras = {
        extra
        for line in REQUIREMENTS
        if line.startswith("keras-ganzoo[")
        for extra in line[len("keras-ganzoo[") : -1].split(",")
    }
    assert extras <= {*PROJECT["optional-dependencies"]}


def test_the_installed_metadata_asks_for_this_distribution():
    try:
        installed = requires("keras-ganzoo") or []
    except PackageNotFoundError:
        pytest.skip("keras-ganzoo is not installed, only found on the path")
    assert not [line for line in installed if re.match(r"ganzoo\b", line)]


def test_the_version_is_stated_once():
    assert "version" in PROJECT["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", ganzoo.__version__)
