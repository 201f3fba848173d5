"""A download goes on where it stopped, and nothing wrong comes of it."""

from __future__ import annotations

import random
import threading

import pytest

from ganzoo.errors import DownloadError, IntegrityError
from ganzoo.preparation import fetching
from tests.faults import fault_server as faults
from tests.faults.fault_server import FaultServer

NAME, CONTENT = "file.bin", random.Random(1).randbytes(50 << 12)  # whole chunks
HALF = len(CONTENT) // 2
REST = f"bytes={HALF}-"


@pytest.fixture
def fetched(serve, tmp_path):
    """A function that fetches the file; returns it, and what was told of it."""

    def fetch(hashed: bool = True):
        told: list[int] = []
        download = serve(NAME, CONTENT, hashed)
        path = fetching.fetched(download, tmp_path, told.append, threading.Event())
        return path, told

    return fetch


@pytest.fixture
def part(tmp_path):
    """Where a part of the file is kept."""
    return tmp_path / f".{NAME}.part"


def whole(handler, content):
    """The whole file, though a part is asked for."""
    faults.send(handler, content)


def other_range(handler, content):
    """The end of the file, whatever is asked for."""
    handler.send_response(206)
    handler.send_header("Content-Range", f"bytes 9-{len(content) - 1}/{len(content)}")
    handler.send_header("Content-Length", str(len(content) - 9))
    handler.end_headers()
    handler.wfile.write(content[9:])


def test_a_cut_transfer_goes_on(server: FaultServer, fetched, part):
    server.faults[f"/{NAME}"] = [faults.hang_up, None]
    path, told = fetched()
    assert path.read_bytes() == CONTENT
    assert server.ranges == [None, REST]
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert not part.exists()


def test_the_next_call_goes_on(server, fetched, part, tmp_path):
    server.faults[f"/{NAME}"] = [faults.hang_up]
    with pytest.raises(DownloadError, match=f"hung up after {HALF} of {len(CONTENT)} bytes"):
        fetched()
    assert part.read_bytes() == CONTENT[:HALF]
    assert not (tmp_path / NAME).exists()
    server.faults.clear()
    server.ranges.clear()
    assert fetched()[0].read_bytes() == CONTENT
    assert server.ranges == [REST]
    assert fetched()[0].read_bytes() == CONTENT  # not fetched again
    assert len(server.ranges) == 1


@pytest.mark.parametrize("answer", [whole, other_range])
def test_a_server_without_ranges_sends_all_again(answer, server, fetched, part):
    part.write_bytes(CONTENT[:HALF])
    server.faults[f"/{NAME}"] = [answer, None]
    assert fetched()[0].read_bytes() == CONTENT


@pytest.mark.parametrize(
    "left", [b"x" * HALF, CONTENT + b"x", CONTENT[:-1] + b"x", b""],
    ids=["of another file", "too long", "as long", "empty"],
)  # fmt: skip
def test_a_part_that_does_not_fit_is_dropped(left, server, fetched, part):
    part.write_bytes(left)
    assert fetched()[0].read_bytes() == CONTENT
    assert server.ranges[-1] is None
    assert not part.exists()


def test_a_whole_part_is_not_fetched_again(server, fetched, part):
    part.write_bytes(CONTENT)
    assert fetched()[0].read_bytes() == CONTENT
    assert not server.ranges


def test_a_shorter_file_on_the_server_is_refused(server, serve, part, tmp_path):
    part.write_bytes(CONTENT[:HALF])
    download = serve(NAME, CONTENT)
    server.files[f"/{NAME}"] = CONTENT[: HALF // 2]  # 416, then less than is registered
    with pytest.raises(IntegrityError, match="truncated or another one"):
        fetching.fetched(download, tmp_path, lambda done: None, threading.Event())
    assert not part.exists()


def test_a_link_in_the_place_of_a_part_is_not_followed(fetched, part, tmp_path):
    other = tmp_path / "mine"
    other.write_bytes(b"mine")
    part.symlink_to(other)
    with pytest.raises(DownloadError, match="remove what is in the way"):
        fetched()
    assert other.read_bytes() == b"mine"


def test_without_a_hash_nothing_is_kept(server, fetched, tmp_path):
    server.faults[f"/{NAME}"] = [faults.hang_up, None]
    assert fetched(hashed=False)[0].read_bytes() == CONTENT
    assert server.ranges == [None, None]
    server.faults[f"/{NAME}"] = [faults.hang_up]
    (tmp_path / NAME).unlink()
    with pytest.raises(DownloadError, match="of unknown bytes"):
        fetched(hashed=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("fault", "error", "part_of_line"),
    [
        (faults.status(404), DownloadError, "404: no such file there; check GANZOO_DATA_URL"),
        (faults.web_page, IntegrityError, "looks like HTML"),
        (faults.endless, IntegrityError, "more than the"),
        (faults.reset_at_once, DownloadError, "no connection"),
    ],
)
@pytest.mark.parametrize("hashed", [True, False])
def test_final_faults_are_one_line(fault, error, part_of_line, hashed, server, fetched, tmp_path):
    server.faults[f"/{NAME}"] = [fault]
    with pytest.raises(error, match=part_of_line) as caught:
        fetched(hashed)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / NAME).exists()


def test_the_next_address_is_tried(server, serve, tmp_path, monkeypatch):
    monkeypatch.delenv("GANZOO_DATA_URL")
    download = serve(NAME, CONTENT)
    addresses = (f"{server.url}/gone", f"{server.url}/{NAME}")
    download = type(download)(NAME, addresses, download.size, download.sha256)
    path = fetching.fetched(download, tmp_path, lambda done: None, threading.Event())
    assert path.read_bytes() == CONTENT
    server.files.clear()
    path.unlink()
    with pytest.raises(DownloadError, match=r"gone answers 404.*\(2 addresses tried\)"):
        fetching.fetched(download, tmp_path, lambda done: None, threading.Event())
