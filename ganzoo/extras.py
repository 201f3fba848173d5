"""SciPy and scikit-learn come with the extra `metrics`; said clearly where they are missing."""

from __future__ import annotations

import importlib.util

from ganzoo.errors import GanzooError


class MissingExtraError(GanzooError, ImportError):
    """A package that an optional part needs is not installed."""


def require(package: str, what: str) -> None:
    """Refuse with the command that helps if `package` cannot be imported."""
    if importlib.util.find_spec(package) is None:
        raise MissingExtraError(
            f"{what[0].upper()}{what[1:]} needs {package}, which is not installed; "
            'install it with: pip install "ganzoo[metrics]"'
        )
