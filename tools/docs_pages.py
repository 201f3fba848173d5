"""Lay out the sources of the documentation: pages, cards, examples, and a page of the API per room.

python -m tools.docs_pages FOLDER [NAME...]     with links to the live pages of these models

The folders lie as in the repository, so that every relative link leads where it does there; links
to what is not copied become plain text. Sphinx then reads FOLDER with the settings of docs/conf.py.
"""

from __future__ import annotations

import argparse
import pkgutil
import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

import ganzoo
from ganzoo import zoo
from ganzoo.zoo import registry
from tools import live_pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "*.md",
    "docs/*.md",
    "examples/README.md",
    "examples/*/README.md",
    "zoo_weights/*/README.md",
    "ganzoo/*/*.md",
    "tests/benchmarks/README.md",
)
PICTURES = ("examples/*/*.png", "examples/*/*.gif", "zoo_weights/*/*.png", "tests/benchmarks/*.png")
CODE = ("examples/*/*.py", "examples/*/*.ipynb")
ROOMS = (  # of the API, in the order of its pages
    "game", "models", "layers", "losses", "penalties", "augmentation", "schedules", "batches",
    "feeding", "callbacks", "training", "data", "events", "metrics", "latent", "export", "presets",
    "zoo", "errors",
)  # fmt: skip
SHOWN = ("samples.png", "pictures.png", "panels.png")  # of a card, the first that is there


def lay_out(target: Path, live: Collection[str] = ()) -> None:
    """Write all sources into an empty folder; `live` are the models with a live page."""
    for path in sorted({path for pattern in PAGES for path in ROOT.glob(pattern)}):
        write(target / path.relative_to(ROOT), linked(path))
    for pattern in (*PICTURES, *CODE):
        for path in ROOT.glob(pattern):
            copy = target / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    write(target / "docs" / "gallery.md", gallery(live))
    for room in ROOMS:
        write(target / "docs" / "api" / f"{room}.rst", api(room))


def linked(path: Path) -> str:
    """Return a page's text with links to folders and to what is not copied adapted."""
    copied = {found for pattern in (*PAGES, *PICTURES, *CODE) for found in ROOT.glob(pattern)}

    def adapt(match: re.Match[str]) -> str:
        words, link = match.groups()
        file, mark, anchor = link.partition("#")
        if "://" in link or not file or file in MADE:
            return match[0]
        found = (path.parent / file).resolve()
        if found.is_dir() and (found / "README.md") in copied:
            return f"[{words}]({file.rstrip('/')}/README.md{mark}{anchor})"
        return match[0] if found in copied else words

    return re.sub(
        r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)", adapt, path.read_text("utf-8")
    )


MADE = ("gallery.md", *(f"api/{room}.rst" for room in ROOMS))  # links in docs/ to pages made here


def gallery(live: Collection[str] = ()) -> str:
    """Return the page with every checkpoint's picture, from the cards' folders."""
    parts = ["# Gallery", "", "Every model with weights, its picture, and its card.", ""]
    if live:
        parts += [
            "A live page runs the model in your browser, without a server: "
            + ", ".join(f"{_live(name, name)}" for name in sorted(live))
            + ".",
            "",
        ]
    names = registry.list_models(pretrained=True)
    pictures = {name: _picture(name) for name in names}
    for name, picture in pictures.items():  # small ones beside each other, then one by one
        if picture:
            parts += [
                f"```{{image}} {picture}",
                ":height: 150px",
                f":target: '#{_anchor(name)}'",
                f":alt: {name}",
                "```",
            ]
    for name, picture in pictures.items():
        card = f"../zoo_weights/{name}/README.md"
        try_it = f" {_live(name, 'Try it here')}." if name in live else ""
        summary = f"{registry.entry(name).summary}. [Card]({card}).{try_it}"
        parts += ["", f"## {name}", "", summary, ""]
        if picture:
            parts += [f"![Drawn by {name}]({picture})", ""]
    return "\n".join(parts)


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return heading.replace("_", "-")


def _picture(name: str) -> str | None:
    """Return where a checkpoint's picture is, from docs/."""
    pictures = sorted(path.name for path in (ROOT / "zoo_weights" / name).glob("*.png"))
    first = next((shown for shown in (*SHOWN, *pictures) if shown in pictures), None)
    return first and f"../zoo_weights/{name}/{first}"


def _live(name: str, words: str) -> str:
    """Return a link to a live page, which is written after Sphinx has looked for dead links."""
    return f'<a href="live/{name}.html">{words}</a>'


def api(room: str) -> str:
    """Return a page in reStructuredText with the public modules of a room."""
    title = f"ganzoo.{room}"
    parts = [title, "=" * len(title), ""]
    names = [*modules(room)]
    for module in names:
        if module != title:
            parts += [module, "-" * len(module), ""]
        parts += [f".. automodule:: {module}"]
        if module != title or len(names) == 1:  # what a room re-exports is told where it is
            parts += ["   :members:", "   :show-inheritance:"]
        parts += [""]
    return "\n".join(parts)


def modules(room: str) -> Iterable[str]:
    """Return the names of a room's public modules, the room first."""
    yield f"ganzoo.{room}"
    folder = Path(ganzoo.__file__).parent / room
    for module in pkgutil.iter_modules([str(folder)] if folder.is_dir() else []):
        if not module.name.startswith("_") and not module.ispkg:
            yield f"ganzoo.{room}.{module.name}"


def write(path: Path, text: str) -> None:
    """Write a page, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs_pages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="an empty one, or one that is not there")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a model; all: each that can")
    given = parser.parse_args()
    lay_out(given.folder, live_pages.names(given.names))
    print(f"{len(zoo.ENTRIES)} entries, {len(registry.checkpoints())} checkpoints")


if __name__ == "__main__":
    main()
