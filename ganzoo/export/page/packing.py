"""Bytes and numbers as text in a page."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import numpy as np


def packed(content: bytes) -> str:
    """Return bytes as base64 of gzip, which the page turns back by `unpacked` of unpacking.js."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def plain(array: Any) -> str:
    """Return numbers as base64 of float32, little endian."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode("ascii")


def as_json(value: Any) -> str:
    """Return JSON that may stand in a `<script>`: no `<` is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
