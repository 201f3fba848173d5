"""Which files of a folder are pictures, and what is left out and why."""

from __future__ import annotations

import os
from pathlib import Path

from ganzoo.data.pictures.notes import Notes
from ganzoo.errors import DataError

ENDINGS = (
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif", ".tiff",
    ".webp", ".avif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".jp2", ".j2k",
)  # fmt: skip
_SYSTEM = ("__MACOSX", "@eaDir", "$RECYCLE.BIN")
HIDDEN = "hidden or system files and folders"
OTHER = "files with other endings"
READ = "linked folders whose pictures are read anyway"
BROKEN = "links that lead nowhere"


def is_picture(path: Path) -> bool:
    """Return whether a path has the ending of a picture."""
    return path.suffix.lower() in ENDINGS


def find_pictures(folder: Path, notes: Notes | None = None) -> list[Path]:
    """Return the pictures in a folder and its subfolders, sorted.

    Linked folders and files are followed, each folder once. Hidden files and folders (names that
    begin with a dot, such as `.ipynb_checkpoints`) and those that systems make (`__MACOSX`) are
    left out, and so are files with other endings.

    Args:
        folder: Where to look.
        notes: Told what is left out.

    Raises:
        DataError: There are none; it says what there is instead. Or a folder cannot be read.
    """
    notes = Notes(folder) if notes is None else notes
    found: list[Path] = []
    waiting = [folder]
    linked: list[Path] = []
    entered = {os.path.realpath(folder)}
    while waiting or linked:
        if not waiting:  # real folders first, so that a link to one of them adds nothing
            waiting, linked = _not_entered(linked, entered, folder, notes), []
            continue
        for path in _content(waiting.pop()):
            name = str(path.relative_to(folder))
            if path.name.startswith(".") or path.name in _SYSTEM:
                notes.leave_out(HIDDEN, name)
            elif path.is_dir() and path.is_symlink():
                linked.append(path)
            elif path.is_dir():
                entered.add(os.path.realpath(path))
                waiting.append(path)
            elif not path.exists():
                notes.leave_out(BROKEN, name)
            elif is_picture(path):
                found.append(path)
            else:
                notes.leave_out(OTHER, path.suffix.lower() or name)
    if not found:
        said = " ".join(["", *notes.lines()])
        raise DataError(f"{folder} holds no pictures ({', '.join(ENDINGS)}).{said}")
    return sorted(found)


def _content(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"The folder {folder} cannot be read ({error.strerror}).") from None


def _not_entered(linked: list[Path], entered: set[str], folder: Path, notes: Notes) -> list[Path]:
    """Return linked folders that were not entered yet; remember them."""
    new = []
    for path in sorted(linked):
        real = os.path.realpath(path)
        if real in entered:
            notes.leave_out(READ, str(path.relative_to(folder)))
        else:
            entered.add(real)
            new.append(path)
    return new
