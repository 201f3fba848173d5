"""An HTTP server on 127.0.0.1 whose faults are real: what a client sees is what a wire can do."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Fault = Callable[[BaseHTTPRequestHandler, bytes], None]
HTML = b"<!DOCTYPE html>\n<html><body>Please log in to the wireless network</body></html>\n"


class FaultServer:
    """Serves `files`; a path in `faults` misbehaves for as many requests as its list is long.

    The last fault of a list goes on for ever unless it is None, which means a right answer. A
    request for a range, `bytes=N-`, gets the rest of the file; `ranges` has what was asked for.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Fault | None]] = {}
        self.requests: Counter[str] = Counter()
        self.ranges: list[str | None] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 20

            def do_GET(self) -> None:
                outer.requests[self.path] += 1
                outer.ranges.append(self.headers.get("Range"))
                faults = outer.faults.get(self.path, [None])
                fault = faults[min(outer.requests[self.path], len(faults)) - 1]
                content = outer.files.get(self.path)
                try:
                    if fault is not None:
                        fault(self, content or b"")
                    elif content is None:
                        self.send_error(404)
                    else:
                        send_rest(self, content)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        Handler.server_closing = self.closing  # type: ignore[attr-defined]
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> FaultServer:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def send(handler: BaseHTTPRequestHandler, content: bytes, **headers: str) -> None:
    """Answer 200 with the content and its length."""
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def send_rest(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Answer as asked: 206 with the rest of the content, 416 where there is none, else 200."""
    asked = handler.headers.get("Range")
    if asked is None:
        return send(handler, content)
    begin = int(asked.removeprefix("bytes=").removesuffix("-"))
    if begin >= len(content):
        return handler.send_error(416)
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
    handler.send_header("Content-Length", str(len(content) - begin))
    handler.end_headers()
    handler.wfile.write(content[begin:])


def truncated(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A shorter file, honestly announced."""
    send(handler, content[: len(content) // 2])


def flipped(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """One byte differs, in the middle."""
    middle = len(content) // 2
    send(handler, content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


def web_page(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """The login page of a wireless network."""
    send(handler, HTML, Content_Type="text/html")


def long_web_page(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A web page that is longer than the file."""
    send(handler, HTML + b" " * len(content), Content_Type="text/html")


def hang_up(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Half of the announced bytes, then the connection closes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def reset_at_once(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """The connection closes without an answer."""
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A body that never ends, of unknown length."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server_closing.is_set():  # type: ignore[attr-defined]
        handler.wfile.write(b"x" * 65536)


def endless_gzip(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A few bytes that unpack to very many, though the client did not ask for compression."""
    import gzip

    send(handler, gzip.compress(bytes(50_000_000), 9), Content_Encoding="gzip")


def stalled(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Half of the bytes, then silence on an open connection."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.wfile.flush()
    handler.server_closing.wait(15)  # type: ignore[attr-defined]


def dripping(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A few bytes now and then, so that no timeout between two of them ever ends."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    for start in range(0, len(content), 100):
        handler.wfile.write(content[start : start + 100])
        handler.wfile.flush()
        if handler.server_closing.wait(0.05):  # type: ignore[attr-defined]
            return


def silent(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """An open connection without an answer."""
    handler.server_closing.wait(15)  # type: ignore[attr-defined]


def bad_length(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """A Content-Length that is no number."""
    handler.send_response(200)
    handler.send_header("Content-Length", "many")
    handler.end_headers()
    handler.wfile.write(content)


def not_http(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Bytes that are no HTTP answer."""
    handler.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")


def status(code: int, **headers: str) -> Fault:
    """An answer with this status."""

    def answer(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "5")
        handler.end_headers()
        handler.wfile.write(b"sorry")

    return answer
