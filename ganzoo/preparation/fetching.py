"""Fetch a download from its addresses, or from a mirror."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from ganzoo.data.downloads import Download
from ganzoo.errors import DownloadError, GanzooError, IntegrityError, OfflineError
from ganzoo.files.reading import kind_problem, problem
from ganzoo.store.addresses import base_url, offline
from ganzoo.store.faults import Advice
from ganzoo.zoo.forms import File

MIRROR = "GANZOO_DATA_URL"


def fetched(
    download: Download, folder: Path, on_bytes: Callable[[int], None], stop: threading.Event
) -> Path:
    """Return a download in a folder; what is there and right is not fetched again.

    Args:
        download: What to fetch.
        folder: Holds it, and a part of it between two tries.
        on_bytes: Called with the bytes that have arrived so far.
        stop: Once set, the transfer ends.

    Raises:
        OfflineError: GANZOO_OFFLINE forbids it.
        DownloadError: No address has it, or it cannot be written.
        IntegrityError: What the addresses send is another file.
    """
    path = folder / download.name
    if _is_there(path, download):
        return path
    base = base_url(MIRROR)
    addresses = download.addresses if base is None else (f"{base}/{download.name}",)
    if offline() and not addresses[0].startswith("file:"):
        raise OfflineError(
            f"{path} is missing and GANZOO_OFFLINE forbids the download; unset it, or let {MIRROR} "
            "name a folder with it, file:///FOLDER"
        )
    from ganzoo.store.fetch import fetch  # imports what opens sockets, so only when needed

    advice = Advice(
        f"check {MIRROR}" if base else f"let {MIRROR} name a mirror or a folder that has it",
        "choose another folder with -o",
        MIRROR,
    )
    file = File(download.name, download.size, download.sha256)
    faults: list[GanzooError] = []
    for address in addresses:
        try:
            fetch(
                address, file, path, on_bytes, stop, resume=True, advice=advice,
                beginning=download.beginning,
            )  # fmt: skip
            return path
        except (DownloadError, IntegrityError) as error:
            faults.append(error)
            if stop.is_set():
                break
    tries = f" ({len(faults)} addresses tried)" if len(faults) > 1 else ""
    raise type(faults[0])(f"{faults[0]}{tries}") from faults[0]


def _is_there(path: Path, download: Download) -> bool:
    if not download.sha256:
        return kind_problem(path) is None  # it got its name when it was whole
    return problem(path, download.size, download.sha256) is None
