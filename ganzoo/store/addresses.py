"""What the environment says about the network: mirrors, and whether it may be used at all."""

from __future__ import annotations

import os
import urllib.parse

from ganzoo.errors import InvalidArgumentError

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def base_url(variable: str) -> str | None:
    """Return the base URL that an environment variable names, without a slash at its end.

    Args:
        variable: Its name, such as "GANZOO_WEIGHTS_URL".

    Returns:
        The URL, of scheme https, http or file; None where the variable is not set.

    Raises:
        InvalidArgumentError: It is no URL that ganzoo can use.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        return None
    try:
        parts = urllib.parse.urlsplit(value)
        where, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, where = urllib.parse.SplitResult("", "", "", "", ""), ""
    local = parts.scheme == "file" and where in ("", "localhost") and parts.path.startswith("/")
    remote = parts.scheme in ("http", "https") and where
    if not (local or remote) or parts.query or parts.fragment:
        raise InvalidArgumentError(
            f"{variable} must be https://HOST/PATH, http://HOST/PATH or file:///FOLDER "
            f"without query or fragment, not a value of scheme {parts.scheme!r}"
        )
    return value.rstrip("/")


def offline() -> bool:
    """Return whether GANZOO_OFFLINE forbids the network.

    Raises:
        InvalidArgumentError: The variable's value is neither yes nor no.
    """
    value = os.environ.get("GANZOO_OFFLINE", "").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise InvalidArgumentError(f"GANZOO_OFFLINE must be 1 or 0, not {value!r}")
