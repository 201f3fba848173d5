"""Whether training keeps the memory that it frees, by the page faults of taking it again."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import ganzoo

PROGRAM = """
import resource, runpy, sys, threading
kept = runpy.run_path(sys.argv[1])["keep_freed_memory"]()

def take():
    global faults
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        blocks = [bytearray(48 * 2**20) for _ in range(4)]
        del blocks
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[2] == "main":
    take()
else:
    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
print(kept, faults)
"""

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="the allocator is that of glibc only"
)


def run(thread: str, **variables: str) -> tuple[str, int]:
    """Return what `keep_freed_memory` says, and the page faults of taking later blocks."""
    heap = Path(ganzoo.__file__).parent / "_backend" / "heap.py"
    unset = ("MALLOC_", "GLIBC_TUNABLES")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(unset)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(heap), thread],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kept, faults = done.stdout.split()
    return kept, int(faults)


@pytest.mark.parametrize("thread", ["main", "another"])
def test_blocks_as_large_as_those_freed_cost_no_new_pages(thread):
    kept, faults = run(thread)
    assert kept == "True"
    assert faults < 100


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_what_the_user_set_stays(name):
    kept, faults = run("main", **{name: str(2**20)})
    assert kept == "False"
    assert faults > 10_000
