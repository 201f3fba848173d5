"""Reading archives that cannot be trusted: zip, tar and Debian packages, without unpacking them.

Nothing is written: the caller gets the bytes of the files that it asks for, by name. Links and
devices are passed over, and so are files whose names are not asked for; an archive with a name
that leads out of its folder is refused. How much is unpacked is bounded.

A Debian package is an `ar` archive (deb(5)) that holds the files in `data.tar.xz`, `.gz` or `.zst`.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from ganzoo.errors import DataError, GanzooError
from ganzoo.files.reading import open_regular

MAX_FILE_BYTES = 1 << 28  # of one file in an archive
MAX_BYTES = 1 << 32  # of an archive, unpacked
MAX_MEMBERS = 500_000
_AR, _AR_HEADER = b"!<arch>\n", 60
_ZIP, _ZSTD = b"PK", b"\x28\xb5\x2f\xfd"
_OPENERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"\xfd7zXZ\0": lzma.open,
    b"BZh": bz2.open,
}
_DAMAGED = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError,
    tarfile.TarError, zipfile.BadZipFile,
)  # fmt: skip


def members(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in an archive whose names are wanted, in its order.

    Args:
        path: A zip, a tar (plain, gzip, bzip2 or xz) or a Debian package; its first bytes tell.
        wanted: Told a name with "/" between folders, without "./" at its beginning.

    Raises:
        DataError: It is no such archive, is damaged or truncated, is larger than is accepted, or
            holds a name that leads out of its folder.
        PresetError: There is no regular file at the path.
    """
    try:
        with open_regular(path) as stream:
            head = stream.read(8)
            stream.seek(0)
            if head == _AR:
                yield from _of_tar(_unpacked(_data(stream, path), path), wanted, path)
            elif head.startswith(_ZIP):
                yield from _of_zip(stream, wanted, path)
            else:
                yield from _of_tar(_unpacked(stream, path), wanted, path)
    except GanzooError:
        raise
    except _DAMAGED as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(
            f"{path} is no readable zip, tar or Debian package: damaged or truncated ({reason})."
        ) from None


def names(path: Path) -> list[str]:
    """Return the names of all that an archive holds; arguments and errors as for `members`."""
    found: list[str] = []

    def kept(name: str) -> bool:
        found.append(name)
        return False

    for _ in members(path, kept):
        pass
    return found


class _Bounded(io.RawIOBase):
    """A stream that may be read so far and no further."""

    def __init__(self, stream: Any, path: Path) -> None:
        self.stream, self.path, self.left = stream, path, MAX_BYTES

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content: bytes = self.stream.read(size)
        self.left -= len(content)
        if self.left < 0:
            raise _too_large(self.path)
        return content


def _unpacked(stream: IO[bytes], path: Path) -> _Bounded:
    """Return a stream without its compression."""
    head = stream.read(6)
    stream.seek(-len(head), io.SEEK_CUR)
    if head.startswith(_ZSTD):
        return _Bounded(_zstandard(stream, path), path)
    for magic, opener in _OPENERS.items():
        if head.startswith(magic):
            return _Bounded(opener(stream), path)
    return _Bounded(stream, path)


def _zstandard(stream: IO[bytes], path: Path) -> Any:
    try:
        return importlib.import_module("compression.zstd").ZstdFile(stream)
    except ImportError:
        raise DataError(
            f"{path} is compressed by Zstandard, which Python reads from 3.14 on; accepted here "
            "are gzip, bzip2 and xz."
        ) from None


def _of_tar(
    stream: _Bounded, wanted: Callable[[str], bool], path: Path
) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for count, member in enumerate(archive):
            name = _checked(member.name, count, path)
            if member.isreg() and wanted(name):
                _check_size(name, member.size, path)
                content = archive.extractfile(member)
                yield name, content.read() if content is not None else b""


def _of_zip(
    stream: IO[bytes], wanted: Callable[[str], bool], path: Path
) -> Iterator[tuple[str, bytes]]:
    unpacked = 0
    with zipfile.ZipFile(stream) as archive:
        for count, member in enumerate(archive.infolist()):
            name = _checked(member.filename, count, path)
            kind = member.external_attr >> 28  # of a Unix mode; 0 where there is none
            if not member.is_dir() and kind in (0, 8) and wanted(name):
                _check_size(name, member.file_size, path)
                unpacked += member.file_size
                if unpacked > MAX_BYTES:
                    raise _too_large(path)
                with archive.open(member) as file:  # reads no more than `file_size`
                    yield name, file.read(MAX_FILE_BYTES)


def _data(stream: IO[bytes], path: Path) -> IO[bytes]:
    """Return the member of a Debian package that holds its files."""
    stream.seek(len(_AR))
    while len(header := stream.read(_AR_HEADER)) == _AR_HEADER:
        name, size = header[:16].decode("latin-1").strip(" /"), int(header[48:58])
        if size < 0:
            break
        if name.startswith("data.tar"):
            content = stream.read(size)
            if len(content) != size:
                break
            return io.BytesIO(content)
        stream.seek(size + size % 2, io.SEEK_CUR)
    raise DataError(f"{path} is no whole Debian package: it has no data.tar.")


def _checked(name: str, count: int, path: Path) -> str:
    """Return a name without "./" before it."""
    if count >= MAX_MEMBERS:
        raise DataError(f"{path} holds more than the {MAX_MEMBERS} files that are accepted.")
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or parts[0].endswith(":"):
        raise DataError(
            f"{path} is refused: it holds the name {name[:100]!r}, which leads out of its folder."
        )
    return name.removeprefix("./")


def _too_large(path: Path) -> DataError:
    return DataError(f"{path} unpacks to more than the {MAX_BYTES} bytes that are accepted.")


def _check_size(name: str, size: int, path: Path) -> None:
    if size > MAX_FILE_BYTES:
        raise DataError(
            f"{path} is refused: its file {name[:100]!r} has {size} bytes; at most "
            f"{MAX_FILE_BYTES} are accepted."
        )
