"""The pages of docs/: their code runs, their links lead somewhere, the tests and names exist."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ganzoo import zoo
from ganzoo.cli import main
from ganzoo.zoo import registry
from tools import docs_pages, live_pages

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
_BLOCK = re.compile(
    r"^(?:<!-- not run: (.+?) -->\n)?```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


class Block(NamedTuple):
    """A block of code in a page; `reason` says why it is not run, where it is not."""

    page: str
    language: str
    code: str
    reason: str | None


def blocks(path: Path) -> list[Block]:
    found = _BLOCK.findall(path.read_text("utf-8"))
    return [
        Block(path.name, language, code, reason or None)
        for reason, language, code in found
        if not language.startswith("{")  # a directive of the generator
    ]


ALL = [block for path in PAGES for block in blocks(path)]


@pytest.mark.parametrize("page", sorted({block.page for block in ALL}))
def test_the_code_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    names: dict[str, Any] = {"__name__": page}
    for block in ALL:
        if block.page != page or block.reason is not None:
            continue
        if block.language == "python":
            exec(compile(block.code, page, "exec"), names)
            continue
        for line in block.code.splitlines():
            assert line.startswith("$ ganzoo "), line
            main(shlex.split(line.removeprefix("$ ganzoo ")), standalone_mode=False)


def test_most_blocks_run_and_each_other_has_a_reason(record_property: Any) -> None:
    left_out = [block for block in ALL if block.reason is not None]
    record_property("blocks run", len(ALL) - len(left_out))
    assert {block.language for block in ALL} == {"python", "console"}
    assert len(ALL) >= 10
    assert [block.page for block in left_out] == ["first_steps.md", "first_steps.md"]
    for block in left_out:  # their form is looked at all the same
        if block.language == "python":
            ast.parse(block.code)


def test_the_tests_that_promises_name_exist() -> None:
    text = (ROOT / "docs" / "promises.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 15
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text("utf-8"), (file, test)


def test_models_and_families_that_lectures_name_exist() -> None:
    text = (ROOT / "docs" / "lectures.md").read_text("utf-8")
    weights, recipes = (
        {
            name
            for words in re.findall(rf"{kind}: ((?:`\w+`(?:, | and )?)+)", text)
            for name in re.findall(r"`(\w+)`", words)
        }
        for kind in ("weights", "recipes?")
    )
    assert weights
    assert weights <= {*registry.list_models(pretrained=True)}
    assert recipes
    assert recipes <= {*zoo.ENTRIES}
    families = {*re.findall(r"(?:family |families |and )`([A-Z]\w+)`", text)}
    assert {"AlphaGAN", "WGAN"} <= families
    assert not recipes & {*registry.list_models(pretrained=True)}, "has weights by now: say so"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_pages(path: Path) -> None:
    made = {"gallery.md", *(f"api/{room}.rst" for room in docs_pages.ROOMS)}
    links = re.findall(r"\]\(([^)\s#]+)", re.sub(r"`[^`\n]*`", "", path.read_text("utf-8")))
    local = [link for link in links if "://" not in link and link not in made]
    assert [link for link in local if not (path.parent / link).is_file()] == []


def test_sources_lie_as_in_the_repository(tmp_path: Path) -> None:
    docs_pages.lay_out(tmp_path)
    pages = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")}
    assert {"docs/index.md", "docs/gallery.md", "examples/seven_lines/README.md"} <= pages
    gallery = (tmp_path / "docs" / "gallery.md").read_text("utf-8")
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", gallery)
    assert [*re.findall(r"^```\{image\} (.+)$", gallery, re.MULTILINE)] == pictures
    assert all((tmp_path / "docs" / picture).is_file() for picture in pictures)
    models = {*registry.list_models(pretrained=True)}
    assert {*re.findall(r"^## (\w+)", gallery, re.MULTILINE)} == models
    lines = {name for name in models if zoo.FAMILIES[zoo.ENTRIES[name].family].task == "text"}
    assert lines == {"textgan_numerals"}
    assert len(pictures) == len(models - lines)  # each card has one
    for room in docs_pages.ROOMS:
        assert "automodule" in (tmp_path / "docs" / "api" / f"{room}.rst").read_text("utf-8")


def test_the_gallery_leads_to_live_pages() -> None:
    assert live_pages.names(["dcgan_mnist"]) == ["dcgan_mnist"]
    every = live_pages.names(["all"])
    assert {"dcgan_mnist", "pix2pix_emoji", "fatgan_electrons"} <= {*every}
    gallery = docs_pages.gallery(every)
    for name in every:
        assert (
            gallery.count(f'<a href="live/{name}.html">') == 2
        )  # above all, and beside its picture
    assert "live/" not in docs_pages.gallery()


def test_dead_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="top">A</h1><a href="#top">up</a><a href="b.html">b</a><a href="b.html#here">b</a>'
        '<a href="#down">down</a><img src="gone.png"><a href="https://keras.io">Keras</a>'
    )
    (tmp_path / "b.html").write_text('<a name="here"></a><a href="a.html#nowhere">a</a>')
    command = [sys.executable, "-m", "tools.dead_links", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == "6 links followed, 1 addresses elsewhere not asked for\n"
    dead = ["a.html: #down", "a.html: gone.png", "b.html: a.html#nowhere"]
    assert done.stderr.splitlines() == ["Dead links:", *dead]


def test_a_link_to_what_is_not_copied_is_plain_text(tmp_path: Path) -> None:
    text = docs_pages.linked(ROOT / "examples" / "keras_gan" / "README.md")
    assert "https://github.com/eriklindernoren/Keras-GAN)" in text
    assert "(../../ganzoo/models/acgan.py)" not in text
    assert "| acgan.py |" in text
