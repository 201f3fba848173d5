"""Fetch one registered file: pooch transfers, this module checks, bounds and retries.

Added: a cap at the registered size, a partial file beside the target, SHA-256 while the bytes
arrive, an atomic rename, retries where a second try can help, and one actionable line per fault.
pooch and requests are imported on first use, since urllib3 opens a socket when it is imported.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import threading
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ganzoo.errors import DownloadError, GanzooError, IntegrityError, PresetError
from ganzoo.files.reading import open_regular, reason
from ganzoo.store.faults import Transient, network_fault, shown
from ganzoo.zoo.forms import File

if TYPE_CHECKING:
    import requests

TIMEOUT_S = 20.0  # seconds without a byte, and to connect
ATTEMPTS = 4
BACKOFF_S = 1.0  # before the second attempt; doubled before each further one
MIN_RATE = 8192.0  # bytes per second, on the average of a whole file
MAX_WAIT_S = 30.0  # the most that a server's Retry-After is waited for
PARTIAL_SUFFIX = ".part"
_HEAD = 512  # bytes kept to tell a web page from weights
_CHUNK = 1 << 12  # bytes between two checks of `stop`


class _TooLong(Exception):
    """More bytes arrived than are registered."""


class _Stopped(Exception):
    """Another file's failure, or Ctrl-C, ended this transfer."""


class _Sink:
    """The file-like object that pooch writes to: counts, hashes, and stops at the size."""

    def __init__(
        self, stream: BinaryIO, size: int, on_bytes: Callable[[int], None], stop: threading.Event
    ) -> None:
        self.stream = stream
        self.size = size
        self.done = 0
        self.head = b""
        self.digest = hashlib.sha256()
        self.on_bytes = on_bytes
        self.stop = stop

    def write(self, chunk: bytes) -> int:
        if self.stop.is_set():
            raise _Stopped
        self.head += chunk[: max(0, _HEAD - len(self.head))]
        if self.done + len(chunk) > self.size:
            raise _TooLong
        self.stream.write(chunk)
        self.done += len(chunk)
        self.digest.update(chunk)
        self.on_bytes(self.done)
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: pooch flushes after every chunk, and one fsync at the end is enough."""


def fetch(
    url: str,
    file: File,
    target: Path,
    on_bytes: Callable[[int], None],
    stop: threading.Event,
) -> None:
    """Fetch `url` to `target`, which appears only whole and with the registered hash.

    Args:
        url: An http, https or file URL.
        file: The registered size and hash.
        target: Final path; its folder exists. What is there stays until the new file is right.
        on_bytes: Called with the bytes of the current attempt that have arrived so far.
        stop: Once set, the transfer ends at its next chunk.

    Raises:
        DownloadError: The file could not be fetched or written.
        IntegrityError: What arrived is not the registered file.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _fetch_once(url, file, target, on_bytes, stop)
            return
        except Transient as transient:
            if attempt == ATTEMPTS:
                tries = f" (tried {ATTEMPTS} times)"
                raise type(transient.error)(f"{transient.error}{tries}") from transient
            wait = BACKOFF_S * 2 ** (attempt - 1) if transient.wait is None else transient.wait
            if stop.wait(min(wait, MAX_WAIT_S)):
                raise _stopped(url) from transient


def _fetch_once(
    url: str,
    file: File,
    target: Path,
    on_bytes: Callable[[int], None],
    stop: threading.Event,
) -> None:
    partial = target.with_name(f".{target.name}.{secrets.token_hex(6)}{PARTIAL_SUFFIX}")
    try:
        # Exclusive creation: never through a link that lies there already.
        with open(partial, "xb") as stream:
            sink = _Sink(stream, file.size, on_bytes, stop)
            _transfer(url, sink)
            _check(url, file, sink)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)
    except OSError as error:
        if isinstance(error, GanzooError):
            raise
        raise DownloadError(
            f"cannot write {target.name} ({file.size} bytes) to {target.parent}: {reason(error)}; "
            "free some space, remove what is in the way, or set GANZOO_CACHE to another folder"
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _transfer(url: str, sink: _Sink) -> None:
    """Copy the URL's bytes into the sink; a fault of the network becomes one of our errors."""
    try:
        if urllib.parse.urlsplit(url).scheme == "file":
            _copy(url, sink)
        else:
            _get(url, sink)
    except _TooLong:
        hint = _web_page_hint(sink.head)
        raise IntegrityError(
            f"{shown(url)} sends more than the registered {sink.size} bytes; stopped there{hint}"
        ) from None
    except _Stopped:
        raise _stopped(url) from None


def _copy(url: str, sink: _Sink) -> None:
    path = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
    try:
        with open_regular(path) as stream:
            while chunk := stream.read(_CHUNK):
                sink.write(chunk)
    except PresetError as error:
        raise DownloadError(f"GANZOO_WEIGHTS_URL names a mirror without it: {error}") from error


def _get(url: str, sink: _Sink) -> None:
    import pooch
    import requests

    deadline = _Deadline(TIMEOUT_S + sink.size / MIN_RATE)
    downloader = pooch.HTTPDownloader(
        chunk_size=_CHUNK,
        timeout=TIMEOUT_S,
        headers={"Accept-Encoding": "identity"},
        hooks={"response": deadline.start},
    )
    try:
        downloader(url, sink, None)
    except requests.exceptions.RequestException as error:
        if deadline.over:
            raise DownloadError(
                f"{shown(url)} is too slow: {sink.done} of {sink.size} bytes in "
                f"{deadline.seconds:.3g} seconds"
            ) from error
        raise network_fault(url, sink.done, sink.size, TIMEOUT_S, error) from error
    except ValueError as error:  # pooch reads Content-Length as a number
        raise DownloadError(f"{shown(url)} answers with malformed headers") from error
    finally:
        deadline.cancel()


class _Deadline:
    """Ends a slow transfer: a timeout counts from byte to byte, this from the response on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self.timer: threading.Timer | None = None

    def start(self, response: requests.Response, **_: object) -> None:
        """Watch this response; requests calls it for each one, those that redirect included."""
        self.cancel()
        self.timer = threading.Timer(self.seconds, self._end, [response])
        self.timer.daemon = True
        self.timer.start()

    def _end(self, response: requests.Response) -> None:
        self.over = True
        # ValueError or OSError: the connection ended by itself at this moment.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            response.raw.shutdown()  # of urllib3 >= 2.3

    def cancel(self) -> None:
        """Stop watching."""
        if self.timer is not None:
            self.timer.cancel()


def _check(url: str, file: File, sink: _Sink) -> None:
    hint = _web_page_hint(sink.head)
    if sink.done != file.size:
        raise IntegrityError(
            f"{shown(url)} sent {sink.done} bytes, registered are {file.size}; "
            f"the file there is truncated or another one{hint}"
        )
    sha256 = sink.digest.hexdigest()
    if sha256 != file.sha256:
        raise IntegrityError(
            f"{shown(url)} sent {file.size} bytes with SHA-256 {sha256[:12]}..., registered is "
            f"{file.sha256[:12]}...; the file there is damaged or another one{hint}"
        )


def _web_page_hint(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith((b"<!doctype html", b"<html")):
        return ""
    return " (it looks like HTML: a web page, perhaps of a login; check GANZOO_WEIGHTS_URL)"


def _stopped(url: str) -> DownloadError:
    return DownloadError(f"the transfer of {shown(url)} was stopped")
