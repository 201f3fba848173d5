"""The cache of downloaded checkpoints: its folders, its lock, and how it is emptied.

Layout: `CACHE/checkpoints/NAME/KEY/FILE`, where KEY is made from the registered hashes, so that two
versions of ganzoo that know different weights under one name never replace each other's files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ganzoo.errors import DownloadError, OutputError, PresetError
from ganzoo.files.cache import cache_folder
from ganzoo.files.reading import FOLDER, MISSING, kind_problem, reason
from ganzoo.zoo.forms import File

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TAG_NAME = "CACHEDIR.TAG"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of ganzoo; `ganzoo cache --clear` empties it.\n"
)
_LOCK_NAME = ".lock"
_LOCK_WAIT_S = 600.0
_LOCK_POLL_S = 0.1
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def check_name(what: str, name: str) -> None:
    """Refuse a name that could leave its folder or mean a device.

    Raises:
        PresetError: The name has other characters than letters, digits, `_`, `-` and `.`, does not
            start with a letter or digit, holds `..`, ends with a dot, or is too long.
    """
    if not _SAFE_NAME.fullmatch(name) or ".." in name or name.endswith("."):
        raise PresetError(
            f"the {what} name {name[:120]!r} is refused: letters, digits, '_', '-' and '.' are "
            "accepted, at most 100, without '..'"
        )


def checkpoints_folder() -> Path:
    """Return the one folder inside the cache that ganzoo writes to and clears."""
    return cache_folder() / "checkpoints"


def checkpoint_path(name: str, files: Sequence[File]) -> Path:
    """Return the folder of exactly these registered files in the cache; it need not exist."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(f"{file.name} {file.size} {file.sha256}\n".encode())
    return checkpoints_folder() / name / digest.hexdigest()[:12]


def create(folder: Path) -> None:
    """Make a checkpoint's folder in the cache and mark the cache as one.

    Raises:
        DownloadError: The cache cannot be written, or a link or file lies in the way.
    """
    root = checkpoints_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        tag = root / TAG_NAME
        if kind_problem(tag) == MISSING:
            with contextlib.suppress(FileExistsError), open(tag, "x", encoding="ascii") as stream:
                stream.write(_TAG)
        for part in (folder.parent, folder):
            with contextlib.suppress(FileExistsError):
                part.mkdir()
            wrong = kind_problem(part)
            if wrong != FOLDER:
                raise DownloadError(f"{part} is no folder of the cache (it {wrong}); remove it")
    except OSError as error:
        if isinstance(error, DownloadError):
            raise
        raise DownloadError(
            f"the cache {root} cannot be written ({reason(error)}); set GANZOO_CACHE to a folder "
            "that can"
        ) from error


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that of many processes one downloads and the others wait.

    The system releases it when its holder dies. Its holder removes the partial files of killed
    processes. If the file system has no locks, or the holder takes longer than ten minutes, the
    body runs without it: files are replaced whole, so this costs traffic and never a wrong file.
    """
    with contextlib.ExitStack() as stack:
        if fcntl is not None:
            # No link is followed: `kind_problem` allows what `open` then creates or reuses.
            path = folder / _LOCK_NAME
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            try:
                descriptor = os.open(path, flags, 0o666)
            except OSError as error:
                raise DownloadError(
                    f"the cache {folder} cannot be written ({reason(error)}); set GANZOO_CACHE "
                    "to a folder that can"
                ) from error
            stack.callback(os.close, descriptor)
            if _acquire(descriptor):
                sweep(folder)
        yield


def _acquire(descriptor: int) -> bool:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOCK_POLL_S)
        except OSError:  # a file system without locks
            return False
        else:
            return True
    return False


def sweep(folder: Path) -> None:
    """Remove the partial files of killed processes; the caller holds the folder's lock."""
    for partial in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            partial.unlink()


def contents() -> list[tuple[str, Path, int]]:
    """Return name, folder and bytes of every checkpoint in the cache, sorted by name."""
    found = []
    for folder in sorted(checkpoints_folder().glob("*/*/")):
        if kind_problem(folder.parent) == kind_problem(folder) == FOLDER:
            size = sum(path.lstat().st_size for path in folder.iterdir() if path.is_file())
            found.append((folder.parent.name, folder, size))
    return found


def clear_cache() -> int:
    """Remove every downloaded checkpoint; nothing else in the cache folder is touched.

    Returns:
        The bytes that were freed.

    Raises:
        PresetError: The folder lacks ganzoo's mark, so it may not be a cache of ganzoo.
        OutputError: Something could not be removed.
    """
    root = checkpoints_folder()
    wrong = kind_problem(root)
    if wrong == MISSING:
        return 0
    if wrong != FOLDER or kind_problem(root / TAG_NAME) is not None:
        raise PresetError(
            f"{root} is not removed: it lacks the mark {TAG_NAME} that ganzoo's cache has; "
            "remove it yourself if it is one"
        )
    freed = sum(size for _, _, size in contents())
    try:
        shutil.rmtree(root)
    except OSError as error:
        raise OutputError(f"{root} could not be removed ({reason(error)})") from error
    return freed
