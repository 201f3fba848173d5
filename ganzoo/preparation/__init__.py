"""From public sources to the files that `ganzoo.data` reads: what `ganzoo prepare` does.

`GANZOO_DATA_URL` names a mirror (https, http or a folder, `file:///FOLDER`) that has the downloads
under their plain names; `GANZOO_OFFLINE=1` forbids the network.
"""

from __future__ import annotations

from ganzoo.preparation.prepare import Progress, pieces, prepare, to_fetch

__all__ = ["Progress", "pieces", "prepare", "to_fetch"]
