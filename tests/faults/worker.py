"""A process of its own that asks the store for a checkpoint, under faults of its machine.

Its argument is JSON: `name`, `files`, `settings` of the transfer, and `faults` among `no-sockets`
(any use of a socket ends the process), `file-size` (the system's limit on a file's size, 100 kB)
and `no-privileges` (root obeys permissions).
"""

from __future__ import annotations

import ctypes
import json
import os
import sys


def forbid_sockets() -> None:
    """End the process at the first use of a socket, whoever tries."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket."):
            os.write(2, f"SOCKET USED: {event} {arguments!r}\n".encode())
            os._exit(99)

    sys.addaudithook(hook)


def limit_file_size() -> None:
    """Make every write beyond 100 kB of a file fail, as on a full disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def drop_privileges() -> None:
    """Give up root's right to write where permissions forbid it (Linux)."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        sys.exit("capset failed")


FAULTS = {
    "no-sockets": forbid_sockets,
    "file-size": limit_file_size,
    "no-privileges": drop_privileges,
}


def main() -> int:
    """Run the job; print the folder, or one line on standard error."""
    job = json.loads(sys.argv[1])
    for fault in job["faults"]:
        FAULTS[fault]()
    from ganzoo.errors import GanzooError
    from ganzoo.store import checkpoints as store
    from ganzoo.store import fetch as _fetch
    from ganzoo.zoo.forms import File

    for name, value in job["settings"].items():
        setattr(_fetch, name, value)
    try:
        print(store.checkpoint_folder(job["name"], [File(**file) for file in job["files"]]))
    except GanzooError as error:
        print(f"Error: {type(error).__name__}: {error}", file=sys.stderr)
        return error.exit_code
    if "no-sockets" in job["faults"]:
        descriptors = [os.readlink(f"/proc/self/fd/{n}") for n in _open_descriptors()]
        print(sum(target.startswith("socket:") for target in descriptors), "sockets open")
    return 0


def _open_descriptors() -> list[str]:
    if not os.path.isdir("/proc/self/fd"):
        return []
    return [n for n in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{n}")]


if __name__ == "__main__":
    sys.exit(main())
