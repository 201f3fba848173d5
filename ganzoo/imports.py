"""What is named by a path, `package.module:attribute`, is imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any


def at(path: str) -> Any:
    """Import and return what a path such as "ganzoo.models.dcgan:DCGAN" names."""
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)
