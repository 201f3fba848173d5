"""Archives for the tests, made of names and contents."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image

Files = Mapping[str, bytes]
COMPRESSIONS = {"gz": gzip.compress, "xz": lzma.compress, "": bytes}


def tar(files: Files, compression: str = "gz", links: Mapping[str, str] | None = None) -> bytes:
    """Return a tar; `links` are symbolic links by their names."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, leads_to in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, leads_to
            archive.addfile(member)
    return COMPRESSIONS[compression](stream.getvalue())


def packed_zip(files: Files) -> bytes:
    """Return a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def deb(files: Files, compression: str = "xz") -> bytes:
    """Return a Debian package with these files."""
    name = f"data.tar.{compression}".rstrip(".")
    return ar(
        {
            "debian-binary": b"2.0\n",
            "control.tar.xz": tar({"./control": b"Package: toy\n"}, "xz"),
            name: tar({f"./{path}": content for path, content in files.items()}, compression),
        }
    )


def ar(members: Files) -> bytes:
    """Return an `ar` archive."""
    packed = b"!<arch>\n"
    for name, content in members.items():
        packed += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
        packed += content + b"\n" * (len(content) % 2)
    return packed


def picture(seed: int, width: int = 40, height: int = 30, form: str = "JPEG") -> bytes:
    """Return a picture of smooth colours."""
    small = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(
        stream, form, quality=95
    )
    return stream.getvalue()
