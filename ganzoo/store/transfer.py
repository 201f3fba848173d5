"""The two ends of a transfer: where the bytes go, and when it is over."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import requests

_HEAD = 512  # bytes kept to tell a web page from weights
_BLOCK = 1 << 20


class TooLong(Exception):
    """More bytes arrived than are registered."""


class Enough(Exception):
    """All bytes that are wanted have arrived; the file there has more."""


class Stopped(Exception):
    """Another file's failure, or Ctrl-C, ended this transfer."""


class Sink:
    """The file-like object that pooch writes to: counts, hashes, and stops at the size.

    What the stream holds already is counted and hashed first. Of a file of which the `beginning`
    alone is wanted, the rest ends the transfer and is no fault.
    """

    def __init__(
        self,
        stream: BinaryIO,
        size: int,
        on_bytes: Callable[[int], None],
        stop: threading.Event,
        beginning: bool = False,
    ) -> None:
        self.stream = stream
        self.size = size
        self.on_bytes = on_bytes
        self.stop = stop
        self.beginning = beginning
        self._empty()
        while self.done <= size and (chunk := stream.read(_BLOCK)):
            self._count(chunk)
        self.found = self.done  # bytes of an earlier transfer

    def restart(self) -> None:
        """Forget what an earlier transfer left: the server sends the file from its first byte."""
        self.stream.seek(0)
        self.stream.truncate()
        self._empty()
        self.found = 0

    def _empty(self) -> None:
        self.done = 0
        self.head = b""
        self.digest = hashlib.sha256()

    def _count(self, chunk: bytes) -> None:
        self.head += chunk[: max(0, _HEAD - len(self.head))]
        self.done += len(chunk)
        self.digest.update(chunk)

    def write(self, chunk: bytes) -> int:
        if self.stop.is_set():
            raise Stopped
        rest = self.size - self.done
        if len(chunk) > rest and not self.beginning:
            self._count(chunk)
            raise TooLong
        self.stream.write(chunk[:rest])
        self._count(chunk[:rest])
        self.on_bytes(self.done)
        if len(chunk) > rest:
            raise Enough
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: pooch flushes after every chunk, and one fsync at the end is enough."""


class Deadline:
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
