"""Where ganzoo keeps what it has downloaded or made on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the cache folder: GANZOO_CACHE, or the platform's cache of the user."""
    value = os.environ.get("GANZOO_CACHE", "").strip()
    if value:
        return Path(value).expanduser().absolute()
    import pooch

    return pooch.os_cache("ganzoo").absolute()
