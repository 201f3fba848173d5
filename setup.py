"""What pyproject.toml cannot say: the small checkpoints go into the wheel and the sdist.

A checkpoint whose files are below 1 MiB together is copied from `zoo_weights/` to
`ganzoo/zoo/weights/`, so that an installation alone draws something without a network. An editable
install copies nothing: it uses the checkout's `zoo_weights/`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
LIMIT_BYTES = 1 << 20
READ = ("config.json", "model.weights.h5", "probe.npz")  # what loading reads
FILES = (*READ, "README.md")  # the card states the licence


def small_checkpoints() -> list[Path]:
    """Return the files of the small checkpoints, relative to this folder."""
    registry = json.loads((ROOT / "ganzoo/zoo/checkpoints.json").read_text("utf-8"))
    return [
        Path("zoo_weights", name, file)
        for name, files in registry.items()
        if sum(files[file]["size"] for file in READ if file in files) < LIMIT_BYTES
        for file in FILES
        if file in files
    ]


class BuildWithWeights(build_py):
    """Copies the small checkpoints beside the modules."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "ganzoo", "zoo", "weights")
        shutil.rmtree(target, ignore_errors=True)  # of an earlier build
        for file in small_checkpoints():
            to = target / file.relative_to("zoo_weights")
            to.parent.mkdir(parents=True, exist_ok=True)
            self.copy_file(str(ROOT / file), str(to))


class SourcesWithWeights(sdist):
    """Adds the small checkpoints to the sources, where the next build looks for them."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, [*files, *map(str, small_checkpoints())])


setup(cmdclass={"build_py": BuildWithWeights, "sdist": SourcesWithWeights})
