"""Get a set of data: fetch what is missing, make the files, and leave nothing else behind."""

from __future__ import annotations

import contextlib
import functools
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ganzoo.data import origins
from ganzoo.data.downloads import Download, Downloads
from ganzoo.data.origins import ORIGINS
from ganzoo.errors import DataError, InvalidArgumentError, OutputError, nearest
from ganzoo.extras import require
from ganzoo.files.lock import NAME, FolderLock
from ganzoo.files.reading import reason
from ganzoo.preparation import (
    digits,
    doodles,
    emoji,
    fetching,
    fonts,
    gallery,
    notes,
    photographs,
    portraits,
)
from ganzoo.preparation.pieces import Piece

DOWNLOADS = ".downloads"
_PIECES: dict[str, Callable[[], list[Piece]]] = {
    "mnist": functools.partial(digits.pieces, "mnist"),
    "fashion_mnist": functools.partial(digits.pieces, "fashion_mnist"),
    "glyphs": fonts.glyphs,
    "styles": fonts.styles,
    "openmoji": emoji.openmoji,
    "flowers": photographs.flowers,
    "clothing": photographs.clothing,
    "fruits": photographs.fruits,
    "photos": gallery.photos,
    "kodak": gallery.kodak,
    "faces": portraits.faces,
    "quickdraw": doodles.quickdraw,
    "notes": notes.notes,
}


class Progress:
    """Told how far a preparation is; this one tells nobody."""

    def fetched(self, name: str, file: str, done: int, size: int | None) -> None:
        """So many bytes of a download have arrived."""

    def made(self, name: str, done: int, total: int) -> None:
        """So many pictures are done."""


# Sources that need no file of their own, and what they need instead.
_DRAWN = "cartoons are drawn where they are needed, by pip install 'keras-ganzoo[cartoons]'"
MADE = {
    "cartoon_faces": _DRAWN,
    "cartoons_100": _DRAWN,
    "stacked_mnist": "three digits of MNIST are stacked; prepare mnist",
    "mnist_edges": "contours are drawn of MNIST; prepare mnist",
    "mnist_negatives": "negatives are of MNIST; prepare mnist",
    "binary_mnist": "it is MNIST in black and white; prepare mnist",
    "mnist_m": "it is made of mnist and flowers; prepare these",
    "chinese_numerals": "numerals are made by rule",
}


def pieces(name: str) -> list[Piece]:
    """Return the files of a set and what they are made of.

    Raises:
        InvalidArgumentError: There is no such set.
    """
    if name in MADE:
        raise InvalidArgumentError(f"Nothing is fetched for {name}: {MADE[name]}.")
    if name not in _PIECES:
        raise InvalidArgumentError(
            f"There is no set {name!r}; there are: {', '.join(_PIECES)}." + nearest(name, _PIECES)
        )
    return _PIECES[name]()


def prepare(
    name: str,
    folder: Any = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> tuple[list[Path], list[Path]]:
    """Fetch a set from its public source and make the files that `ganzoo.data` reads.

    What is fetched lies in `FOLDER/.downloads` until its files are made. A download of known hash
    goes on where it stopped, when it is called again.

    Args:
        name: "mnist", "fashion_mnist", "glyphs", "styles", "openmoji", "flowers", "clothing",
            "fruits", "photos", "kodak", "faces", "quickdraw" or "notes".
        folder: Gets the files; by default the one that GANZOO_DATA names, else `data`.
        overwrite: Make files that are there already anew; else they are kept.
        progress: Told how far it is.

    Returns:
        The files that were made, and those that were there already.

    Raises:
        InvalidArgumentError: There is no such set, or an environment variable is not usable.
        DownloadError, IntegrityError, OfflineError: A file could not be fetched.
        DataError: What was fetched is not what the set is made of.
        MissingExtraError: A package is not installed.
        OutputError: The folder cannot be written, or has too little space.
        TrainingError: Another preparation is running in the folder.
    """
    root = origins.folder() if folder is None else Path(folder)
    found = pieces(name)
    wanted = _missing(found, root, overwrite)
    there = [piece for piece in found if piece not in wanted]
    for package in {piece.needs for piece in wanted if piece.needs}:
        require(package, f"preparing {name}")
    if wanted:
        told = progress or Progress()
        with _working(root, wanted) as downloads:
            _check_space(name, root, wanted)
            for group in dict.fromkeys(piece.downloads for piece in wanted):
                of_these = [piece for piece in wanted if piece.downloads == group]
                _make(name, root, downloads, group, of_these, told)
    return [root / p.target for p in wanted], [root / p.target for p in there]


def to_fetch(name: str, folder: Any = None, *, overwrite: bool = False) -> Downloads:
    """Return what `prepare` with the same arguments fetches, so far as nothing is kept of it.

    Raises:
        InvalidArgumentError: There is no such set.
    """
    root = origins.folder() if folder is None else Path(folder)
    wanted = _missing(pieces(name), root, overwrite)
    return tuple(dict.fromkeys(download for piece in wanted for download in piece.downloads))


def _missing(found: Sequence[Piece], root: Path, overwrite: bool) -> list[Piece]:
    return [piece for piece in found if overwrite or not (root / piece.target).exists()]


def _make(
    name: str,
    root: Path,
    downloads: Path,
    group: Downloads,
    wanted: Sequence[Piece],
    told: Progress,
) -> None:
    """Fetch downloads and make the files that are made of them."""
    archives = [_fetched(name, downloads, download, told) for download in group]

    def remove() -> None:
        for archive in archives:
            archive.unlink(missing_ok=True)

    try:
        for piece in wanted:
            piece.make(archives, root / piece.target, functools.partial(told.made, name))
    except DataError:
        remove()  # else they would be taken for right the next time
        raise
    remove()


def _fetched(name: str, downloads: Path, download: Download, told: Progress) -> Path:
    stop = threading.Event()
    size = download.size if download.known else None
    try:
        return fetching.fetched(
            download, downloads, lambda done: told.fetched(name, download.name, done, size), stop
        )
    finally:
        stop.set()


@contextlib.contextmanager
def _working(root: Path, wanted: Sequence[Piece]) -> Iterator[Path]:
    """Make the folders, and hold the one of the downloads alone; removed once it is empty."""
    downloads = root / DOWNLOADS
    try:
        for folder in {downloads, *((root / piece.target).parent for piece in wanted)}:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write into {root}: {reason(error)}.") from error
    lock = FolderLock(downloads, "preparation")
    lock.acquire()
    try:
        yield downloads
    finally:
        if [path.name for path in downloads.iterdir()] == [NAME]:
            (downloads / NAME).unlink(missing_ok=True)
        lock.release()
        with contextlib.suppress(OSError):  # a part of a download is left
            downloads.rmdir()


def _check_space(name: str, root: Path, wanted: Sequence[Piece]) -> None:
    """Refuse to begin what the disk has no room for."""
    largest = max(sum(d.size for d in piece.downloads if d.known) for piece in wanted)
    needed = largest + ORIGINS[name].room
    free = shutil.disk_usage(root).free
    if free < needed:
        raise OutputError(
            f"{name} needs {needed / 1e6:.0f} MB in {root}, where {free / 1e6:.0f} MB are free; "
            "free some space, or choose another folder with -o."
        )
