"""Network faults that requests reports, as one line each: final, or worth a retry."""

from __future__ import annotations

import os
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganzoo.errors import DownloadError, GanzooError

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True)
class Advice:
    """What to do about a fault, as it ends an error's line.

    Attributes:
        address: Where the address can be wrong.
        folder: Where the disk is full or cannot be written.
        mirror: What names a mirror.
    """

    address: str = "check GANZOO_WEIGHTS_URL"
    folder: str = "set GANZOO_CACHE to another folder"
    mirror: str = "GANZOO_WEIGHTS_URL"


class Transient(Exception):
    """A fault that a further attempt may not meet; `error` is raised when none is left."""

    def __init__(self, error: GanzooError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


def network_fault(
    url: str,
    done: int,
    size: int | None,
    timeout: float,
    error: requests.exceptions.RequestException,
    advice: Advice,
) -> Exception:
    """Return what to raise for a fault that requests reports.

    Args:
        url: What was asked for.
        done: Bytes that had arrived.
        size: Bytes that were to arrive; None where that is not known.
        timeout: Seconds without a byte after which requests gives up.
        error: What requests raised.
        advice: What to do about it.

    Returns:
        A DownloadError, or a Transient where another attempt may help.
    """
    from requests import exceptions as faults
    from urllib3.exceptions import ReadTimeoutError

    where = shown(url)
    if isinstance(error, faults.HTTPError):
        return _status_fault(where, error, advice)
    if isinstance(error, faults.ProxyError):
        return DownloadError(f"no answer from {_proxy(url)}, which is to fetch {where}")
    if isinstance(error, faults.TooManyRedirects):
        return DownloadError(f"{where} redirects in a circle; {advice.address}")
    if isinstance(error, (faults.InvalidSchema, faults.MissingSchema, faults.InvalidURL)):
        return DownloadError(
            f"{where} leads to an address that is neither http nor https; it was not followed"
        )
    if isinstance(error, faults.SSLError):
        return DownloadError(f"{where} has no certificate that this machine trusts")
    # While the body is read, requests reports a timeout as a ConnectionError around urllib3's.
    inner = error.args[0] if error.args else None
    if isinstance(error, faults.Timeout) or isinstance(inner, ReadTimeoutError):
        return Transient(DownloadError(f"{where} sent nothing for {timeout:g} seconds"))
    if done:
        return Transient(
            DownloadError(f"{where} hung up after {done} of {size or 'unknown'} bytes")
        )
    return Transient(DownloadError(f"no connection to {where}; is this machine online?"))


def _status_fault(where: str, error: requests.exceptions.HTTPError, advice: Advice) -> Exception:
    response = error.response
    status = response.status_code if response is not None else 0
    if status == 429:
        seconds = response.headers.get("Retry-After", "") if response is not None else ""
        wait = float(seconds) if seconds.isascii() and seconds.isdigit() else None
        return Transient(DownloadError(f"{where} answers 429: too many requests; wait"), wait)
    if status >= 500:
        return Transient(DownloadError(f"{where} answers {status}: a fault of the server"))
    hints = {
        401: f"it wants a login; {advice.address}",
        403: f"it is not for this machine or account; {advice.address}",
        404: f"no such file there; {advice.address}, or update ganzoo",
    }
    return DownloadError(f"{where} answers {status}: {hints.get(status, 'it refuses')}")


def _proxy(url: str) -> str:
    """Name the proxy and the variable that sets it, without its user and password."""
    from requests import utils

    address = utils.select_proxy(url, utils.get_environ_proxies(url)) or ""
    names = [
        name
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") and value == address
    ]
    if not names:
        return "the proxy in the system's settings (correct or remove it there)"
    return f"the proxy {shown(address)} that {names[0]} names (correct or unset {names[0]})"


def shown(url: str) -> str:
    """Return a URL as it may be printed: without user, password, query and fragment."""
    parts = urllib.parse.urlsplit(url if "://" in url else f"//{url}")
    host = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", "")).removeprefix("//")
