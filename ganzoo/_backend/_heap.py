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

# Parameters of mallopt by their numbers in glibc's malloc.h.
_TRIM, _MMAP_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -3, -4, -8
_MIB = 2**20
_KEEP = (
    (_MMAP_MAX, 0),  # no block is a mapping of its own, which free() would undo
    (_TRIM, 1024 * _MIB),  # the free end of the heap stays up to this size
    (_MMAP_THRESHOLD, 32 * _MIB),  # set, so that glibc does not move both by itself
)
_ONE_ARENA = ((_ARENA_MAX, 1),)
_USER = (
    "GLIBC_TUNABLES",
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_MAX_",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_MMAP_THRESHOLD_",
)


@functools.cache
def keep_freed_memory() -> bool:
    """Let this process keep up to a gibibyte that it frees; return whether that was done.

    Nothing is done without glibc, nor where the environment sets any of glibc's own variables for
    it (`MALLOC_TRIM_THRESHOLD_`, `MALLOC_MMAP_MAX_`, `MALLOC_MMAP_THRESHOLD_`, `MALLOC_ARENA_MAX`,
    `GLIBC_TUNABLES`).
    """
    return _set(_KEEP)


@functools.cache
def share_one_heap() -> bool:
    """Let the threads that are yet to start share the main heap; return whether that was done.

    A thread's own heap holds blocks of less than 64 MiB only, and a greater one that it allocates
    goes back to the system when it is freed, whatever `keep_freed_memory` says.
    """
    return _set(_ONE_ARENA)


def _set(parameters: tuple[tuple[int, int], ...]) -> bool:
    if platform.libc_ver()[0] != "glibc" or any(name in os.environ for name in _USER):
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all(mallopt(parameter, value) == 1 for parameter, value in parameters)
