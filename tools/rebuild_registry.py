"""Rebuild `ganzoo/zoo/checkpoints.json`, sizes and hashes of the files in `zoo_weights/`.

python -m tools.rebuild_registry            write it
python -m tools.rebuild_registry --check    exit 1 with one line per difference
python -m tools.rebuild_registry --assets FOLDER
                                            also lay out the files as a release or mirror has them
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

from ganzoo import zoo
from ganzoo.errors import GanzooError, PresetError
from ganzoo.files.reading import kind_problem, sha256_of
from ganzoo.presets.feature_networks import NETWORKS
from ganzoo.store.cache import check_name
from ganzoo.store.checkpoints import NEEDED, REQUIRED, asset_name

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "zoo_weights"
REGISTRY = ROOT / "ganzoo" / "zoo" / "checkpoints.json"
MAX_WEIGHTS_BYTES = 32 << 20
MAX_TOTAL_BYTES = 330 << 20

Registry = dict[str, dict[str, dict[str, int | str]]]


def build(weights: Path = WEIGHTS) -> Registry:
    """Return the registry of a `zoo_weights/` folder, sorted by name.

    Raises:
        PresetError: A folder is no entry of the zoo and no feature network, lacks a file that every
            checkpoint has, holds something else than regular files, or is larger than checkpoints
            may be.
    """
    registry: Registry = {}
    total = 0
    for folder in sorted(path for path in weights.iterdir() if not path.name.startswith(".")):
        if kind_problem(folder) is None:
            continue  # a README of the whole folder
        if folder.name not in (*zoo.ENTRIES, *NETWORKS):
            raise PresetError(
                f"{folder} is no entry of ganzoo/zoo and no feature network of "
                "ganzoo/presets/feature_networks.py; add one or remove the folder"
            )
        registry[folder.name] = _files(folder)
        total += sum(int(facts["size"]) for facts in registry[folder.name].values())
    if total > MAX_TOTAL_BYTES:
        raise PresetError(f"{weights} holds {total} bytes; at most {MAX_TOTAL_BYTES} are accepted")
    return registry


def _files(folder: Path) -> dict[str, dict[str, int | str]]:
    files: dict[str, dict[str, int | str]] = {}
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        check_name("file", path.name)
        problem = kind_problem(path)
        if problem is not None:
            raise PresetError(f"{path} {problem}")
        size = path.stat().st_size
        if path.name.endswith(".h5") and size > MAX_WEIGHTS_BYTES:
            raise PresetError(f"{path} has {size} bytes; at most {MAX_WEIGHTS_BYTES} are accepted")
        files[path.name] = {"size": size, "sha256": sha256_of(path)}
    for required in REQUIRED:
        if required not in files:
            raise PresetError(f"{folder} lacks {required}")
    return files


def text_of(registry: Registry) -> str:
    """Return the registry as the file states it."""
    return json.dumps(registry, indent=1, sort_keys=True) + "\n"


def differences(found: Registry, stated: Registry) -> list[str]:
    """Return one line per file whose stated facts are not the found ones."""
    lines = []
    for name in sorted({*found, *stated}):
        ours, theirs = found.get(name, {}), stated.get(name, {})
        for file in sorted({*ours, *theirs}):
            if file not in theirs:
                lines.append(f"{name}/{file}: not in checkpoints.json")
            elif file not in ours:
                lines.append(f"{name}/{file}: in checkpoints.json, but not in zoo_weights/")
            elif ours[file] != theirs[file]:
                lines.append(f"{name}/{file}: {theirs[file]} stated, {ours[file]} found")
    return lines


def lay_out(registry: Registry, weights: Path, assets: Path) -> None:
    """Copy what loading needs under the flat names below GANZOO_WEIGHTS_URL."""
    assets.mkdir(parents=True, exist_ok=True)
    for name, files in registry.items():
        for file in files:
            if file in NEEDED:
                shutil.copyfile(weights / name / file, assets / asset_name(name, file))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.rebuild_registry", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true", help="write nothing, report differences")
    parser.add_argument("--assets", type=Path, metavar="FOLDER", help="lay out release assets")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="instead of zoo_weights/")
    parser.add_argument("--registry", type=Path, default=REGISTRY, help="instead of the package's")
    options = parser.parse_args(arguments)
    try:
        found = build(options.weights)
    except GanzooError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    if options.check:
        stated = options.registry.read_text("utf-8")
        lines = differences(found, json.loads(stated))
        if not lines and stated != text_of(found):
            lines = [f"{options.registry.name}: the same facts in another form"]
        print("\n".join(lines) or f"{len(found)} checkpoints, no difference")
        return 1 if lines else 0
    options.registry.write_text(text_of(found), "utf-8")
    if options.assets:
        lay_out(found, options.weights, options.assets)
    print(f"{len(found)} checkpoints written to {options.registry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
