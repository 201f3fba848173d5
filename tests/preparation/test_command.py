"""`ganzoo prepare`: what it lists, keeps and refuses."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.data.origins import ORIGINS
from ganzoo.preparation import digits
from ganzoo.preparation import prepare as _function
from tests.faults import fault_server as faults
from tests.package.test_environment import run

CONTENTS = [f"file {number}".encode() * 4000 for number in range(4)]
preparing = sys.modules["ganzoo.preparation.prepare"]


def command(*arguments: object):
    """Run `ganzoo prepare ARGUMENTS` in this process."""
    return CliRunner().invoke(main, ["prepare", *map(str, arguments)])


def refused(*arguments: object, code: int = 1) -> str:
    """Run a command that must fail; return its one line."""
    result = command(*arguments)
    assert result.exit_code == code, result.output
    *before, line = result.output.splitlines()
    assert all(": fetching " in other for other in before)  # what was about to be fetched
    assert line.startswith("Error: ")
    return line


@pytest.fixture
def mnist(serve, monkeypatch):
    """Four small files in the place of MNIST's."""
    served = tuple(serve(f"{number}.gz", content) for number, content in enumerate(CONTENTS))
    monkeypatch.setitem(digits.ORIGINS, "mnist", replace(ORIGINS["mnist"], downloads=served))
    return served


@pytest.mark.parametrize("arguments", [(), ("--list",), ("--list", "mnist")])
def test_it_lists_what_there_is(arguments, folder):
    result = command(*arguments)
    assert result.exit_code == 0
    for name, origin in ORIGINS.items():
        assert f"{name}: {origin.what}" in result.output
        assert origin.page in result.output
        assert origin.licence in result.output
    assert "228.8 MB" in result.output
    assert not folder.exists()


def test_it_fetches_into_the_folder_of_the_data(mnist, folder):
    result = command("mnist")
    assert result.exit_code == 0, result.output
    assert "licence CC BY-SA 3.0, credit Yann LeCun" in result.output
    size = sum(map(len, CONTENTS)) / 1e6
    assert f"mnist: fetching 4 files, {size:.1f} MB into {folder}" in result.stderr
    assert len(list((folder / "mnist").glob("*.gz"))) == 4
    assert [path.name for path in folder.iterdir()] == ["mnist"]


def test_without_a_variable_it_is_data(mnist, tmp_path, monkeypatch):
    monkeypatch.delenv("GANZOO_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert command("mnist").exit_code == 0
    assert (tmp_path / "data/mnist").is_dir()


def test_what_is_there_is_kept_unless_told(mnist, server, folder):
    (folder / "mnist").mkdir(parents=True)
    mine = folder / "mnist/train-labels-idx1-ubyte.gz"
    mine.write_bytes(b"mine")
    result = command("mnist")
    assert f"{mine} was there already; --overwrite replaces it" in result.output
    assert mine.read_bytes() == b"mine"
    assert server.requests["/1.gz"] == 0
    assert command("mnist", "--overwrite").exit_code == 0
    assert mine.read_bytes() == CONTENTS[1]


def test_an_unknown_set_is_refused_before_anything_is_fetched(mnist, server):
    line = refused("mnist", "flower", code=2)
    assert "There is no set 'flower'; there are: mnist, fashion_mnist, glyphs" in line
    assert "Did you mean 'flowers'" in line
    assert not server.requests


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (faults.status(404), "answers 404: no such file there; check GANZOO_DATA_URL"),
        (faults.flipped, "the file there is damaged or another one"),
        (faults.truncated, "the file there is truncated or another one"),
        (faults.web_page, "looks like HTML"),
        (faults.hang_up, "hung up after"),
    ],
)
def test_a_fault_of_the_network_is_one_line(fault, part, mnist, server, folder):
    server.faults["/2.gz"] = [fault]
    assert part in refused("mnist")
    assert not list(folder.rglob("t10k-images*"))
    server.faults.clear()
    assert command("mnist").exit_code == 0
    assert server.requests["/0.gz"] == 1  # what was made is not fetched again


def test_no_network(mnist, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA_URL", "http://127.0.0.1:9")
    assert "no connection to http://127.0.0.1:9/0.gz; is this machine online?" in refused("mnist")


def test_a_forbidden_network(mnist, server, folder, monkeypatch):
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    assert "GANZOO_OFFLINE forbids the download" in refused("mnist")
    assert not server.requests


def test_a_folder_as_a_mirror_needs_no_network(mnist, tmp_path, folder, monkeypatch):
    for number, content in enumerate(CONTENTS[:3]):
        (tmp_path / f"{number}.gz").write_bytes(content)
    monkeypatch.setenv("GANZOO_OFFLINE", "1")
    monkeypatch.setenv("GANZOO_DATA_URL", tmp_path.as_uri())
    line = refused("mnist")
    assert f"GANZOO_DATA_URL names a mirror without it: {tmp_path}/3.gz is missing" in line
    (tmp_path / "3.gz").write_bytes(CONTENTS[3])
    assert command("mnist").exit_code == 0


def test_an_unusable_mirror(mnist, monkeypatch):
    monkeypatch.setenv("GANZOO_DATA_URL", "ftp://me:hunter2@host/x")
    line = refused("mnist", code=2)
    assert "GANZOO_DATA_URL must be https://HOST/PATH" in line
    assert "hunter2" not in line


def test_a_disk_without_room(mnist, server, monkeypatch):
    usage = preparing.shutil.disk_usage("/")
    monkeypatch.setattr(preparing.shutil, "disk_usage", lambda path: usage._replace(free=2_000_000))
    assert "mnist needs 13 MB in" in (line := refused("mnist"))
    assert "where 2 MB are free" in line
    assert not server.requests


def test_a_file_in_the_way(mnist, tmp_path):
    (tmp_path / "file").write_text("")
    assert "Cannot write into" in refused("mnist", "-o", tmp_path / "file")


def test_a_second_preparation_in_the_folder(mnist, folder):
    hold = (
        "from ganzoo.files.lock import FolderLock; import sys, time; "
        "FolderLock(sys.argv[1]).acquire(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(folder / ".downloads")], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            assert "Another preparation is running in" in refused("mnist")
        finally:
            holder.kill()
    assert command("mnist").exit_code == 0


def test_a_killed_preparation_goes_on(serve, server, folder, monkeypatch):
    """A process that is killed half-way leaves a part, and the next one asks for the rest."""
    content = bytes(range(256)) * 2000
    download = serve("big.gz", content)
    server.faults["/big.gz"] = [faults.stalled, None]
    code = (
        "import dataclasses, sys\n"
        "from ganzoo.data.downloads import Download\n"
        "from ganzoo.preparation import digits, prepare\n"
        f"served = Download('big.gz', (), {download.size}, {download.sha256!r})\n"
        "origin = digits.ORIGINS['mnist']\n"
        "origin = dataclasses.replace(origin, downloads=(served,), files=origin.files[:1])\n"
        "digits.ORIGINS['mnist'] = origin\n"
        "print(prepare('mnist')[0][0].stat().st_size)\n"
    )
    first = subprocess.Popen([sys.executable, "-c", code])
    part = folder / ".downloads/.big.gz.part"
    deadline = time.monotonic() + 15
    while not (part.is_file() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    first.kill()
    first.wait()
    size = part.stat().st_size
    assert 0 < size < len(content)
    done = run(code)
    assert done.stdout.strip() == str(len(content)), done.stderr
    assert server.ranges[-1] == f"bytes={size}-"
    assert not part.exists()


def test_it_imports_neither_keras_nor_a_backend(mnist, folder):
    code = (
        "import sys\nfrom ganzoo.cli import main\n"
        "main(['prepare', '--list'], standalone_mode=False)\n"
        "from ganzoo import preparation\npreparation.pieces('fruits')\n"
        "assert not [m for m in ('keras', 'jax', 'tensorflow', 'torch') if sys.modules.get(m)]\n"
        "assert not [m for m in ('requests', 'pooch') if sys.modules.get(m)]\n"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    done = run("import sys, ganzoo.cli\nassert 'ganzoo.preparation' not in sys.modules\n")
    assert done.returncode == 0, done.stderr
    assert callable(_function)
