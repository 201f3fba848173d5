"""Make notebooks of the examples from their scripts; nothing is executed, no output is in them.

python -m tools.notebooks FOLDER                    every story that is one
python -m tools.notebooks FOLDER your_own_gan       these
python -m tools.notebooks FOLDER --fast             with the tests' settings: a minute at most
python -m tools.notebooks FOLDER --repository OWNER/NAME
                                                    with a badge that opens it in Colab, once the
                                                    notebooks lie in `notebooks/` of that repository

A notebook's first cell installs ganzoo where it is missing. The cell `parameters` holds the
arguments of the script's command. Executed notebooks are not committed.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"


class Story(NamedTuple):
    """How an example is run.

    Attributes:
        output: Argument of `-o`: a folder, or a file of what the script writes.
        fast: Further arguments of a short run.
        extras: Extras of ganzoo that it needs, beside a backend.
        data: Whether it needs MNIST, fonts or weights that are not in the package.
    """

    output: str
    fast: tuple[str, ...]
    extras: tuple[str, ...] = ()
    data: bool = True


STORIES = {
    "event_error_bars": Story(
        "events.png",
        ("--reference", "electrons_sample", "-n", "20000"),
        ("plot", "metrics"),
        data=False,
    ),
    "fill_a_hole": Story("filled.png", ("-n", "16")),
    "fashion": Story("out", ("--images", "64", "--epochs", "1")),
    "flamingo": Story("out", ("--first", "2", "--steps", "2", "-n", "100")),
    "latent_space": Story("out", ("--steps", "2")),
    "lecture_dcgan": Story("out", ("--images", "64", "--epochs", "1")),
    "numerals": Story("lines.txt", ("--epochs", "1", "-n", "300"), data=False),
    "seven_lines": Story("out", ("--images", "256", "--epochs", "1")),
    "small_data": Story("out", ("--images", "64", "--steps", "1", "-n", "1200"), ("metrics",)),
    "style_mixing": Story("out", ("--only", "mixing,truncation", "-n", "2")),
    "two_distances": Story(
        "two_distances.png", ("--steps", "2", "--looks", "2", "--judged", "2"), ("plot",)
    ),
    "unfolding": Story(
        "unfolding.png",
        ("--reference", "electrons_sample", "-n", "1000", "--epochs", "1", "--batch", "200"),
        ("plot", "metrics"),
        data=False,
    ),
    "your_own_gan": Story("out", ("--epochs", "2"), data=False),
}
NO_STORIES = {  # why an example is no notebook made here
    "colour_your_photograph": "it begins with a photograph of yours",
    "direct_or_fat": "three trainings each, compared with Pythia: an hour",
    "doodle_to_emoji": "it begins with a drawing of yours, and has a second file",
    "farm": "jobs of a cluster",
    "failing_gan": "a notebook of its own, written by hand: failing_gan.ipynb",
    "flow_beside": "a million events are made and trained on, for minutes",
    "hundred_faces": "three trainings, two and a half hours in all",
    "keras_gan": "a table, no script",
    "lecture_faces": "the pictures are drawn with the extra cartoons, for minutes",
    "new_font": "it begins with a font of yours",
    "own_events": "it makes events and trains on them, for minutes",
    "sharper": "two networks enlarge twelve photographs five times, for minutes",
    "ten_years": "six trainings of half an hour",
    "thousand_modes": "five trainings, an hour and a half in all",
    "three_backends": "it starts a process per backend, and needs all three",
    "two_devices": "it starts processes of its own",
    "two_folders": "a command, no script",
    "two_scripts": "its one picture is in the story; it needs the weights of the fonts",
    "what_are_pairs_worth": "it needs the weights and the fonts of four models",
    "your_name": "it needs the weights and the fonts of sixteen hands",
    "your_pictures": "it begins with pictures of yours",
}
_SHOW = """\
from pathlib import Path

from IPython.display import Image, display

written = Path({output!r})
found = sorted(written.rglob("*")) if written.is_dir() else [written]
for path in [path for path in found if path.suffix in (".png", ".gif")][:6]:
    display(Image(path.read_bytes()))"""


def notebook(name: str, fast: bool = False, repository: str | None = None) -> dict[str, Any]:
    """Return a notebook in the form of nbformat 4.5.

    Args:
        name: Of an example in `STORIES`.
        fast: Whether its parameters are those of a short run.
        repository: "OWNER/NAME" on GitHub, for the badge.
    """
    story = STORIES[name]
    arguments = ["-o", story.output, *(story.fast if fast else ())]
    cells = [("markdown", _told(name, repository)), ("code", _installing(story))]
    cells += [("code", part) for part in parts(EXAMPLES / name / f"{name}.py")]
    cells += [
        ("code", f"arguments = {json.dumps(arguments)}  # short: {' '.join(story.fast)}"),
        ("code", "main(arguments, standalone_mode=False)"),
        ("code", _SHOW.format(output=story.output)),
    ]
    made = [_cell(kind, text, number) for number, (kind, text) in enumerate(cells)]
    made[-3]["metadata"]["tags"] = ["parameters"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def parts(script: Path) -> list[str]:
    """Return a script's code in pieces: the imports and constants, then each function and class."""
    text = script.read_text("utf-8")
    lines, pieces, loose = text.splitlines(), [], []  # type: ignore[var-annotated]
    end = 0
    for node in ast.parse(text).body:
        begin, last = end, node.end_lineno or 0
        end = last
        if isinstance(node, ast.If) or (isinstance(node, ast.Expr) and begin == 0):
            continue  # the call of main, and what the story says
        piece = "\n".join(lines[begin:last]).strip("\n")
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            pieces += ["\n".join(loose), piece] if loose else [piece]
            loose = []
        else:
            loose.append(piece)
    return [piece for piece in [*pieces, "\n".join(loose)] if piece]


def _told(name: str, repository: str | None) -> str:
    text = (EXAMPLES / name / "README.md").read_text("utf-8")
    text = re.sub(r"^!\[.*?\]\(.*?\)\n*", "", text, flags=re.MULTILINE)  # its own are below
    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)  # no file of ours is beside it
    if repository is None:
        return text
    where = f"https://colab.research.google.com/github/{repository}/blob/main/notebooks"
    badge = "https://colab.research.google.com/assets/colab-badge.svg"
    return f"[![Open in Colab]({badge})]({where}/{name}.ipynb)\n\n{text}"


def _installing(story: Story) -> str:
    extras = ",".join(("jax", *story.extras))
    weights = (
        "\n# Weights that are not in the package: say where they are, before they are needed.\n"
        "# %env GANZOO_WEIGHTS_URL=https://example.org/ganzoo/v0.1.0"
        if story.data
        else ""
    )
    return (
        "import importlib.util\n\n"
        'if importlib.util.find_spec("ganzoo") is None:\n'
        f'    %pip install --quiet "keras-ganzoo[{extras}]"{weights}'
    )


def _cell(kind: str, text: str, number: int) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    cell["source"] = text.splitlines(keepends=True)
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def main(arguments: list[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(STORIES))
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--repository", metavar="OWNER/NAME")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in STORIES:
            parser.error(f"{name!r}: {NO_STORIES.get(name, 'there is no such example')}")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names or STORIES:
        path = options.folder / f"{name}.ipynb"
        book = notebook(name, options.fast, options.repository)
        path.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(path)


if __name__ == "__main__":
    main()
