"""Faults of the network: what the other side may send, and what comes of it."""

from __future__ import annotations

import time

import fault_server as server_faults
import pytest
from fault_server import Fault, FaultServer
from harness import Checkpoint, command_line, one_line

from ganzoo.errors import DownloadError, GanzooError, IntegrityError, InvalidArgumentError
from ganzoo.store import checkpoints as store
from ganzoo.store import fetch as _fetch

pytestmark = pytest.mark.fault

FINAL: dict[str, tuple[Fault, type[GanzooError], str, int]] = {
    # fault, error, part of its line, requests that it costs
    "truncated": (server_faults.truncated, IntegrityError, "truncated", 1),
    "flipped byte": (server_faults.flipped, IntegrityError, "SHA-256", 1),
    "web page": (server_faults.web_page, IntegrityError, "looks like HTML", 1),
    "long web page": (server_faults.long_web_page, IntegrityError, "looks like HTML", 1),
    "hangs up": (server_faults.hang_up, DownloadError, "hung up after", 4),
    "resets": (server_faults.reset_at_once, DownloadError, "no connection", 4),
    "endless": (server_faults.endless, IntegrityError, "more than the registered 300000", 1),
    "gzip bomb": (server_faults.endless_gzip, IntegrityError, "more than the registered", 1),
    "stalls half-way": (server_faults.stalled, DownloadError, "sent nothing for", 4),
    "never answers": (server_faults.silent, DownloadError, "sent nothing for", 4),
    "malformed length": (server_faults.bad_length, DownloadError, "malformed", 1),
    "not HTTP": (server_faults.not_http, DownloadError, "no connection", 4),
    "401": (server_faults.status(401), DownloadError, "401", 1),
    "403": (server_faults.status(403), DownloadError, "403", 1),
    "404": (server_faults.status(404), DownloadError, "404: no such file", 1),
    "410": (server_faults.status(410), DownloadError, "410", 1),
    "429": (server_faults.status(429), DownloadError, "429: too many requests", 4),
    "500": (server_faults.status(500), DownloadError, "500: a fault of the server", 4),
    "503": (server_faults.status(503), DownloadError, "503: a fault of the server", 4),
    "redirect to file": (
        server_faults.status(302, Location="file:///etc/passwd"),
        DownloadError,
        "neither http nor https",
        1,
    ),
    "redirect to ftp": (
        server_faults.status(302, Location="ftp://127.0.0.1/x"),
        DownloadError,
        "neither http nor https",
        1,
    ),
}


@pytest.mark.parametrize("fault", FINAL)
def test_final_fault_is_refused_in_one_line(
    fault: str, server: FaultServer, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, error, part, requests = FINAL[fault]
    if part == "sent nothing for":
        monkeypatch.setattr(_fetch, "TIMEOUT_S", 0.25)
    server.faults[checkpoint.asset()] = [behaviour]
    earlier = b"an earlier file of this name"
    checkpoint.folder.mkdir(parents=True)
    checkpoint.weights.write_bytes(earlier)
    with pytest.raises(error) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, part, "127.0.0.1")
    assert server.requests[checkpoint.asset()] == requests
    assert checkpoint.weights.read_bytes() == earlier
    assert not checkpoint.partial_files()


@pytest.mark.parametrize(
    "fault", ["hang_up", "reset_at_once", "stalled", "not_http", "500", "429", "429 wait"]
)
def test_passing_fault_is_retried_from_the_start(
    fault: str, server: FaultServer, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_fetch, "TIMEOUT_S", 0.5)
    statuses = {
        "500": server_faults.status(500),
        "429": server_faults.status(429),
        "429 wait": server_faults.status(429, Retry_After="1"),
    }
    behaviour = statuses.get(fault) or getattr(server_faults, fault)
    server.faults[checkpoint.asset()] = [behaviour, None]
    start = time.monotonic()
    store.download(checkpoint.name, checkpoint.files)
    assert checkpoint.is_right()
    assert server.requests[checkpoint.asset()] == 2
    if fault == "429 wait":
        assert time.monotonic() - start >= 1.0


def test_dripping_server_meets_a_deadline(
    server: FaultServer, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_fetch, "MIN_RATE", 1e6)  # 300 kB in 0.3 s, and TIMEOUT_S on top
    server.faults[checkpoint.asset()] = [server_faults.dripping]
    start = time.monotonic()
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    assert time.monotonic() - start < 5
    one_line(caught.value, "is too slow", "of 300000 bytes in 1.3 seconds")
    assert not checkpoint.partial_files()


def test_redirect_loop_ends(server: FaultServer, checkpoint: Checkpoint) -> None:
    loop = server_faults.status(302, Location=checkpoint.asset())
    server.faults[checkpoint.asset()] = [loop]
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "redirects in a circle")


def test_redirect_to_another_address_is_followed_and_hashed(
    server: FaultServer, checkpoint: Checkpoint
) -> None:
    server.files["/elsewhere?token=secret"] = checkpoint.contents["model.weights.h5"]
    there = server_faults.status(302, Location="/elsewhere?token=secret")
    server.faults[checkpoint.asset()] = [there]
    store.download(checkpoint.name, checkpoint.files)
    assert checkpoint.is_right()


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_dead_proxy_is_named_without_its_password(
    variable: str, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://user:hunter2@127.0.0.1:9")
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", "http://weights.example/v0")
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, variable, "127.0.0.1:9")
    assert "hunter2" not in str(caught.value)


def test_password_in_the_base_url_is_not_printed(
    server: FaultServer, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", server.url.replace("//", "//me:hunter2@"))
    server.faults[checkpoint.asset()] = [server_faults.status(404)]
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "404")
    assert "hunter2" not in str(caught.value)


def test_no_server_at_all(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", "http://127.0.0.1:9")
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "no connection", "tried 4 times")


def test_no_base_url(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANZOO_WEIGHTS_URL")
    with pytest.raises(DownloadError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, checkpoint.name, "GANZOO_WEIGHTS_URL=https://", "file:///")
    assert not checkpoint.cache.exists()


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "host/x", "/folder", "file://host/x", "http://", "http://[", "http://h/?a=b",
     "http://h:port/", "javascript:alert(1)"],
)  # fmt: skip
def test_unusable_base_url(
    url: str, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANZOO_WEIGHTS_URL", url)
    with pytest.raises(InvalidArgumentError) as caught:
        store.download(checkpoint.name, checkpoint.files)
    one_line(caught.value, "GANZOO_WEIGHTS_URL must be")


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a\0b", "..", "", "a/b", "a\\b", ".hidden", "x" * 101, "a\n"]
)
def test_unsafe_names_are_refused(name: str, server: FaultServer, checkpoint: Checkpoint) -> None:
    with pytest.raises(GanzooError) as caught:
        store.download(name, checkpoint.files)
    one_line(caught.value, "name", "is refused")
    weights = checkpoint.files[1]
    renamed = [*checkpoint.files, type(weights)(name, weights.size, weights.sha256)]
    with pytest.raises(GanzooError) as caught:
        store.download(checkpoint.name, renamed)
    one_line(caught.value, "name", "is refused")
    assert not server.requests


def test_one_failure_leaves_the_other_files_and_exits_with_1(
    server: FaultServer, checkpoint: Checkpoint
) -> None:
    server.faults[checkpoint.asset()] = [server_faults.status(404)]
    result = command_line("download", checkpoint.name)
    assert result.exit_code == 1
    one_line(result.stderr.strip(), "Error: ", "404")
    assert command_line("verify", checkpoint.name).exit_code == 1
    del server.faults[checkpoint.asset()]
    assert command_line("download", "--all").exit_code == 0
    assert command_line("verify").exit_code == 0
    assert checkpoint.is_right()


def test_unknown_name_exits_with_2_and_offers_the_nearest(checkpoint: Checkpoint) -> None:
    for command in ("download", "verify"):
        result = command_line(command, "dcgan_minst")
        assert result.exit_code == 2
        one_line(result.stderr.strip(), "'dcgan_minst'", "Did you mean 'dcgan_mnist'")


@pytest.mark.parametrize("arguments", [(), ("--all", "toy_mnist")])
def test_download_wants_names_or_all(arguments: tuple[str, ...], checkpoint: Checkpoint) -> None:
    result = command_line("download", *arguments)
    assert result.exit_code == 2
    one_line(result.stderr.strip(), "either NAME... or --all")
