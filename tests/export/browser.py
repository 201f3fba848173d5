"""A real Chromium, driven over its own pipe: the DevTools protocol, without a package for it.

python -m tests.export.browser PAGE.html PICTURE.png [WIDTH HEIGHT]     a page's first screen
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def found() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One tab of a Chromium, without a network unless it is asked for, as a context.

    Attributes:
        problems: What the console said that is an error or a warning, and uncaught errors.
        requests: Addresses that the page asked for, itself and `data:` and `blob:` ones left out.
    """

    def __init__(
        self, width: int = 1200, height: int = 900, *, dark: bool = False, offline: bool = True
    ) -> None:
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.answers: dict[str, bytes] = {}
        self.size, self.dark, self.offline = (width, height), dark, offline
        self.count = 0
        self.results: dict[int, dict[str, Any]] = {}
        self.events: list[str] = []
        self.rest = b""

    def __enter__(self) -> Browser:
        self.profile = tempfile.TemporaryDirectory(
            prefix="ganzoo-chromium-", ignore_cleanup_errors=True
        )
        to_read, self.to = os.pipe()
        self.of, to_write = os.pipe()
        # Chromium reads from 3 and writes to 4, whatever numbers the pipes have here.
        script = f'exec "$@" 3<&{to_read} 4>&{to_write}'
        path = found()
        assert path is not None
        self.process = subprocess.Popen(
            ["bash", "-c", script, "chromium", path, "--headless=new", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update",
             "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self.session = ""
        targets = self.send("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send("Network.emulateNetworkConditions", offline=self.offline, latency=0,
                  downloadThroughput=-1, uploadThroughput=-1)  # fmt: skip
        self.resize(*self.size)
        scheme = "dark" if self.dark else "light"
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self.to)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        # Its children outlive it by a moment and write to the profile meanwhile.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        os.close(self.of)
        self.profile.cleanup()

    def send(self, method: str, timeout: float = 120.0, **arguments: Any) -> dict[str, Any]:
        """Call a method of the protocol; return its result."""
        number = self.post(method, **arguments)
        deadline = time.monotonic() + timeout
        while number not in self.results:
            self._read(deadline - time.monotonic())
        answer = self.results.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def post(self, method: str, **arguments: Any) -> int:
        """Call a method and do not wait; return the number of its answer."""
        self.count += 1
        message: dict[str, Any] = {"id": self.count, "method": method, "params": arguments}
        if self.session:
            message["sessionId"] = self.session
        content = memoryview(json.dumps(message).encode() + b"\0")
        while content:
            content = content[os.write(self.to, content) :]
        return self.count

    def _read(self, seconds: float) -> None:
        if seconds <= 0 or not select.select([self.of], [], [], seconds)[0]:
            raise TimeoutError("Chromium does not answer")
        read = os.read(self.of, 1 << 20)
        if not read:
            raise RuntimeError("Chromium has ended")
        *messages, self.rest = (self.rest + read).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.results[message["id"]] = message
            else:
                self._note(message["method"], message["params"])

    def _note(self, method: str, facts: dict[str, Any]) -> None:
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = facts["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and facts["type"] in ("error", "warning"):
            self.problems.append(" ".join(str(a.get("value", a)) for a in facts["args"]))
        elif method == "Log.entryAdded" and facts["entry"]["level"] in ("error", "warning"):
            self.problems.append(facts["entry"]["text"])
        elif method == "Fetch.requestPaused":
            self._fulfil(facts)
        elif method == "Network.requestWillBeSent":
            url = facts["request"]["url"]
            if facts["type"] != "Document" and not url.startswith(("data:", "blob:")):
                self.requests.append(url)

    def answer(self, contents: dict[str, bytes]) -> None:
        """Answer requests for some addresses with these contents, as a CDN would."""
        self.answers = contents
        patterns = [{"urlPattern": address} for address in contents]
        self.send("Fetch.enable", patterns=patterns)

    def _fulfil(self, facts: dict[str, Any]) -> None:
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/octet-stream"}
        content = base64.b64encode(self.answers[facts["request"]["url"]]).decode()
        self.post("Fetch.fulfillRequest", requestId=facts["requestId"], responseCode=200,
                  responseHeaders=[{"name": n, "value": v} for n, v in headers.items()],
                  body=content)  # fmt: skip

    def resize(self, width: int, height: int) -> None:
        """Give the window another size in CSS pixels."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)  # fmt: skip

    def open(self, path: Path) -> None:
        """Open a file, as a double click does; return when it has loaded."""
        self.go(path.resolve().as_uri())

    def go(self, address: str) -> None:
        """Open an address; return when it has loaded."""
        self.events.clear()
        self.send("Page.navigate", url=address)
        deadline = time.monotonic() + 120
        while "Page.loadEventFired" not in self.events:
            self._read(deadline - time.monotonic())

    def run(self, code: str, timeout: float = 120.0) -> Any:
        """Return the value of an expression of JavaScript, waited for."""
        answer = self.send("Runtime.evaluate", timeout, expression=code, awaitPromise=True,
                           returnByValue=True)  # fmt: skip
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def key(self, name: str) -> None:
        """Press a key, such as "ArrowRight", "Tab"."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode=_KEYS[name])  # fmt: skip

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the pointer at the first point, move it over the others, release it."""
        for place, (x, y) in enumerate(points):
            kind = "mouseMoved" if place else "mousePressed"
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1,
                      clickCount=1)  # fmt: skip
        x, y = points[-1]
        self.send("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left",
                  clickCount=1)  # fmt: skip

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Write the page as a PNG."""
        made = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(made["data"]))


_KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
         "ArrowDown": 40}  # fmt: skip


def main() -> None:
    """Write the picture of a page, as wide and high as is asked."""
    page, picture, *size = sys.argv[1:]
    with Browser(*map(int, size)) as browser:
        browser.open(Path(page))
        browser.screenshot(Path(picture), whole=False)


if __name__ == "__main__":
    main()
