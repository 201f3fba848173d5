"""Training keeps the memory that it frees for its next step (glibc's allocator; Linux).

glibc gives large blocks back to the system when they are freed, and every step then takes them
anew, page by page: 60,000 page faults in each step of a small DCGAN on JAX, two fifths of its time.
mallopt(3) explains the parameters.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform

from ganzoo.environment import PLAIN

# Parameters of mallopt by their numbers in glibc's malloc.h.
_TRIM, _TOP_PAD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -2, -3, -4
_MIB = 2**20
_KEEP = (
    (_MMAP_MAX, 0),  # no block is a mapping of its own, which free() would undo
    (_TRIM, 1024 * _MIB),  # the free end of the heap stays up to this size
    # A thread of its own heap has it in pieces of 64 MiB, and none is given back either.
    (_TOP_PAD, 128 * _MIB),
    (_MMAP_THRESHOLD, 32 * _MIB),  # set, so that glibc does not move both by itself
)
_USER = (
    "GLIBC_TUNABLES",
    "MALLOC_MMAP_MAX_",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TOP_PAD_",
)


@functools.cache
def keep_freed_memory() -> bool:
    """Let this process keep the memory that it frees; return whether that was done.

    The main thread keeps up to a gibibyte, another thread whatever it takes in blocks of less than
    64 MiB; greater ones it gives back, so that a thread of XLA's must not need any. Nothing is
    done without glibc, nor where the environment sets any of glibc's own variables for it
    (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_TOP_PAD_`, `MALLOC_MMAP_MAX_`, `MALLOC_MMAP_THRESHOLD_`,
    `GLIBC_TUNABLES`).
    """
    if PLAIN:
        return False
    if platform.libc_ver()[0] != "glibc" or any(name in os.environ for name in _USER):
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all(mallopt(parameter, value) == 1 for parameter, value in _KEEP)
