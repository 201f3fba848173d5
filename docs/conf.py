"""Settings of Sphinx; tools/docs.sh lays out the sources and runs it."""

from __future__ import annotations

import re
from typing import Any

from ganzoo import __version__

project = "ganzoo"
author = "The ganzoo authors"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
exclude_patterns = ["README.md"]  # docs/index.md is the site's first page

# Pages in Markdown: headings are targets of links, as on the repository's page.
myst_heading_anchors = 4
suppress_warnings = [
    "myst.header",  # cards begin their sections at any level
    "ref.python",  # Napoleon makes a reference of any attribute's name, such as `images`
]

# Docstrings are in Google's style; single backticks mark code, as in Markdown.
default_role = "literal"
autodoc_inherit_docstrings = False  # those of Keras are Keras'
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Nothing is asked of another server by a reader's browser.
html_theme = "alabaster"
html_theme_options = {"fixed_sidebar": True, "description": "GANs for Keras 3"}
html_show_sourcelink = False
html_copy_source = False


def setup(app: Any) -> None:
    """Let docstrings pass as plain text, before and after Napoleon makes fields of sections."""
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-docstring", _prepare, priority=100)
    app.connect("autodoc-process-docstring", _escape, priority=900)


def _skip(app: Any, what: str, name: str, object: Any, skip: bool, options: Any) -> bool | None:
    """Leave out what only hands on to Keras and has its text."""
    return True if str(getattr(object, "__module__", "")).startswith("keras.") else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _prepare(app: Any, what: str, name: str, object: Any, options: Any, lines: list[str]) -> None:
    """Join names of arguments over two lines; mark indented blocks after an empty line as code."""
    made: list[str] = []
    for line in lines:
        if (
            made
            and re.fullmatch(r"\s+\w+(, \w+)*,", made[-1])
            and _indent(line) > _indent(made[-1])
        ):
            made[-1] += f" {line.strip()}"
            continue
        before = next((earlier for earlier in reversed(made) if earlier.strip()), "")
        fresh = bool(made) and not made[-1].strip() and bool(line.strip()) and bool(before)
        if fresh and _indent(line) >= _indent(before) + 4 and not _in_code(made):
            made += [f"{' ' * _indent(before)}::", ""]
        made.append(line)
    lines[:] = made


def _in_code(lines: list[str]) -> bool:
    """Whether the last line is in a block that `::` began."""
    deepest = None
    for line in reversed(lines):
        if line.strip() == "::":
            return deepest is None or deepest > _indent(line)
        if line.strip():
            deepest = _indent(line) if deepest is None else min(deepest, _indent(line))
    return False


def _escape(app: Any, what: str, name: str, object: Any, options: Any, lines: list[str]) -> None:
    """Escape the marks of reStructuredText outside of code: formulas have `*` and `|`."""
    code, block = False, None
    for number, line in enumerate(lines):
        if block is not None and line.strip() and _indent(line) <= block:
            block = None
        if block is not None:
            continue
        if line.strip() == "::":
            block = _indent(line)
            continue
        parts = re.split(r"(`+)", line)
        for place in range(0, len(parts), 2):
            if not code:
                parts[place] = re.sub(r"(?<!\\)([*|])", r"\\\1", parts[place])
                if place:  # a letter right behind code, as in a plural
                    parts[place] = re.sub(r"^(?=\w)", r"\\ ", parts[place])
            code = code != (place + 1 < len(parts))
        lines[number] = "".join(parts)
        code = code and bool(line.strip())  # no code goes on over an empty line
