"""The wheel: small, without weights, and at work outside of the checkout.

A checkpoint is served from 127.0.0.1 to the installed package, once with a network and once
without. It is the shipped `dcgan_mnist`, or a small DCGAN under that name where none is shipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import ganzoo

ROOT = Path(__file__).resolve().parents[2]
NAME = "dcgan_mnist"
pytestmark = pytest.mark.slow


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    sources = folder / "sources"
    sources.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    for name in ("ganzoo", "zoo_weights", "tests", "tools"):
        ignore = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / name, sources / name, ignore=ignore)
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "-w", str(folder)]
    if _has_setuptools():
        command.append("--no-build-isolation")
    subprocess.run(command, cwd=sources, check=True, capture_output=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def _has_setuptools() -> bool:
    import importlib.metadata

    try:
        return int(importlib.metadata.version("setuptools").partition(".")[0]) >= 77
    except importlib.metadata.PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed, outside of the checkout."""
    site = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(site)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, timeout=300)
    return site


@pytest.fixture(scope="module")
def mirror(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on 127.0.0.1 with the release assets; yields its URL."""
    folder = tmp_path_factory.mktemp("mirror")
    weights = ROOT / "zoo_weights"
    if NAME not in json.loads((ROOT / "ganzoo" / "zoo" / "checkpoints.json").read_text()):
        weights = _small_checkpoint(tmp_path_factory.mktemp("weights"))
    registry = site / "ganzoo" / "zoo" / "checkpoints.json"
    tool = [sys.executable, "-m", "tools.rebuild_registry", "--weights", str(weights)]
    tool += ["--registry", str(registry), "--assets", str(folder)]
    before = registry.read_bytes()
    subprocess.run(tool, cwd=ROOT, check=True, capture_output=True, timeout=60)
    assert registry.read_bytes() == before or weights != ROOT / "zoo_weights"
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _small_checkpoint(folder: Path) -> Path:
    from ganzoo import zoo
    from ganzoo.zoo import registry

    gan = registry.model_class("DCGAN")(**zoo.FAMILIES["DCGAN"].tiny)
    gan.save_to_preset(folder / NAME)
    return folder


def test_wheel_is_small_and_holds_no_weights(wheel: Path) -> None:
    assert wheel.stat().st_size < 1_000_000
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "ganzoo/zoo/checkpoints.json" in names
    assert "ganzoo/py.typed" in names
    assert "ganzoo/game/README.md" in names
    information = f"keras_ganzoo-{ganzoo.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"ganzoo", information}
    data = [name for name in names if name.endswith((".h5", ".npz", ".png", ".keras"))]
    assert sorted(data) == [
        "ganzoo/export/page/characters.png",  # what a page of fonts begins with
        "ganzoo/preparation/known_pictures.npz",  # fingerprints of names
    ]
    assert "ganzoo/export/page/assets/page.html" in names


def test_the_wheel_asks_for_no_other_ganzoo(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(name).decode().splitlines()
    asked = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    assert [line for line in asked if line.startswith("keras-ganzoo[")]  # the extra dev
    assert not [line for line in asked if re.match(r"ganzoo\b", line)]


def test_download_and_sample_outside_of_the_checkout_then_offline(
    site: Path, mirror: str, tmp_path: Path
) -> None:
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    environment |= {
        "PYTHONPATH": str(site),
        "GANZOO_CACHE": str(tmp_path / "cache"),
        "GANZOO_WEIGHTS_URL": mirror,
    }

    def ganzoo(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        code = "import ganzoo, ganzoo.cli; print(ganzoo.__file__); ganzoo.cli.main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.stdout.startswith(str(site)), done.stdout + done.stderr
        return done

    sample = ("sample", NAME, "-n", "16", "--seed", "0", "-o")
    assert ganzoo("verify", NAME).returncode == 1
    cold = ganzoo(*sample, "cold.png", GANZOO_OFFLINE="1")
    assert cold.returncode == 1
    assert cold.stderr.splitlines()[-1].startswith(f"Error: {NAME} is not in the cache")
    for arguments in (("download", NAME), ("verify", NAME), (*sample, "d.png")):
        done = ganzoo(*arguments)
        assert done.returncode == 0, done.stderr
    offline = {"GANZOO_OFFLINE": "1", "GANZOO_WEIGHTS_URL": "http://127.0.0.1:9"}
    again = ganzoo(*sample, "again.png", **offline)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "d.png").read_bytes() == (tmp_path / "again.png").read_bytes()
    assert not (tmp_path / "cold.png").exists()
