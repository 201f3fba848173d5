"""The runtime of pages for tests: the npm package, fetched once by npm into the user's cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import live_pages


def runtime_files() -> Path:
    """Return a folder of the registered files; the test is skipped where npm cannot get them."""
    try:
        return live_pages.runtime_files()
    except OSError as error:
        pytest.skip(str(error))
