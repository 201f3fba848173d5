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
heap = runpy.run_path(sys.argv[1])
kept = [heap[name]() for name in sys.argv[3:]]

def take():
    for _ in range(4):
        global faults
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        block = bytearray(int(sys.argv[2]) * 2**20)
        del block
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

thread = threading.Thread(target=take)
thread.start()
thread.join()
print(all(kept), faults)
"""

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="the allocator is that of glibc only"
)


def run(megabytes: int, *names: str, **variables: str) -> tuple[str, int]:
    """Return what the functions say, and the page faults of a thread's later block."""
    heap = Path(ganzoo.__file__).parent / "_backend" / "_heap.py"
    unset = ("MALLOC_", "GLIBC_TUNABLES")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(unset)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(heap), str(megabytes), *names],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kept, faults = done.stdout.split()
    return kept, int(faults)


def test_a_block_as_large_as_one_freed_costs_no_new_pages():
    kept, faults = run(48, "share_one_heap", "keep_freed_memory")
    assert kept == "True"
    assert faults < 100


def test_a_block_too_large_for_a_heap_of_a_thread_costs_no_new_pages():
    assert run(96, "share_one_heap", "keep_freed_memory")[1] < 100
    assert run(96, "keep_freed_memory")[1] > 10_000


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_what_the_user_set_stays(name):
    kept, faults = run(48, "share_one_heap", "keep_freed_memory", **{name: str(2**20)})
    assert kept == "False"
    assert faults > 10_000
