"""Notebooks that are made from the examples' scripts: their form, and what they do when run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools import notebooks

ROOT = Path(__file__).parents[1]
SCRIPTS = {path.parent.name for path in (ROOT / "examples").glob("*/README.md")}


def source(cell) -> str:
    return "".join(cell["source"])


def test_every_story_is_a_notebook_or_has_a_reason():
    assert {*notebooks.STORIES} | {*notebooks.NO_STORIES} == SCRIPTS
    assert not {*notebooks.STORIES} & {*notebooks.NO_STORIES}
    for name, reason in notebooks.NO_STORIES.items():
        assert ".ipynb" not in reason or (ROOT / "examples" / name / f"{name}.ipynb").is_file()


@pytest.mark.parametrize("name", notebooks.STORIES)
def test_a_notebook_has_the_whole_script_and_installs_first(name):
    nbformat = pytest.importorskip("nbformat")
    book = notebooks.notebook(name, repository="me/mine")
    nbformat.validate(nbformat.from_dict(book))
    told, installing, *rest = book["cells"]
    assert source(told).startswith("[![Open in Colab](")
    assert f"github/me/mine/blob/main/notebooks/{name}.ipynb" in source(told)
    assert "](../" not in source(told)
    assert '%pip install --quiet "keras-ganzoo[jax' in source(installing)
    assert not [cell for cell in book["cells"] if cell.get("outputs")]

    def names(text):
        body = ast.parse(text).body
        return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]

    script = (ROOT / "examples" / name / f"{name}.py").read_text("utf-8")
    assert names("\n".join(map(source, rest))) == names(script)
    kept = re.sub(r"\s", "", "".join(map(source, rest)))
    code = script.split('"""', 2)[2].rpartition("\nif __name__")[0]
    assert re.sub(r"\s", "", code) in kept


def test_without_a_repository_there_is_no_badge():
    assert "colab" not in source(notebooks.notebook("your_own_gan")["cells"][0])


def test_a_story_that_is_none_says_why(tmp_path, capsys):
    with pytest.raises(SystemExit):
        notebooks.main([str(tmp_path), "new_font"])
    assert "a font of yours" in capsys.readouterr().err


def run(name: str, folder: Path, monkeypatch) -> str:
    """Run a notebook on its fast setting, in an empty folder; return what it printed."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebooks.main([str(folder), name, "--fast"])
    book = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(book, timeout=300, resources=resources).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    if (folder / notebooks.STORIES[name].output).suffix != ".txt":
        shown = [o for o in outputs if {"image/png", "image/gif"} & {*o.get("data", {})}]
        assert shown, "no picture is shown"
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_your_own_gan_as_a_notebook(tmp_path, monkeypatch):
    assert "of 2000 points, near each heap: [" in run("your_own_gan", tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in notebooks.STORIES if name != "your_own_gan"])
def test_a_story_as_a_notebook(name, tmp_path, monkeypatch, request):
    if notebooks.STORIES[name].data:
        request.getfixturevalue("data_folder")
    for extra in notebooks.STORIES[name].extras:
        pytest.importorskip({"plot": "matplotlib", "metrics": "sklearn"}[extra])
    assert run(name, tmp_path, monkeypatch)
