"""Write the live pages of the documentation: a page per model that runs in the browser.

python -m tools.live_pages FOLDER NAME...     all of them share one runtime, a script in FOLDER

`all` stands for every checkpoint whose task has a page. The files of onnxruntime-web come from npm,
once, into the cache of the tests.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pooch

from ganzoo import tasks
from ganzoo.export import page
from ganzoo.export.page.runtime import RUNTIME, VERSION
from ganzoo.presets import find
from ganzoo.zoo import registry

PACKAGE = f"onnxruntime-web@{VERSION}"


def names(given: Sequence[str]) -> list[str]:
    """Return the models that are meant; `all` is every checkpoint that can have a page."""
    if [*given] != ["all"]:
        return [*given]
    pretrained = registry.list_models(pretrained=True)
    return [name for name in pretrained if find.resolve(name).task in tasks.PAGED]


def runtime_files() -> Path:
    """Return a folder of onnxruntime-web's files, fetched by npm where they are not there yet.

    Raises:
        OSError: npm is not installed, or gives no package.
    """
    folder = Path(pooch.os_cache("ganzoo-tests")) / RUNTIME.name
    if not all((folder / file.name).is_file() for file in RUNTIME.files):
        _unpack(folder)
    return folder


def _unpack(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not installed, which fetches onnxruntime-web")
    with tempfile.TemporaryDirectory() as made:
        command = [npm, "pack", PACKAGE, "--silent"]
        done = subprocess.run(command, cwd=made, capture_output=True, timeout=300)
        packed = [*Path(made).glob("*.tgz")]
        if done.returncode or not packed:
            raise OSError(f"`npm pack {PACKAGE}` gives no package here")
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed[0]) as archive:
            for file in RUNTIME.files:
                member = archive.extractfile(f"package/dist/{file.name}")
                assert member is not None
                partial = folder / f".{file.name}.part"
                partial.write_bytes(member.read())
                partial.replace(folder / file.name)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.live_pages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+", metavar="NAME")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    files, begin = runtime_files(), time.monotonic()
    for name in names(given.names):
        path = given.folder / f"{name}.html"
        print(page.write([name], path, shared=True, folder=files, overwrite=True), flush=True)
    size = sum(file.stat().st_size for file in given.folder.iterdir())
    print(f"{given.folder}: {size:,} bytes in {time.monotonic() - begin:.0f} seconds")


if __name__ == "__main__":
    main()
