"""Registered files that are no weights, such as a runtime for a page: fetched once into the cache.

Every file is compared with its registered size and SHA-256 each time it is used, as weights are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzoo.errors import DownloadError, IntegrityError, OfflineError
from ganzoo.files.cache import cache_folder
from ganzoo.files.reading import problem, reason
from ganzoo.store import cache
from ganzoo.store.addresses import base_url, offline
from ganzoo.store.faults import Advice
from ganzoo.zoo.forms import File

Progress = Callable[[str, str, int, int], None]
"""Called with the assets' name, file name, bytes that have arrived and bytes in all."""


@dataclass(frozen=True)
class Assets:
    """Files of one version of something.

    Attributes:
        name: Such as "onnxruntime-web-1.30.0"; the folder in the cache.
        files: Their names, sizes and hashes.
        address: Base URL of who publishes them, without a slash at its end.
        variable: The environment variable that names another one.
        option: The option of a command that names a folder of the files.
    """

    name: str
    files: tuple[File, ...]
    address: str
    variable: str
    option: str

    @property
    def advice(self) -> Advice:
        """What the lines of errors advise."""
        return Advice(
            f"check {self.variable}, or pass {self.option}",
            "set GANZOO_CACHE to another folder",
            self.variable,
        )


def in_folder(assets: Assets, folder: Path) -> Path:
    """Return a folder of the user's, once every file in it has its registered hash.

    Raises:
        IntegrityError: A file is missing or another one.
    """
    for file in assets.files:
        wrong = problem(folder / file.name, file.size, file.sha256)
        if wrong is not None:
            raise IntegrityError(
                f"{folder / file.name} {wrong}; {assets.option} wants the files of {assets.name}: "
                f"{', '.join(each.name for each in assets.files)}"
            )
    return folder


def in_cache(assets: Assets, progress: Progress | None = None) -> Path:
    """Return the folder in the cache, after what is missing or damaged there was fetched.

    Raises:
        OfflineError: GANZOO_OFFLINE forbids the download.
        DownloadError: A file could not be fetched or written.
        IntegrityError: What the server sends is not the registered file.
    """
    folder = cache_folder() / "assets" / assets.name
    if not _wrong(folder, assets.files):
        return folder
    base = base_url(assets.variable) or assets.address
    if offline() and not base.startswith("file:"):
        raise OfflineError(
            f"{folder} lacks {', '.join(file.name for file in _wrong(folder, assets.files))} and "
            f"GANZOO_OFFLINE forbids the download; unset it, or pass {assets.option}"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(
            f"the cache {folder} cannot be written ({reason(error)}); set GANZOO_CACHE to a folder "
            "that can"
        ) from error
    with cache.lock(folder):
        for file in _wrong(folder, assets.files):  # another process may have fetched them meanwhile
            _fetch(assets, base, file, folder, progress)
    return in_folder(assets, folder)


def _wrong(folder: Path, files: Sequence[File]) -> list[File]:
    """Return the files that are missing or others than the registered ones."""
    return [f for f in files if problem(folder / f.name, f.size, f.sha256) is not None]


def _fetch(assets: Assets, base: str, file: File, folder: Path, progress: Progress | None) -> None:
    from ganzoo.store.fetch import fetch  # imports what opens sockets, so only when needed

    def on_bytes(done: int) -> None:
        if progress is not None:
            progress(assets.name, file.name, done, file.size)

    url, target = f"{base}/{file.name}", folder / file.name
    fetch(url, file, target, on_bytes, threading.Event(), advice=assets.advice)
