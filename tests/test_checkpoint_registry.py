"""`checkpoints.json` is what `zoo_weights/` holds, and the tool that writes it is strict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the maintainer's command."""
    return subprocess.run(
        [sys.executable, "-m", "tools.rebuild_registry", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A `zoo_weights/` folder with one checkpoint."""
    folder = tmp_path / "zoo_weights" / "dcgan_mnist"
    folder.mkdir(parents=True)
    for name in ("config.json", "model.weights.h5", "README.md"):
        (folder / name).write_text(name)
    return folder.parent


def test_registry_states_what_zoo_weights_holds() -> None:
    done = tool("--check")
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}\nafter a new checkpoint run `python -m tools.rebuild_registry`"
    )


def test_rebuild_is_deterministic_and_check_names_each_drift(weights: Path, tmp_path: Path) -> None:
    registry = tmp_path / "checkpoints.json"
    places = ("--weights", weights, "--registry", registry)
    assert tool(*places).returncode == 0
    first = registry.read_bytes()
    assert first.endswith(b"}\n")
    assert tool(*places).returncode == 0
    assert registry.read_bytes() == first
    assert tool("--check", *places).returncode == 0

    folder = weights / "dcgan_mnist"
    (folder / "model.weights.h5").write_text("changed")
    (folder / "README.md").unlink()
    (folder / "probe.npz").write_text("new")
    done = tool("--check", *places)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    for part in ("model.weights.h5: {", "README.md: in checkpoints.json, but", "probe.npz: not in"):
        assert part in done.stdout


def test_release_assets_have_flat_names(weights: Path, tmp_path: Path) -> None:
    assets = tmp_path / "assets"
    registry = tmp_path / "checkpoints.json"
    assert tool("--weights", weights, "--registry", registry, "--assets", assets).returncode == 0
    names = {path.name for path in assets.iterdir()}
    assert names == {"dcgan_mnist--config.json", "dcgan_mnist--model.weights.h5"}
    assert sorted(json.loads(registry.read_text())["dcgan_mnist"]) == [
        "README.md",
        "config.json",
        "model.weights.h5",
    ]


@pytest.mark.parametrize("fault", ["large", "link", "unknown", "incomplete", "folder"])
def test_what_is_no_checkpoint_is_refused(fault: str, weights: Path, tmp_path: Path) -> None:
    folder = weights / "dcgan_mnist"
    if fault == "large":
        os.truncate(folder / "model.weights.h5", (32 << 20) + 1)
    elif fault == "link":
        (folder / "samples.png").symlink_to("/etc/passwd")
    elif fault == "unknown":
        folder.rename(weights / "dcgan_minst")
    elif fault == "incomplete":
        (folder / "config.json").unlink()
    else:
        (folder / "old").mkdir()
    registry = tmp_path / "checkpoints.json"
    done = tool("--weights", weights, "--registry", registry)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) == 1
    assert not registry.exists()
