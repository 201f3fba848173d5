"""Reading files that cannot be trusted: regular files only, sizes bounded, hashes compared.

Nothing here knows the network, the registry or Keras.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from ganzoo.errors import PresetError

MISSING = "is missing"
FOLDER = "is a folder, not a regular file"
_CHUNK = 1 << 20
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# Each flag is 0 where the platform lacks it; NONBLOCK keeps `open` from waiting on a FIFO.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def kind_problem(path: Path) -> str | None:
    """Return what is wrong with the kind of `path`, or None for a regular file."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return f"cannot be read ({reason(error)})"
    if stat.S_ISREG(mode):
        return None
    return f"is {_KINDS.get(stat.S_IFMT(mode), 'a special file')}, not a regular file"


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; a symbolic link is not followed, a FIFO not waited on.

    Returns:
        A binary file object.

    Raises:
        PresetError: The path is missing, cannot be read, or is no regular file.
    """
    problem = kind_problem(path)
    if problem is None:
        try:
            stream = os.fdopen(os.open(path, _OPEN_FLAGS), "rb")
        except OSError as error:
            problem = f"cannot be read ({reason(error)})"
        else:
            if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return stream
            stream.close()
            problem = "is not a regular file"
    raise PresetError(f"{path} {problem}")


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most `limit` bytes.

    Raises:
        PresetError: The file is no regular file, cannot be read, or is larger.
    """
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > limit:
            raise PresetError(f"{path} has {size} bytes; at most {limit} are accepted")
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise PresetError(f"{path} grew while it was read; at most {limit} bytes are accepted")
    return content


def sha256_of(path: Path, limit: int | None = None) -> str:
    """Return the SHA-256 (hex) of a regular file of at most `limit` bytes.

    Raises:
        PresetError: The path is no regular file, cannot be read, or is larger.
    """
    digest = hashlib.sha256()
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if limit is not None and size > limit:
            raise PresetError(f"{path} has {size} bytes; at most {limit} are accepted")
        try:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        except OSError as error:
            raise PresetError(f"{path} cannot be read ({reason(error)})") from error
    return digest.hexdigest()


def problem(path: Path, registered_size: int, registered_sha256: str) -> str | None:
    """Return how `path` differs from its registered size and SHA-256, or None where it does not."""
    wrong = kind_problem(path)
    if wrong is not None:
        return wrong
    try:
        with open_regular(path) as stream:
            size = os.fstat(stream.fileno()).st_size
        if size != registered_size:
            return f"has {size} bytes, registered are {registered_size}"
        sha256 = sha256_of(path)
    except PresetError as error:
        return str(error).removeprefix(f"{path} ")
    if sha256 != registered_sha256:
        return f"has SHA-256 {sha256[:12]}..., registered is {registered_sha256[:12]}..."
    return None


def reason(error: BaseException) -> str:
    """Return an operating system's error as a few words, without paths or addresses."""
    text = getattr(error, "strerror", None)
    return str(text) if text else type(error).__name__
