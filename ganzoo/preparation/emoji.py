"""OpenMoji: drawings to pairs of outlines and colour pictures, by resvg."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.data.downloads import OPENMOJI
from ganzoo.data.origins import ORIGINS
from ganzoo.errors import DataError
from ganzoo.extras import require
from ganzoo.files.archives import members
from ganzoo.files.writing import written
from ganzoo.preparation.known import fingerprint, known
from ganzoo.preparation.pieces import Piece, Told, of_one

SIDE, SUPERSAMPLING = 64, 2
_PATH = re.compile(r"[^/]+/(black|color)/svg/([0-9A-F-]+)\.svg")
_MODES = {"black": "L", "color": "RGB"}
_ARRAYS = {"black": "outline", "color": "colour"}


def openmoji() -> list[Piece]:
    """Return the emoji: outline (n, 64, 64), colour (n, 64, 64, 3), codes (n,), sorted by code."""
    (target,) = ORIGINS["openmoji"].files
    return [of_one(target, OPENMOJI, _pairs, "resvg_py")]


def code(name: str) -> str:
    """Return the code of a file's name: small letters, without variation selectors."""
    return "-".join(part for part in name.lower().split("-") if part != "fe0f")


def _pairs(archive: Path, target: Path, told: Told) -> None:
    resvg = require("resvg_py", "drawing OpenMoji")
    wanted = known("openmoji")

    def is_wanted(path: str) -> bool:
        found = _PATH.fullmatch(path)
        return found is not None and fingerprint(code(found[2])) in wanted

    drawn: dict[str, dict[str, np.ndarray]] = {layer: {} for layer in _MODES}
    for count, (path, content) in enumerate(members(archive, is_wanted), start=1):
        _, layer, _, name = path.split("/")
        drawn[layer][code(name.removesuffix(".svg"))] = _drawn(
            resvg, content, _MODES[layer], f"{archive.name}: {path}"
        )
        told(count, 2 * len(wanted))
    codes = sorted(drawn["black"].keys() & drawn["color"].keys())
    if len(codes) != len(wanted):
        raise DataError(
            f"{archive.name} has {len(codes)} of the {len(wanted)} pairs that belong to openmoji; "
            "it is another version."
        )
    arrays: dict[str, Any] = {
        array: np.stack([drawn[layer][code] for code in codes]) for layer, array in _ARRAYS.items()
    }
    with written(target, suffix=".npz") as temporary:
        np.savez_compressed(temporary, codes=np.array(codes), **arrays)


def _drawn(resvg: Any, content: bytes, mode: str, name: str) -> np.ndarray:
    """Return a drawing on white: drawn at twice the size, then means of 2x2 pixels."""
    side = SIDE * SUPERSAMPLING
    try:
        png = resvg.svg_to_bytes(
            svg_string=content.decode("utf-8"), width=side, height=side, skip_system_fonts=True
        )
        with Image.open(io.BytesIO(bytes(png))) as opened:
            picture = opened.convert("RGBA")
    except Exception as error:  # resvg raises what Rust tells it
        raise DataError(f"{name} cannot be drawn ({error}).") from None
    ground = Image.new("RGBA", picture.size, "white")
    laid = Image.alpha_composite(ground, picture).convert("RGB")
    return np.asarray(laid.resize((SIDE, SIDE), Image.Resampling.BOX).convert(mode))
