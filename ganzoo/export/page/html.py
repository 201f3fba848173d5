"""The HTML of a page: its scripts and style by their hashes, its data as text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape
from importlib import resources
from typing import Any

from ganzoo.export.page.packing import as_json

_HEAD = '(() => {\n"use strict";\n'
_FOOT = "})();\n"


def asset(name: str) -> str:
    """Return the text of a file in `assets/`."""
    file = resources.files("ganzoo.export.page").joinpath("assets", name)
    return file.read_text(encoding="utf-8")


def script(names: Sequence[str]) -> str:
    """Return the page's one script: files of `assets/` in a function of their own."""
    return _HEAD + "\n".join(asset(name) for name in names) + _FOOT


def policy(code: str, style: str, origin: str | None, beside: bool) -> str:
    """Return the Content-Security-Policy: nothing but this script, this style, and no connection.

    Args:
        code, style: Texts of the script and of the style.
        origin: The address that the runtime may be fetched from; None for none at all.
        beside: Whether a script beside the page is run too.
    """
    rules = {
        "default-src": "'none'",
        # The runtime is a module of bytes in the page, hence `blob:`, and compiles WebAssembly.
        "script-src": f"{_hash(code)} blob: 'wasm-unsafe-eval'" + (" 'self'" if beside else ""),
        "style-src": _hash(style),
        "img-src": "data: blob:",
        "connect-src": "'none'" if origin is None else f"{origin}/",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page(
    content: dict[str, Any],
    parts: Sequence[str],
    scripts: Sequence[str],
    origin: str | None = None,
    beside: str | None = None,
) -> str:
    """Return the whole page.

    Args:
        content: What the scripts read: facts and data of the models, and where the runtime is.
        parts: Files of the runtime and networks, packed; `content` counts them.
        scripts: Names of files in `assets/`.
        origin: The address that the runtime is fetched from; None where it is nearer.
        beside: Name of the script beside the page that holds it; None where it is elsewhere.
    """
    code, style = script(scripts), asset("page.css")
    names = ", ".join(model["name"] for model in content["models"])
    texts = {
        "policy": escape(policy(code, style, origin, beside is not None)),
        "title": escape(names),
        "style": style,
        "content": as_json(content),
        "parts": "\n".join(
            f'<script type="text/plain" id="part-{number}">{part}</script>'
            for number, part in enumerate(parts)
        ),
        "shared": f'<script src="{escape(beside)}"></script>\n' if beside else "",
        "licence": escape(asset("onnxruntime_licence.txt")),
        "code": code,
    }
    pieces = re.split(r"\{\{(\w+)\}\}", asset("page.html"))  # text, name, text, name, ..., text
    return "".join(texts[each] if place % 2 else each for place, each in enumerate(pieces))
