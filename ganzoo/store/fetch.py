"""Fetch one registered file: pooch transfers, this module checks, bounds, retries and resumes.

Added: a cap at the registered size, a partial file beside the target, SHA-256 while the bytes
arrive, an atomic rename, retries where a second try can help, going on with a partial file by a
Range request (RFC 9110, section 14), and one actionable line per fault.
pooch and requests are imported on first use, since urllib3 opens a socket when it is imported.
"""

from __future__ import annotations

import os
import secrets
import threading
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ganzoo.errors import DownloadError, GanzooError, IntegrityError, PresetError
from ganzoo.files.reading import kind_problem, open_regular, reason
from ganzoo.store.faults import Advice, Transient, network_fault, shown
from ganzoo.store.transfer import Deadline, Enough, Sink, Stopped, TooLong
from ganzoo.zoo.forms import File

if TYPE_CHECKING:
    import requests

TIMEOUT_S = 20.0  # seconds without a byte, and to connect
ATTEMPTS = 4
BACKOFF_S = 1.0  # before the second attempt; doubled before each further one
MIN_RATE = 8192.0  # bytes per second, on the average of a whole file
MAX_WAIT_S = 30.0  # the most that a server's Retry-After is waited for
PARTIAL_SUFFIX = ".part"
WEIGHTS = Advice()
_CHUNK = 1 << 12  # bytes between two checks of `stop`


def fetch(
    url: str,
    file: File,
    target: Path,
    on_bytes: Callable[[int], None],
    stop: threading.Event,
    *,
    resume: bool = False,
    advice: Advice = WEIGHTS,
    beginning: bool = False,
) -> None:
    """Fetch `url` to `target`, which appears only whole and with the registered hash.

    Args:
        url: An http, https or file URL.
        file: The registered size and hash. Where its hash is empty, none is known: then its size
            is the most that is accepted, and the content is for the caller to judge.
        target: Final path; its folder exists. What is there stays until the new file is right.
        on_bytes: Called with the bytes that have arrived so far, resumed ones included.
        stop: Once set, the transfer ends at its next chunk.
        resume: Keep what has arrived in `.NAME.part` when the transfer fails or the process ends,
            and go on from there; only one process may do so at a time. It needs a known hash,
            which tells when the file has changed meanwhile.
        advice: What the lines of errors advise.
        beginning: The file is the first `file.size` bytes of what is there; the rest is not sent.

    Raises:
        DownloadError: The file could not be fetched or written.
        IntegrityError: What arrived is not the registered file.
    """
    resume = resume and bool(file.sha256)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _fetch_once(url, file, target, on_bytes, stop, resume, advice, beginning)
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
    resume: bool,
    advice: Advice,
    beginning: bool,
) -> None:
    token = "" if resume else f".{secrets.token_hex(6)}"
    partial = target.with_name(f".{target.name}{token}{PARTIAL_SUFFIX}")
    keep = False
    try:
        with _opened(partial, resume) as stream:
            sink = Sink(stream, file.size, on_bytes, stop, beginning)
            try:
                if sink.done < file.size:
                    keep = resume
                    _transfer(url, file, sink, advice)
                keep = False
                _check(url, file, sink, advice)
            except IntegrityError as error:
                keep = False
                if sink.found:  # the earlier part may be of another file
                    raise Transient(error, 0.0) from None
                raise
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, target)
    except OSError as error:
        if isinstance(error, GanzooError):
            raise
        raise DownloadError(
            f"cannot write {target.name} ({file.size} bytes) to {target.parent}: {reason(error)}; "
            f"free some space, remove what is in the way, or {advice.folder}"
        ) from error
    finally:
        if not keep:
            partial.unlink(missing_ok=True)


def _opened(partial: Path, resume: bool) -> BinaryIO:
    """Open a partial file, at its beginning; never through a link that lies there already."""
    if resume and kind_problem(partial) is None:
        return open(partial, "r+b")
    return open(partial, "x+b")


def _transfer(url: str, file: File, sink: Sink, advice: Advice) -> None:
    """Copy the URL's bytes into the sink; a fault of the network becomes one of our errors."""
    try:
        if urllib.parse.urlsplit(url).scheme == "file":
            sink.restart()
            _copy(url, sink, advice)
        else:
            _get(url, file, sink, advice)
    except Enough:
        return
    except TooLong:
        hint = _web_page_hint(sink.head, advice)
        known = "registered" if file.sha256 else "accepted"
        raise IntegrityError(
            f"{shown(url)} sends more than the {known} {file.size} bytes; stopped there{hint}"
        ) from None
    except Stopped:
        raise _stopped(url) from None


def _copy(url: str, sink: Sink, advice: Advice) -> None:
    path = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
    try:
        with open_regular(path) as stream:
            while chunk := stream.read(_CHUNK):
                sink.write(chunk)
    except PresetError as error:
        raise DownloadError(f"{advice.mirror} names a mirror without it: {error}") from error


def _get(url: str, file: File, sink: Sink, advice: Advice) -> None:
    import pooch
    import requests

    def begin(response: requests.Response, **_: object) -> None:
        status, sent = response.status_code, response.headers.get("Content-Range", "")
        if status == 416 or (status == 206 and not sent.startswith(f"bytes {sink.done}-")):
            sink.restart()
            raise Transient(DownloadError(f"{shown(url)} does not send the rest of it"), 0.0)
        if status == 200:
            sink.restart()

    deadline = Deadline(TIMEOUT_S + sink.size / MIN_RATE)
    headers = {"Accept-Encoding": "identity"}
    if sink.done:
        headers["Range"] = f"bytes={sink.done}-"
    downloader = pooch.HTTPDownloader(
        chunk_size=_CHUNK,
        timeout=TIMEOUT_S,
        headers=headers,
        hooks={"response": [deadline.start, begin]},
    )
    try:
        downloader(url, sink, None)
    except requests.exceptions.RequestException as error:
        if deadline.over:
            raise DownloadError(
                f"{shown(url)} is too slow: {sink.done} of {sink.size} bytes in "
                f"{deadline.seconds:.3g} seconds"
            ) from error
        size = file.size if file.sha256 else None
        raise network_fault(url, sink.done, size, TIMEOUT_S, error, advice) from error
    except ValueError as error:  # pooch reads Content-Length as a number
        raise DownloadError(f"{shown(url)} answers with malformed headers") from error
    finally:
        deadline.cancel()


def _check(url: str, file: File, sink: Sink, advice: Advice) -> None:
    hint = _web_page_hint(sink.head, advice)
    if not file.sha256 and sink.done and not hint:
        return
    if sink.done != file.size:
        registered = f"registered are {file.size}" if file.sha256 else "which is no archive"
        raise IntegrityError(
            f"{shown(url)} sent {sink.done} bytes, {registered}; "
            f"the file there is truncated or another one{hint}"
        )
    sha256 = sink.digest.hexdigest()
    if sha256 != file.sha256:
        raise IntegrityError(
            f"{shown(url)} sent {file.size} bytes with SHA-256 {sha256[:12]}..., registered is "
            f"{file.sha256[:12]}...; the file there is damaged or another one{hint}"
        )


def _web_page_hint(head: bytes, advice: Advice) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith((b"<!doctype html", b"<html")):
        return ""
    return f" (it looks like HTML: a web page, perhaps of a login; {advice.address})"


def _stopped(url: str) -> DownloadError:
    return DownloadError(f"the transfer of {shown(url)} was stopped")
