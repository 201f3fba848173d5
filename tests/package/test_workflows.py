"""The workflows, templates and CITATION.cff parse, and what they call exists."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import ganzoo
from ganzoo.cli import main

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BROUGHT = {"build": "build", "twine": "twine", "pytest": "pytest", "pip": "pip", "venv": "venv"}
SHELL = {"cd", "gh", "git", "test"}  # what a runner has
pytestmark = pytest.mark.skipif(
    not (ROOT / ".github").is_dir(), reason="an sdist has no workflows, a checkout has"
)


def parsed(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in parsed(path)["jobs"].values() for step in job["steps"]]


def scripts() -> list[tuple[str, str]]:
    return [(path.name, step["run"]) for path in WORKFLOWS for step in steps(path) if "run" in step]


def commands(script: str) -> list[list[str]]:
    """The words of each line, without variables that are set before the command."""
    lines = [shlex.split(line, comments=True) for line in script.splitlines()]
    found = []
    for words in lines:
        while words and re.match(r"[A-Z_]+=", words[0]):
            words = words[1:]
        if words:
            found.append(words)
    return found


def problem(words: list[str]) -> str | None:
    """Say what is wrong with one command of a workflow; None where it exists."""
    program = words[0].rpartition("/")[2]
    if program == "python":
        return _module_problem(words)
    if program == "bash":
        return None if (ROOT / words[1]).is_file() else f"there is no {words[1]}"
    if program == "ganzoo":
        return None if words[1] in main.commands else f"there is no command {words[1]}"
    return None if program in SHELL else f"nothing brings {program}"


def _module_problem(words: list[str]) -> str | None:
    if words[1] == "-c":
        compile(words[2], "workflow", "exec")
        return None
    module = words[2]
    if module not in BROUGHT and importlib.util.find_spec(module) is None:
        return f"there is no module {module}"
    if module == "pip":
        extras = {e for text in re.findall(r"\[(.*?)\]", " ".join(words)) for e in text.split(",")}
        unknown = extras - {*PROJECT["optional-dependencies"]}
        return f"there are no extras {unknown}" if unknown else None
    paths = [word for word in words[3:] if re.match(r"(tests|tools|ganzoo|examples)/", word)]
    return next((f"there is no {path}" for path in paths if not (ROOT / path).exists()), None)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_bounded_and_asks_for_little(path: Path) -> None:
    content = parsed(path)
    assert content["permissions"] == {"contents": "read"}
    assert content[True]  # YAML reads the key `on` as a truth value
    for job in content["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 120
        assert job["runs-on"].startswith("ubuntu")
    for step in steps(path):
        assert ("run" in step) != ("uses" in step)
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/checkout@v4"))


def test_there_are_workflows_for_tests_documents_and_releases() -> None:
    assert {path.stem for path in WORKFLOWS} == {"tests", "docs", "release"}


@pytest.mark.parametrize(("name", "script"), scripts())
def test_what_a_workflow_calls_exists(name: str, script: str) -> None:
    plain = re.sub(r"\$\{\{.*?\}\}", "value", script)
    subprocess.run(["bash", "-n"], input=plain, text=True, check=True)
    found = commands(plain)
    assert found
    assert [wrong for wrong in map(problem, found) if wrong] == []


@pytest.mark.parametrize(
    "line",
    [
        "bash tools/chek.sh",
        "python -m tools.rebuild_registri",
        "python -m pytest tests/package/test_nothing.py",
        "python -m pip install -e '.[jaxx]'",
        "GANZOO_OFFLINE=1 ganzoo smaple dcgan_mnist",
        "poetry install",
    ],
)
def test_a_wrong_call_is_found(line: str) -> None:
    (words,) = commands(line)
    assert problem(words)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_something(path: Path) -> None:
    content = parsed(path)
    if path.name == "config.yml":
        assert content == {"blank_issues_enabled": True}
        return
    assert content["name"]
    assert content["description"]
    names = [field["id"] for field in content["body"]]
    assert len({*names}) == len(names)
    for field in content["body"]:
        assert field["type"] in ("textarea", "input", "dropdown", "checkboxes")
        assert field["attributes"]["label"]
        for code in re.findall(r'python -c "(.*)"', field["attributes"].get("description", "")):
            exec(code, {})


def test_the_citation_states_this_version() -> None:
    content = parsed(ROOT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= {*content}
    assert content["version"] == ganzoo.__version__
    assert content["license"] == PROJECT["license"]
