"""Where a checkpoint's files come from: the checkout, the package itself, the cache, or a download.

A wheel has the small checkpoints inside (`ganzoo/zoo/weights/`, put there by setup.py). Every
file is compared with its registered size and SHA-256 each time it is used, from any source.
Environment variables:

- `GANZOO_WEIGHTS_URL`: base URL of the weights; `https://`, `http://` or `file://`; there is no
  default. The file `model.weights.h5` of the checkpoint `NAME` is `BASE/NAME--model.weights.h5`.
- `GANZOO_CACHE`: the cache folder; default is the platform's cache of the user.
- `GANZOO_OFFLINE`: `1` forbids the network; no socket is opened.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ganzoo.errors import DownloadError, IntegrityError, OfflineError, PresetError
from ganzoo.files.cache import cache_folder as cache_folder
from ganzoo.files.reading import MISSING, problem
from ganzoo.store import cache as _cache
from ganzoo.store.addresses import base_url, offline
from ganzoo.store.cache import clear_cache as clear_cache
from ganzoo.zoo.forms import File

REQUIRED = ("config.json", "model.weights.h5")
NEEDED = (*REQUIRED, "probe.npz")  # what loading reads; pictures and cards are not fetched
MAX_FILE_BYTES = 1 << 31
PACKAGE = Path(__file__).resolve().parents[1]
_WORKERS = 4

Progress = Callable[[str, str, int, int], None]
"""Called with checkpoint, file name, bytes that have arrived and bytes in all; from threads."""


@dataclass(frozen=True)
class Check:
    """One registered file as it is found: `problem` is None where it is right."""

    file: File
    path: Path
    problem: str | None


def checkpoint_folder(name: str, files: Sequence[File], progress: Progress | None = None) -> Path:
    """Return a folder that holds the checkpoint's files, each with its registered hash.

    Searched in this order: `zoo_weights/NAME` of the source checkout that this package lies in,
    `zoo/weights/NAME` of the package, the cache, the download.

    Args:
        name: Name of the checkpoint.
        files: All its registered files; only those that loading needs are looked at.
        progress: Told how far a download is.

    Returns:
        The folder; read from it at once, as the hashes are compared at this moment.

    Raises:
        IntegrityError: A file in the checkout or the package is damaged, or one in the cache is and
            the network is forbidden, or what the server sends is not the registered file.
        OfflineError: A download is needed, but GANZOO_OFFLINE forbids it.
        DownloadError: GANZOO_WEIGHTS_URL is not set, or a file could not be fetched or written.
        PresetError: The name or the registry's list of files is not acceptable.
    """
    folder, checks = _find(name, files)
    wrong = [check for check in checks if check.problem is not None]
    if not wrong:
        return folder
    if not folder.is_relative_to(cache_folder()):
        raise IntegrityError(f"{wrong[0].path} {wrong[0].problem}; {_restoring(folder)}")
    return download(name, files, progress)


def verify(name: str, files: Sequence[File]) -> tuple[Check, ...]:
    """Compare the checkpoint's files with the registry; nothing is fetched or changed.

    Args:
        name: Name of the checkpoint.
        files: All its registered files; only those that loading needs are looked at.

    Returns:
        One `Check` per file, of the checkout or the package where it has the checkpoint, else of
        the cache.

    Raises:
        PresetError: The name or the registry's list of files is not acceptable.
    """
    return _find(name, files)[1]


def download(name: str, files: Sequence[File], progress: Progress | None = None) -> Path:
    """Fetch into the cache what is missing or damaged there, several files at a time.

    Args:
        name: Name of the checkpoint.
        files: All its registered files; only those that loading needs are fetched.
        progress: Told how far each file is.

    Returns:
        The checkpoint's folder in the cache, every file of it compared with the registry.

    Raises:
        OfflineError: GANZOO_OFFLINE forbids the download.
        InvalidArgumentError: GANZOO_WEIGHTS_URL is no URL that ganzoo can use.
        IntegrityError: What the server sends is not the registered file.
        DownloadError: GANZOO_WEIGHTS_URL is not set, or a file could not be fetched or
            written; what was there is untouched.
        PresetError: The name or the registry's list of files is not acceptable.
    """
    needed = needed_files(name, files)
    folder = _cache.checkpoint_path(name, needed)
    wrong = [check for check in _checks(folder, needed) if check.problem is not None]
    if not wrong:
        return folder
    base = base_url("GANZOO_WEIGHTS_URL")
    if offline() and not (base or "").startswith("file:"):
        raise _offline_error(name, wrong[0])
    if base is None:
        raise _no_address(name)
    _cache.create(folder)
    with _cache.lock(folder):
        # Another process may have fetched them while this one waited for the lock.
        wrong = [check for check in _checks(folder, needed) if check.problem is not None]
        _fetch_all(name, base, wrong, progress)
    for check in _checks(folder, needed):
        if check.problem is not None:
            raise IntegrityError(f"{check.path} {check.problem} right after it was fetched")
    return folder


def _fetch_all(name: str, base: str, wrong: Sequence[Check], progress: Progress | None) -> None:
    from ganzoo.store.fetch import fetch  # imports what opens sockets, so only when needed

    stop = threading.Event()

    def fetch_one(check: Check) -> None:
        file = check.file

        def on_bytes(done: int) -> None:
            if progress is not None:
                progress(name, file.name, done, file.size)

        fetch(f"{base}/{asset_name(name, file.name)}", file, check.path, on_bytes, stop)

    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="ganzoo-download")
    try:
        for future in [pool.submit(fetch_one, check) for check in wrong]:
            future.result()
    finally:
        stop.set()  # after a failure or Ctrl-C the other transfers end at their next chunk
        pool.shutdown(cancel_futures=True)


def _find(name: str, files: Sequence[File]) -> tuple[Path, tuple[Check, ...]]:
    """Return the folder that serves `name`, and its files compared with the registry."""
    needed = needed_files(name, files)
    for weights in (checkout_weights(), package_weights()):
        if weights is not None:
            checks = _checks(weights / name, needed)
            if all(check.problem != MISSING for check in checks):
                return weights / name, checks
    folder = _cache.checkpoint_path(name, needed)
    return folder, _checks(folder, needed)


def _checks(folder: Path, files: Sequence[File]) -> tuple[Check, ...]:
    for part in (folder.parent, folder):
        if part.is_symlink():
            wrong = f"is not looked at, as {part} is a symbolic link"
            return tuple(Check(file, folder / file.name, wrong) for file in files)
    return tuple(
        Check(file, path, problem(path, file.size, file.sha256))
        for file, path in ((file, folder / file.name) for file in files)
    )


def checkout_weights() -> Path | None:
    """Return `zoo_weights/` of the source checkout that this package lies in, or None."""
    root = PACKAGE.parent
    weights = root / "zoo_weights"
    return weights if weights.is_dir() and (root / "pyproject.toml").is_file() else None


def package_weights() -> Path | None:
    """Return the folder of the small checkpoints that a wheel has inside, or None."""
    weights = PACKAGE / "zoo" / "weights"
    return weights if weights.is_dir() else None


def needed_files(name: str, files: Sequence[File]) -> tuple[File, ...]:
    """Return those of `files` that loading needs, after a check of every name, size and hash.

    Raises:
        PresetError: A name could leave its folder, a size or hash is malformed, or a file that
            every checkpoint has is not listed.
    """
    _cache.check_name("checkpoint", name)
    for file in files:
        _cache.check_name("file", file.name)
        if not 0 < file.size <= MAX_FILE_BYTES or not re.fullmatch("[0-9a-f]{64}", file.sha256):
            raise PresetError(f"the registry's size or SHA-256 of {name}/{file.name} is malformed")
    listed = {file.name for file in files}
    for required in REQUIRED:
        if required not in listed:
            raise PresetError(f"the registry lists no {required} for {name!r}")
    return tuple(file for file in files if file.name in NEEDED)


def asset_name(name: str, file_name: str) -> str:
    """Return the flat name of a checkpoint's file below the base URL."""
    return f"{name}--{file_name}"


def _restoring(folder: Path) -> str:
    """Say how a damaged checkpoint of the package or of the checkout is restored."""
    if folder.parent == package_weights():
        return "restore it with `pip install --force-reinstall --no-deps keras-ganzoo`"
    return (
        "restore it, e.g. with `git checkout`, or, after a new training, run "
        "`python -m tools.rebuild_registry`"
    )


def _no_address(name: str) -> DownloadError:
    return DownloadError(
        f"the weights of {name} are not on this machine, and GANZOO_WEIGHTS_URL does not say where "
        "to get them: set it to the base URL of a release, a mirror or a folder, such as "
        "GANZOO_WEIGHTS_URL=https://example.org/ganzoo/v0.1.0 or file:///srv/ganzoo "
        f"(a file there is {asset_name(name, 'model.weights.h5')})"
    )


def _offline_error(name: str, check: Check) -> DownloadError | IntegrityError:
    remedy = f"unset it, or run `ganzoo download {name}` with a network and copy GANZOO_CACHE"
    if check.problem == MISSING:
        return OfflineError(
            f"{name} is not in the cache ({check.path} is missing) and GANZOO_OFFLINE forbids "
            f"the download; {remedy}"
        )
    return IntegrityError(
        f"{check.path} {check.problem}, and GANZOO_OFFLINE forbids fetching it again; {remedy}"
    )
