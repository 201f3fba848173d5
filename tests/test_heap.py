"""Whether training keeps the memory that it frees, by the page faults of taking it again."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import ganzoo

PROGRAM = """
import resource, runpy, sys
kept = runpy.run_path(sys.argv[1])["keep_freed_memory"]()
for _ in range(4):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = bytearray(48 * 2**20)
    del block
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="the allocator is that of glibc only"
)


def run(**variables: str) -> tuple[str, int]:
    """Return what `keep_freed_memory` says, and the page faults of a later 48 MiB block."""
    heap = Path(ganzoo.__file__).parent / "_backend" / "_heap.py"
    unset = ("MALLOC_", "GLIBC_TUNABLES")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(unset)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(heap)],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kept, faults = done.stdout.split()
    return kept, int(faults)


def test_a_block_as_large_as_one_freed_costs_no_new_pages():
    kept, faults = run()
    assert kept == "True"
    assert faults < 100


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_what_the_user_set_stays(name):
    kept, faults = run(**{name: str(2**20)})
    assert kept == "False"
    assert faults > 10_000
