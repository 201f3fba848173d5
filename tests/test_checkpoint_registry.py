"""`checkpoints.json` is what `zoo_weights/` holds, and the tool that writes it is strict."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganzoo.presets import preflight

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


# The shipped numbers never change: of these files every byte stays.
WEIGHTS_SHA256 = {
    "cdcgan_fonts_mix": "1694c25c28574b22777a7531124f2eee5a33c742b0c9a72a60212d626a74ad08",
    "cdcgan_mnist": "4a5bdb23b22c89864f23af4cdf8404ef6601b3d36905f256b2f95b3f10480084",
    "dcgan_fonts": "bb948756f8a41efd9cd5145a6cdfb4c5bc1675da2996d4c53e91552957ba0f55",
    "dcgan_fonts_mix": "82763fe3fa7088fdbcfb6c833b3f701f313b1de8e6b0d6a7f18b6a2b57b1319a",
    "dcgan_mnist": "ba3f0ff419bbca3375f0a84991bd91d0a4b89eab62c83d31ed64634ec0c4eb2b",
    "digit_features": "93c339d88bced01f988013c8dbd02ef1f697c75e0b9cb519f0a5c6666f75070d",
    "dsgan_electrons": "3758966f6518e1032a6b3cf02f970fc7b881165bfeda6ff637b80219c98d6914",
    "fatgan_electrons": "69364ce5edc3cd361d49d5fba2b08b5b3bd9965e3a24a814208d4449da62b1a8",
    "fatgan_electrons_fast": "e5179e60accb34030fc6b83cc6229c60d4419d843582a63e76cb898e25a0316d",
    "fatgan_electrons_spherical": (
        "4a7d7134963d95549ae9687c91c0063b1e00a1b965da1fdeef96698045923064"
    ),
    "gan_fonts": "4f4cc8287af03db2144bc4a70413e5dd3d888a653dcb644495025c5daedd71cb",
    "gan_mnist": "b78f42333389d794242b35353aff9d394f97c8d79a52e38201347b477a729009",
    "glyph_features": "d30b27f92917ac61f9b564e4713c9f3716584ef973a50f4115b37dd8628056c0",
    "photo_features": "45df8636902ebc0975c4c2b5a793a981ce191eb21a7c5078cc84420c0a48f30f",
}


def test_shipped_weights_stay_byte_for_byte() -> None:
    stated = json.loads((ROOT / "ganzoo" / "zoo" / "checkpoints.json").read_text("utf-8"))
    weights = {name: files["model.weights.h5"]["sha256"] for name, files in stated.items()}
    assert {name: weights.get(name) for name in WEIGHTS_SHA256} == WEIGHTS_SHA256
    for name, sha256 in WEIGHTS_SHA256.items():
        content = (ROOT / "zoo_weights" / name / "model.weights.h5").read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


def test_shipped_presets_are_of_the_present_form() -> None:
    for folder in sorted((ROOT / "zoo_weights").iterdir()):
        if folder.is_dir():
            content = preflight.parse(folder / "config.json")
            assert content["format"] == preflight.FORMAT
            preflight.check_lists(content["networks"])
            preflight.check_hashes(folder, content)
